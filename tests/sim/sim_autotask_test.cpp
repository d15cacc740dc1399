#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sim/autotask/autotask_sim.hpp"
#include "sim/scenario_reader.hpp"
#include "sim/wire/fault_plan.hpp"
#include "sim_client.hpp"

namespace msp::sim {
namespace {

constexpr const char* kCode = "THROWAWAYTRACKINGIDENTIFIER";
const std::string kCommon = "https://webservices.autotask.net/atservicesrest/";
const std::string kZone = "https://webservices14.autotask.net/ATServicesRest/V1.0/";
const std::string kOtherZone = "https://webservices16.autotask.net/ATServicesRest/V1.0/";
const std::string kGood = "api+console@msp.example";

std::vector<std::string> signed_as(const std::string& login, const std::string& secret,
                                   const std::string& code = kCode) {
   return {"UserName: " + login, "Secret: " + secret, "ApiIntegrationCode: " + code, "Content-Type: application/json"};
}

// The default scenario's users have one secret each, told apart by the last digit.
std::vector<std::string> signed_as_user(const std::string& login) {
   const std::vector<std::string> logins = {kGood,
                                            "no-ticket-editing@msp.example",
                                            "restricted@msp.example",
                                            "locked@msp.example",
                                            "person@msp.example",
                                            "moved@msp.example"};
   const auto place = std::find(logins.begin(), logins.end(), login) - logins.begin();
   return signed_as(login, "Throw$away#" + std::to_string(place + 1));
}

class AutotaskSim : public testing::Test {
 protected:
   void start(const std::string& scenario = "") {
      simulator = std::make_unique<AutotaskSimulator>(scenario);
      client = std::make_unique<SimClient>(simulator->ca_pem(), simulator->connect_to());
   }

   ClientAnswer get(const std::string& url, const std::vector<std::string>& headers = {}) {
      return client->get(url, headers);
   }

   std::unique_ptr<AutotaskSimulator> simulator;
   std::unique_ptr<SimClient> client;
};

TEST(FaultPlan, a_gateway_lets_so_many_through_at_a_time_and_turns_the_rest_away) {
   for (const std::size_t limit : {1U, 2U, 3U}) {
      FaultRule rule;
      rule.path_prefix = "/api";
      rule.at_once = limit;
      rule.instead = Reply::json("", 503);
      FaultRule slow;
      slow.kind = FaultRule::Kind::slow;  // whoever waits keeps the place
      FaultPlan plan({rule, slow}, {});
      const auto ask = [&](const char* path) {
         Request request;
         request.path = path;
         return plan.answer(request, [](const Request&) { return Reply::json("{}"); });
      };
      std::vector<Reply> under_way;
      for (std::size_t i = 0; i < limit; ++i) under_way.push_back(ask("/api/x"));
      for (const Reply& reply : under_way) EXPECT_EQ(reply.status, 200);
      EXPECT_EQ(ask("/api/x").status, 503);
      EXPECT_EQ(ask("/elsewhere").status, 200);
      under_way.pop_back();  // answered
      const Reply next = ask("/api/x");
      EXPECT_EQ(next.status, 200);
      EXPECT_EQ(ask("/api/x").status, 503);
   }
}

TEST_F(AutotaskSim, the_zone_of_a_known_login_is_told_without_a_secret) {
   start();
   const ClientAnswer answer = get(kCommon + "v1.0/zoneInformation?user=api%2Bconsole%40msp.example");
   EXPECT_EQ(answer.status, 200);
   EXPECT_EQ(answer.body, R"({"zoneName":"America East 2","url":"https://webservices14.autotask.net/ATServicesRest/",)"
                          R"("webUrl":"https://ww14.autotask.net/","ci":123456})");
   EXPECT_EQ(simulator->signed_requests(), 0U);
}

TEST_F(AutotaskSim, a_login_that_is_unknown_blank_or_not_encoded_has_no_zone) {
   start();
   for (const char* user : {"nobody%40msp.example", "", "api+console@msp.example"}) {
      const ClientAnswer answer = get(kCommon + "v1.0/zoneInformation?user=" + user);
      EXPECT_EQ(answer.status, 500) << user;
      EXPECT_EQ(answer.body, R"({"errors":["Zone information could not be determined"]})") << user;
   }
}

TEST_F(AutotaskSim, a_second_version_is_announced_and_does_not_exist) {
   start();
   EXPECT_EQ(get(kCommon + "versioninformation").body, R"({"apiVersions":["V1.0","V2.0"]})");
   EXPECT_EQ(get(kCommon + "V2.0/zoneInformation?user=api%2Bconsole%40msp.example").status, 404);
}

struct RefusalCase {
   const char* name;
   const char* scenario;
   std::vector<std::string> headers;
   const char* zone;
   long status;
   const char* body;
};

class AutotaskRefusal : public AutotaskSim, public testing::WithParamInterface<RefusalCase> {};

TEST_P(AutotaskRefusal, is_answered_as_on_the_platform) {
   start(GetParam().scenario);
   const ClientAnswer answer = get(std::string(GetParam().zone) + "Tickets/entityInformation", GetParam().headers);
   EXPECT_EQ(answer.status, GetParam().status);
   EXPECT_EQ(answer.body, GetParam().body);
   const bool has_challenge = answer.headers.find("WWW-Authenticate: Basic Realm=\"webservices1") != std::string::npos;
   EXPECT_EQ(has_challenge, answer.status == 401);
}

INSTANTIATE_TEST_SUITE_P(
    Each, AutotaskRefusal,
    testing::Values(
        RefusalCase{"no_headers", "", {}, kZone.c_str(), 401, ""},
        RefusalCase{"basic", "", {"Authorization: Basic YTpi"}, kZone.c_str(), 401, ""},
        RefusalCase{"wrong_secret", "", signed_as(kGood, "Throw"), kZone.c_str(), 401, ""},
        RefusalCase{"unknown_login", "", signed_as("nobody", "Throw$away#1"), kZone.c_str(), 401, ""},
        RefusalCase{"not_api_only", "", signed_as_user("person@msp.example"), kZone.c_str(), 401, ""},
        RefusalCase{"locked", "", signed_as_user("locked@msp.example"), kZone.c_str(), 401, ""},
        RefusalCase{"wrong_zone", "", signed_as_user(kGood), kOtherZone.c_str(), 401, ""},
        RefusalCase{"wrong_code", "", signed_as(kGood, "Throw$away#1", "OTHER"), kZone.c_str(), 500,
                    R"({"errors":["IntegrationCode is invalid."]})"},
        RefusalCase{"wrong_code_seen_once", R"({"wrong_code":"401"})", signed_as(kGood, "Throw$away#1", "OTHER"),
                    kZone.c_str(), 401, ""},
        RefusalCase{"inactive",
                    R"({"users":[{"login":"a","secret":"b","integration_codes":["c"],"state":"inactive"}]})",
                    signed_as("a", "b", "c"), kZone.c_str(), 401, ""},
        RefusalCase{"expired", R"({"users":[{"login":"a","secret":"b","integration_codes":["c"],"state":"expired"}]})",
                    signed_as("a", "b", "c"), kZone.c_str(), 401, ""}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(AutotaskSim, wrong_secrets_in_a_row_lock_the_user_and_then_the_right_one_is_refused) {
   start(R"({"lock_after":2})");
   const std::string url = kZone + "ThresholdInformation";
   EXPECT_EQ(get(url, signed_as(kGood, "wrong")).status, 401);
   EXPECT_EQ(get(url, signed_as_user(kGood)).status, 200) << "one wrong secret locks nobody";
   EXPECT_EQ(get(url, signed_as(kGood, "wrong")).status, 401);
   EXPECT_EQ(get(url, signed_as(kGood, "wrong")).status, 401);
   EXPECT_EQ(get(url, signed_as_user(kGood)).status, 401);
   EXPECT_EQ(simulator->signed_requests(), 5U);
}

TEST_F(AutotaskSim, entity_information_tells_the_rights) {
   start();
   const std::string url = kZone + "Tickets/entityInformation";
   EXPECT_EQ(get(url, signed_as_user("no-ticket-editing@msp.example")).body,
             R"({"info":{"name":"Ticket","canCreate":true,"canDelete":true,"canQuery":true,"canUpdate":true,)"
             R"("userAccessForCreate":"All","userAccessForDelete":"None","userAccessForQuery":"All",)"
             R"("userAccessForUpdate":"None","hasUserDefinedFields":true,"supportsWebhookCallouts":true}})");
   EXPECT_EQ(get(kZone + "Nothing/entityInformation", signed_as_user(kGood)).status, 404);
}

struct ValueCase {
   const char* form;
   const char* expected;
};

class AutotaskAccessValue : public AutotaskSim, public testing::WithParamInterface<ValueCase> {};

TEST_P(AutotaskAccessValue, is_written_in_that_form) {
   start(std::string(R"({"access_values":")") + GetParam().form +
         R"(","users":[{"login":"a","secret":"b","integration_codes":["c"],"rights":{"Tickets":)"
         R"({"create":"All","delete":"NotOffered","query":"Restricted","update":"None"}}}]})");
   const std::string body = get(kZone + "Tickets/entityInformation", signed_as("a", "b", "c")).body;
   EXPECT_NE(body.find(GetParam().expected), std::string::npos) << body;
   EXPECT_NE(body.find(R"("canCreate":true,"canDelete":false,)"), std::string::npos) << body;
}

INSTANTIATE_TEST_SUITE_P(
    Each, AutotaskAccessValue,
    testing::Values(
        ValueCase{"text",
                  R"("userAccessForCreate":"All","userAccessForDelete":"None","userAccessForQuery":"Restricted")"},
        ValueCase{"lower",
                  R"("userAccessForCreate":"all","userAccessForDelete":"none","userAccessForQuery":"restricted")"},
        ValueCase{"upper",
                  R"("userAccessForCreate":"ALL","userAccessForDelete":"NONE","userAccessForQuery":"RESTRICTED")"},
        ValueCase{"number", R"("userAccessForCreate":1,"userAccessForDelete":0,"userAccessForQuery":2)"},
        ValueCase{"number_text", R"("userAccessForCreate":"1","userAccessForDelete":"0","userAccessForQuery":"2")"},
        ValueCase{"boolean", R"("userAccessForCreate":true,"userAccessForDelete":false,"userAccessForQuery":true)"},
        ValueCase{"null", R"("userAccessForCreate":null,"userAccessForDelete":null,"userAccessForQuery":null)"},
        ValueCase{"missing", R"("canUpdate":true,"hasUserDefinedFields")"}),
    [](const auto& instance) { return std::string(instance.param.form); });

struct OneShotCase {
   const char* name;
   const char* scenario;
   long status;
   const char* start;
   const char* holds;
   const char* lacks;
};

class AutotaskOneShot : public AutotaskSim, public testing::WithParamInterface<OneShotCase> {};

TEST_P(AutotaskOneShot, is_answered_in_that_form) {
   start(GetParam().scenario);
   const ClientAnswer answer = get(kZone + "EntityInformation", signed_as_user(kGood));
   EXPECT_EQ(answer.status, GetParam().status);
   EXPECT_TRUE(answer.body.starts_with(GetParam().start)) << answer.body;
   EXPECT_NE(answer.body.find(GetParam().holds), std::string::npos) << answer.body;
   EXPECT_EQ(answer.body.find(GetParam().lacks), std::string::npos) << answer.body;
}

INSTANTIATE_TEST_SUITE_P(
    Each, AutotaskOneShot,
    testing::Values(
        OneShotCase{"documented", "", 200, R"({"entityDescriptions":[{"info":{"name":"Ticket",)",
                    R"({"info":{"name":"Company",)", "Companies"},
        OneShotCase{"plural", R"({"one_shot":"plural"})", 200, R"({"entityDescriptions":[{"info":{"name":"Tickets",)",
                    R"("name":"Companies")", R"("Company")"},
        OneShotCase{"soap", R"({"one_shot":"soap"})", 200, R"({"entityDescriptions":[{"info":{"name":"Ticket",)",
                    R"("name":"Account")", R"("Company")"},
        OneShotCase{"pascal", R"({"keys":"pascal"})", 200, R"({"EntityDescriptions":[{"Info":{"Name":"Ticket",)",
                    R"("UserAccessForUpdate":"All")", R"("userAccess)"},
        OneShotCase{"bare_list", R"({"one_shot_shape":"bare_list"})", 200, R"([{"info":{"name":"Ticket",)",
                    R"("name":"Company")", "entityDescriptions"},
        OneShotCase{"without_info", R"({"one_shot_shape":"without_info"})", 200,
                    R"({"entityDescriptions":[{"name":"Ticket",)", R"({"name":"Company")", R"("info")"},
        OneShotCase{"partial", R"({"one_shot_entities":["Companies"]})", 200,
                    R"({"entityDescriptions":[{"info":{"name":"Company",)", "Company", "Ticket"},
        OneShotCase{"absent", R"({"one_shot":"absent"})", 404, "<html>", "404", "info"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(AutotaskSim, a_lacking_right_is_a_500_or_a_403_with_the_platforms_text) {
   for (const auto& [scenario, status] : {std::pair{"", 500L}, std::pair{R"({"denied":"403"})", 403L}}) {
      start(scenario);
      const ClientAnswer answer =
          client->send("PATCH", kZone + "Tickets", signed_as_user("no-ticket-editing@msp.example"), R"({"id":8001})");
      EXPECT_EQ(answer.status, status);
      EXPECT_EQ(
          answer.body,
          R"({"errors":["The logged in Resource does not have the adequate permissions to update this entity type."]})");
      EXPECT_EQ(simulator->writes(), 1U);
   }
}

TEST_F(AutotaskSim, reading_as_somebody_else_is_a_500) {
   start();
   auto headers = signed_as_user(kGood);
   headers.push_back("ImpersonationResourceId: 7");
   EXPECT_EQ(get(kZone + "Tickets/entityInformation", headers).status, 500);
}

TEST_F(AutotaskSim, a_tenant_that_moves_is_refused_in_its_old_zone_and_found_in_the_new_one) {
   start();
   const auto headers = signed_as_user("moved@msp.example");
   EXPECT_EQ(get(kZone + "EntityInformation", headers).status, 200);
   EXPECT_EQ(get(kZone + "EntityInformation", headers).status, 401);
   EXPECT_NE(get(kCommon + "v1.0/zoneInformation?user=moved%40msp.example").body.find("webservices16"),
             std::string::npos);
   EXPECT_EQ(get(kOtherZone + "EntityInformation", headers).status, 200);
}

TEST_F(AutotaskSim, the_wrong_zone_can_also_show_empty_results) {
   start(R"({"wrong_zone":"empty"})");
   const ClientAnswer answer = get(
       kOtherZone + R"(Tickets/query?search=%7B%22filter%22:%5B%7B%22op%22:%22exist%22,%22field%22:%22id%22%7D%5D%7D)",
       signed_as_user(kGood));
   EXPECT_EQ(answer.status, 200);
   EXPECT_NE(answer.body.find(R"("items":[])"), std::string::npos) << answer.body;
}

TEST_F(AutotaskSim, a_fourth_request_at_once_to_one_entity_is_over_the_limit_and_another_entity_is_not) {
   for (const auto& [scenario, status] : {std::pair{R"({"latency_ms":300})", 429L},
                                          std::pair{R"({"latency_ms":300,"over_thread_limit":"500"})", 500L}}) {
      start(scenario);
      simulator->server().hold_until(5);
      std::atomic<int> accepted = 0;
      std::atomic<int> over_limit = 0;
      std::vector<std::thread> clients;
      for (int i = 0; i < 5; ++i) {
         const std::string entity = i == 4 ? "Companies" : "Tickets";
         clients.emplace_back([&, entity, expected = status] {
            SimClient own(simulator->ca_pem(), simulator->connect_to());
            const ClientAnswer answer = own.get(kZone + entity + "/entityInformation", signed_as_user(kGood));
            if (answer.status == 200) ++accepted;
            if (answer.status == expected &&
                answer.body.find("thread threshold of 3 threads has been exceeded") != std::string::npos)
               ++over_limit;
         });
      }
      for (std::thread& each : clients) each.join();
      EXPECT_EQ(accepted, 4);
      EXPECT_EQ(over_limit, 1);
   }
}

// The rest of a scenario in which two tenants have users.
const std::string kTwoTenants = R"("users":[
   {"login":"one@msp.example","secret":"Throw$away#1","ci":501,"integration_codes":["THROWAWAYTRACKINGIDENTIFIER"]},
   {"login":"two@msp.example","secret":"Throw$away#1","ci":501,"integration_codes":["THROWAWAYTRACKINGIDENTIFIER"]},
   {"login":"other@msp.example","secret":"Throw$away#1","ci":502,"integration_codes":["THROWAWAYTRACKINGIDENTIFIER"]}]})";

TEST_F(AutotaskSim, the_limit_holds_for_each_tenant_and_users_of_one_tenant_share_it) {
   for (const auto& [second, accepted] : {std::pair{"two@msp.example", 1}, std::pair{"other@msp.example", 2}}) {
      start(R"({"thread_limit":1,"latency_ms":300,)" + kTwoTenants);
      simulator->server().hold_until(2);
      std::atomic<int> passed = 0;
      std::vector<std::thread> clients;
      for (const std::string login : {"one@msp.example", second}) {
         clients.emplace_back([&, login] {
            SimClient own(simulator->ca_pem(), simulator->connect_to());
            if (own.get(kZone + "Tickets/entityInformation", signed_as(login, "Throw$away#1")).status == 200) ++passed;
         });
      }
      for (std::thread& each : clients) each.join();
      EXPECT_EQ(passed, accepted) << second;
   }
}

TEST_F(AutotaskSim, each_tenant_has_its_number_its_data_and_its_count_of_requests) {
   start('{' + kTwoTenants);
   const auto number = [&](const std::string& login) {
      return get(kCommon + "v1.0/zoneInformation?user=" + login).body;
   };
   EXPECT_NE(number("one%40msp.example").find(R"("ci":501)"), std::string::npos);
   EXPECT_NE(number("two%40msp.example").find(R"("ci":501)"), std::string::npos);
   EXPECT_NE(number("other%40msp.example").find(R"("ci":502)"), std::string::npos);

   const std::string renamed = R"({"id":8001,"title":"Changed by one"})";
   EXPECT_EQ(client->send("PATCH", kZone + "Tickets", signed_as("one@msp.example", "Throw$away#1"), renamed).status,
             200);
   const auto ticket = [&](const std::string& login) {
      return get(kZone + "Tickets/8001", signed_as(login, "Throw$away#1")).body;
   };
   EXPECT_NE(ticket("two@msp.example").find("Changed by one"), std::string::npos);
   EXPECT_EQ(ticket("other@msp.example").find("Changed by one"), std::string::npos);

   const auto count = [&](const std::string& login) {
      return get(kZone + "ThresholdInformation", signed_as(login, "Throw$away#1")).body;
   };
   EXPECT_NE(count("two@msp.example").find(R"("currentTimeframeRequestCount":3)"), std::string::npos);
   EXPECT_NE(count("other@msp.example").find(R"("currentTimeframeRequestCount":2)"), std::string::npos);
}

TEST_F(AutotaskSim, items_can_be_queried_created_updated_and_never_deleted) {
   start();
   const auto headers = signed_as_user(kGood);
   EXPECT_EQ(client->send("POST", kZone + "Tickets", headers, R"({"title":"From a test","companyID":175})").body,
             R"({"itemId":9001})");
   EXPECT_EQ(client->send("PATCH", kZone + "Tickets", headers, R"({"id":9001,"status":5})").body, R"({"itemId":9001})");
   const std::string search =
       R"({"filter":[{"op":"eq","field":"status","value":5},{"op":"contains","field":"Title","value":"test"}]})";
   EXPECT_EQ(client->send("POST", kZone + "Tickets/query", headers, search).body,
             R"({"items":[{"title":"From a test","companyID":175,"id":9001,"status":5}],)"
             R"("pageDetails":{"count":1,"requestCount":500,"prevPageUrl":null,"nextPageUrl":null}})");
   EXPECT_EQ(get(kZone + "Tickets/424242", headers).body, R"({"item":null})");
   EXPECT_EQ(client->send("DELETE", kZone + "Tickets/9001", headers, "").status, 405);
   EXPECT_EQ(client->send("PATCH", kZone + "Tickets", headers, R"({"status":5})").status, 500);
   EXPECT_EQ(client->send("POST", kZone + "Tickets/query", headers, "{}").status, 500);
   EXPECT_EQ(client->send("POST", kZone + "Tickets/query", headers, R"({"filter":[{"op":"like","field":"id"}]})").body,
             R"({"errors":["Unsupported operator: like."]})");
}

TEST_F(AutotaskSim, a_restricted_user_sees_less_and_no_error) {
   start();
   const std::string search = R"({"filter":[{"op":"exist","field":"id"}]})";
   EXPECT_NE(client->send("POST", kZone + "Companies/query", signed_as_user(kGood), search).body.find(R"("count":4)"),
             std::string::npos);
   const ClientAnswer answer =
       client->send("POST", kZone + "Companies/query", signed_as_user("restricted@msp.example"), search);
   EXPECT_EQ(answer.status, 200);
   EXPECT_NE(answer.body.find(R"("count":1)"), std::string::npos) << answer.body;
}

TEST_F(AutotaskSim, a_fault_meets_the_requests_it_names_after_and_as_often_as_it_says) {
   start(R"({"faults":[{"match":{"method":"GET","path":"/ATServicesRest/v1.0/zone","host":"webservices.autotask.net"},
                        "after":1,"times":1,"fault":"status","status":302,"headers":{"Location":"https://example.com/"}},
                       {"match":{"path":"/atservicesrest/versioninformation"},"fault":"html"},
                       {"match":{"path":"/truncated"},"fault":"truncated"},
                       {"match":{"path":"/reset"},"fault":"reset"}]})");
   const std::string url = kCommon + "v1.0/zoneInformation?user=moved%40msp.example";
   EXPECT_EQ(get(url).status, 200);
   const ClientAnswer redirect = get(url);
   EXPECT_EQ(redirect.status, 302);
   EXPECT_NE(redirect.headers.find("Location: https://example.com/"), std::string::npos);
   EXPECT_EQ(get(url).status, 200);
   const ClientAnswer page = get(kCommon + "versioninformation");
   EXPECT_EQ(page.status, 200);
   EXPECT_NE(page.headers.find("text/html"), std::string::npos);
   EXPECT_EQ(get("https://webservices.autotask.net/truncated").code, CURLE_PARTIAL_FILE);
   EXPECT_EQ(get("https://webservices.autotask.net/reset").code, CURLE_RECV_ERROR);
}

TEST_F(AutotaskSim, the_scenarios_certificate_is_served) {
   for (const auto& [certificate, code] :
        {std::pair{"ok", CURLE_OK}, std::pair{"expired", CURLE_PEER_FAILED_VERIFICATION},
         std::pair{"not_yet_valid", CURLE_PEER_FAILED_VERIFICATION},
         std::pair{"wrong_name", CURLE_PEER_FAILED_VERIFICATION}, std::pair{"tls11", CURLE_SSL_CONNECT_ERROR}}) {
      start(std::string(R"({"certificate":")") + certificate + "\"}");
      EXPECT_EQ(get(kCommon + "versioninformation").code, code) << certificate;
   }
}

struct BadScenarioCase {
   const char* name;
   const char* scenario;
   const char* message;
};

class AutotaskBadScenario : public testing::TestWithParam<BadScenarioCase> {};

TEST_P(AutotaskBadScenario, is_refused_with_the_place) {
   try {
      const AutotaskSimulator simulator(GetParam().scenario);
      FAIL() << "it was accepted";
   } catch (const ScenarioError& error) {
      EXPECT_STREQ(error.what(), GetParam().message);
   }
}

INSTANTIATE_TEST_SUITE_P(
    Each, AutotaskBadScenario,
    testing::Values(
        BadScenarioCase{"not_json", "{\n \"keys\" }",
                        "line 2, column 9: the scenario is not JSON. Missing a colon after a name of object member."},
        BadScenarioCase{"not_an_object", "[]", "The scenario must be one JSON object."},
        BadScenarioCase{"wrong_type", R"({"users":[{"login":5}]})", "users[0].login: must be a text."},
        BadScenarioCase{"no_login", R"({"users":[{}]})", "users[0].login: must not be empty."},
        BadScenarioCase{"unknown_word", R"({"denied":"404"})", "denied: is \"404\", and must be one of: 500, 403."},
        BadScenarioCase{"unknown_entity", R"({"users":[{"login":"a","rights":{"Ticket":{}}}]})",
                        "users[0].rights.Ticket: is no entity of the simulator. Use the plural, like Tickets."},
        BadScenarioCase{"unknown_zone", R"({"users":[{"login":"a","zone":"Mars"}]})",
                        "users[0].zone: \"Mars\" is none of the zones."},
        BadScenarioCase{
            "unknown_key", R"({"faults":[{"fault":"html","tmies":1}]})",
            "faults[0].tmies: is not known here. Known are: match, after, times, at_once, fault, ms, status, body, "
            "headers."},
        BadScenarioCase{"no_fault", R"({"faults":[{}]})", "faults[0].fault: is missing."},
        BadScenarioCase{"negative", R"({"latency_ms":-1})", "latency_ms: must be a whole number, 0 or greater."}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(AutotaskSimulator, leaves_its_authority_where_it_is_told_and_else_nothing) {
   std::filesystem::path ca_file;
   {
      const AutotaskSimulator simulator;
      ca_file = simulator.ca_file();
      EXPECT_TRUE(std::filesystem::exists(ca_file));
      EXPECT_EQ(simulator.connect_to().size(), 3U);
   }
   EXPECT_FALSE(std::filesystem::exists(ca_file));
}

}  // namespace
}  // namespace msp::sim
