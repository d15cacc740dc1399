// What surrounds the program, at the limits of what it takes: lists in variables, configuration files, pipes that bring
// secrets, and users and processes that a container or a service manager makes.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "console_program.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

namespace fs = std::filesystem;

std::string unbroken(std::string text) {
   for (std::size_t at = 0; (at = text.find("\n  ", at)) != std::string::npos;) text.replace(at, 3, " ");
   return text;
}

class Surroundings : public testing::Test {
 protected:
   Surroundings() {
      fs::create_directory(console_.directory() / "one");
      fs::create_directory(console_.directory() / "two");
      fs::copy(fs::path(MSP_PLUGIN_DIRECTORY) / "autotask.so", console_.directory() / "one");
      fs::copy(fs::path(MSP_PLUGIN_DIRECTORY) / "kaseya_vsa.so", console_.directory() / "two");
   }

   [[nodiscard]] std::string at(const std::string& name) const { return (console_.directory() / name).string(); }

   // By a shell, which does `before` first and ends the program when it hangs.
   ProcessResult run_after(const std::string& before, std::vector<std::string> arguments) const {
      test_support::ProcessSetup setup = console_.setup(std::move(arguments));
      setup.environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
      setup.arguments.insert(setup.arguments.begin(), {"-c", before + " timeout 20 \"$0\" \"$@\"", setup.program});
      setup.program = "/bin/sh";
      return test_support::run(setup);
   }

   void expect_usage(const ProcessResult& result, const std::string& told) const {
      EXPECT_EQ(result.exit_code, 2) << result.out << result.err;
      EXPECT_THAT(unbroken(result.err), AllOf(HasSubstr(told), HasSubstr("What to do: ")));
   }

   ProcessResult with_configuration(const std::string& content) const {
      test_support::write_file(at("console.toml"), content);
      return run_after("", {"plugin", "list", "--json", "--config", at("console.toml")});
   }

   std::set<std::string> plugins(const ProcessResult& result) const {
      std::set<std::string> ids;
      const auto listed = document(result);
      if (!listed.HasMember("plugins")) return ids;
      for (const auto& plugin : listed["plugins"].GetArray()) ids.insert(plugin["id"].GetString());
      return ids;
   }

   const std::set<std::string> both_{"autotask", "kaseya_vsa"};
   ConsoleProgram console_;
};

TEST_F(Surroundings, several_plugin_directories_come_from_the_environment_as_in_PATH) {
   const std::vector<std::string> list = {"plugin", "list", "--json"};
   for (const std::string& value : {at("one") + ":" + at("two"), ":" + at("two") + "::" + at("one") + ":"}) {
      console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = value;
      EXPECT_EQ(plugins(console_.run(list)), both_) << value;
   }
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = at("one");
   EXPECT_EQ(plugins(console_.run(list)), std::set<std::string>{"autotask"});
   // What is given on the command line may hold the sign, and is instead of the variable.
   fs::rename(at("two"), at("t:w,o"));
   EXPECT_EQ(plugins(console_.run({"plugin", "list", "--json", "--plugin-dir", at("t:w,o")})),
             std::set<std::string>{"kaseya_vsa"});
}

TEST_F(Surroundings, several_presets_and_addresses_come_from_the_environment) {
   test_support::write_file(at("a,b"), "code");
   console_.environment["CODE"] = "code";
   const auto expect_wrong_field = [&](const std::string& presets, const std::string& field) {
      console_.environment["MSP_CONSOLE_PRESET"] = presets;
      expect_usage(console_.run({"plugin", "list"}), "has no field \"" + field + "\" that may be preset");
   };
   const std::string good = "autotask.integration_code=@env:CODE";
   expect_wrong_field(good + ",autotask.first=@env:CODE", "first");
   expect_wrong_field(good + " , autotask.second=@env:CODE,", "second");
   expect_wrong_field("autotask.integration_code=@file:" + at("a,b") + "\n  autotask.third=@env:CODE\n", "third");
   console_.environment.erase("MSP_CONSOLE_PRESET");
   for (const char* separator : {",", " , ", "\n", "\r\n\n"}) {
      console_.environment["MSP_CONSOLE_CONNECT_TO"] = std::string("a:1:[::1]:2") + separator + "junk";
      const ProcessResult result = console_.run({"plugin", "list"});
      expect_usage(result, "is not valid: junk");
      EXPECT_THAT(unbroken(result.err), HasSubstr("Option: --connect-to"));
   }
}

TEST_F(Surroundings, a_configuration_file_is_read_as_editors_write_it) {
   console_.environment.erase("MSP_CONSOLE_PLUGIN_DIR");
   const std::string one = "\"" + at("one") + "\"";
   const std::string two = "\"" + at("two") + "\"";
   fs::copy(at("two"), at("t#w, o"), fs::copy_options::recursive);
   for (const std::string& content :
        {"plugin-dir = [" + one + ", " + two + "]\n", "\xEF\xBB\xBFplugin-dir = [" + one + ", " + two + "]\n",
         "# both\r\n\r\nplugin-dir = [" + one + ", " + two + "] # here\r\n",
         "plugin-dir = [\n  " + one + ", # first\n  " + two + ",\n]\n",
         "plugin-dir = " + one + "\n; another one\nplugin-dir = '" + at("two") + "'",
         "plugin-dir=" + at("one") + "," + at("two"), "[default]\nplugin-dir = " + one + "," + two + "\n",
         "plugin-dir = [" + one + ", \"" + at("t#w, o") + "\"]\n",
         "plugin-dir = " + one + ", " + two + "\n[serve]\nlisten = \"127.0.0.1:1\"\n"}) {
      EXPECT_EQ(plugins(with_configuration(content)), both_) << content;
   }
}

TEST_F(Surroundings, what_is_given_on_the_command_line_wins_and_is_not_blamed_on_the_configuration_file) {
   test_support::write_file(at("console.toml"), "timeout = 5\n");
   const ProcessResult result = console_.run({"plugin", "list", "--config", at("console.toml"), "--timeout", "soon"});
   expect_usage(result, "--timeout");
   EXPECT_THAT(result.err, Not(HasSubstr("console.toml")));
}

TEST_F(Surroundings, a_secret_or_a_body_may_come_through_a_pipe_but_not_keep_anybody_waiting) {
   ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
   const auto preset = [&](const std::string& before, const std::string& source, const std::string& patience) {
      return run_after(
          before, {"plugin", "list", "--timeout", patience, "--preset", "autotask.integration_code=@file:" + source});
   };
   const std::string write_later = "(sleep 0.2; printf code; sleep 0.2; echo more) >'" + at("pipe") + "' & ";
   EXPECT_EQ(preset(write_later, at("pipe"), "20").exit_code, 0) << "a writer that comes later, and in two pieces";
   EXPECT_EQ(preset("printf code | ", "/dev/stdin", "20").exit_code, 0);
   EXPECT_EQ(preset("printf code | ", "/dev/fd/0", "20").exit_code, 0);
   expect_usage(preset("", at("pipe"), "0.1"), "is a pipe whose other end did not finish in 1 s.");
   {
      // A writer that does not end.
      std::fstream writer(at("pipe"));
      writer << "code" << std::flush;
      expect_usage(preset("", at("pipe"), "0.3"), "did not finish in 1 s.");
   }
   expect_usage(preset("", "/dev/zero", "20"), "is longer than 64 KiB.");
   expect_usage(preset("", "/dev/null", "20"), "is empty.");
   expect_usage(preset("", at("one"), "20"), "cannot be opened: it is a directory.");
   expect_usage(preset("", at("nowhere"), "20"), "cannot be opened: No such file or directory.");
}

TEST_F(Surroundings, a_secret_in_a_file_may_be_exactly_so_long) {
   const auto preset = [&](std::size_t size) {
      test_support::write_file(at("secret"), std::string(size, 'x'));
      return console_.run({"plugin", "list", "--preset", "autotask.integration_code=@file:" + at("secret")});
   };
   EXPECT_EQ(preset(64 * 1'024).exit_code, 0);
   expect_usage(preset(64 * 1'024 + 1), "is longer than 64 KiB.");
}

TEST_F(Surroundings, a_user_of_a_container_learns_what_failed_first_and_what_this_user_can_do) {
   if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
   const std::string as_user = "exec setpriv --reuid=12345 --regid=12345 --clear-groups ";
   if (run_after(as_user + "true; exit 1; ", {}).exit_code != 0) GTEST_SKIP() << "no setpriv";
   ASSERT_EQ(::chmod(console_.directory().c_str(), 0755), 0);
   ASSERT_EQ(::chmod(at("one").c_str(), 0755), 0);
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = at("one");
   const auto expect_told = [&](const std::string& first, const std::string& remedy) {
      const ProcessResult result = run_after(as_user, {"integration", "list"});
      EXPECT_EQ(result.exit_code, 10) << result.out << result.err;
      EXPECT_THAT(unbroken(result.err), AllOf(HasSubstr(first), HasSubstr(remedy)));
   };
   // A volume that belongs to root.
   fs::create_directory(console_.data_dir());
   ASSERT_EQ(::chmod(console_.data_dir().c_str(), 0755), 0);
   expect_told("console.db\": Permission denied.", "belongs to user 0, and the console runs as user 12345");
   // One that everybody may write, as Kubernetes makes it.
   ASSERT_EQ(::chmod(console_.data_dir().c_str(), 0777), 0);
   expect_told("Other users may write into the data directory", "given to this user alone with chown 12345");
   // One in which everybody may make something of his own, as Docker makes it.
   ASSERT_EQ(::chmod(console_.data_dir().c_str(), 01777), 0);
   expect_told("Other users may write into the data directory", "--data-dir \"" + at("data/msp-console") + "\"");
   console_.environment["MSP_CONSOLE_DATA_DIR"] = at("data/msp-console");
   EXPECT_EQ(run_after(as_user, {"integration", "list"}).exit_code, 0) << "what the sentence says to do";
   // No home of this user's.
   console_.environment.erase("MSP_CONSOLE_DATA_DIR");
   console_.environment["HOME"] = "/";
   expect_told("\"/.local/share/msp-console\" needs \"/.local\": Permission denied.",
               "Choose a directory of this user with --data-dir");
}

#ifdef __linux__
TEST_F(Surroundings, the_page_s_process_leaves_no_core_and_no_other_process_of_its_user_reads_its_memory) {
   ASSERT_EQ(::mkfifo(at("says").c_str(), 0622), 0);
   std::string before = "ulimit -c unlimited 2>/dev/null; exec >'" + at("says") + "'; echo $$; exec ";
   const bool root = ::geteuid() == 0;
   if (root) before += "setpriv --reuid=12345 --regid=12345 --clear-groups ";
   test_support::ProcessSetup setup = console_.setup({"serve", "--listen", "127.0.0.1:0"});
   setup.environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
   ASSERT_TRUE(!root || ::chown(console_.directory().c_str(), 12'345, 12'345) == 0);
   setup.arguments.insert(setup.arguments.begin(), {"-c", before + "\"$0\" \"$@\"", setup.program});
   setup.program = "/bin/sh";
   test_support::Process serving(setup);
   std::ifstream says(at("says"));
   std::string id;
   std::string line;
   ASSERT_TRUE(std::getline(says, id));
   while (std::getline(says, line) && line.find("/#key=") == std::string::npos) continue;  // it serves
   ASSERT_THAT(line, HasSubstr("/#key="));
   const std::string process = "/proc/" + id;
   EXPECT_THAT(test_support::read_file(process + "/limits"),
               HasSubstr("Max core file size        0                    0 "));
   // What the system lets this user read of a process belongs to this user, and to root where it does not.
   struct stat status {};
   ASSERT_EQ(::stat((process + "/mem").c_str(), &status), 0);
   EXPECT_EQ(status.st_uid, 0U);
   serving.interrupt();
   EXPECT_EQ(serving.wait().exit_code, 0);
}
#endif

}  // namespace
