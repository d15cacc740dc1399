// Systems on which a plugin cannot run in a process of its own yet: what would make one says so.
#include "isolation/runner_keeper.hpp"

namespace msp::isolation {
namespace {

host::Finding unavailable() {
   return {"host.internal",
           "This system cannot run a plugin in a process of its own: only Linux on x86-64 and ARM64, and Windows, can.",
           "Run plugins in the console's own process if you trust them, or use a console on one of these."};
}

}  // namespace

host::Result<SealedPlugin> SealedPlugin::make(std::string_view /*bytes*/, const std::filesystem::path& /*file*/) {
   return unavailable();
}

host::Result<RunnerProgram> RunnerProgram::open(const std::filesystem::path& /*file*/) { return unavailable(); }

}  // namespace msp::isolation
