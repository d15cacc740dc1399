#include "contract/reports.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <functional>

#include "scripted_plugin.hpp"

namespace msp::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The reports of one operation, outside of any call.
struct Desk {
   static constexpr std::int64_t kNow = 1'800'000'000;

   explicit Desk(Operation operation) : reports(operation, manifest, hosts, redactor, secrets, values, kNow) {}

   Manifest manifest = sample_manifest();
   AllowedHosts hosts{manifest, {}};
   Redactor redactor;
   KnownSecrets secrets{redactor};
   std::map<std::string, std::string, std::less<>> values{{"user", "jane"}};
   Reports reports;
};

msp_finding finding() {
   msp_finding result{};
   result.struct_size = sizeof(result);
   result.severity = MSP_ERROR;
   result.code = "auth.rejected";
   result.summary = "The platform said no.";
   result.remedy = "Check the password.";
   return result;
}

msp_grant grant(const char* id, std::int32_t granted = MSP_GRANTED_ALL) {
   msp_grant result{};
   result.struct_size = sizeof(result);
   result.permission_id = id;
   result.granted = granted;
   return result;
}

msp_identity identity() {
   msp_identity result{};
   result.struct_size = sizeof(result);
   result.account = "4711";
   result.principal = "jane";
   return result;
}

msp_session session(const char* base_url = "https://api.example.com/") {
   static const msp_pair kHeaders[] = {{"Authorization", "Bearer session-token", 0, 0}};
   msp_session result{};
   result.struct_size = sizeof(result);
   result.base_url = base_url;
   result.headers = kHeaders;
   result.header_count = 1;
   return result;
}

struct Case {
   const char* name;
   Operation operation;
   msp_outcome returned;
   std::function<void(Reports&)> report;
   Outcome outcome;
   Severity severity;
   const char* what;  // "The plugin Sample <what> of the plugin contract."
};

template <class Change>
std::function<void(Reports&)> changed_finding(Change change) {
   return [change](Reports& reports) {
      auto changed = finding();
      change(changed);
      reports.add(&changed);
   };
}

void full_grants(Reports& reports) {
   for (const char* id : {"tickets.read", "tickets.update", "reports.read"}) {
      const auto full = grant(id);
      reports.add(&full);
   }
}

std::function<void(Reports&)> with_session(msp_session given) {
   return [given](Reports& reports) { reports.add(&given); };
}

std::vector<Case> malformed() {
   constexpr auto kValidate = Operation::validate_credentials;
   constexpr auto kPermissions = Operation::check_permissions;
   constexpr auto kAuthenticate = Operation::authenticate;
   constexpr auto kError = Severity::error;
   constexpr auto kWarning = Severity::warning;
   static const msp_pair kSplit[] = {{"Authorization", "a\r\nHost: evil.example", 0, 0}};
   static const msp_pair kHost[] = {{"Host", "evil.example", 0, 0}};
   auto split = session();
   split.headers = kSplit;
   split.header_count = 1;
   auto host = session();
   host.headers = kHost;
   host.header_count = 1;
   auto unreadable = session();
   unreadable.headers = nullptr;
   unreadable.header_count = 3;
   const auto nothing = [](Reports&) {};
   return {
       {"no such outcome", kValidate, 42, nothing, Outcome::failed, kError,
        "ended with the outcome 42, which does not exist, against rule P6"},
       {"negative outcome", kValidate, -1, nothing, Outcome::failed, kError,
        "ended with the outcome -1, which does not exist, against rule P6"},
       {"no reason", kValidate, MSP_REFUSED, nothing, Outcome::refused, kError,
        "ended as refused without saying why, against rule P7"},
       {"accepted with an error", kAuthenticate, MSP_ACCEPTED,
        [](Reports& reports) {
           const auto error = finding();
           reports.add(&error);
           const auto opened = session();
           reports.add(&opened);
        },
        Outcome::failed, kError, "accepted and reported an error at the same time, against rule P7"},
       {"no finding at all", kValidate, MSP_REFUSED, [](Reports& r) { r.add(static_cast<msp_finding*>(nullptr)); },
        Outcome::refused, kError, "reported a finding without its struct_size, against rule P8"},
       {"short struct", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.struct_size = 8; }), Outcome::refused,
        kError, "reported a finding without its struct_size, against rule P8"},
       {"no code", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.code = nullptr; }), Outcome::refused, kError,
        "reported a finding without a code, against rule P8"},
       {"blank summary", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.summary = "  "; }), Outcome::refused,
        kError, "reported a finding without a summary, against rule P8"},
       {"severity", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.severity = 9; }), Outcome::refused, kError,
        "reported a finding of a severity that does not exist, against rule P8"},
       {"code", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.code = "Wrong!"; }), Outcome::refused, kWarning,
        "reported the finding code \"Wrong!\", which is no word like auth.rejected, against rule P8"},
       {"status", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.http_status = 4; }), Outcome::refused,
        kWarning, "reported an HTTP status that does not exist, against rule P8"},
       {"time to wait", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.retry_after_s = -1; }),
        Outcome::refused, kWarning, "reported a negative time to wait, against rule P8"},
       {"page", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.doc_url = "javascript:alert(1)"; }),
        Outcome::refused, kWarning, "reported a documentation address that is no https address, against rule P8"},
       {"text", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.summary = "caf\xe9"; }), Outcome::refused,
        kWarning, "reported a text that is not valid UTF-8, against rule P9"},
       {"remedy", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.remedy = nullptr; }), Outcome::refused,
        kWarning, "reported the error auth.rejected without saying what to do next, against rule P10"},
       {"field", kValidate, MSP_REFUSED, changed_finding([](auto& f) { f.field = "pasword"; }), Outcome::refused,
        kWarning, "reported a finding for the field \"pasword\", which its manifest does not name, against rule P11"},
       {"unknown permission", kPermissions, MSP_ACCEPTED,
        [](Reports& reports) {
           full_grants(reports);
           const auto unknown = grant("tickets.delete");
           reports.add(&unknown);
        },
        Outcome::failed, kError,
        "reported the permission \"tickets.delete\", which its manifest does not name, against rule P12"},
       {"permission twice", kPermissions, MSP_ACCEPTED,
        [](Reports& reports) {
           full_grants(reports);
           const auto again = grant("tickets.read", MSP_GRANTED_NONE);
           reports.add(&again);
        },
        Outcome::failed, kError, "reported the permission \"tickets.read\" twice, against rule P12"},
       {"no such grant", kPermissions, MSP_UNAVAILABLE,
        [](Reports& reports) {
           const auto nonsense = grant("tickets.read", 7);
           reports.add(&nonsense);
        },
        Outcome::unavailable, kError, "reported a grant that does not exist for \"tickets.read\", against rule P8"},
       {"grant in the wrong place", kValidate, MSP_ACCEPTED,
        [](Reports& reports) {
           const auto early = grant("tickets.read");
           reports.add(&early);
           const auto who = identity();
           reports.add(&who);
        },
        Outcome::accepted, kWarning, "reported a permission in validate_credentials, against rule P13"},
       {"no identity", kValidate, MSP_ACCEPTED, nothing, Outcome::failed, kError,
        "accepted the credentials without saying whose they are, against rule P13"},
       {"two identities", kValidate, MSP_ACCEPTED,
        [](Reports& reports) {
           const auto who = identity();
           reports.add(&who);
           reports.add(&who);
        },
        Outcome::failed, kError, "reported two identities in one operation, against rule P13"},
       {"no session", kAuthenticate, MSP_ACCEPTED, nothing, Outcome::failed, kError,
        "accepted without reporting a session, against rule P13"},
       {"session without TLS", kAuthenticate, MSP_UNAVAILABLE, with_session(session("http://api.example.com/")),
        Outcome::unavailable, kError,
        "reported a session whose address does not begin with https://, against rule P14"},
       {"session elsewhere", kAuthenticate, MSP_UNAVAILABLE, with_session(session("https://evil.example/")),
        Outcome::unavailable, kError,
        "reported a session with \"evil.example\", a host that its manifest does not name, against rule P14"},
       {"session at another port", kAuthenticate, MSP_UNAVAILABLE,
        with_session(session("https://api.example.com:444/")), Outcome::unavailable, kError,
        "reported a session with \"api.example.com\", a host that its manifest does not name, against rule P14"},
       {"session without slash", kAuthenticate, MSP_UNAVAILABLE, with_session(session("https://api.example.com/v1")),
        Outcome::unavailable, kError, "reported a session whose address does not end in a slash, against rule P14"},
       {"session that splits a request", kAuthenticate, MSP_UNAVAILABLE, with_session(split), Outcome::unavailable,
        kError, "reported a session with the header \"Authorization\", which no request may carry, against rule P14"},
       {"session that names a server", kAuthenticate, MSP_UNAVAILABLE, with_session(host), Outcome::unavailable, kError,
        "reported a session with the header \"Host\", which no request may carry, against rule P14"},
       {"session with a query in its address", kAuthenticate, MSP_UNAVAILABLE,
        with_session(session("https://api.example.com/?a=/")), Outcome::unavailable, kError,
        "reported a session whose address does not end in a slash, against rule P14"},
       {"session without headers", kAuthenticate, MSP_UNAVAILABLE, with_session(unreadable), Outcome::unavailable,
        kError, "reported a session whose headers cannot be read, against rule P14"},
   };
}

TEST(Reports, whatever_breaks_a_rule_is_told_with_its_number) {
   for (const auto& c : malformed()) {
      SCOPED_TRACE(c.name);
      Desk desk(c.operation);
      c.report(desk.reports);
      const auto report = desk.reports.finish(c.returned);
      EXPECT_EQ(report.outcome, c.outcome);
      const auto summary = "The plugin Sample " + std::string(c.what) + " of the plugin contract.";
      const auto told = std::ranges::find(report.findings, summary, &Finding::summary);
      ASSERT_NE(told, report.findings.end())
          << (report.findings.empty() ? "no finding" : report.findings.front().summary);
      EXPECT_EQ(told->code, "plugin.defect");
      EXPECT_EQ(told->severity, c.severity);
      EXPECT_EQ(told->remedy, "Report this to the plugin's vendor, Example Ltd, and ask for a corrected version.");
   }
}

TEST(Reports, what_the_host_knows_is_told_where_the_plugin_keeps_silent) {
   const Finding unanswered{"net.connect", "No connection could be made.", "Check the network."};
   Desk silent(Operation::validate_credentials);
   const auto report = silent.reports.finish(MSP_UNREACHABLE, {}, unanswered);
   EXPECT_EQ(report.outcome, Outcome::unreachable);
   ASSERT_EQ(report.findings.size(), 2u);
   EXPECT_EQ(report.findings[0].severity, Severity::warning);
   EXPECT_THAT(report.findings[0].summary, testing::HasSubstr("P7"));
   EXPECT_EQ(report.findings[1].code, "net.connect");

   Desk telling(Operation::validate_credentials);
   const auto given = finding();
   telling.reports.add(&given);
   EXPECT_EQ(telling.reports.finish(MSP_REFUSED, {}, unanswered).findings.size(), 1u);

   Desk accepting(Operation::check_permissions);
   for (const Finding& each : accepting.reports.finish(MSP_ACCEPTED, {}, unanswered).findings)
      EXPECT_NE(each.code, "net.connect");
}

TEST(Reports, a_finding_is_kept_with_everything_it_says) {
   Desk desk(Operation::validate_credentials);
   auto given = finding();
   given.field = "password";
   given.doc_url = "https://docs.example.com/a#b";
   given.http_status = 401;
   given.retry_after_s = 30;
   desk.reports.add(&given);
   const auto report = desk.reports.finish(MSP_REFUSED);
   ASSERT_EQ(report.findings.size(), 1u);
   const auto& kept = report.findings[0];
   EXPECT_EQ(kept.code, "auth.rejected");
   EXPECT_EQ(kept.field, "password");
   EXPECT_EQ(kept.remedy, "Check the password.");
   EXPECT_EQ(kept.doc_url, "https://docs.example.com/a#b");
   EXPECT_EQ(kept.http_status, 401);
   EXPECT_EQ(kept.retry_after_s, 30);
}

TEST(Reports, what_can_be_repaired_is_repaired) {
   Desk desk(Operation::validate_credentials);
   auto given = finding();
   given.summary = "caf\xe9\x07";
   given.remedy = nullptr;
   given.field = "pasword";
   desk.reports.add(&given);
   const auto report = desk.reports.finish(MSP_REFUSED);
   const auto kept = std::ranges::find(report.findings, "auth.rejected", &Finding::code);
   ASSERT_NE(kept, report.findings.end());
   EXPECT_EQ(kept->summary, "caf\xef\xbf\xbd ");
   EXPECT_EQ(kept->field, "");
   EXPECT_EQ(kept->remedy, "Ask the plugin's vendor, Example Ltd, what to do about it.");
}

TEST(Reports, a_defect_that_repeats_itself_is_told_once_and_findings_are_bounded) {
   Desk desk(Operation::validate_credentials);
   for (int i = 0; i < 1000; ++i) {
      auto given = finding();
      given.remedy = nullptr;
      desk.reports.add(&given);
   }
   const auto report = desk.reports.finish(MSP_REFUSED);
   EXPECT_EQ(report.findings.size(), Reports::kMostFindings + 1);
   EXPECT_EQ(report.findings.back().summary,
             "The plugin Sample reported more than 200 findings in one operation, against rule P15 of the plugin "
             "contract.");
   EXPECT_EQ(std::ranges::count(report.findings, "plugin.defect", &Finding::code), 2);
}

TEST(Reports, two_hundred_findings_of_one_operation_are_shown_and_not_one_more) {
   for (const int count : {200, 201}) {
      Desk desk(Operation::validate_credentials);
      for (int i = 0; i < count; ++i) {
         const auto given = finding();
         desk.reports.add(&given);
      }
      const auto report = desk.reports.finish(MSP_REFUSED);
      EXPECT_EQ(std::ranges::count(report.findings, "auth.rejected", &Finding::code), 200);
      EXPECT_EQ(std::ranges::count(report.findings, "plugin.defect", &Finding::code), count - 200);
   }
}

TEST(Reports, a_code_may_be_64_bytes_long_and_a_status_any_that_exists) {
   for (const std::size_t size : {64U, 65U}) {
      Desk desk(Operation::validate_credentials);
      const std::string code = "acme." + std::string(size - 5, 'x');
      auto given = finding();
      given.code = code.c_str();
      desk.reports.add(&given);
      const auto findings = desk.reports.finish(MSP_REFUSED).findings;
      EXPECT_EQ(std::ranges::count(findings, code, &Finding::code), size == 64 ? 1 : 0);
      EXPECT_EQ(std::ranges::count(findings, "plugin.defect", &Finding::code), size == 64 ? 0 : 2);
   }
   for (const std::int32_t status : {99, 100, 599, 600}) {
      Desk desk(Operation::validate_credentials);
      auto given = finding();
      given.http_status = status;
      desk.reports.add(&given);
      const auto findings = desk.reports.finish(MSP_REFUSED).findings;
      const auto told = std::ranges::find(findings, "auth.rejected", &Finding::code);
      ASSERT_NE(told, findings.end());
      EXPECT_EQ(told->http_status.value_or(0), status == 100 || status == 599 ? status : 0) << status;
   }
}

TEST(Reports, words_of_the_contract_and_of_the_manifest_stay_whatever_the_secret_is) {
   Desk desk(Operation::check_permissions);
   const std::string permission = desk.manifest.permissions.front().id;
   const std::string field = desk.manifest.fields.front().id;
   for (const std::string& secret : {std::string("auth.rejected"), std::string("rejected"), permission, field})
      desk.secrets.add(secret);
   auto given = finding();
   given.field = field.c_str();
   desk.reports.add(&given);
   const auto granted = grant(permission.c_str(), MSP_GRANTED_NONE);
   desk.reports.add(&granted);
   const auto report = desk.reports.finish(MSP_REFUSED);
   ASSERT_EQ(report.findings.size(), 1U) << report.findings.back().summary;
   EXPECT_EQ(report.findings[0].code, "auth.rejected");
   EXPECT_EQ(report.findings[0].field, field);
   EXPECT_EQ(report.grants.at(0).permission_id, permission);
   EXPECT_EQ(report.grants.at(0).granted, Granted::none);
}

// No four bytes of it in a row, in any shape that ends where a text was cut.
void expect_nothing_of(std::string_view secret, const std::string& text) {
   for (std::size_t at = 0; at + 4 <= secret.size(); ++at)
      EXPECT_EQ(text.find(secret.substr(at, 4)), std::string::npos) << secret.substr(at) << " in " << text;
}

TEST(Reports, a_text_that_is_too_long_is_cut_after_redaction) {
   constexpr std::string_view kSecret = "Canary-7Qx!pw-Zz93";
   for (std::size_t pad = Reports::kLongestText - 60; pad <= Reports::kLongestText + 5; ++pad) {
      Desk desk(Operation::validate_credentials);
      desk.secrets.add(kSecret);
      const std::string text = std::string(pad, 'x') + std::string(kSecret) + std::string(40, 'y');
      auto given = finding();
      given.summary = text.c_str();
      given.remedy = text.c_str();
      desk.reports.add(&given);
      auto who = identity();
      who.label = text.c_str();
      desk.reports.add(&who);
      const auto report = desk.reports.finish(MSP_REFUSED);
      ASSERT_EQ(report.findings.size(), 1U) << "a long text of the platform's is no fault of the plugin";
      for (const std::string& shown : {report.findings[0].summary, report.findings[0].remedy, report.identity->label}) {
         expect_nothing_of(kSecret, shown);
         EXPECT_LE(shown.size(), Reports::kLongestText);
      }
   }
}

TEST(Reports, what_the_host_quotes_of_a_plugin_is_redacted_and_then_cut) {
   constexpr std::string_view kSecret = "Canary-7Qx0pw-Zz93";
   for (const std::size_t pad : {0U, 100U, 102U, 110U, 113U, 116U, 118U, 120U}) {
      const std::string name = std::string(pad, 'x') + std::string(kSecret);
      Desk desk(Operation::authenticate);
      desk.secrets.add(kSecret);
      const msp_pair empty{name.c_str(), "", 0, 0};
      auto given = session();
      given.headers = &empty;
      given.header_count = 1;
      desk.reports.add(&given);
      desk.reports.add_wrong_question("asked for the setting " + desk.reports.quoted(name));
      const auto report = desk.reports.finish(MSP_ACCEPTED);
      std::size_t quotes = 0;
      for (const auto& one : report.findings) {
         quotes += one.summary.find('"') != std::string::npos ? 1 : 0;
         expect_nothing_of(kSecret, one.summary);
         EXPECT_EQ(one.summary.find("xC"), std::string::npos) << one.summary;
      }
      EXPECT_EQ(quotes, 2U);
   }
}

TEST(Reports, a_text_as_long_as_may_be_is_whole_and_one_byte_more_is_cut) {
   EXPECT_EQ(Reports::kLongestText, 1024U) << "as ABI.md says";
   for (const std::size_t size : {Reports::kLongestText, Reports::kLongestText + 1}) {
      Desk desk(Operation::validate_credentials);
      const std::string text(size, 'x');
      auto given = finding();
      given.summary = text.c_str();
      desk.reports.add(&given);
      const auto report = desk.reports.finish(MSP_REFUSED);
      EXPECT_EQ(report.findings[0].summary.ends_with("\u2026"), size > Reports::kLongestText);
      EXPECT_EQ(report.findings[0].summary == text, size == Reports::kLongestText);
   }
}

// The host reads a bounded part of a text. What stands at that bound is cut, too.
TEST(Reports, nothing_of_a_secret_is_left_where_the_host_stops_reading) {
   const std::string secret = "Canary-7Qx!pw-Zz93" + std::string(3000, 'z');
   for (std::size_t pad = 0; pad < 40; ++pad) {
      Desk desk(Operation::validate_credentials);
      desk.secrets.add(secret);
      std::string text(pad, 'x');
      while (text.size() < 65536) text += secret;  // redacted, it is short enough to be shown to its end
      auto given = finding();
      given.summary = text.c_str();
      desk.reports.add(&given);
      expect_nothing_of(std::string_view(secret).substr(0, 18), desk.reports.finish(MSP_REFUSED).findings[0].summary);
   }
}

TEST(Reports, the_name_of_a_session_may_be_64_bytes_long_and_not_one_more) {
   for (const std::size_t size : {64U, 65U}) {
      Desk desk(Operation::authenticate);
      auto given = session();
      desk.reports.add(&given);
      const std::string name(size, 'x');
      given.name = name.c_str();
      desk.reports.add(&given);
      EXPECT_EQ(desk.reports.finish(MSP_ACCEPTED).further_sessions.size(), size == 64 ? 1U : 0U);
   }
}

TEST(Reports, the_address_of_a_session_is_never_the_beginning_of_another_one) {
   std::string address = "https://api.example.com/";
   address.resize(Reports::kLongestText - 1, 'x');
   address += '/';
   for (const bool longer : {false, true}) {
      Desk desk(Operation::authenticate);
      const std::string reported = address + (longer ? "v1/" : "");
      const auto given = session(reported.c_str());
      desk.reports.add(&given);
      const auto report = desk.reports.finish(MSP_ACCEPTED);
      EXPECT_EQ(report.session.has_value(), !longer);
      EXPECT_EQ(report.findings.empty(), !longer);
   }
}

// A platform can break a text within a secret, and a plugin report each piece.
TEST(Reports, a_secret_that_is_split_over_two_findings_is_in_neither) {
   constexpr std::string_view kSecret = "Canary-7Qx!pw-Zz93";
   for (std::size_t first = 4; first + 4 <= kSecret.size(); ++first)
      for (const std::string after : {"", "\""}) {
         Desk desk(Operation::validate_credentials);
         desk.secrets.add(kSecret);
         const std::string pieces[] = {"It says: \"" + std::string(kSecret.substr(0, first)) + after,
                                       std::string(kSecret.substr(first)) + " was sent."};
         for (const std::string& piece : pieces) {
            auto given = finding();
            given.summary = piece.c_str();
            desk.reports.add(&given);
         }
         const auto report = desk.reports.finish(MSP_REFUSED);
         ASSERT_EQ(report.findings.size(), 2U);
         EXPECT_EQ(report.findings[0].summary, "It says: \"[redacted]" + after);
         EXPECT_EQ(report.findings[1].summary, "[redacted] was sent.");
      }
   Desk desk(Operation::validate_credentials);
   desk.secrets.add(kSecret);
   auto given = finding();
   given.summary = "7Qx!pw-Zz93 is a part number.";
   desk.reports.add(&given);
   EXPECT_EQ(desk.reports.finish(MSP_REFUSED).findings[0].summary, given.summary) << "nothing was cut before";
}

TEST(Reports, a_name_that_a_secret_begins_with_stays_a_name) {
   Desk desk(Operation::validate_credentials);
   desk.secrets.add("jane2024!");
   auto given = identity();
   given.label = "Contoso, jane";
   desk.reports.add(&given);
   const auto report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(report.identity->principal, "jane");
   EXPECT_EQ(report.identity->label, "Contoso, jane");
}

TEST(Reports, the_address_of_a_session_that_is_refused_tells_no_secret) {
   Desk desk(Operation::authenticate);
   desk.secrets.add("canary-7qx-zz93");
   auto given = session("https://canary-7qx-zz93.example.org/");
   desk.reports.add(&given);
   const auto report = desk.reports.finish(MSP_ACCEPTED);
   ASSERT_FALSE(report.findings.empty());
   for (const auto& each : report.findings) expect_nothing_of("canary-7qx-zz93", each.summary);
}

TEST(Reports, permissions_that_were_not_reported_are_unknown_and_weigh_by_their_need) {
   Desk desk(Operation::check_permissions);
   const auto one = grant("tickets.read");
   desk.reports.add(&one);
   const auto report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(report.outcome, Outcome::failed);
   ASSERT_EQ(report.grants.size(), 3u);
   EXPECT_EQ(report.grants[0].granted, Granted::all);
   EXPECT_EQ(report.grants[1].granted, Granted::unknown);
   ASSERT_EQ(report.findings.size(), 2u);
   EXPECT_EQ(report.findings[0].summary,
             "The plugin Sample did not report the permission \"tickets.update\", against rule P12 of the plugin "
             "contract.");
   EXPECT_EQ(report.findings[0].severity, Severity::error);
   EXPECT_EQ(report.findings[1].severity, Severity::warning);
}

TEST(Reports, grants_stand_in_the_order_of_the_manifest) {
   Desk desk(Operation::check_permissions);
   for (const char* id : {"reports.read", "tickets.update", "tickets.read"}) {
      const auto given = grant(id);
      desk.reports.add(&given);
   }
   const auto report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_THAT(report.findings, IsEmpty());
   EXPECT_EQ(report.grants[0].permission_id, "tickets.read");
   EXPECT_EQ(report.grants[2].permission_id, "reports.read");
}

// Each case changes one thing of a good session; what is told of it, or nothing.
TEST(Reports, a_session_is_judged_by_what_is_in_it) {
   static const msp_pair kNothing[] = {{"Authorization", "", 0, 0}};
   static const msp_pair kScheme[] = {{"Authorization", "Bearer ", 0, 0}};
   static const msp_pair kNull[] = {{"Authorization", "Bearer (null)", 0, 0}};
   static const msp_pair kPublic[] = {{"X-Api-Version", "2", MSP_PAIR_PUBLIC, 0}, {"Accept", "text/x", 0, 0}};
   static const msp_pair kKey[] = {{"apikey", "k&y", 0, 0}};
   static const msp_pair kSplit[] = {{"apikey", "k\r\ny", 0, 0}};
   static const msp_pair kUnnamed[] = {{"", "k", 0, 0}};
   static const msp_pair kReserved[] = {{"Authorization", "Bearer x", 0, 1}};
   static const std::int32_t kStatuses[] = {403, 419, 302};
   static const std::int32_t kNoRefusal[] = {200};
   static const std::int32_t kOutermost[] = {300, 599};
   static const std::int32_t kBelow[] = {299};
   static const std::int32_t kAbove[] = {600};
   static const std::vector<std::int32_t> kMany(17, 403);
   static const std::string kLongest(64, 'n');
   static const std::string kTooLong(65, 'n');
   const struct {
      const char* name;
      std::function<void(msp_session&)> change;
      const char* told;  // completes "The plugin Sample reported a session ..."; empty: nothing
      Severity severity = Severity::error;
   } cases[] = {
       {"as it is", [](msp_session&) {}, ""},
       {"no headers", [](auto& s) { s.header_count = 0; }, "that holds no credential, against rule P23"},
       {"empty", [](auto& s) { s.headers = kNothing; },
        "whose \"Authorization\" holds no credential, against rule P23"},
       {"scheme", [](auto& s) { s.headers = kScheme; },
        "whose \"Authorization\" holds no credential, against rule P23"},
       {"null", [](auto& s) { s.headers = kNull; }, "whose \"Authorization\" holds no credential, against rule P23"},
       {"public", [](auto& s) { s.headers = kPublic, s.header_count = 2; },
        "that holds no credential, against rule P23"},
       {"key", [](auto& s) { s.header_count = 0, s.query = kKey, s.query_count = 1; }, ""},
       {"split key", [](auto& s) { s.query = kSplit, s.query_count = 1; },
        "with the parameter \"apikey\", which no request may carry, against rule P14"},
       {"unnamed key", [](auto& s) { s.query = kUnnamed, s.query_count = 1; },
        "with the parameter \"\", which no request may carry, against rule P14"},
       {"null query", [](auto& s) { s.query_count = 1; }, "whose parameters cannot be read, against rule P14"},
       {"name", [](auto& s) { s.name = "reports_2"; }, ""},
       {"bad name", [](auto& s) { s.name = "Reports"; }, "whose name is no word of a-z, 0-9 and _, against rule P14"},
       {"empty name", [](auto& s) { s.name = ""; }, "whose name is no word of a-z, 0-9 and _, against rule P14"},
       {"statuses", [](auto& s) { s.rejected_statuses = kStatuses, s.rejected_status_count = 3; }, ""},
       {"no refusal", [](auto& s) { s.rejected_statuses = kNoRefusal, s.rejected_status_count = 1; },
        "that ends with a status that is no refusal, against rule P14"},
       {"outermost statuses", [](auto& s) { s.rejected_statuses = kOutermost, s.rejected_status_count = 2; }, ""},
       {"below", [](auto& s) { s.rejected_statuses = kBelow, s.rejected_status_count = 1; },
        "that ends with a status that is no refusal, against rule P14"},
       {"above", [](auto& s) { s.rejected_statuses = kAbove, s.rejected_status_count = 1; },
        "that ends with a status that is no refusal, against rule P14"},
       {"16 statuses", [](auto& s) { s.rejected_statuses = kMany.data(), s.rejected_status_count = 16; }, ""},
       {"17 statuses", [](auto& s) { s.rejected_statuses = kMany.data(), s.rejected_status_count = 17; },
        "whose statuses cannot be read, against rule P14"},
       {"longest name", [](auto& s) { s.name = kLongest.c_str(); }, ""},
       {"too long a name", [](auto& s) { s.name = kTooLong.c_str(); },
        "whose name is no word of a-z, 0-9 and _, against rule P14"},
       {"null statuses", [](auto& s) { s.rejected_status_count = 1; },
        "whose statuses cannot be read, against rule P14"},
       {"in the future", [](auto& s) { s.expires_at = Desk::kNow + 1; }, ""},
       {"just now", [](auto& s) { s.expires_at = Desk::kNow; }, "that has expired already, against rule P23",
        Severity::warning},
       {"a day ago", [](auto& s) { s.expires_at = Desk::kNow - 86'400; }, "that has expired already, against rule P23",
        Severity::warning},
       {"longer than a day ago", [](auto& s) { s.expires_at = Desk::kNow - 86'401; },
        "that has expired already, against rule P23"},
       {"a duration", [](auto& s) { s.expires_at = 3600; }, "that has expired already, against rule P23"},
   };
   for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      Desk desk(Operation::authenticate);
      const auto main = session();
      auto given = session();
      c.change(given);
      if (given.name != nullptr) desk.reports.add(&main);
      desk.reports.add(&given);
      const auto report = desk.reports.finish(MSP_ACCEPTED);
      if (*c.told == '\0') {
         EXPECT_THAT(report.findings, IsEmpty());
         EXPECT_EQ(report.outcome, Outcome::accepted);
         continue;
      }
      ASSERT_FALSE(report.findings.empty());
      EXPECT_EQ(report.findings[0].summary,
                "The plugin Sample reported a session " + std::string(c.told) + " of the plugin contract.");
      EXPECT_EQ(report.findings[0].severity, c.severity);
      EXPECT_EQ(report.outcome, c.severity == Severity::error ? Outcome::failed : Outcome::accepted);
   }
   Desk desk(Operation::authenticate);
   auto given = session();
   given.headers = kReserved;
   given.flags = 4;
   desk.reports.add(&given);
   const auto report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(report.outcome, Outcome::accepted);
   ASSERT_EQ(report.findings.size(), 2U);
   EXPECT_EQ(report.findings[0].summary,
             "The plugin Sample set a reserved member of a session, against rule P8 of the plugin contract.");
   EXPECT_EQ(report.findings[1].summary,
             "The plugin Sample set a reserved member of a header, against rule P8 of the plugin contract.");
}

TEST(Reports, there_is_one_session_for_each_name) {
   Desk desk(Operation::authenticate);
   auto given = session();
   desk.reports.add(&given);
   given.name = "reports";
   given.base_url = "https://api.example.com/reports/";
   desk.reports.add(&given);
   desk.reports.add(&given);
   auto report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(
       report.findings.at(0).summary,
       "The plugin Sample reported two sessions of the name \"reports\", against rule P13 of the plugin contract.");
   EXPECT_THAT(report.further_sessions, IsEmpty()) << "of an operation that failed nothing is handed on";
   desk.reports.add(&given);
   report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(report.outcome, Outcome::failed) << "the main session is missing";
}

TEST(Reports, sixteen_sessions_are_taken_and_no_more) {
   for (const int further : {15, 16}) {
      Desk desk(Operation::authenticate);
      auto given = session();
      desk.reports.add(&given);
      for (int i = 0; i < further; ++i) {
         const std::string name = "server_" + std::to_string(i);
         given.name = name.c_str();
         desk.reports.add(&given);
      }
      const auto report = desk.reports.finish(MSP_ACCEPTED);
      EXPECT_EQ(report.outcome, further == 15 ? Outcome::accepted : Outcome::failed);
      EXPECT_EQ(report.further_sessions.size(), further == 15 ? 15u : 0u);
   }
}

TEST(Reports, a_public_value_of_a_session_is_hidden_nowhere_and_every_other_one_is) {
   Desk desk(Operation::authenticate);
   static const msp_pair kHeaders[] = {{"X-Api-Version", "2026-11-27", MSP_PAIR_PUBLIC, 0},
                                       {"Authorization", "Bearer s3ss10n-token", 0, 0}};
   static const msp_pair kQuery[] = {{"apikey", "qu3ry-key", 0, 0}, {"tenant", "acme-4711", MSP_PAIR_PUBLIC, 0}};
   auto given = session();
   given.headers = kHeaders;
   given.header_count = 2;
   given.query = kQuery;
   given.query_count = 2;
   desk.reports.add(&given);
   EXPECT_EQ(desk.redactor.redact_foreign("2026-11-27 s3ss10n-token qu3ry-key acme-4711"),
             "2026-11-27 [redacted] [redacted] acme-4711");
   const auto report = desk.reports.finish(MSP_ACCEPTED);
   EXPECT_TRUE(report.session->is_public("tenant"));
   EXPECT_FALSE(report.session->is_public("apikey"));
}

TEST(Reports, without_an_account_the_fields_marked_identity_stand_for_it) {
   for (const bool marked : {true, false}) {
      Desk desk(Operation::validate_credentials);
      desk.manifest.fields[0].identity = marked;
      auto given = identity();
      given.account = nullptr;
      desk.reports.add(&given);
      const auto report = desk.reports.finish(MSP_ACCEPTED);
      if (marked) {
         EXPECT_EQ(report.identity.value().account, "user: jane");
      } else {
         EXPECT_EQ(report.findings.at(0).summary,
                   "The plugin Sample reported an identity without an account, and its manifest marks no field as "
                   "identity, against rule P13 of the plugin contract.");
      }
   }
}

TEST(Reports, a_reserved_member_that_is_set_is_told_and_the_report_counts) {
   Desk desk(Operation::check_permissions);
   full_grants(desk.reports);
   Desk other(Operation::validate_credentials);
   auto who = identity();
   who.reserved = 1;
   other.reports.add(&who);
   const auto report = other.reports.finish(MSP_ACCEPTED);
   EXPECT_EQ(report.outcome, Outcome::accepted);
   EXPECT_EQ(report.findings.at(0).summary,
             "The plugin Sample set a reserved member of an identity, against rule P8 of the plugin contract.");
   Desk grants(Operation::check_permissions);
   for (const char* id : {"tickets.read", "tickets.update", "reports.read"}) {
      auto full = grant(id);
      full.reserved = 1;
      grants.reports.add(&full);
   }
   EXPECT_EQ(grants.reports.finish(MSP_ACCEPTED).findings.at(0).summary,
             "The plugin Sample set a reserved member of a permission, against rule P8 of the plugin contract.");
}

// Cut, it would be the name of somebody else, or another address.
TEST(Reports, a_name_or_an_address_of_more_than_1024_bytes_is_not_taken_for_its_beginning) {
   for (const std::size_t size : {std::size_t{1024}, std::size_t{1025}}) {
      SCOPED_TRACE(size);
      const std::string name(size, 'a');
      const std::string address = "https://x.example.com/" + std::string(size - 22, 'a');
      for (const char* msp_identity::*member : {&msp_identity::account, &msp_identity::principal}) {
         Desk desk(Operation::validate_credentials);
         auto given = identity();
         given.*member = name.c_str();
         desk.reports.add(&given);
         EXPECT_EQ(desk.reports.finish(MSP_ACCEPTED).identity.has_value(), size == 1024);
      }
      Desk desk(Operation::validate_credentials);
      auto given = identity();
      given.endpoint = address.c_str();
      desk.reports.add(&given);
      auto told = finding();
      told.doc_url = address.c_str();
      desk.reports.add(&told);
      const auto report = desk.reports.finish(MSP_REFUSED);
      ASSERT_TRUE(report.identity);
      EXPECT_EQ(report.identity->endpoint, size == 1024 ? address : "");
      EXPECT_EQ(report.findings.front().code == "plugin.defect", size == 1025);
      EXPECT_TRUE(std::ranges::any_of(report.findings, [&](const Finding& one) {
         return one.doc_url == (size == 1024 ? address : "") && one.code == told.code;
      }));
   }
}

// What a later minor appends.
template <class Struct>
struct Longer {
   explicit Longer(const Struct& known) : base(known) { base.struct_size = sizeof(*this); }
   Struct base;
   std::array<std::uint64_t, 4> more{1, 2, 3, 4};
};

TEST(Reports, what_a_later_plugin_reports_is_read_as_far_as_both_know) {
   Desk rights(Operation::check_permissions);
   for (const char* id : {"tickets.read", "tickets.update", "reports.read"}) {
      const Longer longer(grant(id));
      rights.reports.add(&longer.base);
   }
   EXPECT_THAT(rights.reports.finish(MSP_ACCEPTED).findings, IsEmpty());

   Desk account(Operation::validate_credentials);
   const Longer who(identity());
   account.reports.add(&who.base);
   const auto validated = account.reports.finish(MSP_ACCEPTED);
   EXPECT_TRUE(validated.identity);
   EXPECT_THAT(validated.findings, IsEmpty());

   Desk door(Operation::authenticate);
   const Longer opened(session());
   door.reports.add(&opened.base);
   EXPECT_TRUE(door.reports.finish(MSP_ACCEPTED).session);

   Desk word(Operation::validate_credentials);
   const Longer told(finding());
   word.reports.add(&told.base);
   EXPECT_EQ(word.reports.finish(MSP_REFUSED).findings.at(0).code, told.base.code);
}

TEST(Reports, a_permission_whose_condition_does_not_hold_is_not_asked_for) {
   for (const char* user : {"jane", "joe"}) {
      Desk desk(Operation::check_permissions);
      desk.manifest.fields[0].kind = FieldKind::choice;
      desk.manifest.permissions[1].when = {{"user", {"joe"}}};
      desk.values["user"] = user;
      for (const char* id : {"tickets.read", "tickets.update", "reports.read"}) {
         const auto given = grant(id);
         desk.reports.add(&given);
      }
      if (std::string_view(user) == "jane") {  // whatever is said of it is ignored
         auto wrong = grant(desk.manifest.permissions[1].id.c_str());
         wrong.granted = 99;
         desk.reports.add(&wrong);
      }
      const auto report = desk.reports.finish(MSP_ACCEPTED);
      EXPECT_EQ(report.outcome, Outcome::accepted);
      EXPECT_THAT(report.findings, IsEmpty());
      EXPECT_EQ(report.grants.size(), std::string_view(user) == "joe" ? 3U : 2U);
   }
}

TEST(Reports, a_session_carries_64_headers_and_not_one_more) {
   const std::vector<msp_pair> headers(65, msp_pair{"X-A", "b", 0, 0});
   for (const std::uint32_t count : {64U, 65U}) {
      SCOPED_TRACE(count);
      Desk desk(Operation::authenticate);
      auto given = session();
      given.headers = headers.data();
      given.header_count = count;
      desk.reports.add(&given);
      EXPECT_EQ(desk.reports.finish(MSP_ACCEPTED).session.has_value(), count == 64);
   }
}

TEST(Reports, the_headers_of_a_session_are_secrets_from_then_on) {
   Desk desk(Operation::authenticate);
   const msp_pair headers[] = {{"Authorization", "Bearer s3ss10n-token", 0, 0}};
   auto given = session();
   given.headers = headers;
   given.header_count = 1;
   desk.reports.add(&given);
   EXPECT_EQ(desk.redactor.redact_foreign("it is s3ss10n-token"), "it is [redacted]");
   EXPECT_EQ(desk.reports.finish(MSP_ACCEPTED).outcome, Outcome::accepted);
}

TEST(Reports, a_session_of_an_operation_that_failed_is_not_handed_on) {
   Desk desk(Operation::authenticate);
   const auto given = session();
   desk.reports.add(&given);
   const auto why = finding();
   desk.reports.add(&why);
   EXPECT_FALSE(desk.reports.finish(MSP_REFUSED).session);
}

}  // namespace
}  // namespace msp::host
