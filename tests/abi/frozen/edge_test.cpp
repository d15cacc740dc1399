#include <gmock/gmock.h>

#include "loaded.hpp"
#include "msp/host/check.hpp"

namespace msp::host {
namespace {

using testing::ElementsAre;
using testing::Field;

TEST(AtTheEdge, what_a_plugin_of_1_0_hands_over_is_read_to_its_end_and_no_further) {
   HostOptions options;
   options.runner = test_support::runner();
   Host host(options);
   const CheckReport report = check(*load(host, "at_the_edge", "manifest.json"), Settings{}, {});
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_THAT(report.findings, testing::Contains(Field(&Finding::code, "example.trial")));
   ASSERT_TRUE(report.identity);
   EXPECT_EQ(report.identity->principal, "jane");
   ASSERT_EQ(report.grants.size(), 1u);
   EXPECT_EQ(report.grants[0].evidence, "seen");
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->headers.size(), 2u);
   EXPECT_EQ(report.session->query.size(), 1u);
   EXPECT_THAT(report.session->rejected_statuses, testing::Contains(419));
}

}  // namespace
}  // namespace msp::host
