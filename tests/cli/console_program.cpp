#include "console_program.hpp"

#include <gtest/gtest.h>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

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

std::string flat(const std::string& text) {
   std::string result;
   for (const char c : text) {
      const bool blank = c == ' ' || c == '\n';
      if (!blank || (!result.empty() && result.back() != ' ')) result += blank ? ' ' : c;
   }
   return result;
}

rapidjson::Document document(const test_support::ProcessResult& result) {
   rapidjson::Document parsed;
   parsed.Parse(result.out);
   EXPECT_FALSE(parsed.HasParseError()) << "not one JSON document: " << result.out << result.err;
   if (parsed.HasParseError() || !parsed.IsObject()) parsed.SetObject();
   return parsed;
}

#ifndef _WIN32
std::string at_a_terminal(const test_support::ProcessSetup& setup, const std::string& typed, int& exit_code) {
   const int screen = ::posix_openpt(O_RDWR | O_NOCTTY);
   ::grantpt(screen);
   ::unlockpt(screen);
   const int keyboard = ::open(::ptsname(screen), O_RDWR | O_NOCTTY);
   std::vector<std::string> variables;
   for (const auto& [name, value] : setup.environment) variables.push_back(name + "=" + value);
   std::vector<char*> arguments = {const_cast<char*>(setup.program.c_str())};
   for (const std::string& each : setup.arguments) arguments.push_back(const_cast<char*>(each.c_str()));
   std::vector<char*> environment;
   for (const std::string& each : variables) environment.push_back(const_cast<char*>(each.c_str()));
   arguments.push_back(nullptr);
   environment.push_back(nullptr);
   const pid_t child = ::fork();
   if (child == 0) {
      ::setsid();
      for (const int each : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(keyboard, each);
      ::execve(arguments[0], arguments.data(), environment.data());
      ::_exit(127);
   }
   ::close(keyboard);
   std::string shown;
   bool asked = false;
   char bytes[4096];
   for (ssize_t got = 0; (got = ::read(screen, bytes, sizeof bytes)) > 0;) {
      shown.append(bytes, static_cast<std::size_t>(got));
      if (asked || !(shown.ends_with("): ") || shown.ends_with("]: "))) continue;
      asked = true;
      if (::write(screen, typed.data(), typed.size()) < 0) break;
   }
   int status = 0;
   ::waitpid(child, &status, 0);
   ::close(screen);
   exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
   return shown;
}
#endif

}  // namespace msp::console::test
