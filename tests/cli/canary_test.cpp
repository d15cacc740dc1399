#include <gtest/gtest.h>

#include <cctype>

#include "console_program.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;

namespace {

// Distinctive, with letters that every encoding changes.
constexpr const char* kCanary = "Kanarien$Vogel#7/+&%singt";
constexpr const char* kWrongCanary = "Falscher$Vogel#8/+&%singt";
constexpr const char* kCanaryCode = "KANARIENKENNUNGAUTOTASK0001";

std::string hex(std::string_view text, const char* digits) {
   std::string result;
   for (const char letter : text) {
      const auto byte = static_cast<unsigned char>(letter);
      result += digits[byte >> 4];
      result += digits[byte & 15];
   }
   return result;
}

std::string percent(std::string_view text, const char* digits) {
   std::string result;
   for (const char letter : text) {
      const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0;
      result += plain ? std::string(1, letter) : "%" + hex({&letter, 1}, digits);
   }
   return result;
}

// The part of the secret's base64 that does not depend on what stands before and after it.
std::string base64(std::string_view text, std::size_t before, bool url) {
   const char* alphabet = url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                              : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
   const std::string bytes = std::string(before, '\0') + std::string(text);
   std::string result;
   for (std::size_t i = 0; i + 2 < bytes.size(); i += 3) {
      const auto at = [&](std::size_t offset) {
         return static_cast<unsigned>(static_cast<unsigned char>(bytes[i + offset]));
      };
      const unsigned group = (at(0) << 16) | (at(1) << 8) | at(2);
      for (const int shift : {18, 12, 6, 0}) result += alphabet[(group >> shift) & 63];
   }
   return result.substr(before == 0 ? 0 : 4);
}

std::vector<std::string> disguises(const std::string& secret) {
   std::vector<std::string> all = {secret, hex(secret, "0123456789abcdef"), hex(secret, "0123456789ABCDEF"),
                                   percent(secret, "0123456789abcdef"), percent(secret, "0123456789ABCDEF")};
   for (const std::size_t before : {0U, 1U, 2U}) {
      for (const bool url : {false, true}) all.push_back(base64(secret, before, url));
   }
   return all;
}

void expect_no_secret(const std::string& text, const std::string& where) {
   for (const char* secret : {kCanary, kWrongCanary, kCanaryCode}) {
      for (const std::string& disguise : disguises(secret)) {
         EXPECT_EQ(text.find(disguise), std::string::npos) << "\"" << disguise << "\" in " << where;
      }
   }
}

void expect_no_secret_in_files(const std::filesystem::path& directory) {
   for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file()) expect_no_secret(test_support::read_file(entry.path()), entry.path().string());
   }
}

TEST(Canary, sings_in_every_disguise_that_the_test_looks_for) {
   for (const std::string& disguise : disguises(kCanary)) {
      EXPECT_GE(disguise.size(), std::string(kCanary).size()) << disguise;
   }
   EXPECT_NE(base64(kCanary, 0, false), base64(kCanary, 1, false));
}

TEST(Canary, no_command_lets_a_secret_out) {
   const std::string user = R"("login":"canary@msp.example","secret":")" + std::string(kCanary) +
                            R"(","integration_codes":[")" + kCanaryCode + R"("],"default_rights":{"all":"All"})";
   sim::AutotaskSimulator simulator(R"({"users":[{)" + user + "}]}");
   ConsoleProgram console;
   console.use(simulator);
   console.enable_autotask();
   const std::string log = (console.directory() / "console.log").string();
   const std::string name = "Integration with Autotask";

   std::vector<std::vector<std::string>> commands;
   console.sign_in_as("canary@msp.example", kCanary, kCanaryCode);
   const std::vector<std::string> good = console.add_arguments();
   commands.push_back(console.add_arguments({"--no-save"}));
   commands.push_back(good);
   commands.push_back(console.add_arguments({"--name", "Second"}));
   commands.push_back({"integration", "check", name});
   commands.push_back({"integration", "request", name, "GET", "V1.0/Companies/175", "--include"});
   commands.push_back({"integration", "list"});
   commands.push_back({"integration", "show", name});
   commands.push_back({"integration", "edit", name, "--secret", "password=@env:THE_WRONG_ONE"});
   commands.push_back({"integration", "edit", name, "--name", "Other", "--secret", "password=@env:THE_PASSWORD"});
   commands.push_back({"integration", "edit", "Other", "--set", std::string("user_name=") + kCanary, "--secret",
                       "password=@env:THE_PASSWORD", "--secret", "integration_code=@env:THE_CODE"});
   commands.push_back({"plugin", "list"});
   commands.push_back({"plugin", "show", "autotask"});
   commands.push_back({"platform", "requirements", "autotask"});
   commands.push_back({"integration", "remove", "Other", "--yes"});
   console.environment["THE_WRONG_ONE"] = kWrongCanary;

   for (const std::vector<std::string>& command : commands) {
      for (const bool json : {false, true}) {
         std::vector<std::string> arguments = command;
         arguments.insert(arguments.end(), {"--log-level", "trace", "--log-file", log, "--no-input"});
         if (json) arguments.emplace_back("--json");
         const ProcessResult result = console.run(arguments);
         EXPECT_NE(result.exit_code, 2) << result.err;
         expect_no_secret(result.out, "output of " + command[1]);
         expect_no_secret(result.err, "error output of " + command[1]);
         expect_no_secret_in_files(console.directory());
      }
   }
   EXPECT_GT(simulator.signed_requests(), 4U) << "the secrets were not used, so this proved nothing";
}

TEST(Canary, the_database_s_journal_holds_no_secret_while_it_is_in_use) {
   sim::AutotaskSimulator simulator;
   ConsoleProgram console;
   console.use(simulator);
   console.enable_autotask();
   console.sign_in_as(kGoodUser, kGoodSecret);
   // A reader that keeps the database open keeps its journal from being folded in and removed.
   const auto reader = console.hold_database_open();
   ASSERT_EQ(console.run(console.add_arguments()).exit_code, 0);
   const std::string journal = test_support::read_file(console.data_dir() / "console.db-wal");
   EXPECT_GT(journal.size(), 0U);
   for (const std::string& disguise : disguises(kGoodSecret)) EXPECT_EQ(journal.find(disguise), std::string::npos);
}

// The platform's words are shortened when a plugin reports them, and for a line of the terminal.
TEST(Canary, no_half_of_a_secret_is_left_where_a_text_is_shortened) {
   const std::string secret = "Canary-7Qx!pw-Zz93";
   const std::string user = R"("login":"birds@msp.example","secret":")" + secret + R"(","integration_codes":[")" +
                            kCanaryCode + R"("],"default_rights":{"all":"All"})";
   sim::AutotaskSimulator good(R"({"users":[{)" + user + "}]}");
   ConsoleProgram console;
   console.use(good);
   console.enable_autotask();
   console.sign_in_as("birds@msp.example", secret, kCanaryCode);
   ASSERT_EQ(console.run(console.add_arguments()).exit_code, 0);
   const std::string log = (console.directory() / "console.log").string();
   const auto expect_nothing_of_it = [&](const std::string& text, const std::string& where) {
      for (std::size_t at = 0; at + 4 <= secret.size(); ++at)
         EXPECT_EQ(text.find(secret.substr(at, 4)), std::string::npos) << secret.substr(at) << " in " << where;
   };
   for (const std::size_t pad : {485U, 494U, 560U, 568U, 576U, 584U}) {
      console.use(good);  // a refusal is remembered until the password is entered again
      const ProcessResult again = console.run(
          {"integration", "edit", "Integration with Autotask", "--no-input", "--secret", "password=@env:THE_PASSWORD"});
      ASSERT_EQ(again.exit_code, 0) << again.err;
      sim::AutotaskSimulator repeats(R"({"users":[{)" + user +
                                     R"(}],"faults":[{"match":{"host":"webservices14.autotask.net"},"fault":"status",)"
                                     R"("status":401,"body":"{\"errors\":[\")" +
                                     std::string(pad, 'x') + secret + std::string(60, 'y') + R"(\"]}"}]})");
      console.use(repeats);
      for (const std::vector<std::string>& command :
           {std::vector<std::string>{"check", "Integration with Autotask"},
            {"check", "--all"},
            {"show", "Integration with Autotask"},
            {"list"},
            {"request", "Integration with Autotask", "GET", "V1.0/Companies/1"}}) {
         for (const bool json : {false, true}) {
            std::vector<std::string> arguments = {"integration"};
            arguments.insert(arguments.end(), command.begin(), command.end());
            arguments.insert(arguments.end(), {"--log-level", "trace", "--log-file", log, "--no-input"});
            if (json) arguments.emplace_back("--json");
            const ProcessResult result = console.run(arguments);
            EXPECT_NE(result.exit_code, 2) << result.err;
            expect_nothing_of_it(result.out, "output of " + command[0]);
            expect_nothing_of_it(result.err, "error output of " + command[0]);
         }
      }
      for (const auto& entry : std::filesystem::recursive_directory_iterator(console.directory())) {
         if (entry.is_regular_file())
            expect_nothing_of_it(test_support::read_file(entry.path()), entry.path().string());
      }
   }
   EXPECT_NE(test_support::read_file(console.data_dir() / "console.db").find("xxxx[redacted]"), std::string::npos)
       << "the platform's words were not kept, so this proved nothing";
}

}  // namespace
