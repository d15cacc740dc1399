#include "hint.hpp"

#include "output.hpp"

namespace msp::console {

std::string command_for(std::string_view code, std::string_view platform) {
   const bool to_enable = code == "plugin.not_enabled" || code == "plugin.modified";
   if (to_enable && !platform.empty()) return "msp-console plugin enable " + one_line(platform, 100);
   if (to_enable || code == "plugin.missing") return "msp-console plugin list";
   if (code == "integration.disabled") return "msp-console integration enable NAME";
   return code == "integration.missing" ? "msp-console integration list" : "";
}

}  // namespace msp::console
