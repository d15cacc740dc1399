// A private file is written under another name, synced, and put in its place by one rename, so that it is never
// there by half.
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>

#include "base/digest.hpp"
#include "msp/host/ascii.hpp"
#include "msp/host/descriptor.hpp"
#include "msp/host/private_files.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

std::error_code last_error() { return {errno, std::generic_category()}; }

// A file that is not whole yet.
struct Unfinished {
   Descriptor descriptor;
   std::string name;  // empty when it has none
};

// A file without a name, which nobody who is killed can leave behind; none where the file system or the system has no
// such files.
Descriptor open_nameless_file(const fs::path& directory, mode_t mode) {
#ifdef O_TMPFILE
   if (::access("/proc/self/fd", X_OK) == 0) {
      return Descriptor(::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode));
   }
#endif
   static_cast<void>(directory);
   static_cast<void>(mode);
   return {};
}

// Of a name without a directory: where the process is.
fs::path directory_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

// Beside the file, so that it can become the file at once; a name that no other writer uses.
Unfinished open_named_file(const fs::path& file, mode_t mode) {
   std::array<std::byte, 8> random{};
   if (!random_bytes(random)) {
      errno = EIO;
      return {};
   }
   Unfinished opened;
   opened.name = file.string() + "." + hex(random);
   opened.descriptor =
       Descriptor(::open(opened.name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
   return opened;
}

// A nameless file can be given a name that is free, and cannot take the place of another file.
Unfinished open_unfinished(const fs::path& file, mode_t mode, IfThere if_there) {
   if (if_there == IfThere::leave) {
      if (Descriptor nameless = open_nameless_file(directory_of(file), mode)) return {std::move(nameless), {}};
   }
   return open_named_file(file, mode);
}

bool put_in_place(const Unfinished& unfinished, const fs::path& file, IfThere if_there) {
   if (if_there == IfThere::replace) return ::rename(unfinished.name.c_str(), file.c_str()) == 0;
   // A link fails when the name is taken, unlike a rename.
   const std::string source =
       unfinished.name.empty() ? "/proc/self/fd/" + std::to_string(unfinished.descriptor.get()) : unfinished.name;
   return ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, file.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// A name is only kept for good when its directory is.
std::error_code sync_directory_of(const fs::path& file) {
   const Descriptor directory(::open(directory_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
   return directory && ::fsync(directory.get()) == 0 ? std::error_code() : last_error();
}

}  // namespace

std::error_code make_private_directories(const fs::path& directory, fs::path& failed) {
   fs::path step;
   for (const fs::path& name : directory) {
      step /= name;
      if (::mkdir(step.c_str(), S_IRWXU) == 0 || errno == EEXIST) continue;
      const std::error_code error = last_error();
      struct stat status {};
      if (::stat(step.c_str(), &status) == 0) continue;  // "/", and what stands on a read-only file system
      failed = step;
      return error;
   }
   return {};
}

std::error_code write_private_file(const fs::path& file, std::string_view bytes, Access access, IfThere if_there) {
   const mode_t mode = S_IRUSR | (access == Access::read_and_execute ? S_IXUSR : S_IWUSR);
   const Unfinished unfinished = open_unfinished(file, mode, if_there);
   if (!unfinished.descriptor) return last_error();
   // The mode once more: the process's umask may have taken from it.
   const bool done = write_all(unfinished.descriptor, bytes) && ::fchmod(unfinished.descriptor.get(), mode) == 0 &&
                     ::fsync(unfinished.descriptor.get()) == 0 && put_in_place(unfinished, file, if_there);
   const std::error_code error = done ? std::error_code() : last_error();
   const bool still_there = !done || if_there == IfThere::leave;
   if (still_there && !unfinished.name.empty()) ::unlink(unfinished.name.c_str());
   return error ? error : sync_directory_of(file);
}

std::error_code replace_private_file(const fs::path& by, const fs::path& file) {
   return ::rename(by.c_str(), file.c_str()) == 0 ? sync_directory_of(file) : last_error();
}

std::error_code remove_private_file(const fs::path& file) {
   if (::unlink(file.c_str()) == 0) return sync_directory_of(file);
   return errno == ENOENT ? std::error_code() : last_error();
}

}  // namespace msp::host
