#include "contract/call_browser.hpp"

#include <gmock/gmock.h>

#include "contract/call.hpp"
#include "scripted_plugin.hpp"

namespace msp::host {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
using Clock = Browser::Clock;

// Comes back with what the test says; "STATE" in it is the state of the visit.
class ScriptedBrowser : public Browser {
 public:
   Result<std::string> redirect_uri() override { return std::string("https://console.example.com/callback"); }
   std::optional<SecretBytes> wait_for_return(const Visit& visit, Clock::time_point until,
                                              const std::stop_token&) override {
      visits.push_back(visit);
      deadlines.push_back(until);
      if (while_waiting) while_waiting();
      std::string query = comes_back_with;
      if (const auto at = query.find("STATE"); at != std::string::npos) query.replace(at, 5, visit.state);
      if (query.empty()) return std::nullopt;
      return SecretBytes(query);
   }
   void show_code(const Visit& visit) override { visits.push_back(visit); }

   std::string comes_back_with = "code=4711-of-ada&state=STATE";
   std::function<void()> while_waiting;
   std::vector<Visit> visits;
   std::vector<Clock::time_point> deadlines;
};

Manifest platform() {
   Manifest manifest = sample_manifest();
   manifest.hosts = {"login.example.com", "*.tenants.example.com"};
   Field kept;
   kept.id = "refresh_token";
   kept.label = "Sign-in";
   kept.kind = FieldKind::secret;
   kept.kept = true;
   kept.max_length = 16;
   manifest.fields.push_back(kept);
   Field key;
   key.id = "key";
   key.label = "Private key";
   key.kind = FieldKind::secret;
   key.signs = true;
   manifest.fields.push_back(key);
   return manifest;
}

struct Desk {
   std::shared_ptr<ScriptedBrowser> browser;
   LoadedPlugin plugin;
   CheckedSettings settings;
   AllowedHosts hosts;
   KnownSecrets secrets;
   std::vector<std::pair<std::string, std::string>> durable;
   std::optional<Finding> not_durable;
   std::stop_source cancel;
   std::unique_ptr<Call> call;

   explicit Desk(std::chrono::milliseconds timeout = 30s, std::chrono::milliseconds person = 15min,
                 std::shared_ptr<ScriptedBrowser> of = std::make_shared<ScriptedBrowser>())
       : browser(std::move(of)), settings(checked()), hosts(platform(), {}), secrets(runtime()->redactor) {
      plugin.manifest = platform();
      for (const auto& [id, secret] : settings.secrets()) secrets.add(secret.view());
      const auto keep = [this](const std::string& field, SecretBytes value) -> Result<void> {
         if (not_durable) return *not_durable;
         durable.emplace_back(field, value.view());
         return {};
      };
      call = std::make_unique<Call>(
          plugin, settings, hosts, secrets, [](auto, auto, auto) { return std::vector<HttpResponse>(); },
          Call::Terms{Operation::validate_credentials, Clock::now() + timeout, cancel.get_token(), nullptr, 0, 1,
                      browser, person, keep});
   }

   const std::shared_ptr<Runtime>& runtime() {
      return plugin.runtime = plugin.runtime ? plugin.runtime : std::make_shared<Runtime>(HostOptions{});
   }
   static CheckedSettings checked() {
      Settings typed;
      typed.values["user"] = "ada";
      typed.secrets.emplace("password", SecretBytes("Throw$away,1"));
      typed.secrets.emplace("key", SecretBytes("no key at all"));
      return std::move(*check_settings(platform(), std::move(typed)).settings);
   }

   const msp_visited& visit(const char* url, const char* code = nullptr, std::uint32_t expires_in = 0) {
      const msp_visit asked = {sizeof(msp_visit), expires_in, url, code};
      return *call->visit(&asked);
   }
   std::string secret(const char* field) {
      const char* value = call->table()->secret(call->table(), field);
      return value == nullptr ? "(none)" : value;
   }
};

constexpr const char* kAuthorize = "https://login.example.com/authorize?client_id=console";

TEST(CallBrowser, a_visit_gets_a_state_of_its_own_and_hands_over_what_came_back_without_it) {
   Desk desk;
   const msp_visited& visited = desk.visit(kAuthorize);
   EXPECT_EQ(visited.outcome, MSP_ACCEPTED);
   EXPECT_STREQ(visited.query, "code=4711-of-ada");
   EXPECT_EQ(visited.problem, nullptr);
   const Browser::Visit shown = desk.browser->visits.at(0);
   EXPECT_EQ(shown.state.size(), 64u);
   EXPECT_EQ(shown.url, std::string(kAuthorize) + "&state=" + shown.state);
   EXPECT_EQ(shown.host, "login.example.com");
   desk.visit("https://login.example.com/authorize");
   EXPECT_NE(desk.browser->visits.at(1).state, shown.state);
   EXPECT_THAT(desk.browser->visits.at(1).url, HasSubstr("/authorize?state="));
   EXPECT_THAT(desk.runtime()->redactor.redact_foreign("The code was 4711-of-ada."), Not(HasSubstr("4711-of-ada")));
}

TEST(CallBrowser, what_came_back_is_taken_only_with_its_state) {
   for (const char* query : {"code=4711-of-ada", "code=4711-of-ada&state=", "code=4711-of-ada&state=00000000",
                             "state=00&code=4711-of-ada"}) {
      Desk desk;
      desk.browser->comes_back_with = query;
      EXPECT_STREQ(desk.visit(kAuthorize).query, "") << query;
   }
   Desk desk;
   desk.browser->comes_back_with = "state=STATE&error=access_denied&iss=https%3A%2F%2Flogin.example.com&empty";
   EXPECT_STREQ(desk.visit(kAuthorize).query, "error=access_denied&iss=https%3A%2F%2Flogin.example.com&empty");
}

TEST(CallBrowser, a_visit_that_breaks_a_rule_is_not_shown) {
   const std::string long_code(MSP_BROWSER_CODE_MAX + 1, 'A');
   const std::string long_url = "https://login.example.com/?" + std::string(MSP_BROWSER_URL_MAX, 'a');
   const struct {
      const char* url;
      const char* code;
      const char* what;
   } cases[] = {
       {nullptr, nullptr, "without an address"},
       {"http://login.example.com/", nullptr, "address"},
       {"https://evil.example.com/", nullptr, "does not allow"},
       {"https://login.example.com/#there", nullptr, "address"},
       {"https://login.example.com/?password=Throw$away,1", nullptr, "holds a secret"},
       {"https://throw-away-the-long-label.tenants.example.com/", nullptr, "P25"},
       {"https://login.example.com/?state=mine", nullptr, "a state of its own"},
       {"https://login.example.com/?a=b&st%61te=mine", nullptr, "a state of its own"},
       {"https://login.example.com/device", "", "code"},
       {"https://login.example.com/device", long_code.c_str(), "code"},
       {"https://login.example.com/device", "Throw$away,1", "a secret as a code"},
       {long_url.c_str(), nullptr, "longer than 8 KiB"},
   };
   for (const auto& each : cases) {
      Desk desk;
      const msp_visited& visited = desk.visit(each.url, each.code);
      EXPECT_EQ(visited.outcome, MSP_FAILED) << each.what;
      ASSERT_NE(visited.problem, nullptr) << each.what;
      EXPECT_THAT(visited.problem->summary, HasSubstr(each.what));
      EXPECT_THAT(visited.problem->summary, Not(HasSubstr("Throw$away,1")));
      EXPECT_STREQ(visited.query, "");
      EXPECT_TRUE(desk.browser->visits.empty()) << each.what;
   }
   Desk desk;
   const std::string longest_code(MSP_BROWSER_CODE_MAX, 'A');
   EXPECT_EQ(desk.visit("https://login.example.com/device", longest_code.c_str()).outcome, MSP_ACCEPTED);
   const msp_visit cut_off = {sizeof(msp_visit) - 1, 0, kAuthorize, nullptr};
   EXPECT_EQ(desk.call->visit(&cut_off)->outcome, MSP_FAILED);
   EXPECT_EQ(desk.call->visit(nullptr)->outcome, MSP_FAILED);
}

TEST(CallBrowser, nobody_there_and_nobody_coming_are_told_apart) {
   Desk alone(30s, 15min, nullptr);
   EXPECT_EQ(alone.call->redirect_uri(), nullptr);
   EXPECT_EQ(alone.visit(kAuthorize).outcome, MSP_REFUSED);
   EXPECT_STREQ(alone.visit(kAuthorize).problem->code, "auth.interaction_required");
   Desk desk;
   EXPECT_STREQ(desk.call->redirect_uri(), "https://console.example.com/callback");
   desk.browser->comes_back_with.clear();
   EXPECT_STREQ(desk.visit(kAuthorize).problem->code, "host.deadline");
   desk.cancel.request_stop();
   EXPECT_EQ(desk.visit(kAuthorize).outcome, MSP_CANCELLED);
   EXPECT_STREQ(desk.visit(kAuthorize).problem->code, "host.cancelled");
}

TEST(CallBrowser, what_came_back_is_wiped_when_the_operation_has_returned) {
   Desk desk;
   const msp_visited& visited = desk.visit(kAuthorize);
   desk.call->end();
   EXPECT_STREQ(visited.query, "");
   EXPECT_EQ(desk.visit(kAuthorize).outcome, MSP_FAILED);
   EXPECT_EQ(desk.call->redirect_uri(), nullptr);
   EXPECT_EQ(desk.browser->visits.size(), 1u);
}

TEST(CallBrowser, the_time_of_a_person_does_not_count) {
   Desk desk(30s, 10min);
   const auto before = desk.call->deadline();
   desk.browser->while_waiting = [&] {
      // While somebody signs in, nobody gives the plugin up.
      EXPECT_GE(desk.call->deadline(), Clock::now() + 10min);
   };
   const auto start = Clock::now();
   desk.visit(kAuthorize);
   const auto took = Clock::now() - start;
   EXPECT_GE(desk.call->deadline(), before);
   EXPECT_LE(desk.call->deadline(), before + took);
   EXPECT_LE(desk.browser->deadlines.at(0), start + 10min + took);
   EXPECT_GE(desk.browser->deadlines.at(0), start + 10min);

   // A code is shown for as long as it can be used, and all of that together has an end.
   const auto now = desk.call->deadline();
   desk.visit("https://login.example.com/device", "WDJB-MJHT", 300);
   EXPECT_EQ(desk.call->deadline(), now + 300s);
   desk.visit("https://login.example.com/device", "WDJB-MJHT", 3600);
   EXPECT_LE(desk.call->deadline(), now + 10min);
}

TEST(CallBrowser, only_what_the_manifest_marks_is_kept) {
   Desk desk;
   EXPECT_EQ(desk.secret("refresh_token"), "(none)");
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "token-1"), MSP_DONE);
   const char* first = desk.call->table()->secret(desk.call->table(), "refresh_token");
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "0123456789abcdef"), MSP_DONE);
   EXPECT_STREQ(first, "token-1") << "what was handed out stays until the operation returns";
   EXPECT_EQ(desk.secret("refresh_token"), "0123456789abcdef");
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "0123456789abcdefg"), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "two\nlines"), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "\xff"), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(desk.call->keep_secret(nullptr, "x"), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(desk.call->keep_secret("password", "another"), MSP_UNSUPPORTED);
   EXPECT_EQ(desk.call->keep_secret("user", "another"), MSP_UNSUPPORTED);
   EXPECT_EQ(desk.call->keep_secret("of_nobody", "another"), MSP_UNSUPPORTED);
   EXPECT_EQ(desk.secret("password"), "Throw$away,1");
   EXPECT_EQ(desk.call->keep_secret("refresh_token", nullptr), MSP_DONE);
   EXPECT_EQ(desk.secret("refresh_token"), "(none)");
   using Kept = std::pair<std::string, std::string>;
   EXPECT_THAT(desk.durable,
               testing::ElementsAre(Kept("refresh_token", "token-1"), Kept("refresh_token", "0123456789abcdef"),
                                    Kept("refresh_token", "")));
   desk.call->end();
   EXPECT_STREQ(first, "");
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "late"), MSP_UNABLE);
}

TEST(CallBrowser, what_cannot_be_kept_is_the_host_s_failure_and_is_kept_even_after_a_cancel) {
   Desk desk;
   desk.cancel.request_stop();
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "token-1"), MSP_DONE);
   desk.not_durable = Finding{"host.storage", "The disk is full.", "Make room."};
   EXPECT_EQ(desk.call->keep_secret("refresh_token", "token-2"), MSP_UNABLE);
   EXPECT_EQ(desk.secret("refresh_token"), "token-1");
   report_identity(desk.call->table());
   const OperationReport report = desk.call->close(MSP_ACCEPTED);
   EXPECT_EQ(report.outcome, Outcome::failed);
   ASSERT_EQ(report.findings.size(), 1u);
   EXPECT_EQ(report.findings[0].code, "host.storage");
}

// What it signs with a real key is verified by a platform: tests/families/signed_assertion_test.cpp.
TEST(CallSign, a_key_that_signs_is_not_handed_out_and_nothing_else_signs) {
   Desk desk;
   EXPECT_EQ(desk.secret("key"), "(none)");
   const msp_sign& sign = sign_table();
   std::uint8_t out[MSP_SIGNATURE_MAX] = {7};
   std::uint64_t size = 4711;
   const auto ask = [&](const char* field, std::int32_t algorithm, std::uint64_t data_size = 3) {
      return sign.sign(nullptr, desk.call->table(), field, algorithm, "abc", data_size, out, sizeof out, &size);
   };
   EXPECT_EQ(ask("key", MSP_RS256), MSP_UNABLE);
   EXPECT_EQ(ask("key", 0), MSP_UNSUPPORTED);
   EXPECT_EQ(ask("key", 5), MSP_UNSUPPORTED);
   EXPECT_EQ(ask("password", MSP_RS256), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(ask("of_nobody", MSP_RS256), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(ask(nullptr, MSP_RS256), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(ask("key", MSP_RS256, MSP_SIGN_DATA_MAX + 1), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(sign.thumbprint(nullptr, desk.call->table(), "key", out, MSP_THUMBPRINT_SIZE - 1), MSP_OUT_OF_BOUNDS);
   EXPECT_EQ(sign.thumbprint(nullptr, desk.call->table(), "key", out, sizeof out), MSP_UNABLE);
   EXPECT_EQ(out[0], 7) << "untouched";
   EXPECT_EQ(size, 4711u);

   const OperationReport report = desk.call->close(MSP_INVALID_SETTINGS);
   std::vector<std::string> told;
   for (const Finding& finding : report.findings) told.push_back(finding.summary);
   EXPECT_THAT(told, testing::Contains("This is no private key that can be read."));
   EXPECT_THAT(told, testing::Contains(HasSubstr("which the host alone uses (msp.sign/1), against rule P22")));
   desk.call->end();
   EXPECT_EQ(ask("key", MSP_RS256), MSP_UNABLE);
}

}  // namespace
}  // namespace msp::host
