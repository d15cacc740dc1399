#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>

#include "sim/autotask/autotask_sim.hpp"
#include "test_support/runner.hpp"
#include "test_support/temp_dir.hpp"
#include "web/access.hpp"
#include "web/api.hpp"
#include "web/assets.hpp"
#include "web/web_console.hpp"
#include "web_client.hpp"
#include "words/documents.hpp"

namespace msp::console::test {
namespace {

constexpr const char* kSecret = "Throw$away#1";
constexpr const char* kCode = "THROWAWAYTRACKINGIDENTIFIER";

// The page's side of the web console, without a network between them; the platform is simulated.
class WebConsoleTest : public testing::Test {
 protected:
   explicit WebConsoleTest(const std::string& scenario = "") : platform_(scenario) {
      ConsoleOptions options;
      options.plugin_dirs = {MSP_PLUGIN_DIRECTORY};
      options.runner = test_support::runner();
      options.data_dir = directory_.path() / "data";
      options.network.ca_file = platform_.ca_file();
      options.network.connect_to = platform_.connect_to();
      console_.emplace(options);
      jobs_.emplace(host::CheckOptions{}, CheckLimits{}, system_clock(), std::chrono::steady_clock::now);
      AccessOptions access;
      access.port = 8480;
      access.is_own_name = is_loopback_name;
      access_.emplace(access);
      api_.emplace(*console_, *jobs_);
      web_.emplace(*access_, *api_, returns_, [this] { ++links_used_; });

      const HttpResponse opened = send("POST", "session", R"({"key":")" + access_->new_link_key() + "\"}");
      EXPECT_EQ(opened.status, 200) << opened.body;
      const std::string cookie = header(opened, "Set-Cookie");
      headers_["cookie"] = cookie.substr(0, cookie.find(';'));
      headers_["x-msp-csrf"] = parse(opened)["csrf"].GetString();
   }

   HttpResponse send(const char* method, const std::string& path, const std::string& body = {}) {
      auto headers = headers_;
      if (!body.empty()) headers.emplace("content-type", "application/json");
      HttpResponse response = web_->answer(request(method, "/api/v1/" + path, headers, body));
      said_ += response.body;
      for (const auto& [name, value] : response.headers) said_ += name + value;
      return response;
   }

   static rapidjson::Document parse(const HttpResponse& response) {
      rapidjson::Document document;
      document.Parse(response.body);
      EXPECT_FALSE(document.HasParseError()) << response.body;
      return document;
   }

   void enable_autotask() {
      const std::string sha256 = parse(send("GET", "plugins/autotask"))["sha256"].GetString();
      ASSERT_EQ(send("POST", "plugins/autotask/enable", R"({"sha256":")" + sha256 + "\"}").status, 200);
   }

   static std::string settings(const std::string& user, const std::string& secret, const std::string& more = {}) {
      return R"({"platform":"autotask",)" + more + R"("settings":{"user_name":")" + user +
             R"("},"secrets":{"password":")" + secret + R"(","integration_code":")" + kCode + "\"}}";
   }

   // Starts a check and follows it to its end.
   rapidjson::Document check(const char* method, const std::string& path, const std::string& body = {}) {
      const HttpResponse started = send(method, path, body);
      EXPECT_EQ(started.status, 202) << started.body;
      return follow(parse(started)["id"].GetString());
   }
   rapidjson::Document follow(const std::string& id) {
      std::uint64_t after = 0;
      for (;;) {
         const auto news = parse(send("GET", "checks/" + id + "?after=" + std::to_string(after)));
         after = news["next"].GetUint64();
         if (std::string_view(news["state"].GetString()) == "ended") break;
      }
      return parse(send("GET", "checks/" + id));
   }

   test_support::TempDir directory_;
   sim::AutotaskSimulator platform_;
   std::optional<Console> console_;
   std::optional<CheckJobs> jobs_;
   std::optional<Access> access_;
   std::optional<Api> api_;
   SignInReturns returns_;
   std::optional<WebConsole> web_;
   std::map<std::string, std::string> headers_{{"host", "127.0.0.1:8480"}, {"origin", "http://127.0.0.1:8480"}};
   int links_used_ = 0;
   std::string said_;  // everything that was answered
};

TEST_F(WebConsoleTest, a_sign_in_that_nobody_waits_for_is_told) {
   const HttpResponse not_expected =
       send("POST", "checks/1/return", R"({"address":"http://127.0.0.1:8480/callback?state=1234&code=the-code"})");
   EXPECT_EQ(not_expected.status, 400);
   EXPECT_EQ(not_expected.body.find("the-code"), std::string::npos);
   EXPECT_NE(not_expected.body.find("That is not the address"), std::string::npos) << not_expected.body;
   EXPECT_EQ(send("POST", "checks/1/return", "{}").status, 400);
   EXPECT_EQ(send("GET", "checks/1/return").status, 405);
   EXPECT_EQ(send("POST", "integrations/77/sign-in").status, 404);
}

TEST_F(WebConsoleTest, the_page_and_all_that_it_loads_are_small) {
   std::size_t bytes = 0;
   for (const Asset& asset : assets()) {
      const HttpResponse response = web_->answer(request("GET", std::string(asset.path)));
      EXPECT_EQ(response.status, 200) << asset.path;
      bytes += response.body.size();

      auto known = headers_;
      known["if-none-match"] = header(response, "ETag");
      const HttpResponse again = web_->answer(request("GET", std::string(asset.path), known));
      EXPECT_EQ(again.status, 304);
      EXPECT_TRUE(again.body.empty());
   }
   EXPECT_LT(bytes, 128U * 1024);
   EXPECT_GT(bytes, 10U * 1024);
}

TEST_F(WebConsoleTest, files_and_lists_are_compressed_for_who_takes_it_and_what_may_be_secret_never_is) {
   enable_autotask();
   std::size_t packed = 0;
   const auto encoding = [&](const std::string& path, const std::string& takes) {
      auto with = headers_;
      with["accept-encoding"] = takes;
      const HttpResponse response = web_->answer(request("GET", path, with));
      packed = response.body.size();
      EXPECT_EQ(response.status, 200) << path;
      return header(response, "Content-Encoding");
   };
   EXPECT_EQ(encoding("/app.js", ""), "");
   const std::size_t plain = packed;
   EXPECT_EQ(encoding("/app.js", "br, gzip;q=0.5"), "gzip");
   EXPECT_LT(packed, plain / 2);
   EXPECT_EQ(encoding("/app.js", "gzip;q=0, *"), "");
   EXPECT_EQ(encoding("/app.js", "*"), "gzip");
   EXPECT_EQ(encoding("/icon.svg", "gzip"), "") << "small as it is";
   EXPECT_EQ(encoding("/api/v1/plugins", "gzip"), "gzip");

   const auto refused = check("POST", "checks", settings("api+console@msp.example", "wrong"));
   EXPECT_EQ(encoding("/api/v1/checks/" + std::string(refused["id"].GetString()), "gzip"), "");
   EXPECT_EQ(encoding("/api/v1/plugins/autotask", "gzip"), "");
   auto with = headers_;
   with["accept-encoding"] = "gzip";
   const HttpResponse session =
       web_->answer(request("POST", "/api/v1/session", with, R"({"key":")" + access_->new_link_key() + "\"}"));
   EXPECT_EQ(header(session, "Content-Encoding"), "");
}

TEST_F(WebConsoleTest, nothing_but_the_pages_own_files_is_served) {
   for (const auto* path : {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/screens/", "/screens",
                            "/screens/../app.js", "/index.html", "/console.db", "", "\\", "/app.js%00", "/app.js/"}) {
      EXPECT_EQ(web_->answer(request("GET", path)).status, 404) << path;
   }
   EXPECT_EQ(web_->answer(request("POST", "/")).status, 405);
}

TEST_F(WebConsoleTest, the_api_is_for_those_who_opened_a_link) {
   EXPECT_EQ(links_used_, 1);
   const auto page = headers_;
   for (const auto* half : {"cookie", "x-msp-csrf"}) {
      headers_ = page;
      headers_.erase(half);
      for (const auto* path : {"plugins", "plugins/autotask", "plugins/autotask/requirements", "integrations",
                               "integrations/1", "checks", "checks/00", "checks/00?after=0", "no-such-thing", ""}) {
         EXPECT_EQ(send("GET", path).status, 401) << half << ' ' << path;
      }
      EXPECT_EQ(send("GET", "session").status, 405) << "the token is given for the link's key and for nothing else";
      for (const auto* method : {"POST", "PATCH", "DELETE"}) {
         for (const auto* path :
              {"checks", "integrations", "integrations/1", "integrations/check", "plugins/x/enable"}) {
            EXPECT_EQ(send(method, path, "{}").status, half == std::string("cookie") ? 401 : 403) << method << path;
         }
      }
   }
}

TEST_F(WebConsoleTest, a_change_without_the_pages_token_changes_nothing) {
   headers_.erase("x-msp-csrf");
   EXPECT_EQ(send("POST", "plugins/autotask/enable", R"({"sha256":"0"})").status, 403);
}

TEST_F(WebConsoleTest, a_name_or_site_that_is_not_the_consoles_is_refused_whatever_cookie_comes_along) {
   headers_["origin"] = "http://evil.example";
   EXPECT_EQ(send("POST", "plugins/autotask/disable").status, 403);
   headers_.erase("origin");
   headers_["host"] = "evil.example:8480";
   EXPECT_EQ(send("GET", "integrations").status, 421);
}

TEST_F(WebConsoleTest, a_body_that_is_not_what_was_expected_is_refused_with_a_sentence) {
   for (const auto* body :
        {"{", "[]", "null", "\"text\"", "{\"platform\":1}", "{\"settings\":[]}", "{\"settings\":{\"a\":1}}",
         "{\"secrets\":{\"a\":null}}", "{\"nonsense\":\"x\"}", "{} {}", "{\"name\":\"\xff\"}"}) {
      const HttpResponse response = send("POST", "integrations", body);
      EXPECT_EQ(response.status, 400) << body;
      EXPECT_NE(parse(response)["error"]["remedy"].GetStringLength(), 0U);
   }
   EXPECT_EQ(send("POST", "integrations", std::string(200'000, '[')).status, 400) << "however deep";
   headers_["content-type"] = "text/plain";
   EXPECT_EQ(send("POST", "integrations", "{}").status, 415);
}

TEST_F(WebConsoleTest, a_key_that_nobody_knows_is_repeated_as_clean_text_and_cut_between_letters) {
   const std::string letters(63, 'a');
   const auto told = [&](const std::string& key) {
      return std::string(
          parse(send("POST", "integrations", "{\"" + key + "\":\"x\"}"))["error"]["summary"].GetString());
   };
   // 64 bytes are shown, the dots among them.
   const std::string cut = "The body's \"" + std::string(61, 'a') + "\u2026\" is not what this console knows.";
   for (const auto* letter : {"\u00DC", "\u20AC", "\U0001F512"}) EXPECT_EQ(told(letters + letter + "b"), cut);
   EXPECT_EQ(told("a\u202Eb").find("\u202E"), std::string::npos);
}

TEST_F(WebConsoleTest, a_secret_that_is_sent_as_a_plain_setting_is_refused_and_kept_nowhere) {
   enable_autotask();
   check("POST", "integrations", settings("api+console@msp.example", kSecret));
   const std::string body =
       R"({"platform":"autotask","settings":{"user_name":"api+console@msp.example","password":"In$the#wrong-place"}})";
   for (const auto& [method, path] :
        {std::pair("POST", "integrations"), std::pair("POST", "checks"), std::pair("PATCH", "integrations/1")}) {
      const HttpResponse refused = send(method, path, body);
      EXPECT_EQ(refused.status, 400) << method << ' ' << path;
      EXPECT_NE(refused.body.find("is a secret and was sent as a plain setting."), std::string::npos) << refused.body;
   }
   EXPECT_EQ(parse(send("GET", "checks"))["checks"].Size(), 1U) << "nothing was started";
   EXPECT_EQ(said_.find("wrong-place"), std::string::npos);
}

TEST_F(WebConsoleTest, only_a_body_that_is_sent_as_json_is_read) {
   const std::pair<const char*, int> types[] = {{"application/json", 400},
                                                {"application/json; charset=utf-8", 400},
                                                {"application/jsonp", 415},
                                                {"application/x-www-form-urlencoded", 415},
                                                {"multipart/form-data", 415},
                                                {"text/plain;application/json", 415},
                                                {"", 415}};
   for (const auto& [type, status] : types) {
      headers_["content-type"] = type;
      EXPECT_EQ(send("POST", "integrations", "[]").status, status) << type;
   }
}

TEST_F(WebConsoleTest, who_starts_too_many_checks_is_told_when_to_come_back) {
   int started = 0;
   HttpResponse answer = send("POST", "checks", R"({"platform":"no-such"})");
   for (; answer.status == 202 && started < 100; ++started) {
      follow(parse(answer)["id"].GetString());
      answer = send("POST", "checks", R"({"platform":"no-such"})");
   }
   EXPECT_EQ(started, 30);
   EXPECT_EQ(answer.status, 429);
   EXPECT_EQ(header(answer, "Retry-After"), "60");
   EXPECT_STREQ(parse(answer)["error"]["code"].GetString(), "check.too_many");
}

TEST_F(WebConsoleTest, no_browser_keeps_what_the_console_says) {
   for (const auto* path : {"plugins", "integrations", "checks", "no-such-thing", "session"}) {
      EXPECT_EQ(header(send("GET", path), "Cache-Control"), "no-store") << path;
   }
   headers_.erase("cookie");
   EXPECT_EQ(header(send("GET", "integrations"), "Cache-Control"), "no-store");
}

TEST_F(WebConsoleTest, only_who_has_a_session_keeps_the_place_of_a_connection) {
   EXPECT_TRUE(send("GET", "integrations").of_session);
   EXPECT_TRUE(send("GET", "no-such-thing").of_session) << "whatever is asked";
   EXPECT_FALSE(web_->answer(request("GET", "/")).of_session) << "anybody gets the page";
   EXPECT_FALSE(send("POST", "session", R"({"key":"guess"})").of_session);
   EXPECT_TRUE(send("POST", "session", R"({"key":")" + access_->new_link_key() + "\"}").of_session);
   for (const auto* half : {"cookie", "x-msp-csrf"}) {
      const auto kept = headers_;
      headers_.erase(half);
      EXPECT_FALSE(send("GET", "integrations").of_session) << half;
      EXPECT_FALSE(send("POST", "checks", "{}").of_session) << half;
      headers_ = kept;
   }
}

TEST_F(WebConsoleTest, methods_and_paths_that_do_not_exist_are_told_so) {
   for (const auto* path :
        {"nonsense", "plugins/no-such", "plugins/autotask/nonsense", "integrations/0", "integrations/1x",
         "integrations/99999999999999999999", "checks/0123456789abcdef", "checks/a/b", "plugins/%zz"}) {
      EXPECT_EQ(send("GET", path).status, 404) << path;
   }
   for (const auto* path : {"plugins", "integrations", "checks", "plugins/autotask"}) {
      const HttpResponse response = send("PUT", path);
      EXPECT_EQ(response.status, 405) << path;
      EXPECT_FALSE(header(response, "Allow").empty());
   }
}

TEST_F(WebConsoleTest, lists_are_the_command_lines_documents) {
   EXPECT_EQ(send("GET", "plugins").body, plugins_document(console_->plugins().list()));
   EXPECT_EQ(send("GET", "integrations").body, integrations_document(console_->integrations().list()));
}

TEST_F(WebConsoleTest, only_the_bytes_that_were_shown_are_enabled) {
   EXPECT_EQ(send("POST", "plugins/autotask/enable", R"({"sha256":")" + std::string(64, '0') + "\"}").status, 409);
   EXPECT_EQ(send("POST", "plugins/autotask/enable", "{}").status, 400);
   enable_autotask();
   EXPECT_STREQ(parse(send("GET", "plugins/autotask"))["state"].GetString(), "enabled");
   EXPECT_EQ(send("POST", "plugins/autotask/disable").status, 200);
   EXPECT_STREQ(parse(send("GET", "plugins/autotask"))["state"].GetString(), "disabled");
}

TEST_F(WebConsoleTest, an_integration_is_disabled_and_enabled_and_all_are_checked) {
   enable_autotask();
   check("POST", "integrations", settings("api+console@msp.example", kSecret));
   const auto all = check("POST", "integrations/check");
   EXPECT_STREQ(all["purpose"].GetString(), "check_all");
   EXPECT_STREQ(all["headline"].GetString(), "Checked 1 of 1: 1 active.");
   ASSERT_EQ(all["events"].Size(), 1U);
   EXPECT_STREQ(all["events"][0]["state"].GetString(), "active");
   EXPECT_TRUE(all["events"][0]["tried"].GetBool());
   EXPECT_EQ(all["events"][0]["of"].GetInt(), 1);

   const auto disabled = send("POST", "integrations/1/disable");
   EXPECT_EQ(disabled.status, 200);
   EXPECT_STREQ(parse(disabled)["state"].GetString(), "disabled");
   EXPECT_EQ(disabled.body, send("GET", "integrations/1").body) << "the same document";
   EXPECT_STREQ(check("POST", "integrations/check")["headline"].GetString(),
                "There are no enabled integrations to check.");
   EXPECT_STREQ(parse(send("POST", "integrations/1/enable"))["state"].GetString(), "active");
   EXPECT_EQ(send("GET", "integrations/1/enable").status, 405);
   EXPECT_EQ(send("GET", "integrations/check").status, 405);
   EXPECT_EQ(send("POST", "integrations/2/enable").status, 404);
   EXPECT_EQ(send("POST", "integrations/1/enable/x").status, 404);
}

TEST_F(WebConsoleTest, good_credentials_become_a_saved_integration_and_no_answer_holds_a_secret) {
   enable_autotask();
   const auto added = check("POST", "integrations", settings("api+console@msp.example", kSecret));
   EXPECT_STREQ(added["result"]["outcome"].GetString(), "accepted");
   EXPECT_TRUE(added["result"]["integration"]["saved"].GetBool());
   EXPECT_EQ(added["settings"].MemberCount(), 1U);

   const auto list = parse(send("GET", "integrations"));
   ASSERT_EQ(list["integrations"].Size(), 1U);
   EXPECT_STREQ(list["integrations"][0]["name"].GetString(), "Integration with Autotask");
   const std::string one = "integrations/" + std::to_string(list["integrations"][0]["id"].GetInt64());

   EXPECT_STREQ(check("POST", one + "/check")["result"]["outcome"].GetString(), "accepted");
   const auto edited = check("PATCH", one, R"({"name":"Renamed"})");
   EXPECT_STREQ(edited["result"]["outcome"].GetString(), "accepted");
   const auto shown = parse(send("GET", one));
   EXPECT_STREQ(shown["name"].GetString(), "Renamed");
   ASSERT_EQ(shown["history"].Size(), 2U) << "another name is no check";
   EXPECT_STREQ(shown["history"][0]["purpose"].GetString(), "check");
   EXPECT_STREQ(shown["history"][1]["purpose"].GetString(), "add");
   EXPECT_STREQ(shown["history"][1]["principal"].GetString(), "api+console@msp.example");
   EXPECT_TRUE(shown["last_report"]["permissions"].IsObject());
   EXPECT_EQ(send("PATCH", one, R"({"platform":"kaseya_vsa"})").status, 400);

   const auto again = check("POST", "integrations", settings("api+console@msp.example", kSecret, R"("name":"Other",)"));
   EXPECT_STREQ(again["result"]["outcome"].GetString(), "conflict");

   EXPECT_EQ(send("DELETE", one).status, 200);
   EXPECT_EQ(send("DELETE", one).status, 404);
   EXPECT_EQ(said_.find(kSecret), std::string::npos);
   EXPECT_EQ(said_.find(kCode), std::string::npos);
}

TEST_F(WebConsoleTest, a_check_only_saves_nothing) {
   enable_autotask();
   const auto checked = check("POST", "checks", settings("api+console@msp.example", kSecret));
   EXPECT_STREQ(checked["result"]["outcome"].GetString(), "accepted");
   EXPECT_STREQ(checked["purpose"].GetString(), "try_out");
   EXPECT_EQ(parse(send("GET", "integrations"))["integrations"].Size(), 0U);
}

TEST_F(WebConsoleTest, a_missing_right_is_named_and_nothing_is_saved) {
   enable_autotask();
   const auto refused = check("POST", "integrations", settings("no-ticket-editing@msp.example", "Throw$away#2"));
   EXPECT_STREQ(refused["result"]["outcome"].GetString(), "refused");
   EXPECT_STREQ(refused["result"]["findings"][0]["code"].GetString(), "perm.missing");
   EXPECT_EQ(parse(send("GET", "integrations"))["integrations"].Size(), 0U);
   EXPECT_EQ(said_.find("Throw$away#2"), std::string::npos);
}

class SilentPlatformTest : public WebConsoleTest {
 protected:
   SilentPlatformTest() : WebConsoleTest(R"({"faults":[{"fault":"silent"}]})") {}
};

TEST_F(SilentPlatformTest, cancelling_ends_the_request_within_200_ms) {
   enable_autotask();
   // However busy the machine is, it lets one of these attempts through without a halt.
   auto least = std::chrono::steady_clock::duration::max();
   for (std::uint64_t attempt = 1; attempt <= 10 && least >= std::chrono::milliseconds(200); ++attempt) {
      const auto started = parse(send("POST", "integrations", settings("api+console@msp.example", kSecret)));
      const std::string id = started["id"].GetString();
      ASSERT_TRUE(platform_.server().wait_for([&](const sim::Counters& seen) { return seen.requests == attempt; }));
      const auto before = std::chrono::steady_clock::now();
      const auto cancelled = parse(send("DELETE", "checks/" + id));
      least = std::min(least, std::chrono::steady_clock::now() - before);
      EXPECT_STREQ(cancelled["state"].GetString(), "ended");
      ASSERT_TRUE(cancelled["result"].IsObject());
      EXPECT_STREQ(cancelled["result"]["outcome"].GetString(), "cancelled");
   }
   EXPECT_LT(least, std::chrono::milliseconds(200));
   EXPECT_TRUE(
       platform_.server().wait_for([](const sim::Counters& counters) { return counters.open_connections == 0; }));
}

}  // namespace
}  // namespace msp::console::test
