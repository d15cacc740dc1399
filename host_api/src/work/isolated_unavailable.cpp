// Systems on which a plugin cannot have a process of its own yet.
#include "work/isolated.hpp"

namespace msp::host {

Result<std::shared_ptr<Isolated>> Isolated::open(const HostOptions& /*options*/,
                                                 std::shared_ptr<PluginQuarantine> /*quarantine*/) {
   return Finding{
       "host.internal",
       "This system cannot run a plugin in a process of its own: only Linux on x86-64 and ARM64, and Windows, can.",
       "Run plugins in the console's own process if you trust them, or use a console on one of these."};
}

bool can_isolate() noexcept { return false; }

}  // namespace msp::host
