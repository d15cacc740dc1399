#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "msp/host/descriptor.hpp"
#include "msp/host/private_files.hpp"
#include "msp/host/trusted_path.hpp"
#include "store/private_files.hpp"

namespace msp::console {
namespace {

constexpr std::size_t kLargest = 4096;

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
host::Finding system_problem(const std::error_code& error, const std::string& what, const std::filesystem::path& path,
                             const std::filesystem::path& directory) {
   host::Finding problem{"host.storage",
                         what + (what.ends_with(' ') ? "" : " ") + quoted(path) + ": " + error.message() + ".", ""};
   switch (error.value()) {
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

host::Finding system_problem(const std::error_code& error, const std::string& what, const std::filesystem::path& path) {
   return system_problem(error, what, path, path.parent_path());
}

host::Finding system_problem(const std::string& what, const std::filesystem::path& path) {
   return system_problem({errno, std::generic_category()}, what, path);
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
   std::filesystem::path failed;
   if (const auto error = host::make_private_directories(directory, failed)) {
      const std::string above = failed == directory ? "" : quoted(directory) + " needs ";
      host::Finding problem =
          system_problem(error, "The data directory cannot be created: " + above, failed, failed.parent_path());
      if (error.value() == EACCES || error.value() == EPERM) {
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
   const host::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | follow));
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
   const ssize_t size = host::read_up_to(descriptor, buffer.data(), buffer.size());
   if (size < 0) return system_problem("This file cannot be read:", file);
   std::optional<host::SecretBytes> content{std::in_place,
                                            std::string_view(buffer.data(), static_cast<std::size_t>(size))};
   host::wipe(buffer.data(), buffer.size());
   return content;
}

// Of two first starts at once, one key wins.
host::Result<bool> create_private_file(const std::filesystem::path& file, std::string_view content) {
   const auto error = host::write_private_file(file, content, host::Access::read_and_write, host::IfThere::leave);
   if (error == std::errc::file_exists) return false;
   if (error) return system_problem(error, "This file cannot be written:", file);
   return true;
}

host::Result<void> replace_private_file(const std::filesystem::path& by, const std::filesystem::path& file) {
   const auto error = host::replace_private_file(by, file);
   if (!error) return {};
   if (error.value() == EBUSY || error.value() == EXDEV) {
      return host::Finding{"host.storage",
                           "The file " + quoted(file) +
                               " cannot be replaced, because it is mounted by itself, as containers do with a single "
                               "file.",
                           "Mount the directory " + quoted(file.parent_path()) + " instead of the file in it."};
   }
   return system_problem(error, "This file cannot be replaced:", file);
}

host::Result<void> remove_private_file(const std::filesystem::path& file) {
   if (const auto error = host::remove_private_file(file)) {
      return system_problem(error, "This file cannot be removed:", file);
   }
   return {};
}

}  // namespace msp::console
