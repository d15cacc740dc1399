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

}  // namespace msp::host
