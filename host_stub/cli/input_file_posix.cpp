#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "cli/input_file.hpp"
#include "cli/usage_error.hpp"
#include "msp/host/descriptor.hpp"
#include "msp/host/secret.hpp"

namespace msp::console {
namespace {

using WaitClock = std::chrono::steady_clock;

// Never waits for the other end of a pipe.
host::Descriptor open_file(const std::string& path, int mode) {
   return host::Descriptor(::open(path.c_str(), mode | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

[[noreturn]] void cannot_be_read(const std::string& what, const std::string& why) {
   throw UsageError(what + " cannot be opened: " + why + ".", "Make sure that it is there and that you may read it.");
}

host::Finding unusable(std::string why) { return {"usage", std::move(why), {}}; }

// False when there is nothing to read by then.
bool wait_until_readable(int fd, WaitClock::time_point end) {
   for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - WaitClock::now()).count();
      if (left <= 0) return false;
      pollfd waiting{fd, POLLIN, 0};
      const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return true;  // what is wrong, read() tells
   }
}

}  // namespace

std::string read_input_file(const std::string& path, const std::string& what, std::size_t largest,
                            std::chrono::milliseconds patience) {
   constexpr std::size_t kPiece = std::size_t{64} * 1024;
   const WaitClock::time_point end = WaitClock::now() + patience;
   const host::Descriptor file = open_file(path, O_RDONLY);
   struct stat status {};
   if (file.get() < 0 || ::fstat(file.get(), &status) != 0) cannot_be_read(what, std::strerror(errno));
   if (S_ISDIR(status.st_mode)) cannot_be_read(what, "it is a directory");
   std::string content;
   content.reserve(std::min(largest, kPiece) + 1);  // a secret is not copied while it grows
   std::size_t size = 0;
   while (size <= largest) {
      if (!S_ISREG(status.st_mode) && !wait_until_readable(file.get(), end)) {
         host::wipe(content);
         throw UsageError(
             what + " is a pipe whose other end did not finish in " +
                 std::to_string(std::chrono::ceil<std::chrono::seconds>(patience).count()) + " s.",
             "Make sure that something writes into it and then closes it, or give more time with --timeout.");
      }
      content.resize(std::min(largest + 1, size + kPiece));
      const ssize_t got = ::read(file.get(), content.data() + size, content.size() - size);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0) {
         const std::string why = std::strerror(errno);
         host::wipe(content);
         cannot_be_read(what, why);
      }
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
   }
   content.resize(size);
   return content;
}

host::Result<void> judge_plain_file(const std::string& path) {
   const host::Descriptor file = open_file(path, O_RDONLY);
   struct stat status {};
   if (!file && errno == ENXIO) return unusable("is not a plain file");  // a socket cannot even be opened
   if (!file || ::fstat(file.get(), &status) != 0)
      return unusable(std::string("cannot be read: ") + std::strerror(errno));
   if (S_ISREG(status.st_mode)) return {};
   return unusable(S_ISDIR(status.st_mode) ? "is a directory" : "is not a plain file");
}

host::Result<void> judge_appending(const std::string& path) {
   const host::Descriptor file = open_file(path, O_WRONLY | O_APPEND);
   if (file || errno == ENOENT) return {};
   return unusable(errno == ENXIO ? "nobody reads from its other end" : std::strerror(errno));
}

}  // namespace msp::console
