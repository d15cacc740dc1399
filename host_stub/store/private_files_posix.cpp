#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "msp/host/trusted_path.hpp"
#include "store/private_files.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLargest = 4096;

class Descriptor {
 public:
   explicit Descriptor(int fd) : fd_(fd) {}
   ~Descriptor() {
      if (fd_ >= 0) ::close(fd_);
   }
   Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
   Descriptor& operator=(Descriptor&& other) noexcept {
      std::swap(fd_, other.fd_);
      return *this;
   }
   [[nodiscard]] int get() const { return fd_; }
   explicit operator bool() const { return fd_ >= 0; }

 private:
   int fd_;
};

std::string quoted(const std::filesystem::path& path) { return "\"" + path.string() + "\""; }

// What this user can do about a directory in which nothing may be made or changed.
std::string rights_remedy(const std::filesystem::path& directory) {
   constexpr const char* kElsewhere = ", or choose a directory of this user with --data-dir.";
   const std::string user = std::to_string(::geteuid());
   struct stat status {};
   if (::stat(directory.c_str(), &status) != 0) {
      return "Make sure that user " + user + ", as whom the console runs, may enter " + quoted(directory) + kElsewhere;
   }
   if (status.st_uid != ::geteuid()) {
      return "The directory " + quoted(directory) + " belongs to user " + std::to_string(status.st_uid) +
             ", and the console runs as user " + user + ": have it given to this user with chown " + user + " " +
             quoted(directory) + kElsewhere;
   }
   if ((status.st_mode & (S_IWUSR | S_IXUSR)) != (S_IWUSR | S_IXUSR)) {
      return "This user owns the directory " + quoted(directory) + " and may not write into it: chmod u+rwx " +
             quoted(directory) + kElsewhere;
   }
   return "The rights of " + quoted(directory) +
          " allow it, so something else on this machine forbids it, such as SELinux, AppArmor or a file attribute: "
          "look "
          "into the system's audit log" +
          kElsewhere;
}

// `directory`: where something was to be made or changed.
host::Finding system_problem(const std::string& what, const std::filesystem::path& path,
                             const std::filesystem::path& directory) {
   const int error = errno;
   host::Finding problem{
       "host.storage", what + (what.ends_with(' ') ? "" : " ") + quoted(path) + ": " + std::strerror(error) + ".", ""};
   switch (error) {
      case EACCES:
      case EPERM:
         problem.remedy = rights_remedy(directory);
         break;
      case EROFS:
         problem.remedy = "The file system of " + quoted(directory) +
                          " is mounted read-only: have it mounted for writing, or choose another directory with "
                          "--data-dir.";
         break;
      case ENOSPC:
      case EDQUOT:
      case EFBIG:
         problem.remedy = "Make space there, or have the limit raised, then try again.";
         break;
      default:
         problem.remedy = "Make sure that the directory exists, belongs to you and has space left, then try again.";
   }
   return problem;
}

host::Finding system_problem(const std::string& what, const std::filesystem::path& path) {
   return system_problem(what, path, path.parent_path());
}

// Whoever owns it could give himself every right to it.
host::Result<void> refuse_owner(const struct stat& status, const std::string& what) {
   if (status.st_uid == ::geteuid() || status.st_uid == 0) return {};
   return host::Finding{"host.storage", what + " belongs to another user, who could read and change what is in it.",
                        "Run the console as the user who owns it, or choose another directory with --data-dir."};
}

host::Finding no_plain_key_file(const std::filesystem::path& file) {
   return {"host.secret_unreadable", "The key file " + quoted(file) + " is not a plain file.",
           "Put the key back as a plain file with the mode 0600."};
}

// Kubernetes gives a secret as a link to a file in a directory beside it. A link is as good as a file where nobody but
// its owner could have put another one in its place.
host::Result<void> refuse_strange_link(const std::filesystem::path& file) {
   const auto strange = [&](const std::string& why) {
      return host::Finding{"host.secret_unreadable",
                           "The key file " + quoted(file) + " is a link that " + why + ", so it is not followed.",
                           "Put a plain file there, or a link in a directory that only its owner can change."};
   };
   struct stat status {};
   if (::lstat(file.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return {};
   const auto trusted = [&](const struct stat& of) { return of.st_uid == ::geteuid() || of.st_uid == 0; };
   if (!trusted(status)) return strange("belongs to another user");
   std::error_code error;
   const std::filesystem::path target = std::filesystem::canonical(file, error);
   if (error) return strange("leads nowhere");
   for (const std::filesystem::path& directory : {file.parent_path(), target.parent_path()}) {
      // In a directory with the sticky bit nobody else can replace a link.
      const bool ours = ::stat(directory.c_str(), &status) == 0 && trusted(status) &&
                        ((status.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (status.st_mode & S_ISVTX) != 0);
      if (!ours) return strange("other users could change, in " + quoted(directory));
   }
   return {};
}

// A file without a name, which nobody who is killed can leave behind; none where the file system or the system has no
// such files.
Descriptor open_nameless_file(const std::filesystem::path& directory) {
#ifdef O_TMPFILE
   if (::access("/proc/self/fd", X_OK) == 0) {
      return Descriptor(::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
   }
#endif
   static_cast<void>(directory);
   return Descriptor(-1);
}

// A name is only kept for good when its directory is.
bool sync_directory_of(const std::filesystem::path& file) {
   const Descriptor directory(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
   return directory && ::fsync(directory.get()) == 0;
}

}  // namespace

namespace {

std::string open_directory_remedy(const std::filesystem::path& directory, const struct stat& status) {
   const std::string name = quoted(directory);
   if (status.st_uid == ::geteuid()) return "Take that right away, for example with: chmod 700 " + name + ".";
   if ((status.st_mode & S_ISVTX) != 0) {  // nobody else can move away what this user makes in it
      return "Name a directory below it, which the console then makes for its user alone: --data-dir " +
             quoted(directory / "msp-console") + ".";
   }
   const std::string user = std::to_string(::geteuid());
   // Who else is in the group cannot be known here, so the directory is not used.
   if ((status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IWGRP) != 0) {
      return "It belongs to user " + std::to_string(status.st_uid) + ", and everybody in group " +
             std::to_string(status.st_gid) +
             " may write into it, as Kubernetes arranges it for fsGroup. Leave fsGroup " +
             "out, and give the volume to this user alone, in an init container: chown " + user + " " + name +
             " and chmod 700 " + name + ". Or choose a directory of this user with --data-dir.";
   }
   return "It belongs to user " + std::to_string(status.st_uid) + ", and the console runs as user " + user +
          ": have it given to this user alone with chown " + user + " " + name + " and chmod 700 " + name +
          ", or choose a directory of this user with --data-dir.";
}

}  // namespace

host::Result<void> make_private_directory(const std::filesystem::path& directory) {
   // From above, so that the first directory that cannot be made is the one that is told.
   std::filesystem::path step;
   for (const std::filesystem::path& name : directory) {
      step /= name;
      if (::mkdir(step.c_str(), 0700) == 0 || errno == EEXIST) continue;
      const int error = errno;
      struct stat status {};
      if (::stat(step.c_str(), &status) == 0) continue;  // "/", and what stands on a read-only file system
      errno = error;
      const std::string above = step == directory ? "" : quoted(directory) + " needs ";
      host::Finding problem =
          system_problem("The data directory cannot be created: " + above, step, step.parent_path());
      if (error == EACCES || error == EPERM) {
         problem.remedy = "Choose a directory of this user with --data-dir, or have " + quoted(directory) +
                          " made for user " + std::to_string(::geteuid()) + ", as whom the console runs.";
      }
      return problem;
   }
   struct stat status {};
   if (::stat(directory.c_str(), &status) != 0) return system_problem("The data directory cannot be read:", directory);
   if (!S_ISDIR(status.st_mode)) {
      return host::Finding{"host.storage", "The data directory " + quoted(directory) + " is not a directory.",
                           "Choose another one with --data-dir."};
   }
   if (auto done = refuse_owner(status, "The data directory " + quoted(directory)); !done) return done;
   if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
      return host::Finding{"host.storage", "Other users may write into the data directory " + quoted(directory) + ".",
                           open_directory_remedy(directory, status)};
   }
   if (auto trusted = host::distrust_way_to(directory); !trusted) {
      host::Finding problem = trusted.finding();
      problem.code = "host.storage";
      problem.summary = "Other users decide what the data directory " + quoted(directory) + " is. " + problem.summary;
      return problem;
   }
   return {};
}

host::Result<void> make_file_private(const std::filesystem::path& file) {
   struct stat status {};
   if (::lstat(file.c_str(), &status) != 0) return system_problem("This file cannot be read:", file);
   if (!S_ISREG(status.st_mode)) {
      return host::Finding{"host.storage", quoted(file) + " is not a plain file.",
                           "Move it away, or choose another directory with --data-dir."};
   }
   if (auto done = refuse_owner(status, "The file " + quoted(file)); !done) return done;
   if ((status.st_mode & 0077) != 0 && ::chmod(file.c_str(), 0600) != 0) {
      return system_problem("Other users may read this file, and that cannot be changed:", file);
   }
   return {};
}

host::Result<std::optional<host::SecretBytes>> read_private_file(const std::filesystem::path& file, Links links) {
   // A pipe that nobody writes into keeps nobody waiting.
   const int follow = links == Links::followed_when_trusted ? 0 : O_NOFOLLOW;
   if (follow == 0) {
      if (auto done = refuse_strange_link(file); !done) return done.finding();
   }
   const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | follow));
   if (!descriptor) {
      if (errno == ENOENT || errno == ENOTDIR) return std::optional<host::SecretBytes>{};
      if (errno == ELOOP || errno == ENXIO) return no_plain_key_file(file);
      return host::Finding{"host.secret_unreadable",
                           "The key file " + quoted(file) + " cannot be read: " + std::strerror(errno) + ".",
                           "Make it a plain file that belongs to user " + std::to_string(::geteuid()) +
                               ", as whom the console runs, with the mode 0600."};
   }
   struct stat status {};
   if (::fstat(descriptor.get(), &status) != 0) return system_problem("This file cannot be read:", file);
   if (!S_ISREG(status.st_mode)) return no_plain_key_file(file);
   if (status.st_uid != ::geteuid() && status.st_uid != 0) {
      return host::Finding{"host.secret_unreadable", "The key file " + quoted(file) + " belongs to another user.",
                           "Run the console as the user who owns it, or give the file to this user."};
   }
   // systemd gives a root-owned credential to its service through an access list, which shows as the group's right.
   const mode_t forbidden = status.st_uid == 0 && ::geteuid() != 0 ? 0037 : 0077;
   if ((status.st_mode & forbidden) != 0) {
      return host::Finding{"host.secret_unreadable",
                           "Other users may read the key file " + quoted(file) + ", so the key is not used.",
                           "Take that right away with: chmod 600 " + quoted(file) +
                               " (a Kubernetes secret: defaultMode 0400); if somebody may have read it, replace the "
                               "platforms' passwords too."};
   }
   std::array<char, kLargest> buffer;
   std::size_t size = 0;
   while (size < buffer.size()) {
      const ssize_t got = ::read(descriptor.get(), buffer.data() + size, buffer.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_problem("This file cannot be read:", file);
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
   }
   std::optional<host::SecretBytes> content{std::in_place, std::string_view(buffer.data(), size)};
   host::wipe(buffer.data(), buffer.size());
   return content;
}

host::Result<bool> create_private_file(const std::filesystem::path& file, std::string_view content) {
   std::string temporary;  // empty when the file has no name
   Descriptor descriptor = open_nameless_file(file.parent_path());
   if (!descriptor) {
      temporary = file.string() + ".XXXXXX";
      descriptor = Descriptor(::mkostemp(temporary.data(), O_CLOEXEC));
   }
   if (!descriptor) return system_problem("This file cannot be created:", file);
   const bool written =
       ::write(descriptor.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
       ::fsync(descriptor.get()) == 0;
   // A link fails when the name is taken, unlike a rename: of two first starts at once, one key wins.
   const std::string source = temporary.empty() ? "/proc/self/fd/" + std::to_string(descriptor.get()) : temporary;
   const bool linked = written && ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, file.c_str(), AT_SYMLINK_FOLLOW) == 0 &&
                       sync_directory_of(file);
   const int error = errno;
   if (!temporary.empty()) ::unlink(temporary.c_str());
   if (linked) return true;
   if (written && error == EEXIST) return false;
   errno = error;
   return system_problem("This file cannot be written:", file);
}

host::Result<void> replace_private_file(const std::filesystem::path& by, const std::filesystem::path& file) {
   if (::rename(by.c_str(), file.c_str()) == 0) {
      if (sync_directory_of(file)) return {};
      return system_problem("This file cannot be replaced:", file);
   }
   if (errno == EBUSY || errno == EXDEV) {
      return host::Finding{"host.storage",
                           "The file " + quoted(file) +
                               " cannot be replaced, because it is mounted by itself, as containers do with a single "
                               "file.",
                           "Mount the directory " + quoted(file.parent_path()) + " instead of the file in it."};
   }
   return system_problem("This file cannot be replaced:", file);
}

host::Result<void> remove_private_file(const std::filesystem::path& file) {
   if (::unlink(file.c_str()) == 0) {
      if (sync_directory_of(file)) return {};
   } else if (errno == ENOENT) {
      return {};
   }
   return system_problem("This file cannot be removed:", file);
}

}  // namespace msp::console
