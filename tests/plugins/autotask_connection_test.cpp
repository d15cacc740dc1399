// What the Autotask plugin sends and what it never sends twice, with a host that is a table in memory.
#include "connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "msp/plugin.h"
#include "msp/testing/fakes.hpp"

// The names of the entities are for people: a translated manifest asks the platform for the same.
extern "C" const char msp_plugin_manifest[] = R"({"permissions":[
   {"id":"tickets.update","entity":"Vorgänge","operation":"update","need":"required"},
   {"id":"companies.query","entity":"Firmen","operation":"query","need":"required"},
   {"id":"products.query","entity":"Waren","operation":"query","need":"optional"},
   {"id":"services.query","entity":"Dienste","operation":"query","need":"optional"},
   {"id":"contracts.query","entity":"Verträge","operation":"query","need":"optional"}]})";

namespace {

using msp::sdk::Outcome;
using msp::test::FakeAnswer;

const std::string kZone = "https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=u%40msp.example";
const std::string kUrl = "https://webservices14.autotask.net/ATServicesRest/";
const std::string kOneShot = kUrl + "V1.0/EntityInformation";

FakeAnswer ok(const std::string& body) { return {200, body, {}, {}}; }
FakeAnswer none(msp_outcome outcome, const std::string& code) { return {0, {}, {}, {{outcome, code}}}; }
std::string entity(const std::string& name) {
   return R"({"info":{"name":")" + name +
          R"(","canQuery":true,"userAccessForQuery":"All","canUpdate":true,"userAccessForUpdate":"All"}})";
}

struct AutotaskConnection : testing::Test {
   AutotaskConnection() {
      fake_call.settings["user_name"] = "u@msp.example";
      fake_call.secrets["password"] = "secret";
      fake_call.secrets["integration_code"] = "code";
      host.answers[kZone] = {ok(R"({"zoneName":"A","url":")" + kUrl + R"("})")};
      host.answers[kOneShot] = {ok(R"({"entityDescriptions":[)" + entity("Ticket") + "," + entity("Company") + "," +
                                   entity("Product") + "," + entity("Service") + "," + entity("Contract") + "]}")};
   }
   [[nodiscard]] std::ptrdiff_t sent(const std::string& url) const {
      return std::count_if(host.requests.begin(), host.requests.end(),
                           [&](const auto& each) { return each.url == url; });
   }

   msp::test::FakeHost host;
   msp::test::FakeCall fake_call;
   msp::sdk::Call call{fake_call.table()};
   autotask::Connection connection{msp::sdk::Host(host.table())};
};

TEST_F(AutotaskConnection, a_connection_that_could_not_be_made_is_tried_once_more) {
   for (const std::string& url : {kZone, kOneShot})
      host.answers[url].insert(host.answers[url].begin(), none(MSP_UNREACHABLE, "net.connect"));
   EXPECT_EQ(connection.validate_credentials(call), Outcome::accepted);
   EXPECT_EQ(sent(kZone), 2);
   EXPECT_EQ(sent(kOneShot), 2);
   EXPECT_TRUE(fake_call.findings.empty());
}

TEST_F(AutotaskConnection, a_connection_that_could_not_be_made_twice_is_reported) {
   host.answers[kZone] = {none(MSP_UNREACHABLE, "net.connect")};
   EXPECT_EQ(connection.validate_credentials(call), Outcome::unreachable);
   EXPECT_EQ(sent(kZone), 2);
   ASSERT_EQ(fake_call.findings.size(), 1U);
   EXPECT_EQ(fake_call.findings[0].code, "net.connect");
}

TEST_F(AutotaskConnection, nothing_that_may_have_arrived_is_sent_again) {
   const struct {
      msp_outcome outcome;
      const char* code;
   } cases[] = {{MSP_UNREACHABLE, "net.reset"},
                {MSP_UNREACHABLE, "net.timeout"},
                {MSP_UNREACHABLE, "net.tls_name"},
                {MSP_TIMED_OUT, "host.deadline"},
                {MSP_CANCELLED, "host.cancelled"}};
   for (const auto& each : cases) {
      host.requests.clear();
      host.answers[kOneShot] = {none(each.outcome, each.code)};
      EXPECT_EQ(connection.authenticate(call), static_cast<Outcome>(each.outcome)) << each.code;
      EXPECT_EQ(sent(kOneShot), 1) << each.code;
   }
}

TEST_F(AutotaskConnection, a_403_that_proved_nothing_is_not_asked_for_again) {
   host.answers[kOneShot] = {{403, {}, {}, {}}};
   for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(connection.validate_credentials(call), Outcome::refused);
      EXPECT_EQ(connection.check_permissions(call), Outcome::refused);
      EXPECT_EQ(connection.authenticate(call), Outcome::refused);
   }
   EXPECT_EQ(host.requests.size(), 2U);  // the zone look-up, and the one that is signed
   EXPECT_EQ(sent(kOneShot), 1);
   ASSERT_FALSE(fake_call.findings.empty());
   EXPECT_EQ(fake_call.findings[0].code, "auth.rejected");
}

TEST_F(AutotaskConnection, a_sign_in_that_a_gateway_stopped_may_be_tried_again) {
   host.answers[kOneShot].insert(host.answers[kOneShot].begin(), {401, "<html>Sign in</html>", {}, {}});
   EXPECT_EQ(connection.validate_credentials(call), Outcome::unavailable);
   EXPECT_EQ(connection.validate_credentials(call), Outcome::accepted);
   EXPECT_EQ(sent(kOneShot), 2);
}

TEST_F(AutotaskConnection, an_unmistakable_reason_is_a_refusal_whatever_the_status) {
   const std::pair<const char*, const char*> reasons[] = {{"The account is locked.", "auth.locked"},
                                                          {"The password has expired.", "auth.expired"}};
   for (const int status : {401, 403, 500}) {
      for (const auto& [words, code] : reasons) {
         autotask::Connection fresh{msp::sdk::Host(host.table())};
         host.requests.clear();
         host.answers[kOneShot] = {{status, R"({"errors":[")" + std::string(words) + "\"]}", {}, {}}};
         for (int i = 0; i < 2; ++i) EXPECT_EQ(fresh.validate_credentials(call), Outcome::refused) << status;
         EXPECT_EQ(sent(kOneShot), 1) << status << ' ' << code;
         EXPECT_EQ(fake_call.findings.back().code, code) << status;
      }
   }
}

TEST_F(AutotaskConnection, after_a_rejected_session_the_zone_is_looked_up_again_and_nothing_is_signed) {
   EXPECT_EQ(connection.authenticate(call), Outcome::accepted);
   EXPECT_EQ(fake_call.base_url, kUrl);
   EXPECT_EQ(sent(kZone), 1);
   EXPECT_EQ(connection.authenticate(call), Outcome::accepted);
   EXPECT_EQ(fake_call.base_url, kUrl);
   const std::string moved = "https://webservices5.autotask.net/ATServicesRest/";
   host.answers[kZone] = {ok(R"({"zoneName":"B","url":")" + moved + R"("})")};
   fake_call.set_flags(MSP_CALL_REJECTED);
   EXPECT_EQ(connection.authenticate(call), Outcome::accepted);
   EXPECT_EQ(fake_call.base_url, moved);
   EXPECT_EQ(sent(kZone), 2);
   EXPECT_EQ(sent(kOneShot), 1);
   EXPECT_EQ(host.requests.size(), 3U);
}

TEST_F(AutotaskConnection, without_a_customer_number_the_zone_stands_for_the_account) {
   EXPECT_EQ(connection.validate_credentials(call), Outcome::accepted);
   EXPECT_EQ(fake_call.identity,
             (std::vector<std::string>{"webservices14.autotask.net", "Autotask A", "u@msp.example", kUrl}));
}

TEST_F(AutotaskConnection, at_most_three_questions_are_under_way) {
   host.answers[kOneShot] = {{404, {}, {}, {}}};
   for (const char* name : {"Tickets", "Companies", "Products", "Services", "Contracts"})
      host.answers[kUrl + "V1.0/" + name + "/entityInformation"] = {ok(entity(name))};
   EXPECT_EQ(connection.check_permissions(call), Outcome::accepted);
   EXPECT_EQ(host.batches, (std::vector<std::uint32_t>{1, 1, 1, 3, 1}));
   EXPECT_EQ(fake_call.grants.size(), 5U);
}

TEST_F(AutotaskConnection, every_permission_is_reported_even_if_its_question_got_no_answer) {
   host.answers[kOneShot] = {ok(R"({"entityDescriptions":[)" + entity("Ticket") + "]}")};
   host.answers[kUrl + "V1.0/Companies/entityInformation"] = {none(MSP_UNREACHABLE, "net.reset")};
   EXPECT_EQ(connection.check_permissions(call), Outcome::unreachable);
   ASSERT_EQ(fake_call.grants.size(), 5U);
   EXPECT_EQ(fake_call.grants[0].second, MSP_GRANTED_ALL);
   for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(fake_call.grants[i].second, MSP_GRANTED_UNKNOWN);
   EXPECT_EQ(fake_call.evidence[1], "no answer: net.reset");
}

}  // namespace
