// connection_test.cpp - the connection with a host in memory: no network, no console.
#include "connection.hpp"

#include <cstdio>

#include "msp/testing/fakes.hpp"

using acme_helpdesk::Connection;

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
   if (holds) return;
   std::printf("FAILED: %s\n", what);
   ++failures;
}

struct Fixture {
   Fixture() { fake_call.secrets["api_token"] = "a-token"; }

   msp::test::FakeHost fake_host;
   msp::test::FakeCall fake_call;
   msp::sdk::Host host{fake_host.table()};
   msp::sdk::Call call{fake_call.table()};
   Connection connection{host};

   void platform_answers(int status, const char* body) {
      fake_host.answers["https://api.acme.example/v1/me"] = {{status, body, {}, {}}};
   }
};

void a_good_token_is_accepted_and_asked_for_once() {
   Fixture f;
   f.platform_answers(200, R"({"account":"harbour-it","user":"ada","may":"tickets.read"})");
   expect(f.connection.validate_credentials(f.call) == msp::sdk::Outcome::accepted, "the token is accepted");
   expect(f.connection.check_permissions(f.call) == msp::sdk::Outcome::accepted, "the rights are known");
   expect(f.connection.authenticate(f.call) == msp::sdk::Outcome::accepted, "there is a session");
   expect(f.fake_host.requests.size() == 1, "one request is enough");
   expect(f.fake_call.identity.at(0) == "harbour-it", "the account is reported");
   expect(f.fake_call.grants.size() == 2, "both rights are reported");
   expect(f.fake_call.headers.at(0).second == "Bearer a-token", "the session has the token");
}

void a_bad_token_is_refused_with_its_field() {
   Fixture f;
   f.platform_answers(401, "");
   expect(f.connection.validate_credentials(f.call) == msp::sdk::Outcome::refused, "the token is refused");
   expect(f.fake_call.findings.at(0).field == "api_token", "the finding names the field");
}

void a_web_page_is_no_answer() {
   Fixture f;
   f.platform_answers(200, "<html>");
   expect(f.connection.validate_credentials(f.call) == msp::sdk::Outcome::unavailable, "a page is not an answer");
}

}  // namespace

// A plugin has its manifest from the build; a test that links parts of it needs one, too.
extern "C" const char msp_plugin_manifest[] = "{}";

int main() {
   a_good_token_is_accepted_and_asked_for_once();
   a_bad_token_is_refused_with_its_field();
   a_web_page_is_no_answer();
   return failures == 0 ? 0 : 1;
}
