// A session in two cookies, each set by a header of its own.
#include <gmock/gmock.h>

#include "family.hpp"

namespace msp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHost = "desk.example.com";

// Knows the session that it gave last, as long as it is `open`.
class ExampleServer {
 public:
   std::string role = "Technician";
   sim::Headers cookies = {{"Set-Cookie", "lang=en; Path=/"},
                           {"Set-Cookie", "sid={}; Path=/; HttpOnly; Secure"},
                           {"Set-Cookie", "csrf=forged-by-nobody-{}; Path=/; Secure"}};
   bool open = false;
   int sessions = 0;
   Platform platform{{kHost}, [this](const sim::Request& request) { return answer(request); }};

 private:
   sim::Reply answer(const sim::Request& request) {
      const std::string number = std::to_string(sessions);
      if (request.path == "/login") {
         if (request.body != "user=jane&password=correct%20horse") return sim::Reply::json("{}", 401);
         sim::Reply reply = sim::Reply::json(R"({"company":"Example GmbH","role":")" + role + "\"}");
         open = true;
         ++sessions;
         for (auto [name, value] : cookies) {
            if (const auto at = value.find("{}"); at != std::string::npos)
               value.replace(at, 2, std::to_string(sessions));
            reply.headers.emplace_back(name, value);
         }
         return reply;
      }
      const bool good = open &&
                        request.header("Cookie") == "lang=en; sid=" + number + "; csrf=forged-by-nobody-" + number &&
                        request.header("X-CSRF-Token") == "forged-by-nobody-" + number;
      return good ? sim::Reply::json(R"({"ticket":1})") : sim::Reply::json("{}", 401);
   }
};

const Values kValues = {{"server", "https://desk.example.com/"}, {"user", "jane"}};
const Values kSecrets = {{"password", "correct horse"}};

TEST(CookieSession, every_cookie_that_the_sign_in_sets_is_in_the_session) {
   ExampleServer server;
   const Family plugin("cookie_session", server.platform);
   const auto report = plugin.check(kValues, kSecrets);
   ASSERT_EQ(report.outcome, host::Outcome::accepted) << told(report);
   EXPECT_EQ(report.identity->account, "Example GmbH");
   EXPECT_EQ(report.session->base_url, "https://desk.example.com/api/");
   ASSERT_EQ(report.session->headers.size(), 2U);
   EXPECT_EQ(report.session->headers[0].second.view(), "lang=en; sid=1; csrf=forged-by-nobody-1");
   EXPECT_EQ(report.session->headers[1].second.view(), "forged-by-nobody-1");
   EXPECT_THAT(server.platform.asked(), ElementsAre("POST desk.example.com/login"));
}

TEST(CookieSession, a_sign_in_without_one_of_the_cookies_is_none) {
   for (const std::size_t missing : {1U, 2U}) {
      ExampleServer server;
      server.cookies.erase(server.cookies.begin() + static_cast<std::ptrdiff_t>(missing));
      const Family plugin("cookie_session", server.platform);
      const auto report = plugin.check(kValues, kSecrets);
      EXPECT_EQ(report.outcome, host::Outcome::unavailable) << missing;
      EXPECT_EQ(first_error(report).code, "platform.unexpected_response");
   }
}

TEST(CookieSession, a_wrong_password_is_refused_after_one_sign_in) {
   ExampleServer server;
   const Family plugin("cookie_session", server.platform);
   const auto report = plugin.check(kValues, {{"password", "wrong horse"}});
   EXPECT_EQ(report.outcome, host::Outcome::refused);
   EXPECT_EQ(first_error(report).field, "password");
   EXPECT_THAT(server.platform.asked(), ElementsAre("POST desk.example.com/login"));
}

TEST(CookieSession, a_role_that_may_not_write_is_a_missing_right) {
   ExampleServer server;
   server.platform.change([&] { server.role = "Reader"; });
   const Family plugin("cookie_session", server.platform);
   const auto report = plugin.check(kValues, kSecrets);
   EXPECT_EQ(report.verdict, host::Verdict::insufficient);
   EXPECT_EQ(find_grant(report, "tickets.write")->evidence, "role=Reader");
}

TEST(CookieSession, a_session_that_the_server_dropped_is_opened_once_more_with_cookies_of_its_own) {
   ExampleServer server;
   const Family plugin("cookie_session", server.platform);
   const auto integration = plugin.integration(kValues, kSecrets);
   EXPECT_EQ(get(*integration, "tickets/1").status, 200);
   server.platform.change([&] { server.open = false; });
   EXPECT_EQ(get(*integration, "tickets/1").status, 200);
   EXPECT_THAT(server.platform.asked(), ElementsAre("POST desk.example.com/login", "GET desk.example.com/api/tickets/1",
                                                    "GET desk.example.com/api/tickets/1", "POST desk.example.com/login",
                                                    "GET desk.example.com/api/tickets/1"));
   EXPECT_EQ(server.platform.seen().back().header("X-CSRF-Token"), "forged-by-nobody-2");
}

TEST(CookieSession, on_the_command_line_a_request_carries_the_cookies_and_no_cookie_of_the_caller) {
   ExampleServer server;
   FamilyConsole console("cookie_session", server.platform);
   const auto added = console.add(kValues, {{"password", "=correct horse"}}, {"--name", "Desk"});
   EXPECT_EQ(added.exit_code, 0) << added.out << added.err;
   EXPECT_EQ(console.run({"integration", "request", "Desk", "GET", "tickets/1"}).out, R"({"ticket":1})");
   const auto before = server.platform.asked().size();
   const auto forged = console.run({"integration", "request", "Desk", "GET", "tickets/1", "--header", "Cookie: sid=7"});
   EXPECT_EQ(forged.exit_code, 2);
   EXPECT_THAT(forged.err, HasSubstr("the header Cookie comes with"));
   EXPECT_EQ(server.platform.asked().size(), before);
}

}  // namespace
}  // namespace msp::test
