// Linux starts a runner with posix_spawn, which a program with many threads may call.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "isolation/empty_network.hpp"
#include "isolation/runner_process.hpp"

namespace msp::isolation {
namespace {

// Closed by the runner before it hears what to load.
constexpr int kProgram = 5;
constexpr int kNetwork = 6;
constexpr int kNetworkOwner = 7;
constexpr int kFirstSafe = 16;  // above the numbers that the runner's descriptors get

// A copy that does not lie where another descriptor has to go.
Descriptor out_of_the_way(const Descriptor& descriptor) {
   return Descriptor(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kFirstSafe));
}

class SpawnActions {
 public:
   SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
   ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
   SpawnActions(const SpawnActions&) = delete;
   SpawnActions& operator=(const SpawnActions&) = delete;

   void place(const Descriptor& from, int to) { place(from.get(), to); }
   void place(int from, int to) { ok_ = ::posix_spawn_file_actions_adddup2(&actions_, from, to) == 0 && ok_; }
   void lead_nowhere(int number) {
      ok_ = ::posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", O_RDWR, 0) == 0 && ok_;
   }
   void close_from(int number) { ok_ = ::posix_spawn_file_actions_addclosefrom_np(&actions_, number) == 0 && ok_; }
   [[nodiscard]] bool complete() const noexcept { return ok_; }
   [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
   posix_spawn_file_actions_t actions_{};
   bool ok_ = true;
};

// No signal is blocked or ignored; Ctrl-C in the console's terminal is not for runners.
class SpawnAttributes {
 public:
   SpawnAttributes() {
      ::posix_spawnattr_init(&attributes_);
      sigset_t signals;
      ::sigemptyset(&signals);
      ::posix_spawnattr_setsigmask(&attributes_, &signals);
      ::sigfillset(&signals);
      ::posix_spawnattr_setsigdefault(&attributes_, &signals);
      ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
   }
   ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }
   SpawnAttributes(const SpawnAttributes&) = delete;
   SpawnAttributes& operator=(const SpawnAttributes&) = delete;
   [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
   posix_spawnattr_t attributes_{};
};

pid_t spawn(const SpawnActions& actions) {
   std::array<char, 18> name{"msp-plugin-runner"};
   const std::array<char*, 2> arguments{name.data(), nullptr};
   const std::array<char*, 1> environment{nullptr};
   const std::string path = "/proc/self/fd/" + std::to_string(kProgram);
   pid_t pid = -1;
   const SpawnAttributes attributes;
   const int error =
       ::posix_spawn(&pid, path.c_str(), actions.get(), attributes.get(), arguments.data(), environment.data());
   if (error != 0) errno = error;
   return error == 0 ? pid : -1;
}

// Nobody will wait for it.
void abandon(pid_t pid) {
   const int error = errno;
   ::kill(pid, SIGKILL);
   ::waitpid(pid, nullptr, 0);
   errno = error;
}

}  // namespace

void RunnerProcess::kill() noexcept { ::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0); }

std::optional<ProcessEnd> RunnerProcess::wait(Deadline deadline) {
   std::unique_lock lock(mutex_);
   gone_.wait_until(lock, deadline, [this] { return end_.has_value(); });
   return end_;
}

bool RunnerProcess::reap() {
   int status = 0;
   rusage usage{};
   const pid_t found = ::wait4(pid_, &status, WNOHANG, &usage);
   if (found == 0 || (found < 0 && errno == EINTR)) return false;
   ProcessEnd end;
   if (found == pid_) end = {status, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
   const std::lock_guard lock(mutex_);
   end_ = end;
   gone_.notify_all();
   return true;
}

std::string why_not_started() { return std::generic_category().message(errno); }

std::optional<StartedRunner> start_process(const RunnerProgram& program, const SealedPlugin& plugin,
                                           const RunnerLimits& /*limits*/) {
   std::array<int, 2> pipe{-1, -1};
   if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::nullopt;
   const Descriptor lifeline_end(pipe[0]);
   Descriptor lifeline(pipe[1]);
   auto channel = make_channel_pair();
   if (!channel) return std::nullopt;
   const Descriptor inherited_lifeline = out_of_the_way(lifeline_end);
   const Descriptor inherited_channel = out_of_the_way(channel->runner);
   const Descriptor inherited_plugin = out_of_the_way(plugin.open());
   const Descriptor inherited_network = out_of_the_way(empty_network().network);
   const Descriptor inherited_owner = out_of_the_way(empty_network().owner);
   const Descriptor inherited_program(::fcntl(program.file().get(), F_DUPFD_CLOEXEC, kFirstSafe));
   if (!inherited_lifeline || !inherited_channel || !inherited_plugin || !inherited_program) return std::nullopt;

   SpawnActions actions;
   actions.place(inherited_lifeline, 0);
   actions.lead_nowhere(1);
   actions.place(1, 2);
   actions.place(inherited_channel, 3);
   actions.place(inherited_plugin, 4);
   actions.place(inherited_program, kProgram);
   if (inherited_network) actions.place(inherited_network, kNetwork);
   if (inherited_owner) actions.place(inherited_owner, kNetworkOwner);
   actions.close_from(inherited_owner ? kNetworkOwner + 1 : inherited_network ? kNetwork + 1 : kProgram + 1);
   const pid_t pid = actions.complete() ? spawn(actions) : -1;
   if (pid < 0) return std::nullopt;
   Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
   if (!handle) {
      abandon(pid);
      return std::nullopt;
   }
   return StartedRunner{std::make_shared<RunnerProcess>(pid, std::move(handle)),
                        Channel(std::move(channel->console), Channel::Side::console), std::move(lifeline)};
}

}  // namespace msp::isolation
