// Landlock, by system call: the C library has no functions for it, and older kernel headers lack its later abilities.
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include "confinement.hpp"
#include "reason.hpp"

namespace msp::runner {
namespace {

constexpr long kCreateRuleset = 444;  // the same number on every machine
constexpr long kRestrictSelf = 446;
constexpr unsigned kAskVersion = 1;

// landlock_ruleset_attr: what is denied unless a rule allows it. There are no rules.
struct Denied {
   std::uint64_t files = 0;
   std::uint64_t network = 0;  // from version 4 on
   std::uint64_t scopes = 0;   // from version 6 on
};

// Rights as bits from the lowest: version 1 knew 13 of files, 2 added linking to another directory, 3 truncating, 5
// ioctl of devices; 4 knew binding and connecting by TCP, 6 abstract Unix sockets and signals to others.
struct Denial {
   Denied denied;
   std::size_t size = sizeof(std::uint64_t);
};

Denial all_of(long version) {
   unsigned files = 13;
   if (version >= 2) ++files;
   if (version >= 3) ++files;
   if (version >= 5) ++files;
   Denial all;
   all.denied.files = (std::uint64_t{1} << files) - 1;
   if (version >= 4) {
      all.denied.network = 3;
      all.size = 2 * sizeof(std::uint64_t);
   }
   if (version >= 6) {
      all.denied.scopes = 3;
      all.size = 3 * sizeof(std::uint64_t);
   }
   return all;
}

}  // namespace

void deny_files(Layers& layers) {
   const long version = ::syscall(kCreateRuleset, nullptr, 0, kAskVersion);
   if (version < 1) {
      layers.absent("landlock", "The system does not have it: " + reason(errno) + ".");
      return;
   }
   const Denial all = all_of(version);
   const auto ruleset = static_cast<int>(::syscall(kCreateRuleset, &all.denied, all.size, 0));
   if (ruleset < 0 || ::syscall(kRestrictSelf, ruleset, 0) != 0) {
      const int error = errno;
      if (ruleset >= 0) ::close(ruleset);
      layers.absent("landlock", "The system denies it: " + reason(error) + ".");
      return;
   }
   ::close(ruleset);
   std::string what = "files";
   if (version >= 4) what += ", network";
   if (version >= 6) what += ", abstract sockets, signals";
   layers.active("landlock", what);
}

}  // namespace msp::runner
