#include "msp/host/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>
#endif

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

bool read_whole(const Descriptor& file, std::size_t expected, std::size_t max_bytes, std::string& bytes) {
   bytes.clear();
   for (std::size_t size = 0;;) {
      // Read one byte further than expected: at the end of the file that is seen at once.
      bytes.resize(std::min(std::max(expected, 2 * size), max_bytes) + 1);
      const ssize_t count = read_up_to(file, bytes.data() + size, bytes.size() - size);
      if (count < 0) return false;
      size += static_cast<std::size_t>(count);
      const bool ended = size < bytes.size();
      if (!ended && size <= max_bytes) continue;
      bytes.resize(size);
      return true;
   }
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

#if defined(__linux__)

Descriptor seal_in_memory(const std::string& name, std::string_view bytes, unsigned more_flags) noexcept {
   constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
   Descriptor file(::memfd_create(name.c_str(), kFlags | more_flags));
   if (!file && errno == EINVAL) file = Descriptor(::memfd_create(name.c_str(), kFlags));
   const bool sealed = file && write_all(file, bytes) &&
                       ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0;
   if (sealed) return file;
   const int error = errno;
   file.close();
   errno = error;
   return {};
}

#endif

}  // namespace msp::host
