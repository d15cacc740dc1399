#include "at_terminal.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

namespace msp::test {

AtTerminal::AtTerminal(const test_support::ProcessSetup& setup) {
   // Made before the fork: other threads of this process may hold the allocator.
   std::vector<std::string> variables;
   for (const auto& [name, value] : setup.environment) variables.push_back(name + "=" + value);
   std::vector<char*> arguments{const_cast<char*>(setup.program.c_str())};
   for (const std::string& each : setup.arguments) arguments.push_back(const_cast<char*>(each.c_str()));
   arguments.push_back(nullptr);
   std::vector<char*> environment;
   for (const std::string& each : variables) environment.push_back(const_cast<char*>(each.c_str()));
   environment.push_back(nullptr);
   child_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
   if (child_ == 0) {
      ::execve(arguments[0], arguments.data(), environment.data());
      ::_exit(127);
   }
}

AtTerminal::~AtTerminal() {
   if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
   }
   ::close(terminal_);
}

bool AtTerminal::read_more() {
   pollfd waiting{terminal_, POLLIN, 0};
   if (::poll(&waiting, 1, 30'000) <= 0) {
      ::kill(child_, SIGKILL);  // it waits for somebody, or for good
      return false;
   }
   char part[4096];
   const ssize_t got = ::read(terminal_, part, sizeof part);
   if (got <= 0) return false;  // the program is gone
   screen_.append(part, static_cast<std::size_t>(got));
   return true;
}

bool AtTerminal::sees(std::string_view text) {
   while (screen_.find(text) == std::string::npos)
      if (!read_more()) return false;
   return true;
}

std::string AtTerminal::word(std::string_view beginning) const {
   const std::size_t at = screen_.find(beginning);
   if (at == std::string::npos) return {};
   return screen_.substr(at, screen_.find_first_of(" \r\n", at) - at);
}

void AtTerminal::types(std::string_view text) const {
   EXPECT_EQ(::write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

int AtTerminal::wait() {
   while (read_more()) {
   }
   int status = 0;
   ::waitpid(child_, &status, 0);
   child_ = -1;
   return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace msp::test
