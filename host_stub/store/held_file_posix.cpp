#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <random>

#include "msp/host/descriptor.hpp"
#include "store/held_file.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLongest = 1U << 20U;

std::string read_all(int descriptor) {
   std::string content(kLongest, '\0');
   const ssize_t size = ::pread(descriptor, content.data(), content.size(), 0);
   content.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
   return content;
}

}  // namespace

struct HeldFile::Handle {
   host::Descriptor descriptor;
};

HeldFile::HeldFile(std::filesystem::path file, std::unique_ptr<Handle> handle)
    : file_(std::move(file)), handle_(std::move(handle)) {}
HeldFile::~HeldFile() = default;

// It gets its name once it is locked: nobody takes it for one that was left.
std::unique_ptr<HeldFile> HeldFile::create(const std::filesystem::path& directory) {
   ::mkdir(directory.c_str(), 0700);
   const std::string name = std::to_string(::getpid()) + "-" + std::to_string(std::random_device{}());
   const std::filesystem::path hidden = directory / ("." + name);
   host::Descriptor descriptor(::open(hidden.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
   if (!descriptor) return nullptr;
   const std::filesystem::path file = directory / name;
   if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0 || ::rename(hidden.c_str(), file.c_str()) != 0) {
      ::unlink(hidden.c_str());
      return nullptr;
   }
   return std::unique_ptr<HeldFile>(new HeldFile(file, std::unique_ptr<Handle>(new Handle{std::move(descriptor)})));
}

void HeldFile::write(std::size_t offset, std::string_view bytes) noexcept {
   const ssize_t written = ::pwrite(handle_->descriptor.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
   static_cast<void>(written);  // a full disk is no reason not to work
}

void HeldFile::remove() noexcept { ::unlink(file_.c_str()); }

void for_each_left(const std::filesystem::path& directory, const std::function<bool(std::string_view content)>& read) {
   std::error_code error;
   for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
      if (it->path().filename().string().starts_with('.')) continue;
      const host::Descriptor descriptor(::open(it->path().c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
      struct stat status {};
      if (descriptor && ::fstat(descriptor.get(), &status) == 0 && S_ISREG(status.st_mode) &&
          ::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0 && read(read_all(descriptor.get()))) {
         ::unlink(it->path().c_str());
      }
   }
}

}  // namespace msp::console
