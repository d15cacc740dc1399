#include "web/access.hpp"

#include "web_client.hpp"

namespace msp::console::test {
namespace {

// With which status a request is refused; 0: it is not.
int status(const std::optional<HttpResponse>& refused) { return refused ? refused->status : 0; }

class AccessTest : public testing::Test {
 protected:
   static AccessOptions options(std::chrono::steady_clock::time_point* now) {
      AccessOptions options;
      options.port = 8480;
      options.is_own_name = is_loopback_name;
      options.clock = [now] { return *now; };
      return options;
   }

   // Opens a session; returns the headers with which its page sends a change.
   std::map<std::string, std::string> signed_in() {
      const HttpResponse response = access_.open_session(request("POST", "/api/v1/session"), access_.new_link_key());
      EXPECT_EQ(response.status, 200);
      const std::string cookie = header(response, "Set-Cookie");
      const std::string csrf = response.body.substr(response.body.find(": \"") + 3, 64);
      return {{"host", "127.0.0.1:8480"}, {"cookie", cookie.substr(0, cookie.find(';'))}, {"x-msp-csrf", csrf}};
   }

   std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
   Access access_{options(&now_)};
};

TEST_F(AccessTest, only_the_consoles_own_names_are_answered) {
   // Whatever the port: a tunnel brings one of its own.
   for (const auto* host : {"127.0.0.1:8480", "localhost:8480", "LOCALHOST:8480", "[::1]:8480", "127.0.0.2:8480",
                            "127.255.255.254:1", "localhost:9000", "127.0.0.1", "localhost", "[::1]", "[::1]:80"}) {
      EXPECT_FALSE(access_.refuse_foreign(request("GET", "/", {{"host", host}}))) << host;
   }
   for (const auto* host : {"evil.example:8480",
                            "127.0.0.1:8480.evil.example",
                            "localhost:",
                            ":8480",
                            "",
                            "127.0.0.1@evil.example:8480",
                            "[::1",
                            "127.0.0.1:8480:8480",
                            "127.0.0.1:x",
                            "127.1:8480",
                            "0.0.0.0:8480",
                            "128.0.0.1:8480",
                            "127.0.0.01:8480",
                            "2130706433:8480",
                            "0x7f.0.0.1:8480",
                            "127.0.0.1.:8480",
                            "localhost.:8480",
                            "localhost.evil.example:8480",
                            "evil.localhost:8480",
                            "[::]:8480",
                            "[::ffff:127.0.0.1]:8480",
                            "[127.0.0.1]:8480",
                            " 127.0.0.1:8480",
                            "127.0.0.1 :8480",
                            "127.0.0.1:123456"}) {
      const auto refused = access_.refuse_foreign(request("GET", "/", {{"host", host}}));
      ASSERT_TRUE(refused) << host;
      EXPECT_EQ(refused->status, 421) << host;
   }
}

TEST_F(AccessTest, the_page_of_another_site_is_refused) {
   const auto refused = [&](std::map<std::string, std::string> headers, const char* method = "POST",
                            const char* path = "/api/v1/checks") {
      headers["host"] = "127.0.0.1:8480";
      return access_.refuse_foreign(request(method, path, headers)).has_value();
   };
   EXPECT_FALSE(refused({{"origin", "http://127.0.0.1:8480"}, {"sec-fetch-site", "same-origin"}}));
   EXPECT_FALSE(refused({}));
   EXPECT_FALSE(
       access_.refuse_foreign(request("POST", "/", {{"host", "localhost:9000"}, {"origin", "http://localhost:9000"}})))
       << "through a tunnel";
   EXPECT_TRUE(
       access_.refuse_foreign(request("POST", "/", {{"host", "localhost:8480"}, {"origin", "http://localhost:9000"}})))
       << "a server of another user of this machine";
   for (const auto* origin : {"http://evil.example", "null", "https://127.0.0.1:8480", "http://127.0.0.1:8481",
                              "http://localhost:8480", "http://127.0.0.1:8480/"}) {
      EXPECT_TRUE(refused({{"origin", origin}})) << origin;
   }
   EXPECT_TRUE(refused({{"sec-fetch-site", "cross-site"}}));
   EXPECT_TRUE(refused({{"sec-fetch-site", "same-site"}}, "GET"));
   // Following a link to the page is no attack; embedding it or asking the API is.
   EXPECT_FALSE(refused({{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}}, "GET", "/"));
   EXPECT_TRUE(refused({{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "no-cors"}}, "GET", "/app.js"));
   EXPECT_TRUE(refused({{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}}, "GET", "/api/v1/plugins"));
}

TEST_F(AccessTest, a_repeated_header_that_access_depends_on_is_refused) {
   HttpRequest twice = request("GET", "/");
   twice.repeated = "cookie";
   const auto refused = access_.refuse_foreign(twice);
   ASSERT_TRUE(refused);
   EXPECT_EQ(refused->status, 400);
   EXPECT_NE(refused->body.find("request.invalid"), std::string::npos) << refused->body;
   EXPECT_NE(refused->body.find("The request holds its header cookie twice."), std::string::npos) << refused->body;
}

TEST_F(AccessTest, a_link_opens_one_browser) {
   const std::string key = access_.new_link_key();
   const HttpResponse opened = access_.open_session(request("POST", "/api/v1/session"), key);
   EXPECT_EQ(opened.status, 200);
   const std::string cookie = header(opened, "Set-Cookie");
   EXPECT_TRUE(cookie.starts_with("msp_console_8480=")) << cookie;
   EXPECT_NE(cookie.find("; HttpOnly; SameSite=Strict"), std::string::npos);
   EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "a browser would not send it back over http";

   const HttpResponse again = access_.open_session(request("POST", "/api/v1/session"), key);
   EXPECT_EQ(again.status, 401);
   EXPECT_EQ(header(again, "Set-Cookie"), "");
   EXPECT_NE(again.body.find("access.link_used"), std::string::npos);
}

TEST_F(AccessTest, a_new_link_makes_the_one_before_void) {
   const std::string first = access_.new_link_key();
   const std::string second = access_.new_link_key();
   EXPECT_EQ(access_.open_session(request("POST", "/"), first).status, 401);
   EXPECT_EQ(access_.open_session(request("POST", "/"), "").status, 401);
   EXPECT_EQ(access_.open_session(request("POST", "/"), second).status, 200);
}

TEST_F(AccessTest, guessing_links_is_stopped_for_a_minute_and_keeps_nobody_out_who_has_the_link) {
   const std::string key = access_.new_link_key();
   for (int attempt = 0; attempt < 20; ++attempt) {
      EXPECT_EQ(access_.open_session(request("POST", "/"), "guess").status, 401);
   }
   EXPECT_EQ(access_.open_session(request("POST", "/"), "guess").status, 429);
   EXPECT_EQ(access_.open_session(request("POST", "/"), key).status, 200);
   EXPECT_EQ(access_.open_session(request("POST", "/"), key).status, 429) << "a used link is one more guess";
   now_ += std::chrono::seconds(61);
   EXPECT_EQ(access_.open_session(request("POST", "/"), "guess").status, 401);
}

TEST_F(AccessTest, without_its_cookie_nothing_is_shown_and_without_its_token_nothing_changed) {
   const auto page = signed_in();
   EXPECT_FALSE(access_.refuse_stranger(request("POST", "/", page)));

   auto without_cookie = page;
   without_cookie.erase("cookie");
   EXPECT_EQ(status(access_.refuse_stranger(request("GET", "/", without_cookie))), 401);
   auto wrong_cookie = page;
   wrong_cookie["cookie"] = "msp_console_8480=" + std::string(64, '0');
   EXPECT_EQ(status(access_.refuse_stranger(request("GET", "/", wrong_cookie))), 401);
   auto among_others = page;
   among_others["cookie"] = "a=b; " + page.at("cookie") + " ; c=d";
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", among_others)));
   auto behind_a_neighbours = page;
   behind_a_neighbours["cookie"] = wrong_cookie["cookie"] + "; " + page.at("cookie");
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", behind_a_neighbours)))
       << "a server on another port may have set one of that name";

   auto without_token = page;
   without_token.erase("x-msp-csrf");
   for (const auto* method : {"GET", "HEAD"}) {
      EXPECT_EQ(status(access_.refuse_stranger(request(method, "/", without_token))), 401)
          << "servers on other ports of this machine get the cookie, too";
   }
   for (const auto* method : {"POST", "PATCH", "DELETE", "PUT", "OPTIONS"}) {
      EXPECT_EQ(status(access_.refuse_stranger(request(method, "/", without_token))), 403) << method;
   }
   auto wrong_token = page;
   wrong_token["x-msp-csrf"].back() ^= 1;
   EXPECT_EQ(status(access_.refuse_stranger(request("DELETE", "/", wrong_token))), 403);
   EXPECT_EQ(status(access_.refuse_stranger(request("GET", "/", wrong_token))), 401);
}

TEST_F(AccessTest, one_sessions_token_does_not_serve_another_session) {
   const auto first = signed_in();
   auto second = signed_in();
   EXPECT_FALSE(access_.refuse_stranger(request("POST", "/", first)));
   second["x-msp-csrf"] = first.at("x-msp-csrf");
   EXPECT_EQ(status(access_.refuse_stranger(request("POST", "/", second))), 403);
}

TEST_F(AccessTest, a_session_that_nobody_uses_ends) {
   const auto page = signed_in();
   now_ += std::chrono::hours(11);
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", page)));
   now_ += std::chrono::hours(11);
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", page)));
   now_ += std::chrono::hours(11);
   auto cookie_alone = page;
   cookie_alone.erase("x-msp-csrf");
   EXPECT_TRUE(access_.refuse_stranger(request("GET", "/", cookie_alone))) << "and keeps no session alive";
   now_ -= std::chrono::hours(11);
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", page)));
   now_ += std::chrono::hours(12);
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", page)));
   now_ += std::chrono::hours(12) + std::chrono::seconds(1);
   EXPECT_EQ(status(access_.refuse_stranger(request("GET", "/", page))), 401);
}

TEST_F(AccessTest, of_too_many_sessions_the_one_that_was_unused_for_longest_ends) {
   std::vector<std::map<std::string, std::string>> pages;
   while (pages.size() < 32) {
      now_ += std::chrono::seconds(1);
      pages.push_back(signed_in());
   }
   for (const auto& page : pages) EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", page)));
   now_ += std::chrono::seconds(1);
   EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", pages[1]))) << "used once more than the others";
   // All but one were last used at one moment: which of those ends is nobody's concern.
   now_ += std::chrono::seconds(1);
   for (std::size_t i = 2; i < pages.size(); ++i) {
      EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", pages[i])));
   }
   pages.push_back(signed_in());
   EXPECT_EQ(status(access_.refuse_stranger(request("GET", "/", pages[0]))), 401);
   for (std::size_t i = 1; i < pages.size(); ++i) {
      EXPECT_FALSE(access_.refuse_stranger(request("GET", "/", pages[i]))) << i;
   }
}

TEST_F(AccessTest, a_link_that_another_site_opens_opens_nothing_and_stays_good) {
   const std::string key = access_.new_link_key();
   for (const auto* site : {"cross-site", "same-site", "none"}) {
      const HttpResponse refused = access_.open_session(request("POST", "/", {{"sec-fetch-site", site}}), key);
      EXPECT_EQ(refused.status, 401) << site;
      EXPECT_EQ(header(refused, "Set-Cookie"), "") << site;
   }
   EXPECT_EQ(access_.open_session(request("POST", "/", {{"sec-fetch-site", "same-origin"}}), key).status, 200);
}

TEST(Access, the_cookies_of_consoles_on_other_ports_are_not_taken_for_its_own) {
   AccessOptions options;
   options.port = 84;
   options.is_own_name = is_loopback_name;
   Access access(options);
   const HttpResponse opened = access.open_session(request("POST", "/"), access.new_link_key());
   const std::string cookie = header(opened, "Set-Cookie");
   EXPECT_TRUE(cookie.starts_with("msp_console_84=")) << cookie;
   const std::string own = cookie.substr(0, cookie.find(';'));
   const std::string token = opened.body.substr(opened.body.find(": \"") + 3, 64);
   const auto answered = [&](const std::string& cookies) {
      return status(access.refuse_stranger(request("GET", "/", {{"cookie", cookies}, {"x-msp-csrf", token}})));
   };
   EXPECT_EQ(answered(own), 0);
   EXPECT_EQ(answered("msp_console_8480=" + std::string(64, '0') + "; " + own), 0) << "a port that begins alike";
   EXPECT_EQ(answered("msp_console_8480" + own.substr(own.find('='))), 401);
}

TEST(Access, over_tls_the_cookie_is_for_tls_only_and_the_names_are_the_certificates) {
   AccessOptions options;
   options.port = 443;
   options.tls = true;
   options.is_own_name = [](std::string_view name) { return name == "console.example"; };
   Access access(options);
   EXPECT_NE(header(access.open_session(request("POST", "/"), access.new_link_key()), "Set-Cookie").find("; Secure"),
             std::string::npos);
   EXPECT_FALSE(access.refuse_foreign(
       request("POST", "/", {{"host", "console.example"}, {"origin", "https://console.example"}})));
   EXPECT_TRUE(access.refuse_foreign(request("POST", "/", {{"host", "127.0.0.1"}})));
   EXPECT_TRUE(access.refuse_foreign(
       request("POST", "/", {{"host", "console.example"}, {"origin", "http://console.example"}})));
}

}  // namespace
}  // namespace msp::console::test
