#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "author/child.hpp"

namespace msp::author {
namespace {

constexpr std::size_t kMostOutput = std::size_t{64} << 10U;

using Clock = std::chrono::steady_clock;

pid_t start(const std::filesystem::path& program, const std::vector<std::string>& arguments, int output) {
   std::vector<std::string> texts = arguments;
   texts.insert(texts.begin(), program.string());
   std::vector<char*> words;
   for (std::string& text : texts) words.push_back(text.data());
   words.push_back(nullptr);
   posix_spawn_file_actions_t actions;
   posix_spawn_file_actions_init(&actions);
   if (output >= 0) {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
      posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
      posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
   }
   pid_t child = -1;
   const int failed = ::posix_spawn(&child, program.c_str(), &actions, nullptr, words.data(), environ);
   posix_spawn_file_actions_destroy(&actions);
   if (failed != 0) throw std::runtime_error("\"" + program.string() + "\" cannot be started.");
   return child;
}

// Until everybody has closed the other end; false when the time was over first.
bool read_all(int end, Clock::time_point deadline, std::string& text) {
   std::array<char, 4096> part{};
   for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return false;
      pollfd wanted{end, POLLIN, 0};
      if (::poll(&wanted, 1, static_cast<int>(left)) <= 0) continue;
      const ssize_t size = ::read(end, part.data(), part.size());
      if (size <= 0) return true;
      text.append(part.data(), std::min(static_cast<std::size_t>(size), kMostOutput - text.size()));
   }
}

}  // namespace

ChildResult run_child(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                      std::chrono::milliseconds limit) {
   std::array<int, 2> ends{};
   if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("No pipe could be made.");
   pid_t child = -1;
   try {
      child = start(program, arguments, ends[1]);
   } catch (...) {
      ::close(ends[0]);
      ::close(ends[1]);
      throw;
   }
   ::close(ends[1]);
   ChildResult result;
   result.in_time = read_all(ends[0], Clock::now() + limit, result.output);
   ::close(ends[0]);
   if (!result.in_time) ::kill(child, SIGKILL);
   int status = 0;
   ::waitpid(child, &status, 0);
   if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
   if (WIFSIGNALED(status)) result.ended_by = "signal " + std::to_string(WTERMSIG(status));
   return result;
}

int run_in_front(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
   const pid_t child = start(program, arguments, -1);
   int status = 0;
   ::waitpid(child, &status, 0);
   return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace msp::author
