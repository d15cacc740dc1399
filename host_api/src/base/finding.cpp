#include "msp/host/finding.hpp"

namespace msp::host {

std::string_view name(Severity severity) noexcept {
   switch (severity) {
      case Severity::error:
         return "error";
      case Severity::warning:
         return "warning";
      case Severity::info:
         return "info";
   }
   return "error";
}

std::string_view name(Granted granted) noexcept {
   switch (granted) {
      case Granted::unknown:
         return "unknown";
      case Granted::none:
         return "none";
      case Granted::restricted:
         return "restricted";
      case Granted::all:
         return "all";
   }
   return "unknown";
}

std::string_view name(How how) noexcept {
   switch (how) {
      case How::not_stated:
         return "not_stated";
      case How::introspected:
         return "introspected";
      case How::probed:
         return "probed";
   }
   return "not_stated";
}

}  // namespace msp::host
