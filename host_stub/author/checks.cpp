#include "author/checks.hpp"

namespace msp::author {

std::string_view name(Verdict::Kind kind) noexcept {
   switch (kind) {
      case Verdict::Kind::passed:
         return "passed";
      case Verdict::Kind::failed:
         return "failed";
      case Verdict::Kind::skipped:
         break;
   }
   return "skipped";
}

std::string_view name(Tier tier) noexcept {
   switch (tier) {
      case Tier::bronze:
         return "bronze";
      case Tier::silver:
         return "silver";
      case Tier::gold:
         break;
   }
   return "gold";
}

std::vector<Check> all_checks() {
   std::vector<Check> all;
   for (const auto& some : {file_checks(), manifest_checks(), call_checks(), operation_checks(), settings_checks()})
      all.insert(all.end(), some.begin(), some.end());
   return all;
}

}  // namespace msp::author
