#include "contract/defect.hpp"

#include <string>

namespace msp::host {

Finding defect(const Manifest& manifest, std::string_view rule, std::string_view what, Severity severity) {
   Finding finding;
   finding.code = "plugin.defect";
   finding.severity = severity;
   finding.summary = "The plugin " + manifest.name + ' ' + std::string(what) + ", against rule " + std::string(rule) +
                     " of the plugin contract.";
   finding.remedy = "Report this to the plugin's vendor, " + manifest.vendor + ", and ask for a corrected version.";
   return finding;
}

Finding host_error(std::string_view code, std::string_view summary, std::string_view remedy) {
   Finding finding;
   finding.code = code;
   finding.summary = summary;
   finding.remedy = remedy;
   return finding;
}

}  // namespace msp::host
