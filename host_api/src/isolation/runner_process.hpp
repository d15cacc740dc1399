// runner_process.hpp - the process of one runner: started, ended, waited for (runner_process_linux.cpp).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "isolation/channel.hpp"
#include "isolation/runner_program.hpp"
#include "isolation/sealed_plugin.hpp"

namespace msp::isolation {

struct ProcessEnd {
   std::optional<int> status;  // as waitpid() gives it; nothing when somebody else took it
   std::uint64_t peak_bytes = 0;
};

// Ended by kill(), waited for by whoever calls reap(): the keeper's thread.
class RunnerProcess {
 public:
   RunnerProcess(pid_t pid, Descriptor handle) : pid_(pid), handle_(std::move(handle)) {}

   [[nodiscard]] pid_t pid() const noexcept { return pid_; }
   [[nodiscard]] int handle() const noexcept { return handle_.get(); }  // readable when the process has ended

   void kill() noexcept;                               // [any-thread]
   std::optional<ProcessEnd> wait(Deadline deadline);  // until reap() has found it ended [any-thread]
   bool reap();                                        // true when the process is gone

 private:
   const pid_t pid_;
   const Descriptor handle_;  // a number of a process may be given to another one; a handle may not
   std::mutex mutex_;
   std::condition_variable gone_;
   std::optional<ProcessEnd> end_;
};

struct StartedRunner {
   std::shared_ptr<RunnerProcess> process;
   Channel channel;
   Descriptor lifeline;  // the system ends the process when this closes
};

// With the descriptors of runner/descriptors.hpp and no other, an empty environment and no signal changed. Nothing when
// the system refuses; errno says why.
std::optional<StartedRunner> start_process(const RunnerProgram& program, const SealedPlugin& plugin);

}  // namespace msp::isolation
