#include "own_process.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confinement.hpp"
#include "descriptors.hpp"
#include "plugin_loading.hpp"

namespace msp::runner {

using isolation::Channel;

std::optional<Channel> inherited_channel(Layers& layers) {
   leave_namespaces(layers);
   close_descriptors(layers);
   if (::fcntl(kChannel, F_GETFD) < 0 || ::fcntl(kPlugin, F_GETFD) < 0) return std::nullopt;
   return Channel(isolation::Descriptor(kChannel), Channel::Side::runner);
}

// The libraries are read before files are denied, and by nobody already: they are the system's, but need no privilege.
void confine(const isolation::Start& start, Layers& layers) {
   become_unprivileged(layers);
   hide_from_others(layers);
   hold_lifeline(layers);
   load_libraries(start.libraries);
   deny_files(layers);
   limit_resources({start.memory_bytes, start.cpu_seconds}, layers);
   filter_system_calls(layers);
}

std::uint64_t peak_bytes() {
   rusage usage{};
   ::getrusage(RUSAGE_SELF, &usage);
   return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

void end_process(int code) noexcept { ::_exit(code); }

bool fill_random(void* bytes, std::size_t size) noexcept {
   for (std::size_t done = 0; done < size;) {
      const ssize_t count = ::getrandom(static_cast<char*>(bytes) + done, size - done, 0);
      if (count <= 0) return false;
      done += static_cast<std::size_t>(count);
   }
   return true;
}

}  // namespace msp::runner
