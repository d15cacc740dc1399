// call_rules.hpp - which system calls a plugin may make, as a table, and the filter that the kernel runs for it.
//
// The first rule that fits a call decides. A call that no rule fits is forbidden. The table is a golden list: its test
// fails when a call is added, so that nobody adds one in passing.
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace msp::runner {

enum class Verdict {
   allowed,
   no_files,       // fails with EACCES: what opens files or looks at them
   not_permitted,  // fails with EPERM: what programs try and can do without
   answered,       // the runner answers it, see trapped_calls.hpp
   forbidden       // the runner tells the console and ends
};

// What an argument of the call must be. An argument has 64 bits, of which a filter sees each half alone.
struct Condition {
   enum Kind { equals, lacks_bits, has_only_bits };
   Kind kind;
   unsigned argument;  // from 0 on
   std::uint32_t value;
};

struct Rule {
   int number;  // of the call, on this machine
   Verdict verdict;
   std::vector<Condition> conditions;  // all must hold
};

// `self` is the process that the rules are for: it may abort itself.
[[nodiscard]] std::vector<Rule> call_rules(pid_t self);

// Calls of another machine's kind (32 bits, x32) end the process at once.
[[nodiscard]] std::vector<sock_filter> make_filter(const std::vector<Rule>& rules);

}  // namespace msp::runner
