// runner_scene.hpp - runners for tests: programs and plugins where other users cannot change them.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "attack_messages.hpp"
#include "isolation/needed_libraries.hpp"
#include "isolation/runner_keeper.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::isolation {

// Generous, for a busy machine: nothing waits so long that goes well.
inline Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(60); }

// The bytes of a plugin that attacks: `script` is for example "load:socket".
inline std::string attacking_plugin(std::string_view script) {
   std::string bytes = test_support::read_file(MSP_TEST_ATTACKING_PLUGIN);
   constexpr std::string_view kMark = "ATTACK-SCRIPT:";
   const std::string mark = std::string(kMark) + std::string(8, '\0');
   const std::size_t at = bytes.find(mark);
   if (at == std::string::npos) throw std::runtime_error("the plugin has no place for its script");
   bytes.replace(at + kMark.size(), script.size(), script);
   return bytes;
}

#if defined(_WIN32)
constexpr const char* kRunnerName = "runner.exe";

// Windows loads files and no memory: each plugin is a file of its own.
inline RunnerPlugin runner_plugin(std::string_view bytes) {
   static const test_support::TempDir directory;
   static std::atomic<int> count{0};
   const auto file = directory.path() / ("plugin" + std::to_string(++count) + ".dll");
   test_support::write_file(file, bytes);
   return {std::make_shared<const SealedPlugin>(SealedPlugin::make(bytes, file).value()), file.string(), {}};
}
#else
constexpr const char* kRunnerName = "runner";

inline RunnerPlugin runner_plugin(std::string_view bytes, std::string path = "/plugins/attacking_plugin.so") {
   return {std::make_shared<const SealedPlugin>(SealedPlugin::make(bytes).value()), std::move(path),
           needed_libraries(bytes).value()};
}
#endif

// Keeps runners of a copy of one program.
class RunnerScene {
 public:
   explicit RunnerScene(const char* program, RunnerOptions options = {}) : keeper(copy(program), options) {}

   [[nodiscard]] RunnerProgram copy(const char* program, const char* name = kRunnerName) const {
      const auto file = directory_.path() / name;
      std::filesystem::copy_file(program, file);
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
      return RunnerProgram::open(file).value();
   }

 private:
   test_support::TempDir directory_;

 public:
   RunnerKeeper keeper;
};

// For plugins that hang while they are loaded. A busy machine may need longer than `patience` to come to the plugin at
// all: then once more, with twice as much.
inline std::variant<std::unique_ptr<Runner>, NotStarted> take_impatiently(RunnerKeeper& keeper,
                                                                          const RunnerPlugin& plugin,
                                                                          std::chrono::milliseconds patience) {
   for (;; patience *= 2) {
      auto taken = keeper.take(plugin, std::chrono::steady_clock::now() + patience);
      const auto* const why = std::get_if<NotStarted>(&taken);
      if (why == nullptr || why->cause != NotStarted::no_process || patience > std::chrono::seconds(60)) return taken;
   }
}

// What the plugin's entry returns, or how the process ended instead.
inline std::variant<long, RunnerEnd> call_entry(Runner& runner, Deadline deadline) {
   Transfer last = runner.send(*encode(CallEntry{}), deadline);
   Frame frame;
   if (last == Transfer::done) last = runner.receive(frame, deadline);
   if (last != Transfer::done) return runner.end(last);
   const auto result = decode<Result>(frame);
   if (!result) return runner.end(Transfer::invalid);
   return static_cast<long>(result->value);
}

}  // namespace msp::isolation
