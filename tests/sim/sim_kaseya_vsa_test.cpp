#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidjson/document.h>

#include <array>

#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "sim/scenario_reader.hpp"
#include "sim_client.hpp"

namespace msp::sim {
namespace {

const std::string kApi = "https://vsa.example.com/api/v1.0";
const std::string kJson = "Accept: application/json";

std::string basic(const std::string& text) {
   std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
   const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
   encoded.resize(static_cast<std::size_t>(size));
   return "Authorization: Basic " + encoded;
}

std::string token_of(unsigned user) { return "0f1e2d3c-0000-4000-8000-00000000000" + std::to_string(user); }

// The documented check vector: kadmin, Passw0rd!, 994656.
constexpr const char* kVectorScenario = R"({"users":[{"login":"kadmin","password":"Passw0rd!"}]})";
const std::string kPass2 = "446a970370b4efc35e818617f4d71c73139efc60692bacaa68e9228ab086cee8";
const std::string kPass1 = "5efd9ac2db53b2fd3077aa5542860a653ed23cb9";
const std::string kRpass2 = "e66860546f18cdbbcd86b35e18b525bffc67f772c650cedfe3ff7a0026fa1dee";
const std::string kRpass1 = "f4a69973e7b0bf9d160f9f60e3c3acd2494beb0d";

std::string password_header(const std::string& pass2, const std::string& pass1, const std::string& rpass2,
                            const std::string& rpass1, const std::string& rand2) {
   return basic("user=kadmin,pass2=" + pass2 + ",pass1=" + pass1 + ",rpass2=" + rpass2 + ",rpass1=" + rpass1 +
                ",rand2=" + rand2);
}

class KaseyaVsaSim : public testing::Test {
 protected:
   void start(const std::string& scenario = "") {
      simulator = std::make_unique<KaseyaVsaSimulator>(scenario);
      client = std::make_unique<SimClient>(simulator->ca_pem(), simulator->connect_to());
   }

   ClientAnswer get(const std::string& route, std::vector<std::string> headers = {}) {
      headers.push_back(kJson);
      return client->get(kApi + route, headers);
   }

   ClientAnswer sign_in(const std::string& user, const std::string& token) {
      return get("/auth", {basic(user + ':' + token)});
   }

   // The bearer header of a new session.
   std::string session_of(const std::string& user, const std::string& token) {
      rapidjson::Document answer;
      answer.Parse(sign_in(user, token).body);
      EXPECT_FALSE(answer.HasParseError());
      return std::string("Authorization: Bearer ") + answer["Result"]["Token"].GetString();
   }

   std::unique_ptr<KaseyaVsaSimulator> simulator;
   std::unique_ptr<SimClient> client;
};

TEST_F(KaseyaVsaSim, echo_answers_the_envelope_to_anybody) {
   start();
   EXPECT_EQ(get("/echo").body, R"({"Result":"Hello","ResponseCode":0,"Status":"OK","Error":"None"})");
   EXPECT_EQ(simulator->sign_ins(), 0U);
}

TEST_F(KaseyaVsaSim, a_client_that_does_not_ask_for_json_gets_xml) {
   start();
   const ClientAnswer answer = client->get(kApi + "/echo");
   EXPECT_TRUE(answer.body.starts_with("<?xml"));
   EXPECT_NE(answer.headers.find("application/xml"), std::string::npos);
}

TEST_F(KaseyaVsaSim, a_token_opens_a_session_in_any_case_of_its_letters) {
   start();
   for (const std::string& token : {token_of(1), std::string("0F1E2D3C-0000-4000-8000-000000000001")}) {
      rapidjson::Document answer;
      answer.Parse(sign_in("console", token).body);
      ASSERT_TRUE(answer.IsObject());
      EXPECT_STREQ(answer["Error"].GetString(), "None");
      const auto& result = answer["Result"];
      EXPECT_STREQ(result["TenantId"].GetString(), "1");
      EXPECT_STREQ(result["UserName"].GetString(), "console");
      EXPECT_EQ(result["RoleId"].GetUint(), 2U);
      EXPECT_STREQ(result["ScopeId"].GetString(), "2");
      EXPECT_EQ(std::string(result["SessionExpiration"].GetString()).size(),
                std::string("2019-03-21T11:33:04.833").size());
   }
   EXPECT_EQ(simulator->sign_ins(), 2U);
}

TEST_F(KaseyaVsaSim, the_documented_hashes_open_a_session) {
   start(kVectorScenario);
   const ClientAnswer answer = get("/auth", {password_header(kPass2, kPass1, kRpass2, kRpass1, "994656")});
   EXPECT_EQ(answer.status, 200);
   EXPECT_NE(answer.body.find(R"("UserName":"kadmin")"), std::string::npos) << answer.body;
}

TEST_F(KaseyaVsaSim, one_wrong_digit_in_any_hash_is_refused) {
   start(kVectorScenario);
   const auto spoiled = [](std::string hash) {
      hash.back() = hash.back() == '0' ? '1' : '0';
      return hash;
   };
   std::string upper = kPass2;
   for (char& c : upper) c = static_cast<char>(toupper(c));
   const std::array headers = {password_header(spoiled(kPass2), kPass1, kRpass2, kRpass1, "994656"),
                               password_header(kPass2, spoiled(kPass1), kRpass2, kRpass1, "994656"),
                               password_header(kPass2, kPass1, spoiled(kRpass2), kRpass1, "994656"),
                               password_header(kPass2, kPass1, kRpass2, spoiled(kRpass1), "994656"),
                               password_header(kPass2, kPass1, kRpass2, kRpass1, "994657"),
                               password_header(upper, kPass1, kRpass2, kRpass1, "994656")};
   for (const std::string& header : headers) {
      simulator.reset();
      start(kVectorScenario);
      EXPECT_EQ(get("/auth", {header}).status, 401);
   }
}

struct RefusedCase {
   const char* name;
   const char* scenario;
   const char* user;
   std::string token;
   const char* text;
};

class KaseyaVsaRefusal : public KaseyaVsaSim, public testing::WithParamInterface<RefusedCase> {};

TEST_P(KaseyaVsaRefusal, is_a_401_with_the_text) {
   start(GetParam().scenario);
   const ClientAnswer answer = sign_in(GetParam().user, GetParam().token);
   EXPECT_EQ(answer.status, 401);
   EXPECT_EQ(answer.body,
             std::string(R"({"Result":null,"ResponseCode":4010001,"Status":"OK","Error":")") + GetParam().text + "\"}");
}

constexpr const char* kBadLogon = "Invalid credentials or the account is disabled.";

INSTANTIATE_TEST_SUITE_P(
    Each, KaseyaVsaRefusal,
    testing::Values(RefusedCase{"wrong_token", "", "console", "nonsense", kBadLogon},
                    RefusedCase{"another_users_token", "", "console", token_of(2), kBadLogon},
                    RefusedCase{"unknown_user", "", "nobody", token_of(1), kBadLogon},
                    RefusedCase{"disabled_user", "", "disabled", token_of(4), kBadLogon},
                    RefusedCase{"expired_token", "", "expired", token_of(5), kBadLogon},
                    RefusedCase{"wrong_address", "", "elsewhere", token_of(6), kBadLogon},
                    RefusedCase{"data_warehouse", "", "warehouse", token_of(7), kBadLogon},
                    RefusedCase{"revoked", R"({"users":[{"login":"a","tokens":[{"token":"t","state":"revoked"}]}]})",
                                "a", "t", kBadLogon},
                    RefusedCase{"locked", R"({"users":[{"login":"a","state":"locked","tokens":[{"token":"t"}]}]})", "a",
                                "t", kBadLogon},
                    RefusedCase{"old_server", R"({"token_support":false})", "console", token_of(1),
                                "Header missing user param"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(KaseyaVsaSim, refusals_outside_the_envelope_hold_none_of_it) {
   for (const auto& [form, body] : {std::pair{"text", "Access denied"}, std::pair{"empty", ""}}) {
      start(R"({"refusal":")" + std::string(form) + "\"}");
      const ClientAnswer answer = get("/assetmgmt/agents", {session_of("no-agents", token_of(2))});
      EXPECT_EQ(answer.status, 403) << form;
      EXPECT_EQ(answer.body, body);
   }
}

TEST_F(KaseyaVsaSim, a_request_without_authorization_is_told_so) {
   start();
   for (const char* route : {"/auth", "/system/orgs"}) {
      const ClientAnswer answer = get(route);
      EXPECT_EQ(answer.status, 401) << route;
      EXPECT_NE(answer.body.find("Header missing authorization"), std::string::npos) << route;
   }
}

TEST_F(KaseyaVsaSim, a_token_for_the_consoles_address_works_from_there) {
   start(R"({"client_address":"198.51.100.20"})");
   EXPECT_EQ(sign_in("elsewhere", token_of(6)).status, 200);
}

TEST_F(KaseyaVsaSim, bad_logons_in_a_row_lock_the_user_and_then_the_right_token_is_refused) {
   start(R"({"lock_after":2})");
   EXPECT_EQ(sign_in("console", "wrong").status, 401);
   EXPECT_EQ(sign_in("console", token_of(1)).status, 200) << "one bad logon locks nobody";
   EXPECT_EQ(sign_in("console", "wrong").status, 401);
   EXPECT_EQ(sign_in("console", "wrong").status, 401);
   EXPECT_EQ(sign_in("console", token_of(1)).status, 401);
   EXPECT_EQ(simulator->sign_ins(), 5U);
}

struct FormCase {
   const char* name;
   const char* scenario;
   long status;
   const char* holds;
};

class KaseyaVsaRefusalForm : public KaseyaVsaSim, public testing::WithParamInterface<FormCase> {};

TEST_P(KaseyaVsaRefusalForm, is_answered_in_that_form) {
   start(GetParam().scenario);
   const ClientAnswer answer = sign_in("console", "wrong");
   EXPECT_EQ(answer.status, GetParam().status);
   EXPECT_NE(answer.body.find(GetParam().holds), std::string::npos) << answer.body;
}

INSTANTIATE_TEST_SUITE_P(
    Each, KaseyaVsaRefusalForm,
    testing::Values(
        FormCase{"in_200", R"({"refusal":"in_200"})", 200, R"("ResponseCode":4010001,)"},
        FormCase{"three_digits", R"({"response_code":"three_digits"})", 401, R"("ResponseCode":401,)"},
        FormCase{"seven_digits_text", R"({"response_code":"seven_digits_text"})", 401, R"("ResponseCode":"4010001",)"},
        FormCase{"three_digits_text", R"({"response_code":"three_digits_text"})", 401, R"("ResponseCode":"401",)"},
        FormCase{"text", R"({"refusal":"text"})", 401, kBadLogon}, FormCase{"empty", R"({"refusal":"empty"})", 401, ""},
        FormCase{"page", R"({"refusal":"page"})", 401, "<!DOCTYPE html>"},
        FormCase{"captured", R"({"refusal":"in_200","response_code":"three_digits","refusal_words":"captured"})", 200,
                 R"("ResponseCode":401,"Status":"OK","Error":"None"})"}),
    [](const auto& instance) { return std::string(instance.param.name); });

class KaseyaVsaSessionForm : public KaseyaVsaSim, public testing::WithParamInterface<FormCase> {};

TEST_P(KaseyaVsaSessionForm, is_answered_in_that_form) {
   start(GetParam().scenario);
   std::string body = sign_in("console", token_of(1)).body;
   for (char& c : body)
      if (c >= '0' && c <= '9') c = 'n';
   EXPECT_NE(body.find(GetParam().holds), std::string::npos) << body;
   const bool is_without = std::string(GetParam().name).starts_with("without");
   EXPECT_EQ(body.find("SessionExpiration") == std::string::npos, is_without) << body;
}

INSTANTIATE_TEST_SUITE_P(
    Each, KaseyaVsaSessionForm,
    testing::Values(
        FormCase{"fraction", "", 200, R"("SessionExpiration":"nnnn-nn-nnTnn:nn:nn.nnn")"},
        FormCase{"plain", R"({"session_expiration":"plain"})", 200, R"("SessionExpiration":"nnnn-nn-nnTnn:nn:nn")"},
        FormCase{"zulu", R"({"session_expiration":"zulu"})", 200, R"("SessionExpiration":"nnnn-nn-nnTnn:nn:nnZ")"},
        FormCase{"fraction_zulu", R"({"session_expiration":"fraction_zulu"})", 200,
                 R"("SessionExpiration":"nnnn-nn-nnTnn:nn:nn.nnnZ")"},
        FormCase{"without", R"({"session_expiration":"absent"})", 200, R"("CultureInfo":"en-US")"},
        FormCase{"without_in_9_3", R"({"version":"9.3.0.0"})", 200, R"("MachineGroupName":null,"Attributes":null},)"},
        FormCase{"ids_as_text", R"({"ids":"text"})", 200, R"("RoleId":"n","ScopeId":"n")"},
        FormCase{"ids_as_numbers", R"({"ids":"number"})", 200, R"("TenantId":n,"Token":nnnnnnnn,)"}),
    [](const auto& instance) { return std::string(instance.param.name); });

struct ProbeCase {
   const char* name;
   const char* user;
   unsigned token;
   const char* scenario;
   const char* route;
   long status;
   const char* holds;
};

class KaseyaVsaProbe : public KaseyaVsaSim, public testing::WithParamInterface<ProbeCase> {};

TEST_P(KaseyaVsaProbe, is_answered_by_role_token_and_scope) {
   start(GetParam().scenario);
   const std::string session = session_of(GetParam().user, token_of(GetParam().token));
   const ClientAnswer answer = get(GetParam().route, {session});
   EXPECT_EQ(answer.status, GetParam().status);
   EXPECT_NE(answer.body.find(GetParam().holds), std::string::npos) << answer.body;
}

INSTANTIATE_TEST_SUITE_P(
    Each, KaseyaVsaProbe,
    testing::Values(
        ProbeCase{"environment", "console", 1, "", "/environment", 200, R"({"Version":"9.5.0.0"})"},
        ProbeCase{"orgs", "console", 1, "", "/system/orgs?$top=1", 200,
                  R"({"TotalRecords":3,"Result":[{"OrgId":"61245863458712349876543211",)"},
        ProbeCase{"orgs_encoded", "console", 1, "", "/system/orgs?%24top=1&%24skip=2", 200, "Cedar Street Dental"},
        ProbeCase{"machinegroups", "console", 1, "", "/system/machinegroups?$top=1", 200, R"("TotalRecords":3)"},
        ProbeCase{"agents", "console", 1, "", "/assetmgmt/agents?$top=1", 200, R"("AgentId":"981245863458711")"},
        ProbeCase{"agentprocs", "console", 1, "", "/automation/agentprocs?$top=1", 200, R"("TotalRecords":2)"},
        ProbeCase{"securityproducts", "console", 1, "",
                  "/assetmgmt/audit/981245863458711/software/securityproducts?$top=1", 200, R"("TotalRecords":1)"},
        ProbeCase{"securityproducts_of_nobody", "console", 1, "", "/assetmgmt/audit/1/software/securityproducts?$top=1",
                  404, R"("ResponseCode":4040001)"},
        ProbeCase{"servicedesk_module", "console", 1, "", "/ismoduleactivated/18", 200, R"({"Result":true,)"},
        ProbeCase{"servicedesks", "console", 1, "", "/automation/servicedesks?$top=1", 200, R"("TotalRecords":1)"},
        ProbeCase{"no_servicedesk_module", "console", 1, R"({"service_desk":false})", "/ismoduleactivated/18", 200,
                  R"({"Result":false,)"},
        ProbeCase{"no_servicedesks", "console", 1, R"({"service_desk":false})", "/automation/servicedesks", 404,
                  "4040001"},
        ProbeCase{"denied_by_role", "no-agents", 2, "", "/assetmgmt/agents?$top=1", 403,
                  R"("ResponseCode":4030001,"Status":"OK","Error":"Access denied")"},
        ProbeCase{"denied_in_200", "no-agents", 2, R"({"refusal":"in_200"})", "/assetmgmt/agents?$top=1", 200,
                  R"("ResponseCode":4030001)"},
        ProbeCase{"other_right_of_that_role", "no-agents", 2, "", "/system/orgs?$top=1", 200, R"("TotalRecords":3)"},
        ProbeCase{"denied_by_token", "narrow-token", 8, "", "/system/orgs?$top=1", 403, "Access denied"},
        ProbeCase{"empty_scope", "sees-nothing", 3, "", "/system/orgs?$top=1", 200,
                  R"({"TotalRecords":0,"Result":[],)"},
        ProbeCase{"unknown_route", "console", 1, "", "/no/such/route", 404, "4040001"}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST_F(KaseyaVsaSim, a_session_ends_when_it_expires_is_dropped_or_is_ended) {
   start(R"({"session_seconds":0})");
   EXPECT_EQ(get("/environment", {session_of("console", token_of(1))}).status, 401);

   start(R"({"drop_session_after":2})");
   const std::string dropped = session_of("console", token_of(1));
   EXPECT_EQ(get("/environment", {dropped}).status, 200);
   EXPECT_EQ(get("/environment", {dropped}).status, 200);
   EXPECT_EQ(get("/environment", {dropped}).status, 401);

   start();
   const std::string ended = session_of("console", token_of(1));
   EXPECT_EQ(client->send("DELETE", kApi + "/system/users/session", {ended, kJson}, "").status, 204);
   EXPECT_EQ(get("/environment", {ended}).status, 401);
   EXPECT_EQ(simulator->writes(), 1U);
}

TEST_F(KaseyaVsaSim, a_session_can_be_renewed_without_credentials) {
   start();
   const std::string session = session_of("console", token_of(1));
   rapidjson::Document answer;
   answer.Parse(get("/authx", {session}).body);
   ASSERT_TRUE(answer.IsObject());
   const std::string renewed = std::string("Authorization: Bearer ") + answer["Result"]["Token"].GetString();
   EXPECT_EQ(get("/environment", {renewed}).status, 200);
   EXPECT_EQ(get("/environment", {session}).status, 401);
   EXPECT_EQ(simulator->sign_ins(), 1U);
}

TEST_F(KaseyaVsaSim, a_hardened_server_resets_routes_that_change_users) {
   start(R"({"hardened":true})");
   const std::string session = session_of("console", token_of(1));
   EXPECT_EQ(client->send("POST", kApi + "/system/users", {session, kJson}, "{}").code, CURLE_RECV_ERROR);
   EXPECT_EQ(get("/environment", {session}).status, 200);
}

TEST_F(KaseyaVsaSim, other_products_show_no_envelope) {
   start(R"({"product":"vsa_x"})");
   const ClientAnswer other = get("/echo");
   EXPECT_EQ(other.status, 404);
   EXPECT_EQ(other.body.find("ResponseCode"), std::string::npos);
   start(R"({"product":"portal"})");
   const ClientAnswer portal = get("/echo");
   EXPECT_EQ(portal.status, 200);
   EXPECT_NE(portal.headers.find("text/html"), std::string::npos);
}

TEST_F(KaseyaVsaSim, faults_and_another_host_name_work_as_for_every_platform) {
   start(R"({"host":"rmm.msp.example","faults":[{"match":{"path":"/api/v1.0/assetmgmt/agents"},"fault":"reset"}]})");
   EXPECT_EQ(client->get("https://rmm.msp.example/api/v1.0/echo", {kJson}).status, 200);
   EXPECT_EQ(client->get("https://rmm.msp.example/api/v1.0/assetmgmt/agents", {kJson}).code, CURLE_RECV_ERROR);
}

TEST(KaseyaVsaSimulator, a_bad_scenario_is_refused_with_the_place) {
   const std::array cases = {
       std::pair{R"({"users":[{"login":"a","role":"King"}]})", "users[0].role: \"King\" is none of the roles."},
       std::pair{R"({"users":[{"login":"a","tokens":[{}]}]})", "users[0].tokens[0].token: must not be empty."},
       std::pair{R"({"roles":[]})", "roles: must name at least one role."},
       std::pair{R"({"roles":[{"functions":["fly"]}]})",
                 "roles[0].functions: \"fly\" is not known. Known are: agentprocs, agents, environment, machinegroups, "
                 "orgs, securityproducts, servicedesks."}};
   for (const auto& [scenario, message] : cases) {
      try {
         const KaseyaVsaSimulator simulator(scenario);
         ADD_FAILURE() << scenario << " was accepted";
      } catch (const ScenarioError& error) {
         EXPECT_STREQ(error.what(), message);
      }
   }
}

}  // namespace
}  // namespace msp::sim
