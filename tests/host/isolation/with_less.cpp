// with_less [--as-nobody] [--without CALL,...] PROGRAM ARGUMENT... - runs a test where the system gives less: as an
// ordinary user, or where system calls that confine a plugin fail as they do in containers. Exit code 77, which ctest
// reads as "skipped", with the reason, where that cannot be tried.
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int kSkipped = 77;
constexpr unsigned kNobody = 65534;

struct Denied {
   std::string_view name;
   std::uint32_t number;
   std::uint32_t error;  // as such systems answer
};
constexpr Denied kCalls[] = {
    {"landlock", 444, ENOSYS},
    {"namespaces", SYS_unshare, EPERM},
    {"filters", SYS_seccomp, EINVAL},
};

bool deny(std::string_view names) {
   std::vector<sock_filter> filter{{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)}};
   for (const Denied& call : kCalls) {
      if (names.find(call.name) == std::string_view::npos) continue;
      filter.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 1, call.number});
      filter.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | call.error});
   }
   filter.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW});
   const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
   return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
          ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

bool become_nobody() {
   return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
          ::setresuid(kNobody, kNobody, kNobody) == 0;
}

int skip(const char* why) {
   std::perror(why);
   return kSkipped;
}

}  // namespace

int main(int /*count*/, char** arguments) {
   for (++arguments; *arguments != nullptr && std::string_view(*arguments).starts_with("--"); ++arguments) {
      const std::string_view option = *arguments;
      if (option == "--as-nobody" && !become_nobody()) return skip("skipped: only root can become an ordinary user");
      if (option == "--without" && !deny(*++arguments)) return skip("skipped: no system call can be denied here");
   }
   if (*arguments == nullptr) return 2;
   if (::access(*arguments, X_OK) != 0) return skip("skipped: the build tree is not open to other users");
   ::execv(*arguments, arguments);
   std::perror(*arguments);
   return 1;
}
