#include "store/turn_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "msp/host/descriptor.hpp"

namespace msp::console {

struct TurnFile::Handle {
   host::Descriptor descriptor;
};

TurnFile::TurnFile(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
TurnFile::~TurnFile() = default;

host::Result<std::unique_ptr<TurnFile>> TurnFile::try_take(const std::filesystem::path& file, std::int64_t number) {
   auto handle = std::make_unique<Handle>();
   handle->descriptor = host::Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
   // Of an open file and not of a process: threads exclude each other, too.
   struct flock lock {};
   lock.l_type = F_WRLCK;
   lock.l_whence = SEEK_SET;
   lock.l_start = number;
   lock.l_len = 1;
   if (handle->descriptor && ::fcntl(handle->descriptor.get(), F_OFD_SETLK, &lock) == 0)
      return std::unique_ptr<TurnFile>(new TurnFile(std::move(handle)));
   if (handle->descriptor && (errno == EAGAIN || errno == EACCES)) return std::unique_ptr<TurnFile>();
   return host::Finding{"host.storage",
                        "The file " + file.string() + " cannot be locked: " + std::strerror(errno) + '.',
                        "Let the console's user write into the data directory, on a file system that locks files."};
}

}  // namespace msp::console
