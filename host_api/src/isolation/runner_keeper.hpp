// runner_keeper.hpp - starts runners, some of them ahead, and waits for the ends of all, in a thread of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "isolation/runner.hpp"

namespace msp::isolation {

// Which plugin a runner shall load.
struct RunnerPlugin {
   std::shared_ptr<const SealedPlugin> bytes;
   std::string path;                    // where its file lies: a debugger looks there
   std::vector<std::string> libraries;  // see needed_libraries.hpp
   // When its process is there, and has done nothing yet; it returns soon after a stop. Null: nothing.
   std::function<void(pid_t, const std::stop_token&)> before_start{};
};

struct RunnerOptions {
   std::uint64_t memory_bytes = std::uint64_t{512} << 20;
   std::uint32_t cpu_seconds = 300;
   std::chrono::milliseconds idle{30000};  // a runner that was started ahead ends when nobody takes it
   std::size_t max_ahead = 16;             // of all plugins together
   std::string host_name = "msp-host";     // what a plugin is told of its host
   std::string host_version = "0";
};

class RunnerKeeper {
 public:
   explicit RunnerKeeper(RunnerProgram program, RunnerOptions options = {});
   // Every runner ends, and is waited for. REQUIRES: the runners that were taken are gone.
   ~RunnerKeeper();
   RunnerKeeper(const RunnerKeeper&) = delete;
   RunnerKeeper& operator=(const RunnerKeeper&) = delete;

   // One more runner for this plugin, to be ready when it is asked for. Returns at once. [any-thread]
   void start_ahead(RunnerPlugin plugin);

   // A runner whose plugin is loaded: one that was started ahead, or a fresh one. Ends at once after a cancel.
   // [any-thread]
   std::variant<std::unique_ptr<Runner>, NotStarted> take(const RunnerPlugin& plugin, Deadline deadline,
                                                          const std::stop_token& cancel = {});

   // A runner that `take` gave out, and that has not worked, waits for the next one who asks. [any-thread]
   void give_back(const RunnerPlugin& plugin, std::unique_ptr<Runner> runner);

   // The plugin was updated or disabled: those that were started ahead for these bytes end. [any-thread]
   void forget(std::string_view sha256);

   // How many were started ahead and wait, of all plugins or of one. [any-thread]
   [[nodiscard]] std::size_t ahead(std::string_view sha256 = {}) const;

 private:
   struct State;
   std::unique_ptr<State> state_;
};

}  // namespace msp::isolation
