// console_program.hpp - msp-console run as people run it: as a process, with a data directory of the test's own.
#pragma once

#include <rapidjson/document.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/autotask/autotask_sim.hpp"
#include "test_support/process.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::console::test {

// Users of the simulator's default scenario.
inline constexpr const char* kGoodUser = "api+console@msp.example";
inline constexpr const char* kGoodSecret = "Throw$away#1";
inline constexpr const char* kNoTicketEditing = "no-ticket-editing@msp.example";
inline constexpr const char* kNoTicketEditingSecret = "Throw$away#2";
inline constexpr const char* kCode = "THROWAWAYTRACKINGIDENTIFIER";

class ConsoleProgram {
 public:
   // With the built plugins, none of them enabled.
   ConsoleProgram();

   // Global options that come with every command from now on: where the simulator is.
   void use(sim::Simulator& simulator);

   // Credentials for `add_arguments`, given through the environment.
   void sign_in_as(const std::string& user, const std::string& secret, const std::string& code = kCode);
   [[nodiscard]] std::vector<std::string> add_arguments(std::vector<std::string> more = {}) const;

   [[nodiscard]] test_support::ProcessSetup setup(std::vector<std::string> arguments,
                                                  const std::string& input = {}) const;
   test_support::ProcessResult run(std::vector<std::string> arguments, const std::string& input = {}) const;

   void enable_autotask() const;

   // A second user of the database, for as long as the result lives.
   [[nodiscard]] std::shared_ptr<void> hold_database_open() const;

   [[nodiscard]] std::filesystem::path data_dir() const { return directory_.path() / "data"; }
   [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }
   std::map<std::string, std::string> environment;

 private:
   test_support::TempDir directory_;
   std::string user_;
};

// Runs a program at a terminal of its own, types as soon as it asks for a secret, and reads the screen until it ends.
std::string at_a_terminal(const test_support::ProcessSetup& setup, const std::string& typed, int& exit_code);

// A text that was printed for people, in one line.
std::string flat(const std::string& text);

// The one document that standard output must be; fails the test when it is not.
rapidjson::Document document(const test_support::ProcessResult& result);

}  // namespace msp::console::test
