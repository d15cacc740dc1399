#include "own_mounts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "child_process.hpp"

#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

namespace msp::console::test {

#ifdef __linux__
namespace {

void demand(int result, const char* what) {
   if (result != 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

bool may_mount() { return ::geteuid() == 0 && in_child(enter_own_mounts) == 0; }

void enter_own_mounts() {
   demand(::unshare(CLONE_NEWNS), "unshare");
   demand(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount");
}

void mount_by_itself(const std::filesystem::path& file) {
   demand(::mount(file.c_str(), file.c_str(), nullptr, MS_BIND, nullptr), "mount");
}

void mount_read_only(const std::filesystem::path& directory) {
   demand(::mount(directory.c_str(), directory.c_str(), nullptr, MS_BIND, nullptr), "mount");
   demand(::mount("none", directory.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr), "remount");
}

void mount_small(const std::filesystem::path& directory, std::size_t bytes) {
   const std::string options = "mode=0700,size=" + std::to_string(bytes);
   demand(::mount("none", directory.c_str(), "tmpfs", 0, options.c_str()), "mount");
}
#else
bool may_mount() { return false; }
void enter_own_mounts() { throw std::system_error(ENOSYS, std::generic_category()); }
void mount_by_itself(const std::filesystem::path&) { enter_own_mounts(); }
void mount_read_only(const std::filesystem::path&) { enter_own_mounts(); }
void mount_small(const std::filesystem::path&, std::size_t) { enter_own_mounts(); }
#endif

void fill_up(const std::filesystem::path& directory) {
   const int file = ::open((directory / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
   if (file < 0) throw std::system_error(errno, std::generic_category(), "open");
   for (const std::size_t size : {std::size_t{4096}, std::size_t{1}}) {
      const std::string piece(size, 'x');
      while (::write(file, piece.data(), piece.size()) > 0) {
      }
   }
   ::close(file);
}

}  // namespace msp::console::test
