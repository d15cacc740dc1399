#include "console_program.hpp"

#include <gtest/gtest.h>

#include "store/store.hpp"

namespace msp::console::test {

ConsoleProgram::ConsoleProgram() {
   environment["MSP_CONSOLE_DATA_DIR"] = data_dir().string();
   environment["MSP_CONSOLE_PLUGIN_DIR"] = MSP_PLUGIN_DIRECTORY;
   environment["HOME"] = directory_.path().string();
}

void ConsoleProgram::use(sim::Simulator& simulator) {
   environment["MSP_CONSOLE_CACERT"] = simulator.ca_file().string();
   std::string pairs;
   for (const std::string& pair : simulator.connect_to()) pairs += (pairs.empty() ? "" : ",") + pair;
   environment["MSP_CONSOLE_CONNECT_TO"] = pairs;
}

void ConsoleProgram::sign_in_as(const std::string& user, const std::string& secret, const std::string& code) {
   user_ = user;
   environment["THE_PASSWORD"] = secret;
   environment["THE_CODE"] = code;
}

std::vector<std::string> ConsoleProgram::add_arguments(std::vector<std::string> more) const {
   std::vector<std::string> arguments = {"integration", "add", "--platform", "autotask", "--no-input"};
   arguments.insert(arguments.end(), {"--set", "user_name=" + user_});
   arguments.insert(arguments.end(), {"--secret", "password=@env:THE_PASSWORD"});
   arguments.insert(arguments.end(), {"--secret", "integration_code=@env:THE_CODE"});
   arguments.insert(arguments.end(), more.begin(), more.end());
   return arguments;
}

test_support::ProcessSetup ConsoleProgram::setup(std::vector<std::string> arguments, const std::string& input) const {
   return {MSP_CONSOLE_PROGRAM, std::move(arguments), environment, input};
}

test_support::ProcessResult ConsoleProgram::run(std::vector<std::string> arguments, const std::string& input) const {
   return test_support::run(setup(std::move(arguments), input));
}

void ConsoleProgram::enable_autotask() const {
   const auto enabled = run({"plugin", "enable", "autotask", "--yes"});
   ASSERT_EQ(enabled.exit_code, 0) << enabled.err << enabled.out;
}

std::shared_ptr<void> ConsoleProgram::hold_database_open() const { return std::make_shared<Store>(data_dir()); }

rapidjson::Document document(const test_support::ProcessResult& result) {
   rapidjson::Document parsed;
   parsed.Parse(result.out);
   EXPECT_FALSE(parsed.HasParseError()) << "not one JSON document: " << result.out << result.err;
   if (parsed.HasParseError() || !parsed.IsObject()) parsed.SetObject();
   return parsed;
}

}  // namespace msp::console::test
