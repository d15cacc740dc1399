// Who this process is: nobody, without privileges, in namespaces of its own.
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "confinement.hpp"
#include "descriptors.hpp"
#include "reason.hpp"

namespace msp::runner {
namespace {

constexpr uid_t kNobody = 65534;  // "nobody" and "nogroup" on every Linux; in a container with 65,536 users, too

bool become_nobody() {
   return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
          ::setresuid(kNobody, kNobody, kNobody) == 0;
}

// Also those that a user namespace gave to its maker.
bool drop_capabilities() {
   __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
   const std::array<__user_cap_data_struct, 2> none{};
   return ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
          ::syscall(SYS_capset, &header, none.data()) == 0;
}

// The network that the console has made for all, which is much quicker than to make one.
bool join_network() {
   if (::fcntl(kNetwork, F_GETFD) < 0) return false;
   if (::fcntl(kNetworkOwner, F_GETFD) >= 0 && ::setns(kNetworkOwner, CLONE_NEWUSER) != 0) return false;
   return ::setns(kNetwork, CLONE_NEWNET) == 0;
}

}  // namespace

void close_descriptors(Layers& layers) {
   ::closefrom(kDescriptors);
   if (::chdir("/") != 0) throw NotConfined("The directory cannot be left: " + reason(errno) + ".");
   layers.active("descriptors");
}

void leave_namespaces(Layers& layers) {
   constexpr int kOthers = CLONE_NEWIPC | CLONE_NEWUTS;
   // Only root may leave namespaces; anybody else needs to be root of a user namespace first. A mount namespace is not
   // made: a debugger would look for the plugin's file in it.
   const int user = ::geteuid() == 0 ? 0 : CLONE_NEWUSER;
   const int wanted = join_network() ? kOthers : kOthers | CLONE_NEWNET | user;
   if (::unshare(wanted) == 0) {
      layers.active("namespaces", "network, IPC, host name");
   } else {
      layers.absent("namespaces", "The system denies them: " + reason(errno) + ".");
   }
}

void become_unprivileged(Layers& layers) {
   if (::geteuid() != 0) {
      layers.active("unprivileged_user", "that of the console");
   } else if (become_nobody()) {
      layers.active("unprivileged_user", "nobody");
   } else {
      layers.absent("unprivileged_user", "The system does not let this process become nobody: " + reason(errno) + ".");
   }
   if (!drop_capabilities()) throw NotConfined("Capabilities cannot be given up: " + reason(errno) + ".");
   if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
      throw NotConfined("New privileges cannot be given up: " + reason(errno) + ".");
   }
   layers.active("no_new_privileges");
}

void hide_from_others(Layers& layers) {
   if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
      throw NotConfined("The process cannot be hidden from others: " + reason(errno) + ".");
   }
   layers.active("not_dumpable");
}

}  // namespace msp::runner
