#include <gmock/gmock.h>

#include "loaded.hpp"
#include "msp/host/check.hpp"
#include "sim/wire/https_server.hpp"

namespace msp::host {
namespace {

using testing::SizeIs;

constexpr auto kHost = "tickets.example.com";
constexpr auto kToken = "tok-1234567890";

// A ticket platform with one token, and the console's check against it.
struct Setting {
   explicit Setting(std::string granted) : scopes(std::move(granted)) {
      test_support::write_file(directory.path() / "ca.pem", authority.pem());
   }

   sim::Reply answer(const sim::Request& request) const {
      if (request.header("Authorization") != "Bearer " + std::string(kToken)) return {.status = 401};
      return {.status = 200, .headers = {{"X-Account", "4711"}, {"X-User", "jane"}, {"X-Scopes", scopes}}};
   }

   CheckReport check_with(const char* token, const std::string& address = "https://" + std::string(kHost)) {
      HostOptions options;
      options.runner = test_support::runner();
      options.network.ca_file = directory.path() / "ca.pem";
      options.network.connect_to = {server.connect_to(kHost)};
      Host host(options);
      Settings settings;
      settings.values["server"] = address;
      settings.secrets["token"] = SecretBytes(token);
      return check(*load(host, "plain_c_plugin", "plain_c_plugin.json"), std::move(settings), {});
   }

   std::string scopes;
   test_support::TempDir directory;
   sim::CertificateAuthority authority;
   sim::HttpsServer server{authority.issue({kHost}), [this](const sim::Request& request) { return answer(request); }};
};

TEST(PlainCPlugin, good_credentials_are_accepted_after_one_request) {
   Setting setting("tickets:read tickets:write");
   const auto report = setting.check_with(kToken);
   EXPECT_EQ(report.outcome, Outcome::accepted) << (report.findings.empty() ? "" : report.findings[0].summary);
   EXPECT_EQ(report.verdict, Verdict::sufficient);
   ASSERT_TRUE(report.identity);
   EXPECT_EQ(report.identity->principal, "jane");
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://tickets.example.com/");
   EXPECT_EQ(report.session->headers.at(0).second.view(), "Bearer " + std::string(kToken));
   EXPECT_THAT(setting.server.journal(), SizeIs(1));
}

TEST(PlainCPlugin, slashes_at_the_end_of_the_address_change_nothing) {
   Setting setting("tickets:read tickets:write");
   const auto report = setting.check_with(kToken, "https://tickets.example.com/api//");
   EXPECT_EQ(report.outcome, Outcome::accepted) << (report.findings.empty() ? "" : report.findings[0].summary);
   ASSERT_THAT(setting.server.journal(), SizeIs(1));
   EXPECT_EQ(setting.server.journal()[0].path, "/api/me");
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://tickets.example.com/api/");
}

TEST(PlainCPlugin, a_wrong_token_is_refused_after_one_request) {
   Setting setting("tickets:read tickets:write");
   const auto report = setting.check_with("tok-wrong");
   EXPECT_EQ(report.outcome, Outcome::refused);
   ASSERT_THAT(report.findings, SizeIs(1));
   EXPECT_EQ(report.findings[0].code, "auth.rejected");
   EXPECT_EQ(report.findings[0].field, "token");
   EXPECT_EQ(report.findings[0].http_status, 401);
   EXPECT_THAT(setting.server.journal(), SizeIs(1));
}

TEST(PlainCPlugin, a_missing_scope_is_a_missing_right) {
   Setting setting("tickets:read");
   const auto report = setting.check_with(kToken);
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(report.verdict, Verdict::insufficient);
   ASSERT_THAT(report.findings, SizeIs(1));
   EXPECT_EQ(report.findings[0].summary,
             "The right to \"Write Tickets\" is missing. It is needed for: opening tickets for alerts.");
   EXPECT_EQ(report.grants.at(1).evidence, "tickets:read");
}

TEST(PlainCPlugin, an_answer_that_says_nothing_is_not_taken_for_a_yes) {
   Setting setting("");
   const auto report = setting.check_with(kToken);
   EXPECT_EQ(report.outcome, Outcome::unavailable);
   ASSERT_THAT(report.findings, SizeIs(1));
   EXPECT_EQ(report.findings[0].code, "platform.unexpected_response");
}

TEST(PlainCPlugin, a_server_that_cannot_be_reached_is_told_as_such) {
   Setting setting("tickets:read tickets:write");
   HostOptions options;
   options.network.connect_to = {setting.server.connect_to(kHost)};  // but its authority is not trusted
   Host host(options);
   Settings settings;
   settings.values["server"] = "https://" + std::string(kHost);
   settings.secrets["token"] = SecretBytes(kToken);
   const auto report = check(*load(host, "plain_c_plugin", "plain_c_plugin.json"), std::move(settings), {});
   EXPECT_EQ(report.outcome, Outcome::unreachable);
   ASSERT_THAT(report.findings, SizeIs(1));
   EXPECT_EQ(report.findings[0].code, "net.tls_untrusted");
}

}  // namespace
}  // namespace msp::host
