// `integration request` as people and scripts use it, in front of the simulators and of platforms that misbehave.
#include <gmock/gmock.h>

#include <atomic>

#include "console_program.hpp"
#include "sim/kaseya_vsa/kaseya_vsa_sim.hpp"
#include "store/store.hpp"

using namespace msp;
using namespace msp::console::test;
using test_support::ProcessResult;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr const char* kName = "Integration with Autotask";
constexpr const char* kEverything = R"(V1.0/Companies/query?search={"filter":[{"op":"exist","field":"id"}]})";

std::string fault(const std::string& path, const std::string& what) {
   return R"({"faults":[{"match":{"path":"/ATServicesRest/V1.0/)" + path + R"("},)" + what + "}]}";
}

class IntegrationRequest : public testing::Test {
 protected:
   void start(const std::string& scenario = "") {
      simulator_ = std::make_unique<sim::AutotaskSimulator>(scenario);
      console_.use(*simulator_);
      console_.enable_autotask();
      console_.sign_in_as(kGoodUser, kGoodSecret);
      ASSERT_EQ(console_.run(console_.add_arguments()).exit_code, 0);
   }

   ProcessResult request(std::vector<std::string> arguments, const std::string& input = {}) {
      arguments.insert(arguments.begin(), {"integration", "request"});
      ProcessResult result = console_.run(arguments, input);
      EXPECT_THAT(result.out + result.err, Not(HasSubstr(kGoodSecret)));
      EXPECT_THAT(result.out + result.err, Not(HasSubstr(kCode)));
      return result;
   }
   ProcessResult get(const std::string& path) { return request({kName, "GET", path}); }

   std::unique_ptr<sim::AutotaskSimulator> simulator_;
   ConsoleProgram console_;
};

// C1 controls, DEL, line separators, direction marks and what nobody sees: a terminal acts on them, JSON need not hold
// them.
TEST_F(IntegrationRequest, json_holds_nothing_that_a_terminal_would_act_on) {
   start(fault("Companies",
               R"("fault":"status","status":200,"body":"a\u009b31mb\u007fc\u2028d\u202ee\u2066f\u200bg\u00fc")"));
   const ProcessResult result = request({kName, "GET", "V1.0/Companies/1", "--json"});
   EXPECT_EQ(result.exit_code, 0) << result.err;
   for (const char* raw :
        {"\u009B", "\x7F", "\u2028", "\u202E", "\u2066", "\u200B"})  // NOLINT(misc-misleading-bidirectional)
      EXPECT_THAT(result.out, Not(HasSubstr(raw)));
   EXPECT_THAT(result.out, HasSubstr("a\\u009B31mb\\u007Fc\\u2028d\\u202Ee\\u2066f\\u200Bg\u00FC"));
   const auto answer = document(result);
   EXPECT_STREQ(answer["response"]["body"].GetString(),
                "a\u009B31mb\x7F"  // NOLINT(misc-misleading-bidirectional)
                "c\u2028d\u202Ee\u2066f\u200Bg\u00FC")
       << "the same JSON";
}

TEST_F(IntegrationRequest, prints_what_the_platform_answered_and_nothing_else) {
   start();
   const ProcessResult one = get("V1.0/Companies/175");
   EXPECT_EQ(one.exit_code, 0) << one.err;
   EXPECT_EQ(one.err, "");
   EXPECT_EQ(one.out, R"({"item":{"id":175,"companyName":"Adventure Bakery","companyType":1,"isActive":true}})");
   const ProcessResult all = get(kEverything);
   EXPECT_EQ(all.exit_code, 0) << all.err;
   EXPECT_THAT(all.out, AllOf(HasSubstr("Cedar Street Dental"), HasSubstr("pageDetails")));
   EXPECT_EQ(simulator_->writes(), 0U);
}

TEST_F(IntegrationRequest, sends_a_body_from_the_command_line_a_file_or_standard_input) {
   start();
   const std::string ticket = R"({"title":"Made by \u00e4 test","companyID":175,"status":1,"priority":2})";
   test_support::write_file(console_.directory() / "ticket.json", ticket);
   const std::string file = (console_.directory() / "ticket.json").string();
   for (const std::string& body : {ticket, "@file:" + file, "@" + file, std::string("@stdin"), std::string("@-")}) {
      const ProcessResult made = request({kName, "post", "V1.0/Tickets", "--body", body}, ticket);
      EXPECT_EQ(made.exit_code, 0) << made.err << made.out;
      EXPECT_THAT(made.out, HasSubstr("itemId")) << body;
   }
   EXPECT_EQ(simulator_->writes(), 5U);
   EXPECT_THAT(get("V1.0/Tickets/9005").out, HasSubstr("Made by"));
}

TEST_F(IntegrationRequest, include_prints_the_status_and_the_headers_first) {
   start();
   const ProcessResult result = request({kName, "GET", "V1.0/Companies/175", "--include"});
   EXPECT_EQ(result.exit_code, 0) << result.err;
   EXPECT_THAT(result.out, StartsWith("HTTP 200 OK\r\n"));
   EXPECT_THAT(result.out, HasSubstr("Content-Type: application/json"));
   EXPECT_THAT(result.out, HasSubstr("\r\n\r\n{\"item\""));
}

TEST_F(IntegrationRequest, json_wraps_the_answer_in_one_document) {
   start();
   const auto parsed = document(request({kName, "GET", "V1.0/Companies/175", "--json"}));
   EXPECT_STREQ(parsed["schema"].GetString(), "msp.response/1");
   EXPECT_STREQ(parsed["outcome"].GetString(), "accepted");
   EXPECT_STREQ(parsed["integration"]["name"].GetString(), kName);
   EXPECT_EQ(parsed["response"]["status"].GetInt(), 200);
   EXPECT_STREQ(parsed["response"]["body_encoding"].GetString(), "utf-8");
   EXPECT_THAT(parsed["response"]["body"].GetString(), StartsWith("{\"item\":"));
   const auto refused = document(request({kName, "GET", "../x", "--json"}));
   EXPECT_TRUE(refused["response"].IsNull());
   EXPECT_STREQ(refused["findings"][0]["code"].GetString(), "host.request_invalid");
}

TEST_F(IntegrationRequest, its_exit_code_tells_the_outcome_and_the_body_is_printed_all_the_same) {
   start();
   const struct {
      int status, exit_code;
      std::string sentence;
   } cases[] = {
       {204, 0, ""},
       {302, 3, "Redirects are never followed"},
       {400, 3, "The answer says what is wrong"},
       {401, 4, "signing in again gives no other one"},
       {403, 5, "HTTP 403 (Forbidden)"},
       {404, 8, "HTTP 404 (Not Found)"},
       {405, 3, "Check the method"},
       {410, 8, "HTTP 410 (Gone)"},
       {418, 3, "HTTP 418."},
       {429, 6, "Retry-After is over: 7."},
       {500, 6, "HTTP 500"},
       {503, 6, "HTTP 503 (Service Unavailable)"},
   };
   for (const auto& [status, exit_code, sentence] : cases) {
      sim::AutotaskSimulator faulty(
          fault("Widgets", R"("fault":"status","status":)" + std::to_string(status) +
                               R"(,"body":"as it came","headers":{"Retry-After":"7","Location":"/x"})"));
      console_.use(faulty);
      const ProcessResult result = get("V1.0/Widgets/1");
      EXPECT_EQ(result.exit_code, exit_code) << status << result.err;
      EXPECT_EQ(result.out, status == 204 ? "" : "as it came") << status;
      std::string flat = result.err;  // without the line ends that fit it to the terminal
      for (std::size_t at = 0; (at = flat.find("\n  ", at)) != std::string::npos;) flat.replace(at, 3, " ");
      EXPECT_THAT(flat, HasSubstr(sentence)) << status;
      EXPECT_EQ(flat.empty(), sentence.empty()) << flat;
   }
}

TEST_F(IntegrationRequest, no_answer_is_to_be_tried_again) {
   start();
   for (const auto* what : {R"("fault":"reset")", R"("fault":"truncated")"}) {
      sim::AutotaskSimulator faulty(fault("Widgets", what));
      console_.use(faulty);
      const ProcessResult result = get("V1.0/Widgets/1");
      EXPECT_EQ(result.exit_code, 6) << result.err;
      EXPECT_EQ(result.out, "");
      EXPECT_THAT(result.err, HasSubstr("What to do:"));
   }
   sim::AutotaskSimulator silent(fault("Widgets", R"("fault":"silent")"));
   console_.use(silent);
   EXPECT_EQ(request({kName, "GET", "V1.0/Widgets/1", "--timeout", "2"}).exit_code, 124);
}

TEST_F(IntegrationRequest, a_path_is_taken_as_the_platform_s_documentation_writes_it) {
   start();
   for (const auto* path : {"V1.0/Companies/175", "/V1.0/Companies/175", "/ATServicesRest/V1.0/Companies/175"}) {
      const ProcessResult result = request({kName, "GET", path});
      EXPECT_EQ(result.exit_code, 0) << path << result.err;
      EXPECT_THAT(result.out, HasSubstr("Adventure Bakery")) << path;
      EXPECT_THAT(simulator_->journal().back().path, testing::EndsWith("/ATServicesRest/V1.0/Companies/175")) << path;
   }
   // The example is of this platform.
   const ProcessResult wrong = request({kName, "GET", "//evil.example.net/"});
   EXPECT_THAT(wrong.err, HasSubstr("https://webservices14.autotask.net/ATServicesRest/"));
}

TEST_F(IntegrationRequest, what_is_not_allowed_is_told_and_nothing_is_sent) {
   start();
   const std::size_t before = simulator_->journal().size();
   const struct {
      std::vector<std::string> arguments;
      std::string why;
   } cases[] = {
       {{kName, "GET", "https://evil.example.net/"}, "names a scheme or a server"},
       {{kName, "GET", "//evil.example.net/"}, "begins with two slashes, which name another server; write only"},
       {{kName, "GET", "V1.0/../../x"}, "holds a dot segment"},
       {{kName, "GET", "%2e%2e/x"}, "holds a dot segment"},
       {{kName, "CONNECT", "x"}, "its method is not one of HTTP's"},
       {{kName, "GET", "x", "--header", "Authorization: Bearer mine"}, "the header Authorization comes with"},
       {{kName, "GET", "x", "--header", "Host: evil.example.net"}, "the header Host is set by the host alone"},
       {{kName, "GET", "x", "--header", "nonsense"}, "--header needs a name and a value"},
       {{kName, "GET", "x", "--body", "@/nowhere/body"}, "cannot be opened"},
   };
   for (const auto& [arguments, why] : cases) {
      const ProcessResult result = request(arguments);
      EXPECT_EQ(result.exit_code, 2) << why << result.err;
      std::string flat = result.err;
      for (std::size_t at = 0; (at = flat.find("\n  ", at)) != std::string::npos;) flat.replace(at, 3, " ");
      EXPECT_THAT(flat, HasSubstr(why));
      EXPECT_EQ(result.out, "");
   }
   EXPECT_EQ(simulator_->journal().size(), before);
   // Which headers a session brings is known once there is one.
   EXPECT_EQ(request({kName, "GET", "V1.0/Companies/175", "--header", "secret: mine"}).exit_code, 2);
   EXPECT_EQ(get("V1.0/Companies/175").exit_code, 0) << "none of this spoils the integration";
}

TEST_F(IntegrationRequest, a_refused_sign_in_is_remembered_and_not_tried_again_until_somebody_asks) {
   start();
   sim::AutotaskSimulator changed(
       R"({"users":[{"login":"api+console@msp.example","secret":"another","integration_codes":["THROWAWAYTRACKINGIDENTIFIER"]}]})");
   console_.use(changed);
   const ProcessResult first = get("V1.0/Companies/175");
   EXPECT_EQ(first.exit_code, 4) << first.err;
   EXPECT_EQ(first.out, "");
   EXPECT_EQ(changed.signed_requests(), 1U);
   const ProcessResult second = get("V1.0/Companies/175");
   EXPECT_EQ(second.exit_code, 4);
   EXPECT_THAT(second.err, HasSubstr("Not tried again"));
   EXPECT_EQ(changed.signed_requests(), 1U);

   const auto shown = document(console_.run({"integration", "show", kName, "--json"}));
   EXPECT_STREQ(shown["state"].GetString(), "needs_sign_in");
   EXPECT_STREQ(shown["history"][0]["outcome"].GetString(), "refused");
   EXPECT_STREQ(shown["history"][0]["codes"][0].GetString(), "auth.rejected");

   console_.use(*simulator_);
   EXPECT_EQ(get("V1.0/Companies/175").exit_code, 4) << "nobody has asked yet";
   EXPECT_EQ(console_.run({"integration", "check", kName}).exit_code, 0);
   EXPECT_EQ(get("V1.0/Companies/175").exit_code, 0);
}

TEST_F(IntegrationRequest, follows_an_autotask_tenant_that_moved_to_another_zone_between_sign_in_and_request) {
   start(R"({"users":[{"login":"api+console@msp.example","secret":"Throw$away#1","moves_to":"UK","moves_after":2,
              "integration_codes":["THROWAWAYTRACKINGIDENTIFIER"],"default_rights":{"all":"All"}}]})");
   const ProcessResult moved = get("V1.0/Companies/175");
   EXPECT_EQ(moved.exit_code, 0) << moved.err << moved.out;
   EXPECT_THAT(moved.out, HasSubstr("Adventure Bakery"));
}

TEST_F(IntegrationRequest, what_cannot_work_is_not_tried) {
   start();
   const std::size_t before = simulator_->journal().size();
   const ProcessResult unknown = request({"Nobody", "GET", "x"});
   EXPECT_EQ(unknown.exit_code, 8);
   EXPECT_THAT(unknown.err, HasSubstr("There is no integration named \"Nobody\"."));

   ASSERT_EQ(console_.run({"integration", "disable", kName}).exit_code, 0);
   const ProcessResult disabled = get("V1.0/Companies/175");
   EXPECT_EQ(disabled.exit_code, 3);
   EXPECT_THAT(disabled.err, AllOf(HasSubstr("is disabled"), HasSubstr("integration enable")));
   ASSERT_EQ(console_.run({"integration", "enable", kName}).exit_code, 0);

   ASSERT_EQ(console_.run({"plugin", "disable", "autotask"}).exit_code, 0);
   EXPECT_EQ(get("V1.0/Companies/175").exit_code, 9);
   const auto plugins = std::exchange(console_.environment["MSP_CONSOLE_PLUGIN_DIR"], console_.directory().string());
   std::filesystem::remove_all(console_.data_dir() / "plugins");
   EXPECT_EQ(get("V1.0/Companies/175").exit_code, 9);
   console_.environment["MSP_CONSOLE_PLUGIN_DIR"] = plugins;
   console_.enable_autotask();

   std::filesystem::remove(console_.data_dir() / "key-encryption.key");
   const ProcessResult unreadable = get("V1.0/Companies/175");
   EXPECT_EQ(unreadable.exit_code, 10) << unreadable.err;
   EXPECT_EQ(simulator_->journal().size(), before);
}

TEST_F(IntegrationRequest, works_on_kaseya_vsa_and_signs_in_again_once_when_the_session_is_dropped) {
   sim::KaseyaVsaSimulator simulator;
   console_.use(simulator);
   ASSERT_EQ(console_.run({"plugin", "enable", "kaseya_vsa", "--yes"}).exit_code, 0);
   console_.environment["TOKEN"] = "0f1e2d3c-0000-4000-8000-000000000001";
   ASSERT_EQ(
       console_
           .run({"integration", "add", "--platform", "kaseya_vsa", "--no-input", "--set", "server=vsa.example.com",
                 "--set", "auth_method=pat", "--set", "user_name=console", "--secret", "pat=@env:TOKEN"})
           .exit_code,
       0);
   const std::string name = "Integration with Kaseya VSA";
   const ProcessResult agents = request({name, "GET", "assetmgmt/agents?$top=1"});
   EXPECT_EQ(agents.exit_code, 0) << agents.err;
   EXPECT_THAT(agents.out, AllOf(HasSubstr("ab-till1.root.bakery"), HasSubstr("\"Error\":\"None\"")));
   EXPECT_EQ(request({name, "GET", "nothing/here"}).exit_code, 8);
   EXPECT_EQ(request({name, "POST", "automation/agentprocs/1/2/runnow"}).exit_code, 5);

   // One 401 for the list, then the truth.
   sim::KaseyaVsaSimulator dropping(
       R"({"faults":[{"match":{"path":"/api/v1.0/system/orgs"},"times":1,"fault":"status","status":401,"body":"gone"}]})");
   console_.use(dropping);
   const ProcessResult orgs = request({name, "GET", "system/orgs"});
   EXPECT_EQ(orgs.exit_code, 0) << orgs.err;
   EXPECT_THAT(orgs.out, HasSubstr("Adventure Bakery"));
   EXPECT_EQ(dropping.sign_ins(), 2U);

   sim::KaseyaVsaSimulator never(
       R"({"faults":[{"match":{"path":"/api/v1.0/system/orgs"},"fault":"status","status":401,"body":"never"}]})");
   console_.use(never);
   const ProcessResult refused = request({name, "GET", "system/orgs"});
   EXPECT_EQ(refused.exit_code, 4);
   EXPECT_EQ(refused.out, "never");
   EXPECT_EQ(never.sign_ins(), 2U);
   EXPECT_EQ(document(console_.run({"integration", "show", name, "--json"}))["state"].GetString(),
             std::string("active"))
       << "the sign-in was accepted, so the credentials are not what is wrong";
}

// A platform that repeats everything it was told, and answers with bytes that are no text.
TEST_F(IntegrationRequest, hands_bytes_through_unchanged_but_never_a_secret) {
   start();
   std::string bytes;
   for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
   sim::CertificateAuthority authority;
   const std::vector<std::string> hosts = {"webservices.autotask.net", "webservices14.autotask.net"};
   sim::HttpsServer echo(authority.issue(hosts), [&](const sim::Request& request) -> sim::Reply {
      if (request.path.find("zoneInformation") != std::string::npos)
         return sim::Reply::json(
             R"({"zoneName":"America East 2","url":"https://webservices14.autotask.net/ATServicesRest/","webUrl":"https://ww14.autotask.net/","ci":123456})");
      if (request.path.find("ntityInformation") != std::string::npos)
         return sim::Reply::json(
             R"({"info":{"name":"Ticket","canQuery":true,"canUpdate":true,"canCreate":true,"userAccessForQuery":"All","userAccessForUpdate":"All","userAccessForCreate":"All"}})");
      if (request.path.ends_with("bytes")) return {.status = 200, .body = bytes};
      sim::Reply reply = {.status = 200, .body = "you are " + request.header("UserName").value_or("")};
      for (const auto& [name, value] : request.headers) {
         reply.body += "\n" + name + ": " + value;
         reply.headers.emplace_back("X-Echo-" + name, value);
      }
      return reply;
   });
   authority.write(console_.directory() / "echo.pem");
   console_.environment["MSP_CONSOLE_CACERT"] = (console_.directory() / "echo.pem").string();
   console_.environment["MSP_CONSOLE_CONNECT_TO"] = echo.connect_to(hosts[0]) + "," + echo.connect_to(hosts[1]);

   const ProcessResult raw = get("V1.0/bytes");
   EXPECT_EQ(raw.exit_code, 0) << raw.err;
   EXPECT_EQ(raw.out, bytes);
   EXPECT_EQ(raw.err, "");
   const auto wrapped = document(request({kName, "GET", "V1.0/bytes", "--json"}));
   EXPECT_STREQ(wrapped["response"]["body_encoding"].GetString(), "base64");
   EXPECT_THAT(wrapped["response"]["body"].GetString(), StartsWith("AAECAwQF"));

   const std::string log = (console_.directory() / "console.log").string();
   for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--include"}, {"--json"}}) {
      std::vector<std::string> arguments = {kName, "GET", "V1.0/echo?x=1", "--log-level", "debug", "--log-file", log};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const ProcessResult result = request(arguments);  // which looks for the secrets
      EXPECT_EQ(result.exit_code, 0) << result.err;
      EXPECT_THAT(result.out, HasSubstr("[redacted]"));
      EXPECT_THAT(result.out, HasSubstr(std::string("you are ") + kGoodUser)) << "a user name is no secret";
      const bool json = !more.empty() && more.front() == "--json";
      EXPECT_EQ(result.err.find("The answer repeated a secret") == std::string::npos, json);
   }
   const std::string lines = test_support::read_file(log);
   EXPECT_THAT(lines, HasSubstr("GET V1.0/echo: HTTP 200"));
   EXPECT_THAT(lines, Not(HasSubstr(kGoodSecret)));
   EXPECT_THAT(lines, Not(HasSubstr(kCode)));
}

TEST_F(IntegrationRequest, ends_upon_ctrl_c) {
   start();
   sim::AutotaskSimulator silent(fault("Widgets", R"("fault":"silent")"));
   console_.use(silent);
   test_support::Process running(console_.setup({"integration", "request", kName, "GET", "V1.0/Widgets/1"}));
   ASSERT_TRUE(silent.server().wait_for([](const sim::Counters& counters) { return counters.requests >= 3; },
                                        std::chrono::seconds(60)));
   running.interrupt();
   const ProcessResult result = running.wait();
   EXPECT_EQ(result.exit_code, 130) << result.err;
   EXPECT_THAT(result.err, HasSubstr("cancelled"));
}

}  // namespace
