// What discovering and loading a plugin costs over the system's loader alone, on the same file.
#include <dlfcn.h>

#include <fstream>
#include <stdexcept>

#include "msp/host/catalog.hpp"
#include "msp/host/host.hpp"
#include "msp/plugin.h"
#include "paired.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

namespace fs = std::filesystem;

// A copy of the plugin with bytes of its own, because nothing is ever loaded twice from the same content.
fs::path unique_copy(const fs::path& directory, int number) {
   fs::create_directories(directory);
   fs::permissions(directory, fs::perms::owner_all);
   const fs::path copy = directory / "autotask.so";
   fs::copy_file(MSP_AUTOTASK_LIBRARY, copy);
   std::ofstream(copy, std::ios::app) << number;
   return copy;
}

void load_raw(const fs::path& library) {
   void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
   if (handle == nullptr || dlsym(handle, MSP_ENTRY_SYMBOL) == nullptr) throw std::runtime_error(dlerror());
}

// `seen_before`: the private copy exists already, as at every start but the first.
void discover_and_load(benchmark::State& state, bool seen_before) {
   const test_support::TempDir temp;
   int number = 0;
   const auto next = [&] { return temp.path() / std::to_string(number++); };
   host::Host host(host::HostOptions{});

   std::vector<host::Approval> approvals(1);
   std::vector<double> extra_ms;
   std::vector<double> ratios;
   for (auto _ : state) {
      const fs::path ours = unique_copy(next(), number);
      const fs::path theirs = unique_copy(next(), number);
      const host::Catalog catalog({ours.parent_path()}, temp.path() / "data");
      approvals[0] = {"autotask", host::sha256_hex(test_support::read_file(ours)), true};
      if (seen_before) (void)catalog.scan(approvals);

      const double raw = seconds([&] { load_raw(theirs); });
      const double loaded = seconds([&] {
         const auto entries = catalog.scan(approvals);
         if (entries.size() != 1 || !host.load(entries[0])) throw std::runtime_error("the plugin was not loaded");
      });
      extra_ms.push_back((loaded - raw) * 1e3);
      ratios.push_back(loaded / raw);
      state.SetIterationTime(loaded);
   }
   state.counters["ratio"] = median(ratios);
   state.counters["extra_ms"] = median(extra_ms);
}

BENCHMARK_CAPTURE(discover_and_load, first_time, false)->UseManualTime()->Iterations(40)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(discover_and_load, every_later_time, true)
    ->UseManualTime()
    ->Iterations(40)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
