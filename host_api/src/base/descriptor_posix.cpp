#include "msp/host/descriptor.hpp"

#include <cerrno>

namespace msp::host {

ssize_t read_up_to(const Descriptor& file, char* bytes, std::size_t size) noexcept {
   std::size_t filled = 0;
   while (filled < size) {
      const ssize_t count = ::read(file.get(), bytes + filled, size - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return -1;
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
   }
   return static_cast<ssize_t>(filled);
}

bool write_all(const Descriptor& file, std::string_view bytes) noexcept {
   while (!bytes.empty()) {
      const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
   }
   return true;
}

}  // namespace msp::host
