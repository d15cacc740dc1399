#include "isolation/runner_end.hpp"

namespace msp::isolation {

std::string RunnerEnd::in_words() const {
   switch (how) {
      case left:
         return "ended its process by itself (exit code " + std::to_string(number) + ")";
      case crashed:
         return "crashed: " + crash_in_words(number);
      case hung:
         return "did not answer in time";
      case exhausted:
         return "used more memory or time than a plugin gets";
      case forbidden:
         return "made a system call that plugins may not make" + (call.empty() ? std::string() : ": " + call);
      case misspoke:
         return "sent what no plugin sends";
      case unknown:
         break;
   }
   return "ended";
}

}  // namespace msp::isolation
