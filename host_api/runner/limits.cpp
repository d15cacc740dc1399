// How much of the machine this process may use.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "confinement.hpp"
#include "descriptors.hpp"
#include "reason.hpp"

namespace msp::runner {

void limit_resources(const Allowance& allowance, Layers& layers) {
   struct Limit {
      decltype(RLIMIT_AS) resource;
      rlim_t value;
   };
   const std::array limits{
       Limit{RLIMIT_AS, allowance.memory_bytes},
       Limit{RLIMIT_CPU, allowance.cpu_seconds},
       Limit{RLIMIT_NOFILE, kDescriptors},
       Limit{RLIMIT_NPROC, 0},
       Limit{RLIMIT_FSIZE, 0},
       Limit{RLIMIT_CORE, 0},
       Limit{RLIMIT_MEMLOCK, 0},
       Limit{RLIMIT_MSGQUEUE, 0},
   };
   for (const Limit& limit : limits) {
      rlimit now{};
      if (::getrlimit(limit.resource, &now) != 0) throw NotConfined("Limits cannot be read: " + reason(errno) + ".");
      // A limit that this process inherited is kept if it is the lower one.
      const rlim_t value = std::min(limit.value, now.rlim_max);
      const rlimit wanted{value, value};
      if (::setrlimit(limit.resource, &wanted) != 0) {
         throw NotConfined("Limits cannot be set: " + reason(errno) + ".");
      }
   }
   layers.active("limits");
}

}  // namespace msp::runner
