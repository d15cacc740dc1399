// On Linux the bytes lie in a file in memory that is sealed against every change.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "isolation/sealed_plugin.hpp"
#include "msp/host/catalog.hpp"

namespace msp::isolation {
namespace {

constexpr unsigned kNoExecSeal = 8;  // MFD_NOEXEC_SEAL: cannot be executed as a program. Since Linux 6.3

}  // namespace

host::Result<SealedPlugin> SealedPlugin::make(std::string_view bytes, const std::filesystem::path& /*file*/) {
   Descriptor file = host::seal_in_memory("msp-plugin", bytes, kNoExecSeal);
   if (!file) {
      const int error = errno;
      // SIGXFSZ is ignored or not: a limit for files (ulimit -f) holds for these, too.
      return host::Finding{"host.storage",
                           "This computer does not let the console copy the plugin into memory: " +
                               std::generic_category().message(error) + ".",
                           error == EFBIG ? "Allow the console larger files (ulimit -f), then try again."
                                          : "Free memory, or allow the console more, then try again."};
   }
   return SealedPlugin(std::move(file), host::sha256_hex(bytes));
}

Descriptor SealedPlugin::open() const {
   return Descriptor(::open(("/proc/self/fd/" + std::to_string(file_.get())).c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace msp::isolation
