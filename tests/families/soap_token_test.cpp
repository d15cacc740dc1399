// SOAP: the token stands in the body, and everything that is wrong is a fault with HTTP 500.
#include <gmock/gmock.h>

#include "family.hpp"
#include "msp/sdk/encoding.hpp"
#include "msp/sdk/xml.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kAsk = "POST classic.example.com/soap/";
constexpr const char* kPassword = "</Password> & \"more\"";

// Knows the session that it gave last, as long as it is `open`.
class ExampleClassic {
 public:
   bool open = false;
   int sessions = 0;
   std::string rights = "tickets.read";
   Platform platform{{"classic.example.com"}, [this](const sim::Request& request) { return answer(request); }};

 private:
   static sim::Reply envelope(const std::string& content, int status = 200) {
      return {status,
              R"(<?xml version="1.0"?><soap:Envelope xmlns:soap="urn:x"><soap:Body>)" + content +
                  "</soap:Body></soap:Envelope>",
              {{"Content-Type", "text/xml"}}};
   }
   static sim::Reply fault(const std::string& code) {
      return envelope("<soap:Fault><faultcode>" + code + "</faultcode></soap:Fault>", 500);
   }
   // Signs of XML that a careless client would not escape.
   [[nodiscard]] std::string token() const { return "<&" + std::to_string(sessions) + "-session>"; }

   sim::Reply answer(const sim::Request& request) {
      if (request.body.find("<Login>") != std::string::npos) {
         if (sdk::xml_text(request.body, "User") != "jane" || sdk::xml_text(request.body, "Password") != kPassword)
            return fault("InvalidCredentials");
         open = true;
         ++sessions;
         return envelope("<r:LoginResponse xmlns:r='urn:y'><r:SessionID>" + sdk::xml_escape(token()) +
                         "</r:SessionID><r:Account>Example GmbH</r:Account></r:LoginResponse>");
      }
      if (!open || sdk::xml_text(request.body, "SessionID") != token()) return fault("InvalidSession");
      if (request.body.find("<GetRights>") != std::string::npos) return envelope("<Rights>" + rights + "</Rights>");
      return envelope("<Tickets>3</Tickets>");
   }
};

const Values kValues = {{"user", "jane"}};
const Values kSecrets = {{"password", kPassword}};

TEST(SoapToken, the_token_of_the_sign_in_is_in_the_body_of_the_next_question) {
   ExampleClassic classic;
   const auto report = Family("soap_token", classic.platform).check(kValues, kSecrets);
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "Example GmbH");
   EXPECT_EQ(report.session->headers.at(0).second.view(), "<&1-session>");
   EXPECT_THAT(classic.platform.asked(), ElementsAre(kAsk, kAsk));
   EXPECT_EQ(classic.platform.seen()[1].header("SessionID"), std::nullopt);
}

TEST(SoapToken, a_fault_that_names_the_credentials_is_a_refusal_and_any_other_is_none) {
   ExampleClassic classic;
   const auto refused = Family("soap_token", classic.platform).check(kValues, {{"password", "wrong horse"}});
   EXPECT_EQ(refused.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(refused).field, "password");
   EXPECT_THAT(classic.platform.asked(), ElementsAre(kAsk));

   const Platform broken({"classic.example.com"}, [](const sim::Request&) {
      return sim::Reply{500, "<Fault><faultcode>Server</faultcode></Fault>"};
   });
   const auto unavailable = Family("soap_token", broken).check(kValues, kSecrets);
   EXPECT_EQ(unavailable.outcome, host::Outcome::unavailable);
   EXPECT_EQ(first_error(unavailable).code, "platform.unavailable");
}

TEST(SoapToken, a_right_that_is_not_listed_is_missing) {
   ExampleClassic classic;
   classic.platform.change([&] { classic.rights = "tickets.write"; });
   EXPECT_EQ(Family("soap_token", classic.platform).check(kValues, kSecrets).verdict, host::Verdict::insufficient);
}

// The console's own code: it takes the session, writes the token into its envelope, and says when it is over.
TEST(SoapToken, a_console_writes_the_session_s_token_into_its_own_envelopes) {
   ExampleClassic classic;
   const Family plugin("soap_token", classic.platform);
   const auto integration = plugin.integration(kValues, kSecrets);
   const auto tickets = [&] {
      const auto report = integration->session();
      EXPECT_EQ(report.outcome, host::Outcome::accepted);
      const std::string token(report.session->headers.at(0).second.view());
      const std::string body = "<GetTickets><SessionID>" + sdk::xml_escape(token) + "</SessionID></GetTickets>";
      return integration->request({"POST", "", {{"Content-Type", "text/xml"}}, body, {}, true});
   };
   EXPECT_THAT(tickets().body, HasSubstr("<Tickets>3</Tickets>"));
   classic.platform.change([&] { classic.open = false; });
   EXPECT_THAT(tickets().body, HasSubstr("InvalidSession"));
   integration->drop_session();
   EXPECT_THAT(tickets().body, HasSubstr("<Tickets>3</Tickets>"));
   EXPECT_EQ(classic.sessions, 2);
   for (const sim::Request& request : classic.platform.seen()) EXPECT_EQ(request.header("SessionID"), std::nullopt);
}

TEST(SoapToken, on_the_command_line_it_is_added_and_no_text_holds_token_or_password) {
   ExampleClassic classic;
   FamilyConsole console("soap_token", classic.platform);
   const auto added = console.add(kValues, {{"password", std::string("=") + kPassword}}, {"--name", "Classic"});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   EXPECT_EQ(console.run({"integration", "check", "Classic"}).exit_code, 0);
   const auto request = console.run({"integration", "request", "Classic", "POST", "", "--body", "<GetTickets/>"});
   EXPECT_EQ(request.exit_code, 2);
   EXPECT_THAT(request.err, HasSubstr("Example Classic takes the session in the body of each request"));
   EXPECT_THAT(classic.platform.seen().back().body, HasSubstr("<Login>")) << "nothing but the sign-in was sent";
   EXPECT_THAT(added.out + added.err, Not(HasSubstr("session>")));
}

}  // namespace
}  // namespace msp::test
