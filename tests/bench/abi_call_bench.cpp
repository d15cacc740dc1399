// What the boundary costs: a call through the plugin's table, and a whole operation of the host, over a direct call.
#include <dlfcn.h>

#include <optional>
#include <stdexcept>

#include "msp/host/catalog.hpp"
#include "msp/host/host.hpp"
#include "null_plugin.h"
#include "paired.hpp"
#include "test_support/runner.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::bench {
namespace {

namespace fs = std::filesystem;

// A call that answers and swallows, so that only the way is measured.
msp_call empty_call() {
   msp_call call{};
   call.struct_size = sizeof(call);
   call.setting = [](const msp_call*, const char*) noexcept { return "user"; };
   call.report_identity = [](const msp_call*, const msp_identity* identity) noexcept {
      benchmark::DoNotOptimize(identity->principal);
   };
   return call;
}

const msp_plugin& table_of(const fs::path& library) {
   void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
   if (handle == nullptr) throw std::runtime_error(dlerror());
   const auto entry = reinterpret_cast<decltype(&msp_plugin_entry)>(dlsym(handle, MSP_ENTRY_SYMBOL));
   static constexpr msp_host kHost{};
   return *entry(&kHost);
}

constexpr int kCalls = 100'000;

void call_through_the_abi(benchmark::State& state) {
   const msp_plugin& plugin = table_of(MSP_NULL_PLUGIN);
   const msp_call call = empty_call();
   const auto repeat = [&](auto function) {
      return [&call, function] {
         for (int i = 0; i < kCalls; ++i) benchmark::DoNotOptimize(function(nullptr, &call));
      };
   };
   run_paired(state, repeat(plugin.validate_credentials), repeat(&null_operation));
   state.counters["ours_ns_per_call"] = state.counters["ours_ms"] * 1e6 / kCalls;
}
BENCHMARK(call_through_the_abi)->UseManualTime()->Iterations(50)->Unit(benchmark::kMillisecond);

constexpr int kOperations = 200;

// The null plugin in a host, and a connection of it.
class NullPlugin {
 public:
   explicit NullPlugin(host::Isolation isolation) : host_(options()) {
      const fs::path library = temp_.path() / "plugins" / "null_plugin.so";
      const std::string bytes = test_support::read_file(MSP_NULL_PLUGIN);
      test_support::write_file(library, bytes);
      const host::Catalog catalog({library.parent_path()}, temp_.path() / "data");
      const std::vector<host::Approval> approvals = {{"null_plugin", host::sha256_hex(bytes), true}};
      auto plugin = host_.load(catalog.scan(approvals).at(0), isolation);
      if (!plugin) throw std::runtime_error(plugin.finding().summary);

      host::Settings settings;
      settings.values["user_name"] = "user";
      auto checked = host::check_settings(plugin.value()->manifest(), std::move(settings));
      auto connection = plugin.value()->connect(std::move(*checked.settings));
      if (!connection) throw std::runtime_error(connection.finding().summary);
      connection_.emplace(std::move(connection).value());
   }

   void work() {
      for (int i = 0; i < kOperations; ++i)
         benchmark::DoNotOptimize(connection_->run(host::Operation::validate_credentials, {}).outcome);
   }

 private:
   static host::HostOptions options() {
      host::HostOptions options;
      options.runner = test_support::runner();
      return options;
   }

   test_support::TempDir temp_;
   host::Host host_;
   std::optional<host::Connection> connection_;
};

void operation_through_the_host(benchmark::State& state) {
   NullPlugin plugin(host::Isolation::in_process);
   const msp_call call = empty_call();
   run_paired(
       state, [&] { plugin.work(); },
       [&] {
          for (int i = 0; i < kOperations; ++i) benchmark::DoNotOptimize(null_operation(nullptr, &call));
       });
   state.counters["ours_us_per_operation"] = state.counters["ours_ms"] * 1e3 / kOperations;
}
BENCHMARK(operation_through_the_host)->UseManualTime()->Iterations(20)->Unit(benchmark::kMillisecond);

void isolated_operation(benchmark::State& state) {
   if (test_support::runner().empty()) return state.SkipWithError("There is no runner here.");
   NullPlugin isolated(host::Isolation::process);
   NullPlugin in_process(host::Isolation::in_process);
   run_paired(
       state, [&] { isolated.work(); }, [&] { in_process.work(); });
   state.counters["extra_us_per_operation"] = state.counters["extra_ms"] * 1e3 / kOperations;
}
BENCHMARK(isolated_operation)->UseManualTime()->Iterations(20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace msp::bench
