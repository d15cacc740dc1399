// The filter of system calls, run in user space: nothing here is installed.
#include "call_rules.hpp"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include "isolation/call_names.hpp"
#include "test_support/temp_dir.hpp"

namespace msp::runner {
namespace {

constexpr pid_t kSelf = 4711;
#if defined(__x86_64__)
constexpr std::uint32_t kMachine = AUDIT_ARCH_X86_64;
constexpr std::uint32_t kOtherMachine = AUDIT_ARCH_I386;
constexpr bool kHasOldCalls = true;
#else
constexpr std::uint32_t kMachine = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t kOtherMachine = AUDIT_ARCH_ARM;
constexpr bool kHasOldCalls = false;
#endif

// What the kernel does with a filter: the instructions that a filter of ours may consist of.
std::uint32_t evaluate(const std::vector<sock_filter>& filter, const seccomp_data& data) {
   std::uint32_t accumulator = 0;
   for (std::size_t at = 0; at < filter.size(); ++at) {
      const sock_filter& step = filter[at];
      bool jump = false;
      switch (step.code) {
         case BPF_LD | BPF_W | BPF_ABS:
            if (step.k > sizeof data - sizeof accumulator) throw std::logic_error("a load beyond the call");
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + step.k, sizeof accumulator);
            continue;
         case BPF_RET | BPF_K:
            return step.k;
         case BPF_JMP | BPF_JEQ | BPF_K:
            jump = accumulator == step.k;
            break;
         case BPF_JMP | BPF_JGE | BPF_K:
            jump = accumulator >= step.k;
            break;
         case BPF_JMP | BPF_JSET | BPF_K:
            jump = (accumulator & step.k) != 0;
            break;
         default:
            throw std::logic_error("an instruction that is not expected");
      }
      at += jump ? step.jt : step.jf;
   }
   throw std::logic_error("the filter ends without an answer");
}

std::uint32_t answer_of(Verdict verdict) {
   switch (verdict) {
      case Verdict::allowed:
         return SECCOMP_RET_ALLOW;
      case Verdict::no_files:
         return SECCOMP_RET_ERRNO | EACCES;
      case Verdict::not_permitted:
         return SECCOMP_RET_ERRNO | EPERM;
      default:
         return SECCOMP_RET_TRAP;
   }
}

// The table, read by another reader than the one that makes the filter.
bool holds(const Condition& condition, const seccomp_data& call) {
   const std::uint64_t value = call.args[condition.argument];
   switch (condition.kind) {
      case Condition::equals:
         return value == condition.value;
      case Condition::lacks_bits:
         return (value & condition.value) == 0;
      default:
         return (value & ~std::uint64_t{condition.value}) == 0;
   }
}
Verdict verdict_of(const std::vector<Rule>& rules, const seccomp_data& call) {
   for (const Rule& rule : rules) {
      if (rule.number != call.nr) continue;
      if (std::ranges::all_of(rule.conditions, [&call](const auto& each) { return holds(each, call); })) {
         return rule.verdict;
      }
   }
   return Verdict::forbidden;
}

class CallRules : public testing::Test {
 protected:
   const std::vector<Rule> rules = call_rules(kSelf);
   const std::vector<sock_filter> filter = make_filter(rules);

   std::uint32_t answer(std::uint32_t number, std::uint32_t machine = kMachine) const {
      seccomp_data call{};
      call.nr = static_cast<int>(number);
      call.arch = machine;
      return evaluate(filter, call);
   }
};

std::string in_words(const Condition& condition) {
   std::ostringstream out;
   out << "argument " << condition.argument;
   const char* const kinds[] = {" is ", " lacks 0x", " is within 0x"};
   out << kinds[condition.kind];
   if (condition.kind != Condition::equals) out << std::hex;
   if (condition.kind == Condition::equals && condition.value == kSelf) return out.str() + "itself";
   out << condition.value;
   return out.str();
}

std::string in_words(const Rule& rule) {
   const char* const verdicts[] = {"allowed", "fails with EACCES", "fails with EPERM", "answered by the runner",
                                   "forbidden"};
   std::string words = isolation::call_name(rule.number) + ": " + verdicts[static_cast<std::size_t>(rule.verdict)];
   for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
      words += (i == 0 ? " if " : ", ") + in_words(rule.conditions[i]);
   }
   return words;
}

// A call that is added here opens a door. Say in the commit why a plugin needs it.
TEST_F(CallRules, are_the_golden_list) {
   std::istringstream golden(test_support::read_file(MSP_TEST_GOLDEN_CALLS));
   std::string expected;
   for (std::string line; std::getline(golden, line);) {
      constexpr std::string_view kOld = " (x86-64 only)";
      const bool old = line.ends_with(kOld);
      if (line.starts_with('#') || (old && !kHasOldCalls)) continue;
      expected += line.substr(0, line.size() - (old ? kOld.size() : 0)) + '\n';
   }
   std::string actual;
   for (const Rule& rule : rules) actual += in_words(rule) + '\n';
   EXPECT_EQ(actual, expected);
}

TEST_F(CallRules, let_through_at_most_36_calls) {
   std::set<int> numbers;
   for (const Rule& rule : rules) {
      if (rule.verdict == Verdict::allowed) numbers.insert(rule.number);
   }
   EXPECT_LE(numbers.size(), 36U);
}

// Each call with each interesting value in each argument: around what is compared, in either half.
TEST_F(CallRules, and_the_filter_made_of_them_say_the_same) {
   const std::uint64_t values[] = {0,
                                   1,
                                   2,
                                   3,
                                   4,
                                   5,
                                   6,
                                   7,
                                   8,
                                   0x20,
                                   0x22,
                                   kSelf,
                                   kSelf + 1,
                                   0x7FFFFFFF,
                                   0xFFFFFFFF,
                                   0x100000000,
                                   0x100000004,
                                   0x100000000 | kSelf,
                                   ~std::uint64_t{0}};
   for (int number = 0; number < 1024; ++number) {
      for (const std::uint64_t first : values) {
         for (const std::uint64_t other : values) {
            seccomp_data call{number, kMachine, 0, {first, first, first, other, other, other}};
            ASSERT_EQ(evaluate(filter, call), answer_of(verdict_of(rules, call)))
                << number << ' ' << first << ' ' << other;
            call.args[2] = other;
            call.args[4] = first;
            ASSERT_EQ(evaluate(filter, call), answer_of(verdict_of(rules, call)))
                << number << ' ' << first << ' ' << other;
         }
      }
   }
}

TEST_F(CallRules, end_the_process_for_calls_of_another_machine) {
   for (std::uint32_t number = 0; number < 1024; ++number) {
      EXPECT_EQ(answer(number, kOtherMachine), SECCOMP_RET_KILL_PROCESS) << number;
      EXPECT_EQ(answer(number, 0), SECCOMP_RET_KILL_PROCESS) << number;
   }
}

TEST_F(CallRules, end_the_process_for_numbers_of_another_kind) {
   for (std::uint32_t number = 0; kHasOldCalls && number < 1024; ++number) {
      EXPECT_EQ(answer(0x40000000U | number), SECCOMP_RET_KILL_PROCESS) << number;
   }
   EXPECT_EQ(answer(0xFFFFFFFF), SECCOMP_RET_KILL_PROCESS);
   EXPECT_EQ(answer(0x3FFFFFFF), SECCOMP_RET_TRAP);
}

struct Mapping {
   std::uint64_t protection, flags, file;
   bool allowed;
};
TEST_F(CallRules, let_only_the_plugins_file_be_executed) {
   constexpr std::uint64_t kRead = 1, kWrite = 2, kExecute = 4, kPrivate = 2, kAnonymous = 0x20, kPlugin = 4;
   const Mapping mappings[] = {
       {kRead | kWrite, kPrivate | kAnonymous, ~std::uint64_t{0}, true},
       {kRead | kExecute, kPrivate, kPlugin, true},
       {kRead | kExecute, kPrivate | kAnonymous, kPlugin, false},
       {kRead | kExecute, kPrivate, 3, false},
       {kRead | kExecute, kPrivate, std::uint64_t{1} << 32U | kPlugin, false},
       {std::uint64_t{1} << 32U | kRead | kExecute, kPrivate, kPlugin, false},
       {std::uint64_t{1} << 32U | kRead | kWrite | kExecute, kPrivate | kAnonymous, kPlugin, false},
       {kRead | kWrite | kExecute, kPrivate, kPlugin, false},
       {kExecute, kPrivate, 0, false},
   };
   for (const Mapping& mapping : mappings) {
      const seccomp_data call{SYS_mmap, kMachine, 0, {0, 4096, mapping.protection, mapping.flags, mapping.file, 0}};
      EXPECT_EQ(evaluate(filter, call), mapping.allowed ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP)
          << mapping.protection << ' ' << mapping.flags << ' ' << mapping.file;
   }
}

}  // namespace
}  // namespace msp::runner
