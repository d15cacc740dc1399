// Plugins that do harm, each in a process of its own: what the console says, and that nothing else is touched.
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "console_program.hpp"
#include "test_support/temp_dir.hpp"

using namespace msp::console::test;
using test_support::ProcessResult;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

namespace {

class IsolatedPlugins : public testing::Test {
 protected:
   void install(const std::filesystem::path& plugin) {
      const std::filesystem::path directory = console_.directory() / "plugins";
      std::filesystem::create_directory(directory);
      std::filesystem::copy_file(plugin, directory / "hostile.so");
      console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = directory.string();
      // Nobody listens there.
      console_.environment["MSP_CONSOLE_CONNECT_TO"] = "api.example.com:443:127.0.0.1:9";
   }
   ProcessResult enable() { return console_.run({"plugin", "enable", "hostile", "--yes"}); }

   ProcessResult check(const std::string& deed, const std::string& where,
                       std::vector<std::string> more = {"--no-save"}) {
      std::vector<std::string> arguments = {"integration", "add",        "--platform", "hostile",
                                            "--no-input",  "--json",     "--set",      "deed=" + deed,
                                            "--set",       "account=it", "--set",      "where=" + where};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return console_.run(arguments);
   }

   static std::string codes(const ProcessResult& result) {
      std::string codes;
      const auto parsed = document(result);
      for (const auto& finding : parsed["findings"].GetArray())
         codes += (codes.empty() ? "" : " ") + std::string(finding["code"].GetString());
      return codes;
   }
   static std::string summary(const ProcessResult& result, std::size_t which = 0) {
      const auto parsed = document(result);
      const auto& findings = parsed["findings"];
      return which < findings.Size() ? findings[static_cast<rapidjson::SizeType>(which)]["summary"].GetString() : "";
   }
   std::string code_in_list() {
      const auto listed = document(console_.run({"plugin", "list", "--json"}));
      const auto& plugin = listed["plugins"][0];
      return plugin["code"].IsString() ? plugin["code"].GetString() : "";
   }
   void release() { EXPECT_EQ(console_.run({"plugin", "release", "hostile"}).exit_code, 0); }

   ConsoleProgram console_;
};

struct Deed {
   const char* deed;
   const char* code;
   const char* told;
};

TEST_F(IsolatedPlugins, whatever_ends_one_is_one_finding_and_the_next_check_is_served) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   const Deed deeds[] = {{"crash", "plugin.crashed", "crashed: Segmentation fault (signal 11)"},
                         {"abort", "plugin.crashed", "crashed: Aborted (signal 6)"},
                         {"exit", "plugin.crashed", "ended its process by itself (exit code 0)"},
                         {"overflow", "plugin.crashed", "crashed: Segmentation fault (signal 11)"},
                         {"devour", "plugin.exhausted", "used more memory or time than a plugin gets"},
                         {"flood", "plugin.exhausted", "used more memory or time than a plugin gets"},
                         {"garbage", "plugin.defect", "sent what no plugin sends, against rule P21"},
                         {"socket", "plugin.defect", "may not make: socket, against rule P21"},
                         {"unix", "plugin.defect", "may not make: socket, against rule P21"},
                         {"exec", "plugin.defect", "may not make: execve, against rule P21"},
                         {"fork", "plugin.defect", "may not make: clone, against rule P21"},
                         {"kill", "plugin.defect", "against rule P21"},
                         {"ptrace", "plugin.defect", "may not make: ptrace, against rule P21"},
                         {"mount", "plugin.defect", "may not make: mount, against rule P21"},
                         {"close", "plugin.defect", "may not make: shutdown, against rule P21"}};
   const std::pair<const char*, const char*> places[] = {{"validate", "while it validated the credentials"},
                                                         {"permissions", "while it checked the permissions"},
                                                         {"authenticate", "while it signed in"}};
   std::size_t at = 0;
   for (const Deed& deed : deeds) {
      const auto& [place, words] = places[at++ % std::size(places)];
      SCOPED_TRACE(std::string(deed.deed) + " in " + place);
      const ProcessResult result = check(deed.deed, place);
      EXPECT_EQ(result.exit_code, 9) << result.out << result.err;
      const auto parsed = document(result);
      EXPECT_STREQ(parsed["outcome"].GetString(), "failed");
      int matching = 0;
      for (const auto& finding : parsed["findings"].GetArray()) {
         if (finding["severity"] != "error") continue;
         ++matching;
         EXPECT_STREQ(finding["code"].GetString(), deed.code);
         EXPECT_THAT(finding["summary"].GetString(), HasSubstr(deed.told));
         EXPECT_THAT(finding["remedy"].GetString(), HasSubstr("Mallory Ltd"));
         if (deed.code != std::string("plugin.defect")) {
            EXPECT_THAT(finding["summary"].GetString(), HasSubstr(words));
            EXPECT_THAT(finding["summary"].GetString(), HasSubstr("It had sent nothing to the platform."));
         }
      }
      EXPECT_EQ(matching, 1) << result.out;
      release();
      const ProcessResult next = check("nothing", "nowhere");
      EXPECT_EQ(next.exit_code, 0) << "the next check is served by a fresh process" << next.out;
   }
   EXPECT_FALSE(std::filesystem::exists("/tmp/hostile"));
}

TEST_F(IsolatedPlugins, one_that_does_not_return_is_ended_after_its_time) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   const ProcessResult result = check("hang", "permissions", {"--no-save", "--step-timeout", "1"});
   EXPECT_EQ(result.exit_code, 124) << result.out << result.err;
   EXPECT_EQ(codes(result), "host.deadline plugin.hung");
   EXPECT_THAT(summary(result, 1), HasSubstr("did not answer in time while it checked the permissions"));
   EXPECT_THAT(result.out, Not(HasSubstr("Restart the console")));
   EXPECT_EQ(check("nothing", "nowhere").exit_code, 0);
}

TEST_F(IsolatedPlugins, one_sees_no_file_no_variable_and_nothing_it_prints_is_printed) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   const ProcessResult files = check("files", "validate");
   EXPECT_EQ(files.exit_code, 0) << files.out << files.err;
   EXPECT_EQ(summary(files), "files 0 0 0 0, errors 13 13, variables none");
   const ProcessResult print = check("print", "validate");
   EXPECT_EQ(print.exit_code, 0) << print.out << print.err;
   EXPECT_THAT(print.out + print.err, Not(HasSubstr("hostile output")));
}

TEST_F(IsolatedPlugins, one_in_the_console_s_process_prints_to_nobody_either) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   const ProcessResult print = check("print", "validate", {"--no-save", "--in-process", "--log-level", "debug"});
   EXPECT_EQ(print.exit_code, 0) << print.out << print.err;
   EXPECT_THAT(print.out + print.err, Not(HasSubstr("hostile output")));
   EXPECT_TRUE(document(print).HasMember("outcome")) << "the console itself prints as before";
   EXPECT_THAT(print.err, HasSubstr("hostile: validate_credentials"));
}

TEST_F(IsolatedPlugins, one_is_told_that_a_person_waits_only_where_somebody_can_be_asked) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   EXPECT_EQ(codes(check("ask", "validate", {"--name", "It"})), "hostile.alone");
   const std::vector<std::string> one = {"integration", "check", "It", "--json"};
   const std::vector<std::string> unasked = {"integration", "check", "It", "--json", "--no-input"};
   const std::vector<std::string> all = {"integration", "check", "--all", "--json"};
   for (const auto& [command, told] :
        {std::pair(one, "hostile.attended"), {unasked, "hostile.alone"}, {all, "hostile.alone"}}) {
      int exit_code = -1;
      const std::string shown = at_a_terminal(console_.setup(command), "", exit_code);
      EXPECT_EQ(exit_code, 0) << shown;
      EXPECT_THAT(shown, HasSubstr(told));
   }
}

TEST_F(IsolatedPlugins, a_call_that_one_keeps_changes_nothing) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   console_.environment["MSP_CONSOLE_LOG_LEVEL"] = "debug";
   const ProcessResult kept = check("keep", "validate");
   EXPECT_EQ(kept.exit_code, 0) << kept.out << kept.err;
   EXPECT_THAT(kept.err, HasSubstr("used a call whose operation had ended (rule P16"));
}

TEST_F(IsolatedPlugins, three_bad_ends_are_a_quarantine_from_which_an_administrator_can_release_it) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   ASSERT_EQ(check("nothing", "nowhere", {"--name", "Good"}).exit_code, 0);
   for (const char* place : {"validate", "permissions", "authenticate"}) {
      EXPECT_EQ(code_in_list(), "");
      EXPECT_EQ(codes(check("crash", place)), "plugin.crashed");
   }
   EXPECT_EQ(code_in_list(), "plugin.quarantined");
   const ProcessResult refused = check("nothing", "nowhere");
   EXPECT_EQ(refused.exit_code, 9);
   EXPECT_EQ(codes(refused), "plugin.quarantined");
   EXPECT_THAT(summary(refused), HasSubstr("in quarantine for another 10 minutes"));
   // What is saved is left as it was.
   const ProcessResult all = console_.run({"integration", "check", "--all"});
   EXPECT_THAT(all.out + all.err, HasSubstr("quarantine"));
   const auto listed = document(console_.run({"integration", "list", "--json"}));
   EXPECT_STREQ(listed["integrations"][0]["last_check"]["outcome"].GetString(), "accepted");
   release();
   EXPECT_EQ(code_in_list(), "");
   EXPECT_EQ(console_.run({"integration", "check", "Good"}).exit_code, 0);
}

TEST_F(IsolatedPlugins, one_that_tried_what_no_plugin_may_is_in_quarantine_until_it_is_released) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   EXPECT_EQ(codes(check("socket", "authenticate")), "plugin.defect");
   const ProcessResult refused = check("nothing", "nowhere");
   EXPECT_EQ(codes(refused), "plugin.quarantined");
   EXPECT_THAT(summary(refused), HasSubstr("it tried what no plugin may do"));
   release();
   EXPECT_EQ(check("nothing", "nowhere").exit_code, 0);
}

TEST_F(IsolatedPlugins, one_that_ends_at_its_start_is_not_enabled) {
   struct Start {
      const char* plugin;
      const char* code;
      const char* told;
   };
   for (const Start& start : {Start{MSP_HOSTILE_CRASH, "plugin.crashed", "while it was loaded"},
                              Start{MSP_HOSTILE_SOCKET, "plugin.defect", "socket, against rule P21"},
                              Start{MSP_HOSTILE_HANG, "plugin.hung", "while it was loaded"}}) {
      SCOPED_TRACE(start.plugin);
      ConsoleProgram console;
      console_.environment = console.environment;
      std::filesystem::remove_all(console_.directory() / "plugins");
      install(start.plugin);
      console_.environment["MSP_CONSOLE_STEP_TIMEOUT"] = "1";
      const ProcessResult enabled = console_.run({"plugin", "enable", "hostile", "--yes", "--json"});
      EXPECT_EQ(enabled.exit_code, 9) << enabled.out << enabled.err;
      EXPECT_THAT(enabled.out, HasSubstr(start.code));
      EXPECT_THAT(enabled.out, HasSubstr(start.told));
      EXPECT_EQ(console_.run({"integration", "list"}).exit_code, 0);
   }
}

// The library with its first relocation leading nowhere: the system's loader follows it without a look.
std::string with_a_lost_relocation(std::string bytes) {
   Elf64_Ehdr header;
   std::memcpy(&header, bytes.data(), sizeof header);
   for (std::size_t i = 0; i < header.e_phnum; ++i) {
      Elf64_Phdr segment;
      std::memcpy(&segment, bytes.data() + header.e_phoff + i * sizeof segment, sizeof segment);
      if (segment.p_type != PT_DYNAMIC) continue;
      for (std::size_t at = 0; at < segment.p_filesz; at += sizeof(Elf64_Dyn)) {
         Elf64_Dyn entry;
         std::memcpy(&entry, bytes.data() + segment.p_offset + at, sizeof entry);
         const Elf64_Addr nowhere = Elf64_Addr{1} << 46U;
         if (entry.d_tag == DT_RELA) std::memcpy(bytes.data() + entry.d_un.d_ptr, &nowhere, sizeof nowhere);
      }
   }
   return bytes;
}

TEST_F(IsolatedPlugins, one_that_is_too_damaged_to_be_loaded_is_not_enabled_and_ends_nobody_else) {
   install(MSP_HOSTILE_PLUGIN);
   test_support::write_file(console_.directory() / "plugins" / "hostile.so",
                            with_a_lost_relocation(test_support::read_file(MSP_HOSTILE_PLUGIN)));
   const ProcessResult enabled = console_.run({"plugin", "enable", "hostile", "--yes", "--json"});
   EXPECT_EQ(enabled.exit_code, 9) << enabled.out << enabled.err;
   EXPECT_THAT(enabled.out, HasSubstr("plugin.crashed"));
   EXPECT_THAT(enabled.out, HasSubstr("while it was loaded"));
   EXPECT_EQ(console_.run({"integration", "list"}).exit_code, 0);
}

TEST_F(IsolatedPlugins, what_confines_one_is_shown_with_what_the_system_lacks) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   const auto shown = document(console_.run({"plugin", "show", "hostile", "--json"}));
   std::string active;
   for (const auto& layer : shown["layers"].GetArray()) {
      if (layer["active"].GetBool())
         active += std::string(layer["name"].GetString()) + ' ';
      else
         EXPECT_STRNE(layer["detail"].GetString(), "") << "why not";
   }
   for (const char* always : {"descriptors", "lifeline", "limits", "seccomp"}) EXPECT_THAT(active, HasSubstr(always));
   EXPECT_THAT(console_.run({"plugin", "show", "hostile"}).out, HasSubstr("Confined by"));
}

TEST_F(IsolatedPlugins, one_that_is_enabled_and_cannot_be_loaded_is_shown_with_the_reason) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   console_.environment["MSP_CONSOLE_STEP_TIMEOUT"] = "0.001";  // no process starts in that time
   const auto shown = document(console_.run({"plugin", "show", "hostile", "--json"}));
   EXPECT_STREQ(shown["state"].GetString(), "enabled");
   EXPECT_TRUE(shown["code"].IsString()) << "why";
}

TEST_F(IsolatedPlugins, where_one_runs_is_decided_by_an_administrator_and_shown) {
   install(MSP_HOSTILE_PLUGIN);
   ASSERT_EQ(enable().exit_code, 0);
   const auto isolation = [&](std::vector<std::string> more = {}) {
      std::vector<std::string> arguments = {"plugin", "show", "hostile", "--json"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return std::string(document(console_.run(arguments))["isolation"].GetString());
   };
   EXPECT_EQ(isolation(), "process");
   EXPECT_EQ(isolation({"--in-process"}), "in_process") << "for this run";
   EXPECT_EQ(isolation(), "process");

   const ProcessResult asked = console_.run({"plugin", "isolation", "hostile", "in-process", "--no-input"});
   EXPECT_NE(asked.exit_code, 0) << "a decision that nobody made";
   EXPECT_EQ(isolation(), "process");
   EXPECT_EQ(console_.run({"plugin", "isolation", "hostile", "in-process", "--yes"}).exit_code, 0);
   EXPECT_EQ(isolation(), "in_process");
   ASSERT_EQ(check("nothing", "nowhere", {"--name", "Here"}).exit_code, 0);
   EXPECT_EQ(console_.run({"plugin", "isolation", "hostile", "process"}).exit_code, 0);
   EXPECT_EQ(isolation(), "process");
   ASSERT_EQ(console_.run({"integration", "check", "Here"}).exit_code, 0);
   const auto shown = document(console_.run({"integration", "show", "Here", "--json"}));
   EXPECT_STREQ(shown["history"][0]["isolation"].GetString(), "process");
   EXPECT_STREQ(shown["history"][1]["isolation"].GetString(), "in_process");
   EXPECT_EQ(console_.run({"plugin", "isolation", "hostile", "elsewhere"}).exit_code, 2);
}

}  // namespace
