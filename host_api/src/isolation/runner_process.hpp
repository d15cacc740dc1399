// runner_process.hpp - the process of one runner: started, ended, waited for (runner_process_linux.cpp,
// runner_process_windows.cpp).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "isolation/channel.hpp"
#include "isolation/runner_program.hpp"
#include "isolation/sealed_plugin.hpp"

namespace msp::isolation {

struct ProcessEnd {
   std::optional<int> status;  // as waitpid() gives it, on Windows the exit code; nothing when somebody else took it
   std::uint64_t peak_bytes = 0;
};

// Ended by kill(), waited for by whoever calls reap(): the keeper's thread.
class RunnerProcess {
 public:
   RunnerProcess(pid_t pid, Handle handle) : pid_(pid), handle_(std::move(handle)) {}

   [[nodiscard]] pid_t pid() const noexcept { return pid_; }
   [[nodiscard]] auto handle() const noexcept { return handle_.get(); }  // waited for, it tells the process's end

   void kill() noexcept;                               // [any-thread]
   std::optional<ProcessEnd> wait(Deadline deadline);  // until reap() has found it ended [any-thread]
   bool reap();                                        // true when the process is gone

 private:
   const pid_t pid_;
   const Handle handle_;  // a number of a process may be given to another one; a handle may not
   std::mutex mutex_;
   std::condition_variable gone_;
   std::optional<ProcessEnd> end_;
};

struct StartedRunner {
   std::shared_ptr<RunnerProcess> process;
   Channel channel;
   Handle lifeline;  // the system ends the process when this closes
};

// What a plugin's process may use. On Linux the runner takes the rest from itself.
struct RunnerLimits {
   std::uint64_t memory_bytes = std::uint64_t{512} << 20;
   std::uint32_t cpu_seconds = 300;
};

// Inherits what runner/descriptors.hpp names and nothing else, has an empty environment and no signal changed. Nothing
// when the system refuses.
std::optional<StartedRunner> start_process(const RunnerProgram& program, const SealedPlugin& plugin,
                                           const RunnerLimits& limits = {});
// Why the last call of start_process() in this thread gave nothing, in the system's words.
std::string why_not_started();

}  // namespace msp::isolation
