// What goes wrong where consoles live: configuration by hand, containers with users and mounts of their own, full
// disks.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "console_program.hpp"

namespace msp::console::test {
namespace {

using testing::HasSubstr;
using testing::Not;

void write(const std::filesystem::path& file, const std::string& content) { std::ofstream(file) << content; }

class FieldFaults : public testing::Test {
 protected:
   FieldFaults() { console_.environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", console_.directory().string()}}; }

   // Without a global option but these.
   test_support::ProcessResult run(std::vector<std::string> arguments) const {
      test_support::ProcessSetup setup = console_.setup({});
      setup.arguments = std::move(arguments);
      return test_support::run(setup);
   }
   [[nodiscard]] std::filesystem::path path(const char* name) const { return console_.directory() / name; }
   [[nodiscard]] std::string in_data_dir() const { return "data-dir = " + console_.data_dir().string() + "\n"; }

   ConsoleProgram console_;
};

TEST_F(FieldFaults, a_configuration_file_is_taken_as_editors_of_every_system_write_it) {
   for (const std::string& content :
        {"\xEF\xBB\xBF" + in_data_dir(), "# a remark\r\n\r\n" + in_data_dir() + "json = true\r\n",
         in_data_dir() + "plugin-dir = [\"" + std::string(MSP_PLUGIN_DIRECTORY) + "\", # ours\n \"" +
             console_.directory().string() + "\"]\n[serve]\nlisten = 127.0.0.1:0\n"}) {
      write(path("console.ini"), content);
      const auto result = run({"--config", path("console.ini"), "integration", "list"});
      EXPECT_EQ(result.exit_code, 0) << content << result.err;
      EXPECT_TRUE(std::filesystem::exists(console_.data_dir() / "console.db")) << content;
      std::filesystem::remove_all(console_.data_dir());
   }
}

TEST_F(FieldFaults, what_is_wrong_in_a_configuration_file_is_told_with_file_line_and_name_and_without_a_value) {
   struct Case {
      std::string content;
      const char* told;
   };
   const Case cases[] = {
       {in_data_dir() + "nonsense = secret\n", "line 2: there is no option \"nonsense\""},
       {in_data_dir() + "\n[integration.add]\nplatfrom = autotask\n", "line 4: there is no option \"platfrom\""},
       {in_data_dir() + "[no-such]\n", "line 2: there is no command \"no-such\""},
       {in_data_dir() + "this is a secret\n", "line 2: this is not written NAME = VALUE"},
       {in_data_dir() + "timeout\n", "line 2: \"timeout\" has no value"},
       {in_data_dir() + "timeout = secret\n", "line 2: "},
       {in_data_dir() + "timeout = 3\ntimeout = 4\n", "line 3: \"timeout\" is given twice"},
       {in_data_dir() + "log-file = \"secret\n", "line 2: the quotation mark after \"log-file\" is not closed"},
       {in_data_dir() + "preset = [\"secret\"\n", "the list of \"preset\" has no closing bracket"},
       {in_data_dir() + "log-file = \xFF\n", "line 2: this is not UTF-8"},
       {std::string("\xFF\xFE"
                    "d\0a\0",
                    6),
        "is written in UTF-16"},
   };
   for (const Case& each : cases) {
      write(path("console.ini"), each.content);
      const auto result = run({"--config", path("console.ini"), "integration", "list"});
      EXPECT_EQ(result.exit_code, 2) << each.content;
      EXPECT_THAT(flat(result.err), HasSubstr(each.told)) << each.content;
      EXPECT_THAT(flat(result.err), HasSubstr("console.ini\"")) << each.content;
      if (each.content.find("timeout = secret") == std::string::npos) {
         EXPECT_THAT(result.err, Not(HasSubstr("secret"))) << each.content;
      }
      EXPECT_FALSE(std::filesystem::exists(console_.data_dir())) << each.content;
      // A wrong value is not mended by another name.
      const bool wrong_value = each.content.find("timeout = secret") != std::string::npos;
      EXPECT_THAT(flat(result.err), HasSubstr(wrong_value ? "Correct the value there" : "without its dashes"))
          << each.content;
   }
}

TEST_F(FieldFaults, a_named_plugin_directory_that_is_not_there_is_an_error_and_no_empty_list) {
   for (const std::string& directory : {path("none").string(), path("file").string()}) {
      write(path("file"), "");
      const auto named = run({"--data-dir", console_.data_dir(), "--plugin-dir", directory, "plugin", "list"});
      EXPECT_EQ(named.exit_code, 2);
      EXPECT_THAT(flat(named.err), HasSubstr("The plugin directory \"" + directory + "\""));
      console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = std::string(MSP_PLUGIN_DIRECTORY) + ":" + directory;
      const auto by_variable = run({"--data-dir", console_.data_dir(), "plugin", "list"});
      EXPECT_EQ(by_variable.exit_code, 2);
      EXPECT_THAT(flat(by_variable.err), HasSubstr("The plugin directory \"" + directory + "\""));
      console_.environment.erase("MSP_CONSOLE_PLUGIN_DIR");
   }
}

TEST_F(FieldFaults, a_variable_gives_a_repeatable_option_several_values) {
   std::filesystem::create_directory(path("more"));
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = path("more").string() + ":" + MSP_PLUGIN_DIRECTORY + ":";
   const auto list = run({"--data-dir", console_.data_dir(), "plugin", "list"});
   EXPECT_EQ(list.exit_code, 0) << list.err;
   EXPECT_THAT(list.out, HasSubstr("kaseya_vsa"));
   console_.environment["FIRST"] = "x";
   console_.environment["MSP_CONSOLE_PRESET"] = "autotask.integration_code=@env:FIRST,other.code=@env:NOT_SET";
   const auto preset = run({"--data-dir", console_.data_dir(), "plugin", "list"});
   EXPECT_NE(preset.exit_code, 0) << "the second one is read, too";
   EXPECT_THAT(preset.err, HasSubstr("other.code"));
   console_.environment["MSP_CONSOLE_PRESET"] = "autotask.integration_code=@env:FIRST\n";
   EXPECT_EQ(run({"--data-dir", console_.data_dir(), "plugin", "list"}).exit_code, 0);
}

TEST_F(FieldFaults, what_is_no_plain_file_is_told_and_nobody_waits_for_it) {
   ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
   const std::string pipe = path("pipe");
   for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
            {"--config", pipe, "plugin", "list"},
            {"--cacert", pipe, "plugin", "list"},
            {"--cacert", console_.directory(), "plugin", "list"},
            {"serve", "--listen", "127.0.0.1:0", "--tls-cert", pipe, "--tls-key", pipe},
            {"--log-file", pipe, "plugin", "list"}}) {
      std::vector<std::string> all = {"--data-dir", console_.data_dir()};
      all.insert(all.end(), arguments.begin(), arguments.end());
      const auto result = run(all);
      EXPECT_EQ(result.exit_code, 2) << arguments[0] << arguments[1];
      EXPECT_THAT(result.err, HasSubstr("What to do:")) << arguments[0];
   }
   // A pipe may bring a secret, but not for ever.
   const auto secret = run({"--data-dir", console_.data_dir(), "--timeout", "0.05", "--preset",
                            "autotask.integration_code=@file:" + pipe, "plugin", "list"});
   EXPECT_EQ(secret.exit_code, 2);
   EXPECT_THAT(flat(secret.err), HasSubstr("is a pipe whose other end did not finish"));
}

TEST_F(FieldFaults, a_credential_file_may_be_a_link_as_containers_make_them) {
   write(path("..data"), "THE CODE\n");
   std::filesystem::create_symlink("..data", path("code"));
   const auto result = run({"--data-dir", console_.data_dir(), "--preset",
                            "autotask.integration_code=@file:" + path("code").string(), "plugin", "list"});
   EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(FieldFaults, a_working_directory_that_is_gone_matters_to_relative_paths_only) {
   const std::string begin = "cd '" + console_.directory().string() +
                             "' && mkdir gone && cd gone && rmdir ../gone && exec '" +
                             MSP_CONSOLE_PROGRAM "' integration list --data-dir ";
   const auto in_shell = [&](const std::string& command) {
      test_support::ProcessSetup setup = console_.setup({});
      setup.program = "/bin/sh";
      setup.arguments = {"-c", command};
      return test_support::run(setup);
   };
   const auto relative = in_shell(begin + "here");
   EXPECT_EQ(relative.exit_code, 2);
   EXPECT_THAT(flat(relative.err), HasSubstr("The working directory is gone"));
   EXPECT_THAT(flat(relative.err), HasSubstr("\"here\" of --data-dir"));
   const auto whole = in_shell(begin + "'" + console_.data_dir().string() + "'");
   EXPECT_EQ(whole.exit_code, 0) << whole.err;
}

TEST_F(FieldFaults, a_user_without_a_home_is_told_what_this_user_can_do) {
   test_support::ProcessSetup setup = console_.setup({});
   setup.program = "/usr/bin/env";
   setup.arguments = {"-u", "HOME", "-u", "XDG_DATA_HOME", MSP_CONSOLE_PROGRAM, "integration", "list"};
   const auto nowhere = test_support::run(setup);
   EXPECT_EQ(nowhere.exit_code, 2);
   EXPECT_THAT(flat(nowhere.err), HasSubstr("neither HOME nor XDG_DATA_HOME is set"));
   EXPECT_THAT(flat(nowhere.err), HasSubstr("--data-dir"));
   if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
   std::filesystem::permissions(console_.directory(), std::filesystem::perms(0755));
   setup.program = "/usr/bin/setpriv";
   setup.arguments = {"--reuid",
                      "12345",
                      "--regid",
                      "12345",
                      "--clear-groups",
                      "env",
                      "-u",
                      "XDG_DATA_HOME",
                      "HOME=" + console_.directory().string(),
                      MSP_CONSOLE_PROGRAM,
                      "integration",
                      "list"};
   const auto root_s = test_support::run(setup);
   EXPECT_EQ(root_s.exit_code, 10);
   EXPECT_THAT(flat(root_s.err), HasSubstr("Permission denied"));
   EXPECT_THAT(flat(root_s.err), HasSubstr("made for user 12345"));
}

// A file system of its own that holds a console's data, where this process may mount one.
class SmallDisk : public FieldFaults {
 protected:
   void SetUp() override {
      std::filesystem::create_directory(disk_);
      if (::mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=64m,mode=0700") != 0)
         GTEST_SKIP() << "mounting is not allowed here";
      mounted_ = true;
      ASSERT_EQ(command({"plugin", "enable", "autotask", "--yes"}).exit_code, 0);
   }
   void TearDown() override {
      if (mounted_) ::umount2(disk_.c_str(), MNT_DETACH);
   }
   test_support::ProcessResult command(std::vector<std::string> arguments) const {
      arguments.insert(arguments.begin(), {"--data-dir", disk_ / "data", "--plugin-dir", MSP_PLUGIN_DIRECTORY});
      return run(arguments);
   }
   void expect_to_read() const {
      for (const std::vector<std::string>& each :
           std::vector<std::vector<std::string>>{{"plugin", "list"},
                                                 {"plugin", "show", "autotask"},
                                                 {"integration", "list"},
                                                 {"secrets", "status"},
                                                 {"platform", "requirements", "autotask"}}) {
         const auto result = command(each);
         EXPECT_EQ(result.exit_code, 0) << each[0] << ' ' << each[1] << result.err;
      }
      EXPECT_THAT(command({"plugin", "list"}).out, HasSubstr("enabled"));
   }

   const std::filesystem::path disk_ = path("disk");
   bool mounted_ = false;
};

TEST_F(SmallDisk, on_a_full_disk_a_command_that_only_reads_still_reads) {
   {
      std::ofstream fill(disk_ / "fill");
      while (fill << std::string(4096, 'x') << std::flush) continue;
   }
   expect_to_read();
   const auto change = command({"plugin", "disable", "autotask"});
   EXPECT_EQ(change.exit_code, 10);
   EXPECT_THAT(flat(change.err), HasSubstr("The disk is full"));
   const auto page = command({"serve", "--listen", "127.0.0.1:0"});
   EXPECT_EQ(page.exit_code, 10);
   EXPECT_THAT(flat(page.err), HasSubstr("The disk is full"));
   std::filesystem::remove(disk_ / "fill");
   EXPECT_EQ(command({"plugin", "disable", "autotask"}).exit_code, 0);
}

TEST_F(SmallDisk, on_a_read_only_file_system_a_command_that_only_reads_still_reads) {
   ASSERT_EQ(::mount("tmpfs", disk_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
   expect_to_read();
   const auto change = command({"plugin", "disable", "autotask"});
   EXPECT_EQ(change.exit_code, 10);
   EXPECT_THAT(flat(change.err), HasSubstr("cannot be opened for writing"));
}

}  // namespace
}  // namespace msp::console::test
