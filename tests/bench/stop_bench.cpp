// How soon a plugin that loops is stopped: by a cancel, by the deadline, and when its console is killed.
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "msp/host/catalog.hpp"
#include "msp/host/descriptor.hpp"
#include "msp/host/host.hpp"
#include "paired.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A connection of the plugin tests/plugins_under_test/hostile.c, told to loop in its first operation.
class Looping {
 public:
   Looping() {
      const fs::path drop = directory_.path() / "plugins";
      const fs::path data = directory_.path() / "data";
      for (const auto& each : {drop, data}) {
         fs::create_directory(each);
         fs::permissions(each, fs::perms::owner_all);
      }
      fs::copy_file(MSP_HOSTILE_PLUGIN, drop / "hostile.so");
      fs::permissions(drop / "hostile.so", fs::perms::owner_all);
      const host::Approval approved{"hostile", host::sha256_hex(test_support::read_file(MSP_HOSTILE_PLUGIN)), true};
      host::HostOptions options;
      options.runner = MSP_RUNNER_PROGRAM;
      host_ = std::make_unique<host::Host>(std::move(options));
      auto loaded = host_->load(host::Catalog({drop}, data).scan(std::vector{approved}).at(0));
      if (!loaded) throw std::runtime_error(loaded.finding().summary);
      plugin_ = loaded.value();
   }

   host::OperationReport run(std::chrono::milliseconds timeout, std::stop_token cancel = {}) {
      host_->release(plugin_->sha256());  // three bad ends would be a quarantine
      host::Settings settings;
      settings.values = {{"deed", "hang"}, {"where", "validate"}, {"account", "it"}};
      auto form = host::check_settings(plugin_->manifest(), std::move(settings));
      auto connection = plugin_->connect(std::move(*form.settings));
      host::OperationOptions options;
      options.timeout = timeout;
      options.cancel = std::move(cancel);
      return connection.value().run(host::Operation::validate_credentials, options);
   }

 private:
   test_support::TempDir directory_;
   std::unique_ptr<host::Host> host_;
   std::shared_ptr<host::Plugin> plugin_;
};

void tell(benchmark::State& state, const std::vector<double>& ms, double most) {
   state.counters["ours_ms"] = median(ms);
   state.counters["longest_ms"] = *std::max_element(ms.begin(), ms.end());
   state.counters["in_time"] =
       static_cast<double>(std::ranges::count_if(ms, [most](double took) { return took <= most; }));
}

// From the deadline, or from the cancel, to the return. The cancel comes while the plugin loops.
void stop_of_a_loop(benchmark::State& state, bool cancelled) {
   Looping plugin;
   constexpr auto kAtWork = 100ms;
   std::vector<double> ms;
   for (auto _ : state) {
      std::stop_source cancel;
      Clock::time_point asked = Clock::now() + kAtWork;
      std::thread canceller([&] {
         std::this_thread::sleep_until(asked);
         asked = Clock::now();
         if (cancelled) cancel.request_stop();
      });
      const auto report = plugin.run(cancelled ? 1h : kAtWork, cancel.get_token());
      const auto returned = Clock::now();
      canceller.join();
      if (report.findings.empty() || report.findings.back().code != "plugin.hung")
         throw std::runtime_error("the plugin did not loop");
      ms.push_back(std::chrono::duration<double, std::milli>(returned - asked).count());
      state.SetIterationTime(ms.back() / 1e3);
   }
   tell(state, ms, 200);
}
BENCHMARK_CAPTURE(stop_of_a_loop, cancel, true)->UseManualTime()->Iterations(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(stop_of_a_loop, deadline, false)->UseManualTime()->Iterations(100)->Unit(benchmark::kMillisecond);

// The runner of a process, when there is one.
pid_t child_of(pid_t parent) {
   const std::string file = "/proc/" + std::to_string(parent) + "/task";
   for (const auto& thread : fs::directory_iterator(file)) {
      std::ifstream children(thread.path() / "children");
      pid_t child = 0;
      if (children >> child) return child;
   }
   return 0;
}

// From SIGKILL for a console whose plugin loops to the end of the plugin's process.
void end_of_the_console(benchmark::State& state) {
   std::vector<double> ms;
   for (auto _ : state) {
      std::array<int, 2> ready{};
      if (::pipe(ready.data()) != 0) throw std::runtime_error("no pipe");
      const pid_t console = ::fork();
      if (console == 0) {
         Looping plugin;
         static_cast<void>(!::write(ready[1], "x", 1));
         (void)plugin.run(1h);
         ::_exit(0);
      }
      char byte = 0;
      static_cast<void>(!::read(ready[0], &byte, 1));
      std::this_thread::sleep_for(100ms);  // it loops
      const host::Descriptor runner(static_cast<int>(::syscall(SYS_pidfd_open, child_of(console), 0)));
      const auto killed = Clock::now();
      ::kill(console, SIGKILL);
      pollfd ended{runner.get(), POLLIN, 0};
      if (!runner || ::poll(&ended, 1, 60'000) != 1) throw std::runtime_error("no runner, or one without end");
      ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - killed).count());
      state.SetIterationTime(ms.back() / 1e3);
      ::waitpid(console, nullptr, 0);
      for (const int end : ready) ::close(end);
   }
   tell(state, ms, 100);
}
BENCHMARK(end_of_the_console)->UseManualTime()->Iterations(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
