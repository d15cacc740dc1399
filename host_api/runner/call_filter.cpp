// The last layer: the kernel refuses every system call that call_rules.cpp does not allow.
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "call_rules.hpp"
#include "confinement.hpp"
#include "reason.hpp"
#include "trapped_calls.hpp"

namespace msp::runner {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
constexpr std::uint32_t kFirstForeign = 0x40000000;  // x32: the same machine, with numbers of its own
#elif defined(__aarch64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t kFirstForeign = 0x80000000;
#else
#error "A filter for this machine is not written."
#endif

constexpr std::uint32_t low_half(unsigned argument) {
   return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t));
}
constexpr std::uint32_t high_half(unsigned argument) { return low_half(argument) + sizeof(std::uint32_t); }

std::uint32_t action_of(Verdict verdict) {
   switch (verdict) {
      case Verdict::allowed:
         return SECCOMP_RET_ALLOW;
      case Verdict::no_files:
         return SECCOMP_RET_ERRNO | EACCES;
      case Verdict::not_permitted:
         return SECCOMP_RET_ERRNO | EPERM;
      case Verdict::answered:
      case Verdict::forbidden:
         return SECCOMP_RET_TRAP;
   }
   return SECCOMP_RET_KILL_PROCESS;
}

class Assembler {
 public:
   void load(std::uint32_t offset) { add(BPF_LD | BPF_W | BPF_ABS, offset); }
   void keep_bits(std::uint32_t bits) { add(BPF_ALU | BPF_AND | BPF_K, bits); }
   void finish(std::uint32_t action) { add(BPF_RET | BPF_K, action); }

   // Each leaves the block unless it is so.
   void require_equal(std::uint32_t value) { leave_unless(BPF_JEQ, value); }
   void require_at_least(std::uint32_t value) { leave_unless(BPF_JGE, value); }
   void require_unequal(std::uint32_t value) { leave_if(BPF_JEQ, value); }
   void require_none(std::uint32_t bits) { leave_if(BPF_JSET, bits); }

   // What follows is where the jumps of the block that ends here lead to.
   void end_block() {
      for (const std::size_t at : leaving_if_true_) code_[at].jt = distance(at);
      for (const std::size_t at : leaving_if_false_) code_[at].jf = distance(at);
      leaving_if_true_.clear();
      leaving_if_false_.clear();
   }

   std::vector<sock_filter> take() { return std::move(code_); }

 private:
   void add(unsigned code, std::uint32_t value) { code_.push_back({static_cast<std::uint16_t>(code), 0, 0, value}); }
   void leave_if(unsigned comparison, std::uint32_t value) {
      add(BPF_JMP | comparison | BPF_K, value);
      leaving_if_true_.push_back(code_.size() - 1);
   }
   void leave_unless(unsigned comparison, std::uint32_t value) {
      add(BPF_JMP | comparison | BPF_K, value);
      leaving_if_false_.push_back(code_.size() - 1);
   }
   [[nodiscard]] std::uint8_t distance(std::size_t from) const {
      return static_cast<std::uint8_t>(code_.size() - from - 1);
   }

   std::vector<sock_filter> code_;
   std::vector<std::size_t> leaving_if_true_;
   std::vector<std::size_t> leaving_if_false_;
};

// The kernel takes descriptors, advice and process numbers as 32 bits, and protection and flags from the low half. The
// high half must be 0 all the same wherever a whole value is compared.
void require(Assembler& code, const Condition& condition) {
   if (condition.kind == Condition::lacks_bits) {
      code.load(low_half(condition.argument));
      code.require_none(condition.value);
      return;
   }
   code.load(high_half(condition.argument));
   code.require_equal(0);
   code.load(low_half(condition.argument));
   if (condition.kind == Condition::equals) {
      code.require_equal(condition.value);
   } else {
      code.require_none(~condition.value);
   }
}

void install(const std::vector<sock_filter>& filter) {
   const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
   if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) {
      throw NotConfined("The system does not let a process filter its system calls (seccomp): " + reason(errno) + ".");
   }
}

}  // namespace

std::vector<sock_filter> make_filter(const std::vector<Rule>& rules) {
   Assembler code;
   code.load(offsetof(seccomp_data, arch));
   code.require_unequal(kMachine);
   code.finish(SECCOMP_RET_KILL_PROCESS);
   code.end_block();
   code.load(offsetof(seccomp_data, nr));
   code.require_at_least(kFirstForeign);
   code.finish(SECCOMP_RET_KILL_PROCESS);
   code.end_block();
   // The number is loaded already, unless the rule before has looked at an argument.
   bool loaded = true;
   for (const Rule& rule : rules) {
      if (!loaded) code.load(offsetof(seccomp_data, nr));
      code.require_equal(static_cast<std::uint32_t>(rule.number));
      for (const Condition& condition : rule.conditions) require(code, condition);
      loaded = rule.conditions.empty();
      code.finish(action_of(rule.verdict));
      code.end_block();
   }
   code.finish(action_of(Verdict::forbidden));
   return code.take();
}

void filter_system_calls(Layers& layers) {
   trap_calls();
   install(make_filter(call_rules(::getpid())));
   layers.active("seccomp");
}

}  // namespace msp::runner
