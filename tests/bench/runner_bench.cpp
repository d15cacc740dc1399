// What a process of its own costs a plugin.
#include <benchmark/benchmark.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "isolation/build_id.hpp"
#include "isolation/needed_libraries.hpp"
#include "isolation/runner_keeper.hpp"
#include "paired.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

using namespace isolation;

constexpr std::uint64_t kMemory = std::uint64_t{512} << 20;

Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(60); }

double processor_seconds(const rusage& usage) {
   const auto in_seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
   };
   return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

double processor_seconds_of_children() {
   rusage usage{};
   getrusage(RUSAGE_CHILDREN, &usage);
   return processor_seconds(usage);
}

void wait_for_end(RunnerProcess& process) {
   pollfd ended{process.handle(), POLLIN, 0};
   while (!process.reap()) poll(&ended, 1, -1);
}

RunnerProgram program(const char* file) { return RunnerProgram::open(file).value(); }

class Plugin {
 public:
   explicit Plugin(const char* file)
       : bytes_(test_support::read_file(file)),
         path_(file),
         sealed_(SealedPlugin::make(bytes_).value()),
         libraries_(needed_libraries(bytes_).value()) {}

   [[nodiscard]] const SealedPlugin& sealed() const { return sealed_; }
   [[nodiscard]] Frame start() const {
      return *encode(Start{build_id(), path_, {libraries_.begin(), libraries_.end()}, kMemory, 300, "bench", "1"});
   }

 private:
   std::string bytes_;
   std::string path_;
   SealedPlugin sealed_;
   std::vector<std::string> libraries_;
};

struct Running {
   std::shared_ptr<RunnerProcess> process;
   std::unique_ptr<Runner> runner;
};

Running start_ready(const RunnerProgram& of, const Plugin& plugin) {
   auto started = start_process(of, plugin.sealed());
   if (!started) throw std::runtime_error("no process can be started");
   Running running{started->process, std::make_unique<Runner>(std::move(*started), kMemory)};
   static_cast<void>(running.runner->send(plugin.start(), soon()));
   if (running.runner->become_ready(soon())) throw std::runtime_error("the plugin cannot be loaded");
   return running;
}

// From the order to the word that the plugin is loaded and confined, against the life of an empty program that was
// started in the same way. `processor` is the same ratio of processor time.
void runner_start(benchmark::State& state, const char* library) {
   const RunnerProgram runner = program(MSP_RUNNER_PROGRAM);
   const RunnerProgram empty = program(MSP_EMPTY_PROGRAM);
   const Plugin plugin(library);
   std::vector<double> ours_s, theirs_s, ours_cpu, theirs_cpu, ratios, cpu_ratios;
   for (auto _ : state) {
      double before = processor_seconds_of_children();
      theirs_s.push_back(seconds([&] { wait_for_end(*start_process(empty, plugin.sealed())->process); }));
      theirs_cpu.push_back(processor_seconds_of_children() - before);

      before = processor_seconds_of_children();
      Running running;
      ours_s.push_back(seconds([&] { running = start_ready(runner, plugin); }));
      running.runner.reset();
      wait_for_end(*running.process);
      ours_cpu.push_back(processor_seconds_of_children() - before);

      ratios.push_back(ours_s.back() / theirs_s.back());
      cpu_ratios.push_back(ours_cpu.back() / theirs_cpu.back());
      state.SetIterationTime(ours_s.back());
   }
   state.counters["ratio"] = median(ratios);
   state.counters["ours_ms"] = median(ours_s) * 1e3;
   state.counters["theirs_ms"] = median(theirs_s) * 1e3;
   state.counters["processor"] = median(cpu_ratios);
   state.counters["ours_cpu_ms"] = median(ours_cpu) * 1e3;
   state.counters["theirs_cpu_ms"] = median(theirs_cpu) * 1e3;
}
BENCHMARK_CAPTURE(runner_start, autotask, MSP_AUTOTASK_LIBRARY)
    ->UseManualTime()
    ->Iterations(100)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(runner_start, kaseya_vsa, MSP_KASEYA_VSA_LIBRARY)
    ->UseManualTime()
    ->Iterations(100)
    ->Unit(benchmark::kMillisecond);

// In KiB, from /proc/PID/smaps_rollup.
double memory(pid_t pid, const std::string& key) {
   std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
   for (std::string line; std::getline(file, line);) {
      if (line.starts_with(key + ':')) return std::stod(line.substr(key.size() + 1));
   }
   return 0;
}

void runner_memory(benchmark::State& state) {
   if (geteuid() != 0) {
      state.SkipWithError("Only root can look into a runner, which hides from its own user.");
      return;
   }
   constexpr int kAtOnce = 16;
   const RunnerProgram of = program(MSP_RUNNER_PROGRAM);
   const Plugin plugin(MSP_AUTOTASK_LIBRARY);
   for (auto _ : state) {
      std::vector<Running> all;
      for (int i = 0; i < kAtOnce; ++i) all.push_back(start_ready(of, plugin));
      double proportional = 0;
      double dirty = 0;
      for (Running& running : all) {
         proportional += memory(running.process->pid(), "Pss") / kAtOnce;
         dirty += memory(running.process->pid(), "Private_Dirty") / kAtOnce;
      }
      for (Running& running : all) {
         running.runner.reset();
         wait_for_end(*running.process);
      }
      state.counters["pss_kib"] = proportional;
      state.counters["private_dirty_kib"] = dirty;
   }
}
BENCHMARK(runner_memory)->Iterations(1);

// A question of a kilobyte to a runner, and its answer of the same size.
void runner_round_trip(benchmark::State& state) {
   const RunnerProgram of = program(MSP_ECHOING_RUNNER);
   const Plugin plugin(MSP_AUTOTASK_LIBRARY);
   Running running = start_ready(of, plugin);
   WipedBytes bytes(std::string("\0\4\0\0\x7F", 5));
   bytes.append(std::string(1024, 'x'));
   const Frame question(std::move(bytes));
   Frame answer;
   for (auto _ : state) {
      if (running.runner->send(question, soon()) != Transfer::done ||
          running.runner->receive(answer, soon()) != Transfer::done) {
         state.SkipWithError("The runner has ended.");
         break;
      }
   }
   running.runner.reset();
   wait_for_end(*running.process);
}
BENCHMARK(runner_round_trip)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace msp::bench

BENCHMARK_MAIN();
