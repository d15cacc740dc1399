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

// What is there to be read. False at the end of it.
bool read_some(int end, std::string& text) {
   std::array<char, 4096> part{};
   const ssize_t size = ::read(end, part.data(), part.size());
   if (size > 0) text.append(part.data(), std::min(static_cast<std::size_t>(size), kMostOutput - text.size()));
   return size > 0;
}

// Reads until the child has ended, whoever else holds its output open, or has closed it. False when the time was over
// first; then the child is killed.
bool await(pid_t child, int output, Clock::time_point deadline, int& status, std::string& text) {
   constexpr int kGlance = 20;  // milliseconds
   constexpr int kReads = 16;   // all that a pipe holds; whoever writes for ever is not read for ever
   bool open = true;
   for (;;) {
      const bool ended = ::waitpid(child, &status, WNOHANG) == child;
      pollfd wanted{open ? output : -1, POLLIN, 0};
      for (int i = 0; open && i<kReads&& ::poll(&wanted, 1, ended || i > 0 ? 0 : kGlance)> 0; ++i)
         open = read_some(output, text);
      if (ended) return true;
      if (!open) ::poll(nullptr, 0, kGlance);
      if (Clock::now() < deadline) continue;
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return false;
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
   int status = 0;
   result.in_time = await(child, ends[0], Clock::now() + limit, status, result.output);
   ::close(ends[0]);
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
