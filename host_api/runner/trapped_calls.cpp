#include "trapped_calls.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "confinement.hpp"
#include "descriptors.hpp"
#include "isolation/messages.hpp"
#include "reason.hpp"

namespace msp::runner {
namespace {

constexpr int kSeccompTrap = 1;  // SYS_SECCOMP, which the C library's headers do not have

// The machine's registers at the moment of the call.
#if defined(__x86_64__)
std::uint64_t argument(const ucontext_t& context, int number) {
   constexpr std::array kRegisters{REG_RDI, REG_RSI, REG_RDX, REG_R10};
   return static_cast<std::uint64_t>(context.uc_mcontext.gregs[kRegisters.at(static_cast<std::size_t>(number))]);
}
void set_result(ucontext_t& context, long value) { context.uc_mcontext.gregs[REG_RAX] = value; }
#elif defined(__aarch64__)
std::uint64_t argument(const ucontext_t& context, int number) { return context.uc_mcontext.regs[number]; }
void set_result(ucontext_t& context, long value) { context.uc_mcontext.regs[0] = static_cast<std::uint64_t>(value); }
#endif

const char* text_argument(const ucontext_t& context, int number) {
   return std::bit_cast<const char*>(argument(context, number));
}

// A plugin that has run already may change these. All it gains is its own end, or an error.
const char* volatile expected = nullptr;
std::array<char, isolation::kFrameHeader + sizeof(std::int32_t)> forbidden_frame{};

void prepare_forbidden_frame() {
   const auto frame = isolation::encode(isolation::ForbiddenCall{});
   std::memcpy(forbidden_frame.data(), frame->bytes().data(), forbidden_frame.size());
}

// Only what may be done in a signal handler.
[[noreturn]] void end_with(int number) {
   static_assert(std::endian::native == std::endian::little, "frames are little endian");
   std::memcpy(forbidden_frame.data() + isolation::kFrameHeader, &number, sizeof number);
   // Shorter than what the system writes in one piece.
   static_cast<void>(!::write(kChannel, forbidden_frame.data(), forbidden_frame.size()));
   ::_exit(1);
}

long open_for_loader(const ucontext_t& context) {
   const char* const path = expected;
   const char* const asked = text_argument(context, 1);
   if (path == nullptr || asked == nullptr || std::strcmp(path, asked) != 0) return -EACCES;
   expected = nullptr;
   return kPlugin;
}

// Only a descriptor can be looked at, not a path.
long status_for_loader(const ucontext_t& context) {
   const char* const path = text_argument(context, 1);
   if ((argument(context, 3) & AT_EMPTY_PATH) == 0 || path == nullptr || *path != '\0') return -EACCES;
   const long result = ::syscall(SYS_fstat, argument(context, 0), argument(context, 2));
   return result == 0 ? 0 : -errno;
}

void handle(int /*signal*/, siginfo_t* information, void* registers) {
   if (information->si_code != kSeccompTrap) return;  // the plugin has sent itself a signal
   auto& context = *static_cast<ucontext_t*>(registers);
   const int saved_errno = errno;
   switch (information->si_syscall) {
      case SYS_openat:
         set_result(context, open_for_loader(context));
         break;
      case SYS_newfstatat:
         set_result(context, status_for_loader(context));
         break;
      default:
         end_with(information->si_syscall);
   }
   errno = saved_errno;
}

}  // namespace

void trap_calls() {
   prepare_forbidden_frame();
   struct sigaction action {};
   action.sa_sigaction = handle;
   action.sa_flags = SA_SIGINFO | SA_NODEFER;
   if (::sigaction(SIGSYS, &action, nullptr) != 0) {
      throw NotConfined("System calls cannot be trapped: " + reason(errno) + ".");
   }
}

void expect_plugin(const char* path) noexcept { expected = path; }

}  // namespace msp::runner
