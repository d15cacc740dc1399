#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/plugin_defect.hpp"
#include "library/file_trust.hpp"
#include "msp/host/descriptor.hpp"
#include "msp/host/trusted_path.hpp"

namespace msp::host {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

// As chmod takes it: four digits.
std::string octal(mode_t mode) {
   std::string digits;
   for (const unsigned shift : {9U, 6U, 3U, 0U}) digits += static_cast<char>('0' + ((mode >> shift) & 7U));
   return digits;
}

// `what` is "file" or "directory".
Result<void> others_can_change(const struct stat& status, const std::string& what, const fs::path& path) {
   if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
      return plugin_defect("The " + what + " belongs to another user (uid " + std::to_string(status.st_uid) +
                               "), who could change it at any time.",
                           "Make root or the console's user its owner: chown root '" + path.string() + "'");
   }
   if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
      return plugin_defect(
          "The " + what + " can be changed by other users (its mode is " + octal(status.st_mode) + ").",
          "Take that right away: chmod go-w '" + path.string() + "'");
   }
   return {};
}

// `what` is a directory on the way to another one, or a link there.
Result<void> others_can_exchange(const struct stat& status, const std::string& what, const fs::path& path) {
   const std::string name = "The " + what + " '" + path.string() + "', which leads there,";
   if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
      return plugin_defect(
          name + " belongs to another user (uid " + std::to_string(status.st_uid) +
              "), who could put something else in its place.",
          "Use a directory that only root and the console's user can move, or make root its owner: chown " +
              std::string(S_ISLNK(status.st_mode) ? "-h " : "") + "root '" + path.string() + "'");
   }
   const bool open = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (status.st_mode & S_ISVTX) == 0;
   if (!S_ISLNK(status.st_mode) && open) {
      return plugin_defect(name + " can be changed by other users (its mode is " + octal(status.st_mode) +
                               "), who could put something else in place of what is in it.",
                           "Take that right away: chmod go-w '" + path.string() + "'");
   }
   return {};
}

constexpr int kMostLinks = 40;

// Goes down `rest` from `at`, which was looked at, and through links, as the system does.
Result<void> walk(fs::path at, const fs::path& rest, bool to_the_end, int& links) {
   for (auto part = rest.begin(); part != rest.end(); ++part) {
      const bool last = std::next(part) == rest.end();
      if (last && !to_the_end) return {};
      if (part->empty() || *part == ".") continue;
      const fs::path next = *part == ".." ? at.parent_path() : at / *part;
      struct stat status {};
      if (::lstat(next.c_str(), &status) != 0) return {};  // told by who needs it
      if (auto done = others_can_exchange(status, S_ISLNK(status.st_mode) ? "link" : "directory", next); !done)
         return done;
      if (!S_ISLNK(status.st_mode)) {
         at = next;
         continue;
      }
      std::error_code error;
      const fs::path target = fs::read_symlink(next, error);
      if (error || ++links > kMostLinks) return {};
      if (auto done = walk(target.is_absolute() ? "/" : at, target.relative_path(), true, links); !done) return done;
      at = fs::canonical(next, error);
      if (error) return {};
   }
   return {};
}

Finding cannot_open(int error, const fs::path& file) {
   if (error == ELOOP) {
      return plugin_defect("The file is a symbolic link, and links are not followed.",
                           "Put the plugin's library itself into the plugin directory.");
   }
   return plugin_defect("The file cannot be read: " + reason(error) + ".",
                        "Let the console's user read it: chmod a+r '" + file.string() + "'");
}

}  // namespace

Result<std::string> read_trusted_file(const fs::path& file, std::size_t max_bytes) {
   // Not blocking: opening a pipe must not wait for somebody to write.
   const Descriptor opened(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
   if (opened.get() < 0) return cannot_open(errno, file);
   struct stat status {};
   if (::fstat(opened.get(), &status) != 0) return cannot_open(errno, file);
   if (!S_ISREG(status.st_mode)) {
      return plugin_defect("It is not a regular file.", "Remove it from the plugin directory.");
   }
   if (auto done = others_can_change(status, "file", file); !done) return done.finding();
   std::string bytes;
   if (!read_whole(opened, static_cast<std::size_t>(status.st_size), max_bytes, bytes)) {
      return cannot_open(errno, file);
   }
   if (bytes.size() > max_bytes) {
      return plugin_defect(
          "The file is longer than the " + std::to_string(max_bytes) + " bytes that a plugin may have.",
          "Drop the plugin's library itself into the plugin directory.");
   }
   return bytes;
}

Result<void> distrust_directory(const fs::path& directory) {
   struct stat status {};
   if (::stat(directory.c_str(), &status) != 0) {
      if (errno == ENOENT) {
         return plugin_defect("The directory does not exist.", "Make it: mkdir -p '" + directory.string() + "'");
      }
      return plugin_defect("The directory cannot be read: " + reason(errno) + ".", "Let the console's user read it.");
   }
   if (!S_ISDIR(status.st_mode)) {
      return plugin_defect("It is not a directory.", "Name the directory that holds the plugins.");
   }
   if (auto done = others_can_change(status, "directory", directory); !done) return done;
   return distrust_way_to(directory);
}

Result<void> distrust_way_to(const fs::path& path) {
   std::error_code error;
   fs::path absolute = fs::absolute(path, error);
   if (error) return {};
   if (!absolute.has_filename()) absolute = absolute.parent_path();
   struct stat root {};
   if (::lstat("/", &root) != 0) return {};
   if (auto done = others_can_exchange(root, "directory", "/"); !done) return done;
   int links = 0;
   // A link at the end is one more directory to be led astray by.
   struct stat last {};
   const bool is_link = ::lstat(absolute.c_str(), &last) == 0 && S_ISLNK(last.st_mode);
   return walk("/", absolute.relative_path(), is_link, links);
}

std::optional<FileMark> mark_of(const fs::path& file) {
   struct stat status {};
   if (::lstat(file.c_str(), &status) != 0) return std::nullopt;
   constexpr std::int64_t kNanoseconds = 1'000'000'000;
   return FileMark{static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
                   static_cast<std::uint64_t>(status.st_size),
                   status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec,
                   status.st_ctim.tv_sec * kNanoseconds + status.st_ctim.tv_nsec};
}

}  // namespace msp::host
