// A plugin that ends the console, or does not let it go on, and what the next commands say and do.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "console_program.hpp"
#include "msp/host/catalog.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

class PluginEnds : public testing::Test {
 protected:
   void SetUp() override {
      const std::filesystem::path directory = console_.directory() / "plugins";
      std::filesystem::create_directory(directory);
      std::filesystem::copy(MSP_ENDING_PLUGIN, directory);
      console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = directory.string();
      console_.environment["MSP_CONSOLE_IN_PROCESS"] = "1";  // in a process of its own it ends nothing else
      ASSERT_EQ(console_.run({"plugin", "enable", "variant", "--yes"}).exit_code, 0);
   }

   ProcessResult use(std::vector<std::string> more = {}) {
      std::vector<std::string> arguments = {"integration", "add",     "--platform", "variant", "--no-input",
                                            "--set",       "user=me", "--no-save",  "--json"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return console_.run(arguments);
   }

   // Whatever needs no plugin goes on as if there were none that ends the process.
   void expect_others_work() {
      const std::vector<std::string> commands[] = {{"plugin", "list"},      {"plugin", "show", "variant"},
                                                   {"integration", "list"}, {"secrets", "status"},
                                                   {"secrets", "rotate"},   {"platform", "requirements", "variant"}};
      for (const auto& command : commands) {
         const ProcessResult result = console_.run(command);
         EXPECT_EQ(result.exit_code, 0) << command[0] << " " << command[1] << ": " << result.out << result.err;
      }
   }

   // The reason of the only plugin.
   std::string reason(const std::string& code, const std::string& state) {
      const auto listed = document(console_.run({"plugin", "list", "--json"}));
      const auto& plugin = listed["plugins"][0];
      EXPECT_STREQ(plugin["state"].GetString(), state.c_str());
      if (!plugin["code"].IsString()) return "no code";
      EXPECT_EQ(plugin["code"].GetString(), code);
      return plugin["reason"].GetString();
   }

   ConsoleProgram console_;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string unbroken(std::string text) {
   for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) {
      std::size_t end = text.find_first_not_of("\n ", at);
      text.replace(at, (end == std::string::npos ? text.size() : end) - at, " ");
   }
   return text;
}

TEST_F(PluginEnds, one_that_ends_the_console_while_it_is_loaded_is_named_and_not_loaded_again) {
   console_.environment["MSP_VARIANT_ENDS"] = "crash load";
   EXPECT_GT(use().exit_code, 127) << "ended by a signal";
   const ProcessResult next = console_.run({"integration", "list"});
   EXPECT_EQ(next.exit_code, 0);
   const std::string told =
       "The console ended unexpectedly when the plugin \"variant\" was at work, while it was loaded; the plugin is not "
       "loaded again until it is enabled again.";
   EXPECT_TRUE(contains(unbroken(next.err), told)) << next.err;
   EXPECT_EQ(console_.run({"integration", "list"}).err, "") << "once";
   expect_others_work();
   EXPECT_EQ(reason("plugin.crashed", "failed"), told);
   const ProcessResult used = use();
   EXPECT_EQ(used.exit_code, 9) << used.out << used.err;
   EXPECT_STREQ(document(used)["findings"][0]["code"].GetString(), "plugin.crashed");

   console_.environment.erase("MSP_VARIANT_ENDS");
   EXPECT_EQ(use().exit_code, 9) << "not by itself";
   EXPECT_EQ(console_.run({"plugin", "enable", "variant", "--yes"}).exit_code, 0);
   EXPECT_EQ(reason("", "enabled"), "no code");
}

TEST_F(PluginEnds, one_that_ends_the_console_at_work_is_named_and_stays_in_use) {
   console_.environment["MSP_VARIANT_ENDS"] = "crash work";
   EXPECT_GT(use().exit_code, 127);
   const std::string told =
       "The console ended unexpectedly when the plugin \"variant\" was at work, during validate_credentials.";
   const ProcessResult next = console_.run({"plugin", "list"});
   EXPECT_TRUE(contains(unbroken(next.err), told)) << next.err;
   EXPECT_EQ(reason("plugin.crashed", "enabled"), told);
   expect_others_work();
   EXPECT_EQ(console_.run({"plugin", "disable", "variant"}).exit_code, 0);
   EXPECT_EQ(reason("", "disabled"), "no code");
}

TEST_F(PluginEnds, one_that_does_not_come_to_an_end_while_it_is_loaded_is_given_up_and_can_be_disabled) {
   console_.environment["MSP_VARIANT_ENDS"] = "hang load";
   const ProcessResult used = use({"--step-timeout", "1"});
   EXPECT_EQ(used.exit_code, 9) << used.out << used.err;
   EXPECT_STREQ(document(used)["findings"][0]["code"].GetString(), "plugin.hung");
   EXPECT_STREQ(document(used)["findings"][0]["summary"].GetString(),
                "The plugin Variant does not come to an end while it is loaded; it was given up after 1 s.");
   expect_others_work();
   EXPECT_EQ(
       reason("plugin.hung", "failed"),
       "The plugin \"variant\" did not come to an end while it was loaded; the plugin is not loaded again until it "
       "is enabled again.");
   EXPECT_EQ(console_.run({"plugin", "disable", "variant"}).exit_code, 0);
   expect_others_work();
}

TEST_F(PluginEnds, a_console_that_still_works_is_not_taken_for_one_that_ended) {
   console_.environment["MSP_VARIANT_ENDS"] = "hang work";
   test_support::Process busy(console_.setup({"integration", "add", "--platform", "variant", "--no-input", "--set",
                                              "user=me", "--no-save", "--json", "--step-timeout", "5"}));
   // Its mark is there as soon as the plugin is at work.
   const std::filesystem::path marks = console_.data_dir() / "at-work";
   std::error_code none;
   const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
   while ((!std::filesystem::exists(marks, none) || std::filesystem::is_empty(marks, none)) &&
          std::chrono::steady_clock::now() < give_up) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
   }
   ASSERT_TRUE(std::filesystem::exists(marks, none) && !std::filesystem::is_empty(marks, none));
   const ProcessResult meanwhile = console_.run({"plugin", "list"});
   EXPECT_EQ(meanwhile.err, "");
   busy.wait();
   EXPECT_EQ(reason("plugin.hung", "enabled"),
             "The plugin \"variant\" did not come to an end during validate_credentials.");
}

TEST_F(PluginEnds, one_that_ends_the_console_by_itself_does_not_make_it_look_done) {
   for (const char* end : {"exit work", "exit load"}) {
      console_.environment["MSP_VARIANT_ENDS"] = end;
      EXPECT_EQ(use().exit_code, 9) << end;
      EXPECT_TRUE(contains(console_.run({"plugin", "list"}).err, "The console ended unexpectedly")) << end;
   }
}

TEST_F(PluginEnds, no_code_of_one_runs_when_the_process_ends) {
   if (MSP_SANITIZED) GTEST_SKIP() << "a sanitizer's last look comes after what libraries do at the end";
   console_.environment["MSP_VARIANT_ENDS"] = "crash end";
   const ProcessResult used = use();
   EXPECT_EQ(used.exit_code, 9) << used.err;
   EXPECT_STREQ(document(used)["findings"][0]["code"].GetString(), "plugin.defect") << "it reports no identity";
}

TEST_F(PluginEnds, of_two_files_with_one_id_none_is_enabled_unless_its_hash_is_given) {
   ASSERT_EQ(console_.run({"plugin", "disable", "variant"}).exit_code, 0);
   const std::filesystem::path directory = console_.directory() / "plugins";
   const std::filesystem::path first = std::filesystem::directory_iterator(directory)->path();
   const std::filesystem::path second = directory / "another.so";
   std::string bytes = test_support::read_file(first);
   bytes.replace(bytes.find("\"Variant\""), 9, "\"Changed\"");
   test_support::write_file(second, bytes);
   std::filesystem::permissions(second, std::filesystem::perms(0755));

   const ProcessResult refused = console_.run({"plugin", "enable", "variant", "--yes", "--json"});
   EXPECT_EQ(refused.exit_code, 9);
   const std::string summary = document(refused)["error"]["summary"].GetString();
   EXPECT_TRUE(contains(summary, first.string()) && contains(summary, second.string())) << summary;

   const std::string hash = msp::host::sha256_hex(bytes);
   EXPECT_TRUE(contains(summary, hash)) << summary;
   EXPECT_EQ(console_.run({"plugin", "enable", "variant", "--yes", "--sha256", std::string(64, '0')}).exit_code, 8);
   const ProcessResult chosen = console_.run({"plugin", "enable", "variant", "--yes", "--sha256", hash, "--json"});
   EXPECT_EQ(chosen.exit_code, 0) << chosen.out << chosen.err;
   EXPECT_STREQ(document(chosen)["name"].GetString(), "Changed");
   EXPECT_STREQ(document(chosen)["state"].GetString(), "enabled");
}

}  // namespace
