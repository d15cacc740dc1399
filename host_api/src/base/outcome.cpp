#include "msp/host/outcome.hpp"

namespace msp::host {

std::string_view name(Outcome outcome) noexcept {
   switch (outcome) {
      case Outcome::accepted:
         return "accepted";
      case Outcome::refused:
         return "refused";
      case Outcome::invalid_settings:
         return "invalid_settings";
      case Outcome::unreachable:
         return "unreachable";
      case Outcome::throttled:
         return "throttled";
      case Outcome::unavailable:
         return "unavailable";
      case Outcome::cancelled:
         return "cancelled";
      case Outcome::timed_out:
         return "timed_out";
      case Outcome::incompatible:
         return "incompatible";
      case Outcome::failed:
         return "failed";
      case Outcome::conflict:
         return "conflict";
   }
   return "failed";
}

}  // namespace msp::host
