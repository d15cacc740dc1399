// Signing in to Kaseya VSA, both ways: what is sent, what is said, and what comes out.
#include <gmock/gmock.h>

#include <chrono>

#include "kaseya_vsa_scene.hpp"

namespace {

using namespace msp::test;
using msp::host::Granted;
using msp::host::Operation;
using msp::host::Outcome;
using msp::host::Severity;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

std::int64_t now() {
   return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

TEST(KaseyaVsaCheck, a_good_token_passes_after_one_sign_in) {
   Scene scene;
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(scene.simulator.sign_ins(), 1U);
   ASSERT_TRUE(report.identity);
   EXPECT_EQ(report.identity->account, "vsa.example.com/1");
   EXPECT_EQ(report.identity->label, "vsa.example.com, tenant 1, role 2, scope 2");
   EXPECT_EQ(report.identity->principal, "console");
   EXPECT_EQ(report.identity->endpoint, "https://vsa.example.com/api/v1.0/");
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://vsa.example.com/api/v1.0/");
   EXPECT_NEAR(static_cast<double>(report.session->expires_at), static_cast<double>(now() + 1800), 60);
   ASSERT_FALSE(report.session->headers.empty());
   EXPECT_EQ(report.session->headers[0].first, "Authorization");
   EXPECT_THAT(std::string(report.session->headers[0].second.view()), testing::StartsWith("Bearer "));
}

TEST(KaseyaVsaCheck, a_good_password_passes_and_is_told_how_to_become_a_token) {
   Scene scene;
   const auto report = scene.check(password_of("console", 1));
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_EQ(scene.simulator.sign_ins(), 1U);
   const auto* finding = find_finding(report, "auth.method_deprecated");
   ASSERT_NE(finding, nullptr);
   EXPECT_EQ(finding->severity, Severity::warning);
   EXPECT_EQ(finding->field, "auth_method");
   EXPECT_THAT(finding->remedy, AllOf(HasSubstr("Access Tokens"), HasSubstr("only REST API")));
}

TEST(KaseyaVsaCheck, both_methods_lead_to_the_same_account) {
   Scene scene;
   const auto by_token = scene.check();
   const auto by_password = scene.check(password_of("Console", 1));
   ASSERT_TRUE(by_token.identity);
   ASSERT_TRUE(by_password.identity);
   EXPECT_EQ(by_token.identity->account, by_password.identity->account);
   EXPECT_EQ(by_token.identity->principal, by_password.identity->principal);
}

TEST(KaseyaVsaCheck, the_server_is_asked_who_it_is_before_it_sees_anything_secret) {
   Scene scene;
   (void)scene.check();
   const auto journal = scene.simulator.journal();
   ASSERT_GE(journal.size(), 2U);
   EXPECT_EQ(journal[0].path, "/api/v1.0/echo");
   EXPECT_FALSE(journal[0].has_header("Authorization"));
   EXPECT_EQ(journal[1].path, "/api/v1.0/auth");
   for (const auto& request : journal) EXPECT_TRUE(request.has_header("Accept")) << request.path;
}

TEST(KaseyaVsaCheck, an_address_may_be_pasted_as_it_is_found) {
   for (const char* server :
        {"vsa.example.com", " https://VSA.example.com/ ", "https://vsa.example.com/api/v1.0",
         "vsa.example.com/vsapres/web20/core/login.aspx", "https://vsa.example.com:443",
         "https://vsa.example.com/vsapres/web20/core/login.aspx?ReturnUrl=%2f", "https://vsa.example.com/#",
         "vsa.example.com?from=mail#top", "vsa.example.com:0443", "https://vsa.example.com./"}) {
      Scene scene;
      Form form;
      form.server = server;
      const auto report = scene.check(form);
      EXPECT_EQ(report.outcome, Outcome::accepted) << server << ": " << first_error(report).summary;
      ASSERT_TRUE(report.identity) << server;
      EXPECT_EQ(report.identity->account, "vsa.example.com/1") << server;
   }
}

TEST(KaseyaVsaCheck, a_port_of_its_own_is_kept_through_the_whole_check) {
   msp::sim::KaseyaVsaSimulator simulator;
   auto network = network_of(simulator);
   network.connect_to = {simulator.server().connect_to("vsa.example.com", 8443)};
   const LoadedPlugin plugin(MSP_PLUGIN_FILE, network);
   Form form;
   form.server = "vsa.example.com:8443/vsapres/";
   const auto report = plugin.check(form.values(), form.secrets());
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   ASSERT_TRUE(report.session);
   EXPECT_EQ(report.session->base_url, "https://vsa.example.com:8443/api/v1.0/");
}

// --- refused before anything is sent --------------------------------------------------------------------------------

struct Unsendable {
   const char* name;
   Form form;
   const char* field;
   const char* says;
};

std::ostream& operator<<(std::ostream& out, const Unsendable& each) { return out << each.name; }

class KaseyaVsaForm : public testing::TestWithParam<Unsendable> {};

TEST_P(KaseyaVsaForm, is_refused_before_anything_is_sent) {
   Scene scene;
   const auto report = scene.check(GetParam().form);
   EXPECT_EQ(report.outcome, Outcome::invalid_settings);
   const auto error = first_error(report);
   EXPECT_EQ(error.field, GetParam().field);
   EXPECT_EQ(report.findings.size(), 1U);
   EXPECT_THAT(error.summary, HasSubstr(GetParam().says));
   EXPECT_FALSE(error.remedy.empty());
   EXPECT_TRUE(scene.simulator.journal().empty());
}

Form with_server(const std::string& server) {
   Form form;
   form.server = server;
   return form;
}

INSTANTIATE_TEST_SUITE_P(
    EveryReason, KaseyaVsaForm,
    testing::Values(
        Unsendable{"NoTls", with_server("http://vsa.example.com"), "server", "https://"},
        Unsendable{"UserInTheAddress", with_server("https://me:pw@vsa.example.com"), "server", "user name or password"},
        Unsendable{"UserInABareAddress", with_server("me@vsa.example.com"), "server", "user name or password"},
        Unsendable{"SlashMissing", with_server("https:/vsa.example.com"), "server", "https:// is mistyped"},
        Unsendable{"SchemeTwice", with_server("https://https://vsa.example.com"), "server", "https:// is mistyped"},
        Unsendable{"CommaWithAPassword", password_of("console,x", 1), "user_name", "comma"},
        Unsendable{"ColonWithAToken", token_of("console:x", 1), "user_name", "colon"},
        Unsendable{"NoToken", Form{.secret = ""}, "pat", "missing"},
        Unsendable{"BlankToken", Form{.secret = "   "}, "pat", "blanks only"},
        Unsendable{"InvisibleToken", Form{.secret = "\xEF\xBB\xBF \xC2\xA0"}, "pat", "blanks only"},
        Unsendable{"TokenWithALineBreak", Form{.secret = Form{}.secret + "\n"}, "pat", "line break"},
        Unsendable{"NoPassword", Form{.method = "password", .secret = ""}, "password", "missing"}),
    [](const auto& test) { return test.param.name; });

// --- the token as it was pasted -------------------------------------------------------------------------------------

TEST(KaseyaVsaCheck, white_space_around_the_token_is_left_out_with_a_notice) {
   Scene scene;
   Form form;
   for (const std::string& typed : {"  " + form.secret + " ", "\xEF\xBB\xBF" + form.secret + "\xC2\xA0"}) {
      form.secret = typed;
      const auto report = scene.check(form);
      EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
      const auto* notice = find_finding(report, "input.invalid");
      ASSERT_NE(notice, nullptr);
      EXPECT_EQ(notice->severity, Severity::info);
      EXPECT_EQ(notice->field, "pat");
   }
}

TEST(KaseyaVsaCheck, braces_and_upper_case_are_accepted_without_a_word) {
   Scene scene;
   Form form;
   form.secret = "{0F1E2D3C-0000-4000-8000-000000000001}";
   const auto report = scene.check(form);
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_FALSE(has_finding(report, "input.invalid"));
}

TEST(KaseyaVsaCheck, a_token_that_is_no_guid_is_tried_once_with_a_warning) {
   Scene scene;
   Form form;
   form.secret = "not-a-guid";
   const auto report = scene.check(form);
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(scene.simulator.sign_ins(), 1U);
   const auto* notice = find_finding(report, "input.invalid");
   ASSERT_NE(notice, nullptr);
   EXPECT_EQ(notice->severity, Severity::warning);
}

TEST(KaseyaVsaCheck, a_token_of_a_later_kind_passes_with_a_warning) {
   Scene scene(R"({"users":[{"login":"console","tokens":[{"token":"vsa-token-of-a-later-kind"}]}]})");
   Form form;
   form.secret = "vsa-token-of-a-later-kind";
   const auto report = scene.check(form);
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
   EXPECT_TRUE(has_finding(report, "input.invalid"));
}

// --- refused at sign-in ---------------------------------------------------------------------------------------------

struct Refused {
   const char* name;
   Form form;
   std::string scenario = "";
};

std::ostream& operator<<(std::ostream& out, const Refused& each) { return out << each.name; }

class KaseyaVsaRefusedSignIn : public testing::TestWithParam<Refused> {};

TEST_P(KaseyaVsaRefusedSignIn, names_every_cause_and_claims_none_after_exactly_one_sign_in) {
   Scene scene(GetParam().scenario);
   const auto report = scene.check(GetParam().form);
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_EQ(scene.simulator.sign_ins(), 1U);
   EXPECT_FALSE(report.session);
   EXPECT_TRUE(report.grants.empty());
   const auto error = first_error(report);
   EXPECT_EQ(error.code, "auth.rejected");
   EXPECT_EQ(error.field, "") << "no field can be blamed";
   EXPECT_THAT(error.summary, AnyOf(HasSubstr("and does not say why. Possible"), HasSubstr("and says only: \"")));
   EXPECT_THAT(error.summary, HasSubstr("disabled or locked"));
   EXPECT_THAT(error.remedy, HasSubstr("System > User Security > Users > (user)"));
   if (GetParam().form.method == "pat") {
      EXPECT_THAT(error.summary, AllOf(HasSubstr("revoked or expired"), HasSubstr("another user"),
                                       HasSubstr("Data Warehouse"), HasSubstr("IP list")));
      EXPECT_THAT(error.remedy, AllOf(HasSubstr("Access Tokens"), HasSubstr("IP list")));
   } else {
      EXPECT_THAT(error.remedy, HasSubstr("create a token"));
   }
}

Form other_token(const char* user) { return {.user = user, .secret = "0f1e2d3c-0000-4000-8000-0000000000ff"}; }

std::string with_user(const std::string& rest) {
   return R"({"users":[{"login":"console","password":"Throw$away,1",)" + rest + "}]}";
}

INSTANTIATE_TEST_SUITE_P(
    EveryCause, KaseyaVsaRefusedSignIn,
    testing::Values(
        Refused{"WrongToken", other_token("console")},
        Refused{"WrongTokenInside200", other_token("console"), R"({"refusal":"in_200"})"},
        Refused{"WrongTokenInside200AsCaptured", other_token("console"),
                R"({"refusal":"in_200","refusal_words":"captured","response_code":"three_digits"})"},
        Refused{"WrongTokenWithACodeInText", other_token("console"),
                R"({"refusal":"in_200","refusal_words":"captured","response_code":"seven_digits_text"})"},
        Refused{"WrongTokenWithAShortCodeInText", other_token("console"),
                R"({"refusal":"in_200","response_code":"three_digits_text"})"},
        Refused{"WrongTokenInPlainText", other_token("console"), R"({"refusal":"text"})"},
        Refused{"DeniedInPlainText", token_of("console", 1),
                fault("auth", R"("fault":"status","status":403,"body":"Access denied")")},
        Refused{"DeniedWithoutAWord", password_of("console", 1), fault("auth", R"("fault":"status","status":403)")},
        Refused{"DeniedInOtherJson", token_of("console", 1),
                fault("auth", R"("fault":"status","status":403,"body":"{\"Message\":\"No\"}")")},
        Refused{"UnknownUser", other_token("nobody")}, Refused{"TokenOfAnotherUser", token_of("no-agents", 1)},
        Refused{"RevokedToken", token_of("console", 1),
                with_user(R"("tokens":[{"token":"0f1e2d3c-0000-4000-8000-000000000001","state":"revoked"}])")},
        Refused{"ExpiredToken", token_of("expired", 5)}, Refused{"TokenForAnotherAddress", token_of("elsewhere", 6)},
        Refused{"DataWarehouseTicked", token_of("warehouse", 7)}, Refused{"DisabledUser", token_of("disabled", 4)},
        Refused{"LockedUser", token_of("console", 1),
                with_user(R"("state":"locked","tokens":[{"token":"0f1e2d3c-0000-4000-8000-000000000001"}])")},
        Refused{"WrongPassword", password_of("console", 2)},
        Refused{"WrongPasswordInside200", password_of("console", 2), R"({"refusal":"in_200"})"},
        Refused{"PasswordOfADisabledUser", password_of("disabled", 4)}),
    [](const auto& test) { return test.param.name; });

TEST(KaseyaVsaCheck, refused_credentials_are_never_sent_a_second_time) {
   for (const std::string& scenario :
        {std::string(), fault("auth", R"("fault":"status","status":403,"body":"Access denied")"),
         fault("auth", R"("fault":"html","status":401)"),
         fault("auth", R"("fault":"status","status":401,"body":"{\"Error\":\"Account is locked\"}")"),
         fault("auth", R"("fault":"status","status":200,"body":"{\"Error\":\"Password expired\"}")")}) {
      Scene scene(scenario);
      const Form form = other_token("console");
      auto form_check =
          msp::host::check_settings(scene.plugin.plugin().manifest(), settings(form.values(), form.secrets()));
      ASSERT_TRUE(form_check.settings);
      auto connection = scene.plugin.plugin().connect(std::move(*form_check.settings));
      ASSERT_TRUE(connection);
      for (const Operation operation : {Operation::validate_credentials, Operation::check_permissions,
                                        Operation::authenticate, Operation::validate_credentials})
         EXPECT_EQ(connection.value().run(operation, {}).outcome, Outcome::refused);
      EXPECT_EQ(scene.simulator.sign_ins(), 1U);
   }
}

TEST(KaseyaVsaCheck, a_server_that_repeats_the_token_is_not_quoted) {
   const std::string guid = Form{}.secret;
   Scene scene(fault("auth", R"("fault":"status","status":401,"body":"Token )" + guid + R"( is revoked")"));
   for (const std::string& typed : {guid, "{" + guid + "}", " " + guid + " "}) {
      Form form;
      form.secret = typed;
      const auto report = scene.check(form);
      EXPECT_EQ(first_error(report).code, "auth.rejected");
      for (const auto& finding : report.findings) EXPECT_THAT(finding.summary, Not(HasSubstr(guid))) << typed;
   }
}

// --- a server that cannot serve -------------------------------------------------------------------------------------

struct BadServer {
   const char* name;
   std::string scenario;
   Outcome outcome;
   const char* code;
   std::size_t sign_ins;
};

std::ostream& operator<<(std::ostream& out, const BadServer& each) { return out << each.name; }

class KaseyaVsaBadServer : public testing::TestWithParam<BadServer> {};

TEST_P(KaseyaVsaBadServer, is_told_apart_from_refused_credentials) {
   const BadServer& each = GetParam();
   Scene scene(each.scenario);
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, each.outcome);
   const auto error = first_error(report);
   EXPECT_EQ(error.code, each.code) << error.summary;
   EXPECT_FALSE(error.remedy.empty());
   EXPECT_EQ(scene.simulator.sign_ins(), each.sign_ins);
   EXPECT_FALSE(report.session);
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryKind, KaseyaVsaBadServer,
    testing::Values(
        BadServer{"VsaX", R"({"product":"vsa_x"})", Outcome::incompatible, "platform.wrong_product", 0},
        BadServer{"Portal", R"({"product":"portal"})", Outcome::incompatible, "platform.wrong_product", 0},
        BadServer{"OlderThanTokens", R"({"token_support":false})", Outcome::incompatible,
                  "platform.unsupported_version", 1},
        BadServer{"OlderThanTokensInside200", R"({"token_support":false,"refusal":"in_200"})", Outcome::incompatible,
                  "platform.unsupported_version", 1},
        BadServer{"EchoReset", fault("echo", R"("fault":"reset")"), Outcome::unreachable, "net.reset", 0},
        BadServer{"EchoDown", fault("echo", R"("fault":"status","status":503)"), Outcome::unavailable,
                  "platform.unavailable", 0},
        BadServer{"EchoRedirect", fault("echo", R"("fault":"status","status":302,"headers":{"Location":"/login"})"),
                  Outcome::unavailable, "platform.redirected", 0},
        BadServer{"AuthReset", fault("auth", R"("fault":"reset")"), Outcome::unreachable, "net.reset", 1},
        BadServer{"AuthPage", fault("auth", R"("fault":"html")"), Outcome::unavailable, "platform.unexpected_response",
                  1},
        BadServer{"AuthPageWith403",
                  fault("auth", R"("fault":"status","status":403,"body":"<!DOCTYPE html><html></html>")"),
                  Outcome::refused, "auth.unclear", 1},
        BadServer{"EchoAsksForASignInWithoutAWord", fault("echo", R"("fault":"status","status":401)"),
                  Outcome::unavailable, "platform.unexpected_response", 0},
        BadServer{"EchoAsksForASignIn", fault("echo", R"("fault":"html","status":401)"), Outcome::unavailable,
                  "platform.unexpected_response", 0},
        BadServer{"EchoAsksForASignInByHeader",
                  fault("echo", R"("fault":"status","status":401,"headers":{"WWW-Authenticate":"Negotiate"})"),
                  Outcome::unavailable, "platform.unexpected_response", 0},
        BadServer{"EchoForbidden", fault("echo", R"("fault":"html","status":403)"), Outcome::unavailable,
                  "platform.unexpected_response", 0},
        BadServer{"EchoSignInPage",
                  fault("echo", R"("fault":"html","status":200,"body":"<html><input type='password'></html>")"),
                  Outcome::unavailable, "platform.unexpected_response", 0},
        BadServer{"AuthBusy", fault("auth", R"("fault":"status","status":503)"), Outcome::unavailable,
                  "platform.unavailable", 1},
        BadServer{"AuthPageWith401", fault("auth", R"("fault":"html","status":401)"), Outcome::refused, "auth.unclear",
                  1},
        BadServer{"AuthRefusedWithAPage", R"({"refusal":"page","users":[]})", Outcome::refused, "auth.unclear", 1},
        BadServer{"AuthLocked",
                  fault("auth", R"("fault":"status","status":401,"body":"{\"Error\":\"Account is locked\"}")"),
                  Outcome::refused, "auth.locked", 1},
        BadServer{"AuthTruncated", fault("auth", R"("fault":"truncated")"), Outcome::unavailable,
                  "platform.unexpected_response", 1},
        BadServer{"AuthThrottled", fault("auth", R"("fault":"status","status":429,"headers":{"Retry-After":"7"})"),
                  Outcome::throttled, "platform.throttled", 1},
        BadServer{"AuthRedirect", fault("auth", R"("fault":"status","status":307,"headers":{"Location":"/api"})"),
                  Outcome::unavailable, "platform.redirected", 1},
        BadServer{"AuthorizationLostOnTheWay",
                  fault("auth", R"("fault":"status","status":401,"body":"Header missing authorization")"),
                  Outcome::unavailable, "platform.unexpected_response", 1},
        BadServer{"ExpiredCertificate", R"({"certificate":"expired"})", Outcome::unreachable, "net.tls_expired", 0},
        BadServer{"CertificateOfAnotherName", R"({"certificate":"wrong_name"})", Outcome::unreachable, "net.tls_name",
                  0},
        BadServer{"OldTls", R"({"certificate":"tls11"})", Outcome::unreachable, "net.tls_protocol", 0}),
    [](const auto& test) { return test.param.name; });

TEST(KaseyaVsaCheck, a_certificate_that_nobody_vouches_for_is_refused) {
   msp::sim::KaseyaVsaSimulator simulator;
   auto network = network_of(simulator);
   network.ca_file.clear();
   const LoadedPlugin plugin(MSP_PLUGIN_FILE, network);
   const Form form;
   const auto report = plugin.check(form.values(), form.secrets());
   EXPECT_EQ(report.outcome, Outcome::unreachable);
   EXPECT_EQ(first_error(report).code, "net.tls_untrusted");
   EXPECT_TRUE(simulator.journal().empty());
}

TEST(KaseyaVsaCheck, a_silent_server_is_explained_by_the_firewall_it_may_stand_behind) {
   for (const char* silence : {"reset", "silent"}) {
      Scene scene(fault("echo", R"("fault":")" + std::string(silence) + "\""));
      msp::host::CheckOptions options;
      options.step_timeout = std::chrono::milliseconds(1500);
      const auto report = scene.check({}, options);
      const bool told = std::any_of(report.findings.begin(), report.findings.end(), [](const auto& finding) {
         return finding.severity == Severity::info && finding.remedy.find("firewall") != std::string::npos;
      });
      EXPECT_TRUE(told) << silence;
   }
}

TEST(KaseyaVsaCheck, a_password_still_serves_a_server_older_than_tokens) {
   Scene scene(R"({"token_support":false,"version":"9.3.0.11"})");
   const auto report = scene.check(password_of("console", 1));
   EXPECT_EQ(report.outcome, Outcome::accepted) << first_error(report).summary;
}

// --- sessions -------------------------------------------------------------------------------------------------------

TEST(KaseyaVsaSessions, every_way_to_write_their_end_is_read) {
   for (const char* shape : {"fraction", "plain", "zulu", "fraction_zulu"}) {
      Scene scene(R"({"session_seconds":172800,"session_expiration":")" + std::string(shape) + "\"}");
      const auto report = scene.check();
      ASSERT_TRUE(report.session) << shape;
      EXPECT_NEAR(static_cast<double>(report.session->expires_at), static_cast<double>(now() + 172'800), 60) << shape;
   }
}

TEST(KaseyaVsaSessions, twenty_minutes_are_assumed_where_nothing_is_said) {
   for (const char* scenario : {R"({"version":"9.3.0.11"})", R"({"session_expiration":"absent"})"}) {
      Scene scene(scenario);
      const auto report = scene.check();
      ASSERT_TRUE(report.session) << scenario;
      EXPECT_NEAR(static_cast<double>(report.session->expires_at), static_cast<double>(now() + 1200), 60) << scenario;
   }
}

TEST(KaseyaVsaSessions, numbers_may_be_quoted_or_not) {
   for (const char* ids : {"documented", "text", "number"}) {
      Scene scene(R"({"ids":")" + std::string(ids) + "\"}");
      const auto report = scene.check();
      EXPECT_EQ(report.outcome, Outcome::accepted) << ids << ": " << first_error(report).summary;
      ASSERT_TRUE(report.identity) << ids;
      EXPECT_EQ(report.identity->label, "vsa.example.com, tenant 1, role 2, scope 2") << ids;
   }
}

TEST(KaseyaVsaSessions, one_that_the_server_drops_is_opened_once_more) {
   Scene scene(R"({"drop_session_after":3})");
   // Five questions at once: three are answered, two find the session gone, and are asked again under a new one.
   const auto report = scene.check();
   EXPECT_EQ(scene.simulator.sign_ins(), 2U);
   EXPECT_EQ(granted(report, "orgs.read"), Granted::all);
   EXPECT_EQ(granted(report, "machinegroups.read"), Granted::all);
   EXPECT_EQ(granted(report, "agents.read"), Granted::all);
   EXPECT_EQ(granted(report, "agentprocs.read"), Granted::all);
}

TEST(KaseyaVsaSessions, one_that_is_dropped_again_and_again_ends_the_check) {
   Scene scene(R"({"drop_session_after":1})");
   const auto report = scene.check();
   EXPECT_EQ(report.outcome, Outcome::unavailable) << "the credentials were accepted";
   EXPECT_EQ(first_error(report).code, "platform.unexpected_response");
   EXPECT_THAT(first_error(report).summary, HasSubstr("signed the user in"));
   EXPECT_EQ(scene.simulator.sign_ins(), 2U);
}

// The one renewal of a check serves all its rounds.
TEST(KaseyaVsaSessions, one_that_is_dropped_in_each_round_is_opened_once_more_in_all) {
   for (const char* later : {"assetmgmt/audit", "ismoduleactivated", "environment"}) {
      Scene scene(R"({"drop_session_after":4,"faults":[
         {"match":{"path":"/api/v1.0/automation/servicedesks"},"fault":"status","status":404},
         {"match":{"path":"/api/v1.0/)" +
                  std::string(later) + R"("},"fault":"status","status":401}]})");
      const auto report = scene.check();
      EXPECT_EQ(scene.simulator.sign_ins(), 2U) << later;
      EXPECT_EQ(report.outcome, Outcome::accepted) << later << ": " << first_error(report).summary;
      EXPECT_EQ(granted(report, "agents.read"), Granted::all) << later;
   }
}

TEST(KaseyaVsaSessions, each_operation_may_open_one_once_more) {
   Scene scene(R"({"drop_session_after":4})");
   const Form form;
   auto checked = msp::host::check_settings(scene.plugin.plugin().manifest(), settings(form.values(), form.secrets()));
   ASSERT_TRUE(checked.settings);
   auto connection = scene.plugin.plugin().connect(std::move(*checked.settings));
   ASSERT_TRUE(connection);
   for (const std::size_t sign_ins : {2U, 3U}) {
      const auto report = connection.value().run(Operation::check_permissions, {});
      EXPECT_EQ(report.outcome, Outcome::accepted);
      EXPECT_EQ(scene.simulator.sign_ins(), sign_ins);
   }
}

TEST(KaseyaVsaSessions, one_that_a_single_route_does_not_take_refuses_no_credentials) {
   Scene scene(fault("system/orgs", R"("fault":"status","status":401)"));
   EXPECT_EQ(scene.check().outcome, Outcome::unavailable);
   const auto report = scene.check(token_of("no-agents", 2));
   EXPECT_EQ(report.outcome, Outcome::refused);
   EXPECT_FALSE(msp::host::refuses_credentials(report)) << "it is a right that is missing";
}

TEST(KaseyaVsaSessions, authenticate_works_alone_and_opens_a_new_one_each_time) {
   Scene scene;
   const Form form;
   auto checked = msp::host::check_settings(scene.plugin.plugin().manifest(), settings(form.values(), form.secrets()));
   ASSERT_TRUE(checked.settings);
   auto connection = scene.plugin.plugin().connect(std::move(*checked.settings));
   ASSERT_TRUE(connection);
   const auto first = connection.value().run(Operation::authenticate, {});
   const auto second = connection.value().run(Operation::authenticate, {});
   ASSERT_TRUE(first.session);
   ASSERT_TRUE(second.session);
   EXPECT_NE(first.session->headers[0].second.view(), second.session->headers[0].second.view());
   EXPECT_EQ(scene.simulator.sign_ins(), 2U);
   EXPECT_EQ(scene.asked("echo"), 1U);
}

TEST(KaseyaVsaSessions, none_is_ended_after_a_check) {
   Scene scene;
   (void)scene.check();
   EXPECT_EQ(scene.asked("system/users/session"), 0U);
   EXPECT_EQ(scene.simulator.writes(), 0U);
}

// Around each place where a text is shortened, or once was: 300 bytes of the platform's words, 1024 of a finding. The
// host knows the token as it was typed and as it was sent.
TEST(KaseyaVsaCheck, a_token_that_the_platform_repeats_is_taken_out_wherever_the_text_is_shortened) {
   const Form form;
   const auto check = [&](std::size_t pad, const std::string& said, const std::string& typed) {
      const std::string text = std::string(pad, 'y') + said + std::string(60, 'z');
      Scene scene(fault("auth", R"("fault":"status","status":500,"body":"{\"Error\":\")" + text + R"(\"}")"));
      Form braced = form;
      braced.secret = typed;
      auto report = scene.check(braced);
      EXPECT_THAT(first_error(report).summary, HasSubstr("yyyy"));
      // As chance has it sometimes: the token consists of hex digits, and so does this id.
      report.correlation_id = form.secret.substr(0, 8) + form.secret.substr(0, 8);
      expect_nothing_of(form.secret.substr(0, 10), report, scene.plugin.plugin().manifest());
   };
   for (const std::string& typed : {form.secret, "{" + form.secret + "}"}) {
      for (const std::size_t pad : {262U, 274U, 286U, 290U, 293U, 296U, 299U}) check(pad, form.secret, typed);
      for (std::size_t pad = 928; pad <= 964; pad += 6) check(pad, form.secret, typed);
      for (const std::size_t length : {4U, 10U, 20U}) check(20, form.secret.substr(0, length) + "...", typed);
   }
}

}  // namespace
