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

std::string option_for(const host::Finding& finding) {
   // What the host library finds wrong with its own options names the option as NetworkOptions does.
   const auto is = [&](std::string_view field, std::string_view code) {
      return finding.code == "usage" ? finding.field == field : finding.code == code;
   };
   if (finding.code == "usage" && finding.field == "connect_to") return "--connect-to HOST1:PORT1:HOST2:PORT2";
   if (is("ca_file", "net.tls_untrusted")) return "--cacert FILE";
   if (is("connect_timeout", "net.timeout") || is("connect_timeout", "net.dns")) return "--connect-timeout SECONDS";
   if (is("proxy", "net.proxy") || is("proxy", "net.connect")) return "--proxy URL";
   return finding.code == "host.deadline" ? "--timeout SECONDS" : "";
}

}  // namespace msp::console
