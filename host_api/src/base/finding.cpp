#include "msp/host/finding.hpp"

#include <new>
#include <system_error>

namespace msp::host {

Finding own_failure(std::string_view what, const std::exception& error, std::string_view remedy) {
   Finding finding{"host.internal", std::string(what) + ": ", std::string(remedy)};
   if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
      finding.summary += "no memory is left on this machine.";
      finding.remedy = "Free memory on this machine or allow this program more, then try again.";
   } else if (const auto* refused = dynamic_cast<const std::system_error*>(&error)) {
      finding.summary += "this machine refused what it needs (" + refused->code().message() + ").";
      finding.remedy = "Check that this machine has memory, threads and open files left for this user, then try again.";
   } else {
      finding.summary += std::string(error.what()) + '.';
   }
   return finding;
}

bool is_plugin_end(std::string_view code) noexcept {
   return code == "plugin.crashed" || code == "plugin.hung" || code == "plugin.exhausted" ||
          code == "plugin.quarantined";
}

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
