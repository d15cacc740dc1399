#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "isolation/empty_network.hpp"

namespace msp::isolation {
namespace {

using host::Descriptor;

constexpr std::size_t kStack = std::size_t{64} << 10;

struct Made {
   int owner = -1;
   int network = -1;
};

// A process of its own, because one with several threads may make no user namespace. It has the memory and the
// descriptors of this one, which waits for it.
int make(void* to) {
   Made& made = *static_cast<Made*>(to);
   const bool is_root = ::geteuid() == 0;
   if (::unshare(is_root ? CLONE_NEWNET : CLONE_NEWNET | CLONE_NEWUSER) != 0) ::_exit(1);
   made.network = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
   if (!is_root) made.owner = ::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
   ::_exit(0);
}

EmptyNetwork make_empty_network() {
   Made made;
   std::vector<char> stack(kStack);
   // Its signals would be handled with this process's memory.
   sigset_t all;
   sigset_t before;
   ::sigfillset(&all);
   ::pthread_sigmask(SIG_SETMASK, &all, &before);
   const pid_t maker =
       ::clone(make, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &made);
   ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
   if (maker > 0) ::waitpid(maker, nullptr, 0);
   return {Descriptor(made.owner), Descriptor(made.network)};
}

}  // namespace

const EmptyNetwork& empty_network() {
   static const EmptyNetwork made = make_empty_network();
   return made;
}

}  // namespace msp::isolation
