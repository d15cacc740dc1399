// Requests that are signed as Duo wants them, in front of a platform that computes each signature again.
#include <gmock/gmock.h>

#include "family.hpp"
#include "sim/duo/duo_sim.hpp"

namespace msp::test {
namespace {

class Duo : public testing::Test {
 protected:
   host::CheckReport check(const std::string& key, const std::string& secret) const {
      return plugin.check({{"api_hostname", "api-0a1b2c3d.duosecurity.com"}, {"integration_key", key}},
                          {{"secret_key", secret}});
   }

   sim::DuoSimulator simulator;
   LoadedPlugin plugin{std::filesystem::path(FAMILIES) / (std::string("duo") + SUFFIX), [this] {
                          host::NetworkOptions network;
                          network.ca_file = simulator.ca_file();
                          network.connect_to = simulator.connect_to();
                          return network;
                       }()};
};

TEST_F(Duo, the_signature_is_taken_and_tells_rights) {
   const auto report = check("DITHROWAWAY000000001", "throwawaysecret00000000000000000000000001");
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "api-0a1b2c3d.duosecurity.com");
   EXPECT_EQ(find_grant(report, "users.read")->granted, host::Granted::all);
}

TEST_F(Duo, each_request_is_signed) {
   host::Integration integration(
       plugin.shared(),
       settings({{"api_hostname", "api-0a1b2c3d.duosecurity.com"}, {"integration_key", "DITHROWAWAY000000001"}},
                {{"secret_key", "throwawaysecret00000000000000000000000001"}}));
   EXPECT_EQ(get(integration, "info/summary").status, 200);
   EXPECT_EQ(get(integration, "users?limit=10&username=J%C3%B6rg%20A").status, 200);
   EXPECT_EQ(get(integration, "settings").status, 200);
}

TEST_F(Duo, a_wrong_key_and_a_wrong_secret_are_told_at_their_fields) {
   EXPECT_EQ(first_error(check("DITHROWAWAY000000001", "anothersecret0000000000000000000000000001")).field,
             "secret_key");
   EXPECT_EQ(first_error(check("DINOBODY", "throwawaysecret00000000000000000000000001")).field, "integration_key");
}

TEST_F(Duo, what_the_application_may_not_read_is_a_missing_right) {
   const auto report = check("DITHROWAWAY000000002", "throwawaysecret00000000000000000000000002");
   EXPECT_EQ(report.verdict, host::Verdict::insufficient) << told(report);
   EXPECT_EQ(find_grant(report, "users.read")->granted, host::Granted::none);
}

TEST_F(Duo, a_clock_that_is_wrong_is_no_wrong_key) {
   simulator.advance(std::chrono::minutes(6));
   const auto report = check("DITHROWAWAY000000001", "throwawaysecret00000000000000000000000001");
   EXPECT_EQ(report.outcome, host::Outcome::failed);
   EXPECT_EQ(first_error(report).code, "duo.clock") << told(report);
}

}  // namespace
}  // namespace msp::test
