#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <stdexcept>
#include <thread>

#include "test_support/process.hpp"

namespace test_support {
namespace {

using Pipe = std::array<int, 2>;

// Our ends stay out of every child, so that a pipe ends when its own child does.
Pipe make_pipe() {
   Pipe ends;
   if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("No pipe could be made.");
   return ends;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
   std::vector<char*> result;
   for (std::string& text : texts) result.push_back(text.data());
   result.push_back(nullptr);
   return result;
}

void write_all(int end, const std::string& text) {
   std::size_t done = 0;
   while (done < text.size()) {
      const ssize_t size = ::write(end, text.data() + done, text.size() - done);
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) break;
      done += static_cast<std::size_t>(size);
   }
   ::close(end);
}

void read_all(int end, std::string& text) {
   std::array<char, 4096> buffer;
   for (;;) {
      const ssize_t size = ::read(end, buffer.data(), buffer.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(size));
   }
   ::close(end);
}

}  // namespace

struct Process::State {
   pid_t id = -1;
   bool ended = false;
   ProcessResult result;
   std::vector<std::thread> pumps;  // one per stream, so that no full pipe stops the child

   void join() {
      for (std::thread& pump : pumps) pump.join();
      pumps.clear();
   }
};

Process::Process(const ProcessSetup& setup) : state_(std::make_unique<State>()) {
   ::signal(SIGPIPE, SIG_IGN);  // a child may end without reading its input
   const Pipe input = make_pipe();
   const Pipe output = make_pipe();
   const Pipe error = make_pipe();

   std::vector<std::string> arguments = setup.arguments;
   arguments.insert(arguments.begin(), setup.program);
   std::vector<std::string> environment;
   for (const auto& [name, value] : setup.environment) environment.push_back(name + "=" + value);

   posix_spawn_file_actions_t actions;
   ::posix_spawn_file_actions_init(&actions);
   ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
   ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
   ::posix_spawn_file_actions_adddup2(&actions, error[1], STDERR_FILENO);
   posix_spawnattr_t attributes;
   ::posix_spawnattr_init(&attributes);
   sigset_t defaults;
   ::sigemptyset(&defaults);
   ::sigaddset(&defaults, SIGPIPE);
   ::posix_spawnattr_setsigdefault(&attributes, &defaults);
   ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
   const int failed = ::posix_spawn(&state_->id, setup.program.c_str(), &actions, &attributes,
                                    pointers(arguments).data(), pointers(environment).data());
   ::posix_spawnattr_destroy(&attributes);
   ::posix_spawn_file_actions_destroy(&actions);
   for (const int end : {input[0], output[1], error[1]}) ::close(end);
   if (failed != 0) {
      for (const int end : {input[1], output[0], error[0]}) ::close(end);
      throw std::runtime_error("The program cannot be started: " + setup.program);
   }
   state_->pumps.emplace_back(write_all, input[1], setup.input);
   state_->pumps.emplace_back(read_all, output[0], std::ref(state_->result.out));
   state_->pumps.emplace_back(read_all, error[0], std::ref(state_->result.err));
}

Process::~Process() {
   if (state_->id > 0 && !state_->ended) {
      ::kill(state_->id, SIGKILL);
      wait();
   }
}

void Process::interrupt() { ::kill(state_->id, SIGINT); }

ProcessResult Process::wait() {
   int status = 0;
   while (::waitpid(state_->id, &status, 0) < 0 && errno == EINTR) {
   }
   state_->ended = true;
   state_->join();
   state_->result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
   return state_->result;
}

}  // namespace test_support
