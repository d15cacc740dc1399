#include "contract/defect.hpp"

#include <gtest/gtest.h>

namespace msp::host {
namespace {

TEST(Defect, names_the_plugin_the_rule_and_whom_to_tell) {
   Manifest manifest;
   manifest.name = "Example PSA";
   manifest.vendor = "Example Inc.";
   const Finding finding = defect(manifest, "P14", "reported a session twice");
   EXPECT_EQ(finding.code, "plugin.defect");
   EXPECT_EQ(finding.severity, Severity::error);
   EXPECT_EQ(finding.summary,
             "The plugin Example PSA reported a session twice, against rule P14 of the plugin contract.");
   EXPECT_EQ(finding.remedy, "Report this to the plugin's vendor, Example Inc., and ask for a corrected version.");
   EXPECT_EQ(defect(manifest, "P8", "x", Severity::warning).severity, Severity::warning);
}

}  // namespace
}  // namespace msp::host
