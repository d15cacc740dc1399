#include "cli/hint.hpp"

#include "cli/output.hpp"

namespace msp::console {

std::string command_for(std::string_view code, std::string_view platform) {
   const bool to_enable = code == "plugin.not_enabled" || code == "plugin.modified";
   if (to_enable && !platform.empty()) return "msp-console plugin enable " + one_line(platform, 100);
   if (to_enable || code == "plugin.missing") return "msp-console plugin list";
   // How each right is granted stands in the sheet; a remark about several rights names none of it.
   const bool about_rights = code == "perm.missing" || code == "perm.restricted" || code == "perm.unverifiable";
   if (about_rights && !platform.empty()) return "msp-console platform requirements " + one_line(platform, 100);
   if (code == "integration.disabled") return "msp-console integration enable NAME";
   return code == "integration.missing" ? "msp-console integration list" : "";
}

}  // namespace msp::console
