// Requests that are signed by AWS Signature Version 4, in front of a platform that computes each signature again.
#include <gmock/gmock.h>

#include "family.hpp"
#include "sim/aws/aws_sim.hpp"

namespace msp::test {
namespace {

constexpr const char* kSecret = "throw/away+secret0000000000000000000001";

class AwsSigV4 : public testing::Test {
 protected:
   host::CheckReport check(const std::string& key, const std::string& secret) const {
      return plugin.check({{"access_key_id", key}}, {{"secret_access_key", secret}});
   }

   sim::AwsSimulator simulator;
   LoadedPlugin plugin{std::filesystem::path(FAMILIES) / (std::string("aws_sigv4") + SUFFIX), [this] {
                          host::NetworkOptions network;
                          network.ca_file = simulator.ca_file();
                          network.connect_to = simulator.connect_to();
                          return network;
                       }()};
};

TEST_F(AwsSigV4, the_signature_is_taken_and_tells_account_and_rights) {
   const auto report = check("AKIATHROWAWAY0000001", kSecret);
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "111122223333");
   EXPECT_EQ(report.identity->principal, "arn:aws:iam::111122223333:user/console");
   EXPECT_EQ(find_grant(report, "list_users")->granted, host::Granted::all);
}

TEST_F(AwsSigV4, each_request_of_each_session_is_signed) {
   host::Integration integration(
       plugin.shared(), settings({{"access_key_id", "AKIATHROWAWAY0000001"}}, {{"secret_access_key", kSecret}}));
   EXPECT_EQ(get(integration, "?Action=GetCallerIdentity&Version=2011-06-15").status, 200);
   host::Request list{"GET", "?Version=2010-05-08&Action=ListUsers&PathPrefix=/a%20b/", {}, {}};
   list.session = "iam";
   EXPECT_EQ(integration.request(list).status, 200);
   list = {"POST", "", {{"Content-Type", "application/x-www-form-urlencoded"}}, "Action=GetAccountSummary"};
   list.session = "iam";
   const host::Response posted = integration.request(list);
   EXPECT_EQ(posted.status, 200) << posted.body << told(posted);
}

// As somebody who runs the console does it, with the plugin in a process of its own where there is one.
TEST_F(AwsSigV4, the_command_line_sends_signed_requests) {
   console::test::ConsoleProgram program;
   program.use(simulator);
   ASSERT_EQ(program.run({"plugin", "enable", "aws_sigv4", "--yes"}).exit_code, 0);
   program.environment["KEY"] = kSecret;
   const auto added =
       program.run({"integration", "add", "--platform", "aws_sigv4", "--no-input", "--set",
                    "access_key_id=AKIATHROWAWAY0000001", "--secret", "secret_access_key=@env:KEY", "--name", "Cloud"});
   ASSERT_EQ(added.exit_code, 0) << added.out << added.err;
   const auto listed = program.run(
       {"integration", "request", "Cloud", "GET", "?Action=ListUsers&Version=2010-05-08", "--session", "iam"});
   EXPECT_EQ(listed.exit_code, 0) << listed.out << listed.err;
   EXPECT_NE(listed.out.find("IsTruncated"), std::string::npos) << listed.out;
}

TEST_F(AwsSigV4, a_wrong_secret_and_an_inactive_key_are_told_at_their_fields) {
   EXPECT_EQ(first_error(check("AKIATHROWAWAY0000001", "another/secret+0000000000000000000001")).field,
             "secret_access_key");
   EXPECT_EQ(first_error(check("AKIATHROWAWAY0000003", "throw/away+secret0000000000000000000003")).field,
             "access_key_id");
}

TEST_F(AwsSigV4, what_the_key_may_not_do_is_a_missing_right) {
   const auto report = check("AKIATHROWAWAY0000002", "throw/away+secret0000000000000000000002");
   EXPECT_EQ(report.verdict, host::Verdict::insufficient) << told(report);
   EXPECT_EQ(find_grant(report, "list_users")->granted, host::Granted::none);
}

}  // namespace
}  // namespace msp::test
