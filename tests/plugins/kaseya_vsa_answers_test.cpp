// What VSA's answers mean, one by one, without a network.
#include <gtest/gtest.h>

#include "answer.hpp"
#include "open_session.hpp"
#include "refusal.hpp"
#include "rights.hpp"

namespace {

using namespace kaseya_vsa;
using msp::sdk::Granted;
using msp::sdk::How;
using msp::sdk::Json;
using msp::sdk::Outcome;

constexpr std::int64_t kNow = 1'700'000'000;  // 2023-11-14T22:13:20Z

struct AnswerCase {
   const char* name;
   int status;
   const char* body;
   Meaning meaning;
};

std::ostream& operator<<(std::ostream& out, const AnswerCase& each) { return out << each.name; }

struct KaseyaVsaAnswer : testing::TestWithParam<AnswerCase> {};

TEST_P(KaseyaVsaAnswer, means_what_its_envelope_says_and_not_what_its_status_claims) {
   const AnswerCase& each = GetParam();
   EXPECT_EQ(read_answer(each.status, each.body).meaning, each.meaning);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryShape, KaseyaVsaAnswer,
    testing::Values(
        AnswerCase{"Success", 200, R"({"TotalRecords":3,"Result":[],"ResponseCode":0,"Status":"OK","Error":"None"})",
                   Meaning::document},
        AnswerCase{"ErrorNull", 200, R"({"Result":[],"ResponseCode":0,"Error":null})", Meaning::document},
        AnswerCase{"ErrorEmpty", 200, R"({"Result":[],"ResponseCode":"0","Error":""})", Meaning::document},
        AnswerCase{"NoCodeNoError", 200, R"({"Result":[]})", Meaning::document},
        AnswerCase{"Code200", 200, R"({"Result":[],"ResponseCode":200})", Meaning::document},
        AnswerCase{"Code299AsText", 201, R"({"Result":[],"ResponseCode":"299"})", Meaning::document},
        AnswerCase{"Code2000001", 200, R"({"Result":[],"ResponseCode":2000001})", Meaning::document},
        AnswerCase{"EmptyNoContent", 204, "", Meaning::document}, AnswerCase{"EmptyOk", 200, "", Meaning::senseless},
        AnswerCase{"CapturedRefusalThatLooksOk", 200, R"({"ResponseCode":401,"Status":"OK","Error":"None"})",
                   Meaning::rejected},
        AnswerCase{"RefusalAsText", 200, R"({"ResponseCode":"401","Status":"OK"})", Meaning::rejected},
        AnswerCase{"RefusalOfSevenDigits", 200, R"({"ResponseCode":4010001,"Error":"Invalid credentials"})",
                   Meaning::rejected},
        AnswerCase{"RefusalOfSevenDigitsAsText", 401, R"({"ResponseCode":"4010001"})", Meaning::rejected},
        AnswerCase{"RefusalByStatusAlone", 401, "", Meaning::rejected},
        AnswerCase{"RefusalByStatusWithEnvelopeOfSuccess", 401, R"({"ResponseCode":0,"Status":"OK","Error":"None"})",
                   Meaning::rejected},
        AnswerCase{"Denied", 403, R"({"ResponseCode":4030001,"Error":"Access denied"})", Meaning::denied},
        AnswerCase{"DeniedInside200", 200, R"({"ResponseCode":4030001,"Status":"OK","Error":"Access denied"})",
                   Meaning::denied},
        AnswerCase{"DeniedInPlainText", 403, "Access denied", Meaning::denied},
        AnswerCase{"DeniedWithoutAWord", 403, "", Meaning::denied},
        AnswerCase{"DeniedInOtherJson", 403, R"({"Message":"No"})", Meaning::denied},
        AnswerCase{"DeniedWithACodeThatIsNoNumber", 403, R"({"ResponseCode":"no"})", Meaning::denied},
        AnswerCase{"PageOfAGateway", 403, "<html>Forbidden</html>", Meaning::senseless},
        AnswerCase{"NotThere", 404, "<html>Not found</html>", Meaning::not_there},
        AnswerCase{"NotThereInside200", 200, R"({"ResponseCode":404,"Error":"No such module"})", Meaning::not_there},
        AnswerCase{"ErrorTextAlone", 200, R"({"Result":null,"ResponseCode":0,"Status":"OK","Error":"Locked"})",
                   Meaning::refused},
        AnswerCase{"ErrorThatIsNoText", 200, R"({"ResponseCode":0,"Error":{"text":"odd"}})", Meaning::refused},
        AnswerCase{"BadRequest", 400, R"({"ResponseCode":400,"Error":"Bad filter"})", Meaning::refused},
        AnswerCase{"Throttled", 429, "", Meaning::throttled}, AnswerCase{"Redirect", 302, "", Meaning::redirected},
        AnswerCase{"CodeOfARedirectIsNoRedirect", 200, R"({"ResponseCode":302})", Meaning::senseless},
        AnswerCase{"Outage", 503, "<html>down</html>", Meaning::outage},
        AnswerCase{"OutageInside200", 200, R"({"ResponseCode":5000001,"Error":"Database"})", Meaning::outage},
        AnswerCase{"CodeThatIsNoNumber", 200, R"({"Result":[],"ResponseCode":"fine"})", Meaning::senseless},
        AnswerCase{"Page", 200, "<!DOCTYPE html><html></html>", Meaning::senseless},
        AnswerCase{"Xml", 200, "<ApiResult><Error>None</Error></ApiResult>", Meaning::senseless},
        AnswerCase{"List", 200, "[]", Meaning::senseless},
        AnswerCase{"Truncated", 200, R"({"Result":[{"AgentId":"1")", Meaning::senseless}),
    [](const auto& test) { return test.param.name; });

TEST(KaseyaVsaAnswerText, is_the_platforms_own_and_never_a_page) {
   EXPECT_EQ(read_answer(403, R"({"ResponseCode":4030001,"Error":" Access denied "})").says, "Access denied");
   EXPECT_EQ(read_answer(400, R"("Header missing user param")").says, "Header missing user param");
   EXPECT_EQ(read_answer(401, "Header missing authorization").says, "Header missing authorization");
   EXPECT_EQ(read_answer(400, R"({"Message":"No"})").says, "No");
   EXPECT_EQ(read_answer(500, "<html>stack trace</html>").says, "");
   EXPECT_EQ(read_answer(200, R"({"ResponseCode":401,"Status":"OK","Error":"None"})").says, "");
   EXPECT_EQ(read_answer(400, std::string(5000, 'x')).says, std::string(5000, 'x')) << "whole, for the host to shorten";
}

TEST(KaseyaVsaAnswerText, evidence_names_both_codes_where_they_differ) {
   EXPECT_EQ(evidence_of(read_answer(403, R"({"ResponseCode":4030001,"Error":"Access denied"})")),
             "HTTP 403: Access denied");
   EXPECT_EQ(evidence_of(read_answer(200, R"({"ResponseCode":"4010001","Error":"None"})")),
             "HTTP 200, ResponseCode 401");
   EXPECT_EQ(evidence_of(read_answer(200, R"({"ResponseCode":"x"})")), "HTTP 200, a ResponseCode that cannot be read");
}

// Sessions.

std::optional<OpenSession> session_of(const std::string& result) {
   const auto json = Json::parse(result);
   return read_open_session(json->root(), kNow);
}

TEST(KaseyaVsaSession, the_documented_answer_is_read_whole) {
   const auto session = session_of(
       R"({"TenantId":"1","Token":"90151280","UserName":"kadmin","RoleId":2,"ScopeId":"2","AdminId":55957651,
           "MachineId":null,"MachineGroupName":null,"SessionExpiration":"2033-03-21T11:33:04.833","CultureInfo":"en-US",
           "TimePref":"Browser","OffSetInMinutes":420,"ApiToken":"MC5N...","Attributes":null})");
   ASSERT_TRUE(session);
   EXPECT_EQ(session->token.view(), "90151280");
   EXPECT_EQ(session->expires_at, 1'995'017'584);
   const auto identity = session->identity(ServerAddress{"vsa.example.com"}, "typed");
   EXPECT_EQ(identity.account, "vsa.example.com/1");
   EXPECT_EQ(identity.label, "vsa.example.com, tenant 1, role 2, scope 2");
   EXPECT_EQ(identity.principal, "kadmin");
   EXPECT_EQ(identity.endpoint, "https://vsa.example.com/api/v1.0/");
}

TEST(KaseyaVsaSession, only_the_token_is_needed_and_it_may_be_a_number) {
   const auto session = session_of(R"({"Token":90151280123456789012345})");
   ASSERT_TRUE(session);
   EXPECT_EQ(session->token.view(), "90151280123456789012345");
   EXPECT_EQ(session->expires_at, kNow + 1200);
   const auto identity = session->identity(ServerAddress{"vsa.example.com:8443"}, "KAdmin");
   EXPECT_EQ(identity.account, "vsa.example.com:8443");
   EXPECT_EQ(identity.principal, "kadmin");
}

TEST(KaseyaVsaSession, without_a_usable_token_there_is_none) {
   for (const char* result :
        {R"({})", R"({"Token":null})", R"({"Token":""})", R"({"Token":"a\r\nX: y"})", R"([])", R"("90151280")", "null"})
      EXPECT_FALSE(session_of(result)) << result;
}

TEST(KaseyaVsaSession, its_end_is_read_in_every_shape_as_utc) {
   const std::int64_t end = 1'995'017'584;
   const std::pair<const char*, std::int64_t> cases[] = {
       {R"("2033-03-21T11:33:04")", end},
       {R"("2033-03-21T11:33:04Z")", end},
       {R"("2033-03-21T11:33:04.8")", end},
       {R"("2033-03-21T11:33:04.8333333Z")", end},
       {R"("2033-03-21T13:33:04+02:00")", end},
       {R"(" 2033-03-21T11:33:04.833 ")", end},
       {R"("2019-03-21T11:33:04.833")", kNow + 1200},  // passed already: a clock goes wrong
       {R"("soon")", kNow + 1200},
       {R"("")", kNow + 1200},
       {"null", kNow + 1200},
       {"17", kNow + 1200},
   };
   for (const auto& [text, expected] : cases) {
      const auto session = session_of(R"({"Token":"1","SessionExpiration":)" + std::string(text) + "}");
      ASSERT_TRUE(session) << text;
      EXPECT_EQ(session->expires_at, expected) << text;
   }
}

TEST(KaseyaVsaSession, requests_carry_the_token_and_ask_for_json) {
   const auto headers = session_of(R"({"Token":"90151280"})")->headers();
   ASSERT_EQ(headers.size(), 2U);
   EXPECT_EQ(headers[0].name, "Authorization");
   EXPECT_EQ(headers[0].value.view(), "Bearer 90151280");
   EXPECT_EQ(headers[1].name, "Accept");
   EXPECT_EQ(headers[1].value.view(), "application/json");
}

// The server, by its answer to /echo.

struct ServerCase {
   const char* name;
   const char* server;
   int status;
   const char* body;
   const char* code;  // empty: it is a VSA
   Outcome outcome;
   const char* challenge = "";
};

std::ostream& operator<<(std::ostream& out, const ServerCase& each) { return out << each.name; }

struct KaseyaVsaServer : testing::TestWithParam<ServerCase> {};

TEST_P(KaseyaVsaServer, is_known_by_its_first_answer) {
   const ServerCase& each = GetParam();
   const auto refusal =
       refusal_of_server(read_answer(each.status, each.body, each.challenge), ServerAddress{each.server});
   EXPECT_EQ(refusal ? refusal->finding.code() : "", each.code);
   if (refusal) {
      EXPECT_EQ(refusal->outcome, each.outcome);
   }
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, KaseyaVsaServer,
    testing::Values(
        ServerCase{"Vsa9", "vsa.example.com", 200,
                   R"({"Result":"hello","ResponseCode":0,"Status":"OK","Error":"None"})", "", Outcome::accepted},
        ServerCase{"Vsa9ThatWantsCredentials", "vsa.example.com", 401,
                   R"({"ResponseCode":4010001,"Status":"OK","Error":"Header missing authorization"})", "",
                   Outcome::accepted},
        ServerCase{"Vsa9ThatWantsCredentialsInPlainText", "vsa.example.com", 401, "Header missing authorization", "",
                   Outcome::accepted},
        ServerCase{"VsaXByName", "acme.vsax.net", 404, "", "platform.wrong_product", Outcome::incompatible},
        ServerCase{"VsaXByAnswer", "vsa.example.com", 404, R"({"Data":null,"Meta":{"ResponseCode":404}})",
                   "platform.wrong_product", Outcome::incompatible},
        ServerCase{"VsaXThatWantsCredentials", "vsa.example.com", 401, R"({"Data":null,"Meta":{"ResponseCode":401}})",
                   "platform.wrong_product", Outcome::incompatible},
        ServerCase{"VsaXByNameThatWantsCredentials", "acme.vsax.net", 401, "", "platform.wrong_product",
                   Outcome::incompatible},
        ServerCase{"SomebodyWhoWantsCredentialsWithoutAWord", "vsa.example.com", 401, "",
                   "platform.unexpected_response", Outcome::unavailable},
        ServerCase{"SomebodyWhoWantsCredentialsInPlainText", "vsa.example.com", 401, "Unauthorized",
                   "platform.unexpected_response", Outcome::unavailable},
        ServerCase{"Portal", "www.example.com", 200, "<html>Welcome</html>", "platform.wrong_product",
                   Outcome::incompatible},
        ServerCase{"OtherJson", "www.example.com", 200, R"({"hello":"world"})", "platform.wrong_product",
                   Outcome::incompatible},
        ServerCase{"NothingThere", "www.example.com", 404, "<html></html>", "platform.wrong_product",
                   Outcome::incompatible},
        ServerCase{"Gateway", "vsa.example.com", 403, "<html>Forbidden</html>", "platform.unexpected_response",
                   Outcome::unavailable},
        ServerCase{"GatewayThatWantsASignIn", "vsa.example.com", 401, "<html>Sign in</html>",
                   "platform.unexpected_response", Outcome::unavailable},
        ServerCase{"GatewayThatWantsASignInWithoutAPage", "vsa.example.com", 401, "", "platform.unexpected_response",
                   Outcome::unavailable, "Negotiate"},
        ServerCase{"GatewayWithoutAPage", "vsa.example.com", 403, "", "platform.unexpected_response",
                   Outcome::unavailable},
        ServerCase{"SignInPage", "vsa.example.com", 200, "<html><input type=\"password\"></html>",
                   "platform.unexpected_response", Outcome::unavailable},
        ServerCase{"SignInPageWith403", "vsa.example.com", 403, "<html><input type=\"password\"></html>",
                   "platform.unexpected_response", Outcome::unavailable},
        ServerCase{"Vsa9WithAChallenge", "vsa.example.com", 401,
                   R"({"ResponseCode":4010001,"Status":"OK","Error":"Header missing authorization"})", "",
                   Outcome::accepted, "Basic realm=\"VSA\""},
        ServerCase{"VsaXByNameWithAPage", "acme.vsax.net", 401, "<html>Sign in</html>", "platform.wrong_product",
                   Outcome::incompatible},
        ServerCase{"Redirect", "vsa.example.com", 302, "", "platform.redirected", Outcome::unavailable},
        ServerCase{"Outage", "vsa.example.com", 503, "<html>down</html>", "platform.unavailable", Outcome::unavailable},
        ServerCase{"Throttled", "vsa.example.com", 429, "", "platform.throttled", Outcome::throttled}),
    [](const auto& test) { return test.param.name; });

// Refusals of the sign-in.

struct RefusalCase {
   const char* name;
   Method method;
   int status;
   const char* body;
   const char* code;
   Outcome outcome;
};

std::ostream& operator<<(std::ostream& out, const RefusalCase& each) { return out << each.name; }

struct KaseyaVsaRefusal : testing::TestWithParam<RefusalCase> {};

TEST_P(KaseyaVsaRefusal, is_told_apart_only_where_vsa_does) {
   const RefusalCase& each = GetParam();
   const Refusal refusal = refusal_of_sign_in(read_answer(each.status, each.body), each.method);
   EXPECT_EQ(refusal.finding.code(), each.code);
   EXPECT_EQ(refusal.outcome, each.outcome);
}

TEST(KaseyaVsaRefusalText, a_reason_that_vsa_gives_is_shown_and_no_other_is_guessed) {
   const struct {
      Method method;
      const char* reason;
      const char* remedy;
   } cases[] = {
       {Method::token, "Account is locked", "Unlock the user"},
       {Method::password, "Account is locked", "Unlock the user"},
       {Method::token, "Token has expired", "create a token"},
       {Method::token, "Password has expired", "Set a new password"},
       {Method::password, "Password has expired", "Set a new password"},
       {Method::token, "User is disabled", "Access Tokens tab"},
       {Method::password, "User is disabled", "set its password again"},
   };
   for (const auto& each : cases) {
      const Refusal refusal = refusal_of_sign_in(
          read_answer(401, R"({"ResponseCode":4010001,"Error":")" + std::string(each.reason) + "\"}"), each.method);
      const msp_finding table = refusal.finding.table();
      EXPECT_EQ(std::string(table.summary),
                "VSA refused the sign-in and gives the reason: \"" + std::string(each.reason) + "\"");
      EXPECT_NE(std::string(table.remedy).find(each.remedy), std::string::npos) << each.reason << ": " << table.remedy;
      EXPECT_EQ(table.http_status, 401);
   }
}

TEST(KaseyaVsaRefusalText, words_that_give_no_reason_are_shown_and_not_called_silence) {
   for (const Method method : {Method::token, Method::password}) {
      for (const char* words : {"Invalid credentials", "Access denied", "Unauthorized"}) {
         const Refusal refusal = refusal_of_sign_in(
             read_answer(401, R"({"ResponseCode":4010001,"Error":")" + std::string(words) + "\"}"), method);
         const std::string summary = refusal.finding.table().summary;
         EXPECT_NE(summary.find("(HTTP 401) and says only: \"" + std::string(words) + "\". Possible causes: the "),
                   std::string::npos)
             << summary;
         EXPECT_EQ(summary.find("does not say why"), std::string::npos) << summary;
      }
      const std::string silent = refusal_of_sign_in(read_answer(401, ""), method).finding.table().summary;
      EXPECT_NE(silent.find("(HTTP 401) and does not say why. Possible causes: "), std::string::npos) << silent;
   }
}

TEST(KaseyaVsaRefusalText, a_page_is_told_as_a_gateways_or_vsas) {
   for (const auto& [method, status] : {std::pair{Method::token, 401}, std::pair{Method::password, 401},
                                        std::pair{Method::token, 403}, std::pair{Method::password, 403}}) {
      const Refusal refusal = refusal_of_sign_in(read_answer(status, "<html></html>"), method);
      const msp_finding table = refusal.finding.table();
      EXPECT_NE(std::string(table.summary).find("(HTTP " + std::to_string(status) + ")"), std::string::npos);
      EXPECT_NE(std::string(table.summary).find("by VSA or by a proxy or gateway in front of it"), std::string::npos);
      EXPECT_NE(std::string(table.remedy).find("If there is none, VSA has refused"), std::string::npos);
   }
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, KaseyaVsaRefusal,
    testing::Values(
        RefusalCase{"WrongPair401", Method::token, 401, R"({"ResponseCode":4010001,"Error":"Invalid"})",
                    "auth.rejected", Outcome::refused},
        RefusalCase{"WrongPair200", Method::password, 200, R"({"ResponseCode":4010001,"Status":"OK","Error":"None"})",
                    "auth.rejected", Outcome::refused},
        RefusalCase{"Denied", Method::token, 403, R"({"ResponseCode":4030001,"Error":"Access denied"})",
                    "auth.rejected", Outcome::refused},
        RefusalCase{"DeniedInPlainText", Method::token, 403, "Access denied", "auth.rejected", Outcome::refused},
        RefusalCase{"DeniedWithoutAWord", Method::password, 403, "", "auth.rejected", Outcome::refused},
        RefusalCase{"DeniedByAPage", Method::token, 403, "<html>Forbidden</html>", "auth.unclear", Outcome::refused},
        RefusalCase{"TextAlone", Method::token, 200, R"({"ResponseCode":0,"Error":"Account locked"})", "auth.locked",
                    Outcome::refused},
        RefusalCase{"Locked", Method::token, 401, R"({"ResponseCode":4010001,"Error":"Account is locked"})",
                    "auth.locked", Outcome::refused},
        RefusalCase{"LockedWith403", Method::password, 403, R"({"ResponseCode":4030001,"Error":"Account is locked"})",
                    "auth.locked", Outcome::refused},
        RefusalCase{"Expired", Method::password, 401, R"({"ResponseCode":4010001,"Error":"Password expired"})",
                    "auth.expired", Outcome::refused},
        RefusalCase{"ExpiredToken", Method::token, 200, R"({"ResponseCode":4010001,"Error":"Token has expired"})",
                    "auth.expired", Outcome::refused},
        RefusalCase{"Disabled", Method::token, 401, R"({"ResponseCode":4010001,"Error":"User is disabled"})",
                    "auth.rejected", Outcome::refused},
        RefusalCase{"PageWith401", Method::token, 401, "<html>Access is denied.</html>", "auth.unclear",
                    Outcome::refused},
        RefusalCase{"SignInPage", Method::password, 401, "<html><input type=\"password\"></html>", "auth.unclear",
                    Outcome::refused},
        RefusalCase{"SignInPageWith200", Method::token, 200, "<html><input type=\"password\"></html>",
                    "platform.unexpected_response", Outcome::unavailable},
        RefusalCase{"EmptyBody", Method::token, 401, "", "auth.rejected", Outcome::refused},
        RefusalCase{"OldServer400", Method::token, 400, R"({"ResponseCode":400,"Error":"Header missing user param"})",
                    "platform.unsupported_version", Outcome::incompatible},
        RefusalCase{"OldServer401", Method::token, 401,
                    R"({"ResponseCode":4010001,"Error":"Header missing user param"})", "platform.unsupported_version",
                    Outcome::incompatible},
        RefusalCase{"OldServerInPlainText", Method::token, 200, R"("Header missing user param")",
                    "platform.unsupported_version", Outcome::incompatible},
        RefusalCase{"SameTextForAPasswordIsARefusal", Method::password, 401,
                    R"({"ResponseCode":4010001,"Error":"Header missing user param"})", "auth.rejected",
                    Outcome::refused},
        RefusalCase{"HeaderLostOnTheWay", Method::token, 401,
                    R"({"ResponseCode":4010001,"Error":"Header missing authorization"})",
                    "platform.unexpected_response", Outcome::unavailable},
        RefusalCase{"SuccessWithoutToken", Method::token, 200, R"({"Result":{},"ResponseCode":0,"Error":"None"})",
                    "platform.unexpected_response", Outcome::unavailable},
        RefusalCase{"Page", Method::token, 200, "<html>Sign in</html>", "platform.unexpected_response",
                    Outcome::unavailable},
        RefusalCase{"Redirect", Method::token, 302, "", "platform.redirected", Outcome::unavailable},
        RefusalCase{"Outage", Method::token, 502, "", "platform.unavailable", Outcome::unavailable},
        RefusalCase{"Throttled", Method::token, 429, "", "platform.throttled", Outcome::throttled}),
    [](const auto& test) { return test.param.name; });

// Rights.

const Probe kAgentsProbe{"agents.read", kAgents, "agents"};

struct RightCase {
   const char* name;
   int status;
   const char* body;
   Granted granted;
   Outcome outcome;
   const char* finding;
   const char* evidence;
};

std::ostream& operator<<(std::ostream& out, const RightCase& each) { return out << each.name; }

struct KaseyaVsaRight : testing::TestWithParam<RightCase> {};

TEST_P(KaseyaVsaRight, is_what_the_answer_proves_and_no_more) {
   const RightCase& each = GetParam();
   const Right right = read_right(kAgentsProbe, read_answer(each.status, each.body), "");
   EXPECT_EQ(right.granted, each.granted);
   EXPECT_EQ(right.outcome, each.outcome);
   EXPECT_EQ(right.finding ? right.finding->code() : "", each.finding);
   EXPECT_EQ(right.evidence, each.evidence);
   EXPECT_EQ(right.how, each.granted == Granted::unknown ? How::not_stated : How::probed);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, KaseyaVsaRight,
    testing::Values(
        RightCase{"Granted", 200, R"({"TotalRecords":3,"Result":[{"AgentId":"1"}],"ResponseCode":0,"Error":"None"})",
                  Granted::all, Outcome::accepted, "", "TotalRecords=3"},
        RightCase{"GrantedWithoutACount", 200, R"({"Result":[{"AgentId":"1"}]})", Granted::all, Outcome::accepted, "",
                  "TotalRecords not stated"},
        RightCase{"NothingToSee", 200, R"({"TotalRecords":0,"Result":[],"ResponseCode":0,"Error":"None"})",
                  Granted::all, Outcome::accepted, "perm.restricted", "TotalRecords=0"},
        RightCase{"Denied403", 403, R"({"ResponseCode":4030001,"Error":"Access denied"})", Granted::none,
                  Outcome::accepted, "", "HTTP 403: Access denied"},
        RightCase{"DeniedInside200", 200, R"({"ResponseCode":"4030001","Status":"OK","Error":"None"})", Granted::none,
                  Outcome::accepted, "", "HTTP 200, ResponseCode 403"},
        RightCase{"DeniedWithoutAnEnvelope", 403, "Access denied", Granted::none, Outcome::accepted, "",
                  "HTTP 403: Access denied"},
        RightCase{"ModuleMissing", 404, "", Granted::none, Outcome::accepted, "platform.unsupported_version",
                  "HTTP 404"},
        RightCase{"SessionRejected", 401, "", Granted::unknown, Outcome::unavailable, "platform.unexpected_response",
                  "HTTP 401"},
        RightCase{"Page", 200, "<html></html>", Granted::unknown, Outcome::unavailable, "platform.unexpected_response",
                  "HTTP 200"},
        RightCase{"NoList", 200, R"({"Result":"fine","ResponseCode":0})", Granted::unknown, Outcome::unavailable,
                  "platform.unexpected_response", "no list"},
        RightCase{"BadRequest", 400, R"({"ResponseCode":400,"Error":"Bad filter"})", Granted::unknown,
                  Outcome::unavailable, "platform.unexpected_response", "HTTP 400: Bad filter"},
        RightCase{"Outage", 500, "", Granted::unknown, Outcome::unavailable, "platform.unavailable", "HTTP 500"},
        RightCase{"Throttled", 429, "", Granted::unknown, Outcome::throttled, "platform.throttled", "HTTP 429"}),
    [](const auto& test) { return test.param.name; });

TEST(KaseyaVsaProbes, ask_for_one_record_each) {
   std::vector<std::string> paths;
   for (const Probe& probe : first_probes()) paths.push_back(probe.path);
   EXPECT_EQ(paths,
             (std::vector<std::string>{"system/orgs?$top=1", "system/machinegroups?$top=1", "assetmgmt/agents?$top=1",
                                       "automation/agentprocs?$top=1", "automation/servicedesks?$top=1"}));
}

TEST(KaseyaVsaProbes, one_that_was_never_sent_is_told_as_such) {
   const Right right = read_right(kAgentsProbe, Answer(), "");
   EXPECT_EQ(right.granted, Granted::unknown);
   EXPECT_EQ(right.evidence, "not asked: the time was over");
}

TEST(KaseyaVsaProbes, the_version_is_told_where_it_may_be_the_reason) {
   const std::string version = version_of(read_answer(200, R"({"Result":{"Version":"9.3.0.11"},"ResponseCode":0})"));
   EXPECT_EQ(version, "9.3.0.11");
   const Right right = read_right(kAgentsProbe, read_answer(404, ""), version);
   EXPECT_EQ(
       std::string(right.finding->table().summary),
       "This VSA (version 9.3.0.11) offers no list of agents: it is an older version, or the module that has them "
       "is not installed.");
   for (const char* body : {"<html></html>", R"({"Result":"fine"})", R"({"Result":{},"ResponseCode":4030001})"})
      EXPECT_EQ(version_of(read_answer(200, body)), "") << body;
}

TEST(KaseyaVsaProbes, security_products_are_asked_of_the_first_agent_whose_id_is_digits) {
   const auto path = [](const char* result) {
      const auto probe = security_products_probe(read_answer(200, R"({"Result":)" + std::string(result) + "}"));
      return probe ? probe->path : "";
   };
   EXPECT_EQ(path(R"([{"AgentId":"12345678901234567890123456"}])"),
             "assetmgmt/audit/12345678901234567890123456/software/securityproducts?$top=1");
   EXPECT_EQ(path(R"([{"AgentId":987654321098765432109876}])"),
             "assetmgmt/audit/987654321098765432109876/software/securityproducts?$top=1");
   EXPECT_EQ(path(R"([{"AgentId":"../../auth?x="},{"AgentId":"42"}])"),
             "assetmgmt/audit/42/software/securityproducts?$top=1");
   EXPECT_EQ(path("[]"), "");
   EXPECT_EQ(path(R"([{"AgentName":"a"}])"), "");
   EXPECT_FALSE(security_products_probe(read_answer(403, R"({"ResponseCode":4030001})")));
}

TEST(KaseyaVsaProbes, the_module_is_asked_about_where_service_desks_are_neither_listed_nor_denied) {
   for (const int status : {400, 404, 500}) EXPECT_TRUE(puts_module_in_doubt(read_answer(status, ""))) << status;
   for (const int status : {302, 401, 403, 429}) EXPECT_FALSE(puts_module_in_doubt(read_answer(status, ""))) << status;
   EXPECT_FALSE(puts_module_in_doubt(read_answer(200, R"({"Result":[]})")));
   EXPECT_FALSE(puts_module_in_doubt(Answer()));
}

TEST(KaseyaVsaProbes, service_desks_count_unless_the_module_is_clearly_off) {
   EXPECT_TRUE(service_desks_probe(Answer()));
   const auto asked = [](int status, const char* body) {
      return service_desks_probe(read_answer(status, body)).has_value();
   };
   EXPECT_TRUE(asked(200, R"({"Result":true,"ResponseCode":0})"));
   EXPECT_FALSE(asked(200, R"({"Result":false,"ResponseCode":0})"));
   EXPECT_FALSE(asked(200, R"({"Result":"False","ResponseCode":0})"));
   EXPECT_TRUE(asked(200, R"({"Result":"perhaps","ResponseCode":0})"));
   EXPECT_TRUE(asked(404, ""));
   EXPECT_TRUE(asked(200, R"({"Result":false,"ResponseCode":4030001})"));
}

}  // namespace
