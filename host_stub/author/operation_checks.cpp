// operation_checks.cpp - the whole plugin at work, as a console lets it work, with a platform that behaves and
// misbehaves.
#include <algorithm>
#include <array>
#include <thread>

#include "author/checks.hpp"
#include "msp/host/integration.hpp"

namespace msp::author {
namespace {

using host::CheckReport;
using host::Outcome;

std::string status_fault(int status, const std::string& more = "") {
   return R"([{"fault":"status","status":)" + std::to_string(status) + more + "}]";
}

// A JSON text of that value.
std::string quoted(const std::string& text) {
   std::string result = "\"";
   for (const char each : text) {
      if (each == '"' || each == '\\') result += '\\';
      result += each;
   }
   return result + '"';
}

std::string told(const CheckReport& report) {
   std::string text = "It ended as " + std::string(host::name(report.outcome));
   if (!report.findings.empty()) text += ": " + report.findings.front().summary;
   return text + (text.ends_with('.') ? "" : ".");
}

// With that fault a check must end without a yes, and without a defect.
Verdict must_not_accept(const Subject& subject, const std::string& faults, const std::string& what) {
   Trial trial(subject, faults);
   const CheckReport report = trial.check();
   if (const auto defect = defect_of(report)) return failed("After " + what + ": " + *defect);
   if (report.outcome == Outcome::accepted) return failed("After " + what + " the credentials are accepted.");
   return {};
}

Verdict accepts(const Subject& subject) {
   Trial trial(subject);
   const CheckReport report = trial.check();
   if (const auto defect = defect_of(report)) return failed(*defect);
   return report.outcome == Outcome::accepted ? Verdict{} : failed(told(report));
}

Verdict works_alone(const Subject& subject) {
   for (const host::Operation operation : {host::Operation::check_permissions, host::Operation::authenticate}) {
      Trial trial(subject);
      host::Connection connection = trial.connect();
      const host::OperationReport report = connection.run(operation, {});
      if (report.outcome != Outcome::accepted)
         return failed(std::string(host::name(operation)) + " as the first operation of a connection ended as " +
                       std::string(host::name(report.outcome)) + '.');
   }
   return {};
}

// Asks for what the manifest names, or for the session's own address: anything but a refusal says that it was let in.
Verdict has_a_session_that_works(const Subject& subject) {
   Trial trial(subject);
   const std::string probe = trial.plugin()->manifest().session_probe;
   host::Integration integration(trial.plugin(), trial.settings());
   const host::Response response = integration.request({"GET", probe, {}, {}});
   const bool fits = probe.empty() ? response.status != 403 : response.status >= 200 && response.status < 300;
   if (response.outcome == Outcome::accepted && fits) return {};
   if (response.status == 0 && !response.findings.empty()) return failed(response.findings.front().summary);
   return failed("GET \"" + probe + "\" under its session was answered with " + std::to_string(response.status) + '.');
}

// The session was good when it was opened; now the platform rejects it once.
Verdict asks_again_after_a_rejection(const Subject& subject) {
   Trial trial(subject);
   host::Connection connection = trial.connect();
   const host::OperationReport first = connection.run(host::Operation::authenticate, {});
   if (!first.session) return skipped("There is no session to be rejected.");
   if (first.session->is_signed) return {};  // each request is signed again: there is nothing to ask for
   const std::size_t before = trial.platform().journal().size();
   host::OperationOptions options;
   options.session_rejected = true;
   const host::OperationReport report = connection.run(host::Operation::authenticate, options);
   if (report.outcome != Outcome::accepted)
      return failed("The second authenticate ended as " + std::string(host::name(report.outcome)) + '.');
   if (trial.platform().journal().size() == before)
      return failed("It reported a session again without asking the platform, which had rejected it.");
   return {};
}

// How many requests the check of good credentials sends; most that are tried one by one.
std::size_t requests_of_a_check(const Subject& subject) {
   constexpr std::size_t kMost = 40;
   Trial good(subject);
   static_cast<void>(good.check());
   return std::min(good.platform().journal().size(), kMost);
}

// From some request on, which is the one that signs in, the platform knows nobody. A question before it may go to
// somebody else: what is in front of the platform, or tells where the tenant lives.
Verdict takes_401_for_an_answer(const Subject& subject) {
   std::string last = "It sends no request.";
   const std::size_t requests = requests_of_a_check(subject);
   for (std::size_t k = 0; k < requests; ++k) {
      Trial trial(subject, status_fault(401, ",\"after\":" + std::to_string(k)));
      const CheckReport report = trial.check();
      if (const auto defect = defect_of(report)) return failed(*defect);
      if (host::refuses_credentials(report)) return {};
      last = told(report);
   }
   return failed(last);
}

Verdict takes_403_for_an_answer(const Subject& subject) {
   return must_not_accept(subject, status_fault(403), "an answer of 403 to everything");
}

Verdict survives_every_status(const Subject& subject) {
   for (const int status : {204, 301, 400, 404, 409, 418, 500, 502, 503, 504}) {
      Verdict verdict = must_not_accept(subject, status_fault(status), "an answer of " + std::to_string(status));
      if (verdict.kind != Verdict::Kind::passed) return verdict;
   }
   return {};
}

Verdict tells_when_to_come_back(const Subject& subject) {
   Trial trial(subject, status_fault(429, R"(,"headers":{"Retry-After":"7"})"));
   const CheckReport report = trial.check();
   if (const auto defect = defect_of(report)) return failed(*defect);
   if (report.outcome != Outcome::throttled) return failed(told(report));
   for (const host::Finding& finding : report.findings)
      if (finding.retry_after_s == 7) return {};
   return failed("No finding has the seven seconds of Retry-After.");
}

Verdict survives_any_body(const Subject& subject) {
   const std::array<std::pair<std::string, std::string>, 8> bodies = {{
       {"an empty body", ""},
       {"half a document", "{\"a\":"},
       {"an empty list", "[]"},
       {"null", "null"},
       {"a web page", "<!DOCTYPE html><html><body>Welcome</body></html>"},
       {"a number", "1e999"},
       {"a document of 100,000 levels", std::string(100'000, '[')},
       {"a text of a megabyte", std::string(1 << 20, 'a')},
   }};
   for (const auto& [what, body] : bodies) {
      Verdict verdict = must_not_accept(subject, status_fault(200, ",\"body\":" + quoted(body)), what);
      if (verdict.kind != Verdict::Kind::passed) return verdict;
   }
   return {};
}

Verdict survives_a_failure_anywhere(const Subject& subject) {
   const std::size_t requests = requests_of_a_check(subject);
   for (std::size_t k = 0; k < requests; ++k) {
      Trial trial(subject, R"([{"fault":"reset","after":)" + std::to_string(k) + "}]");
      const CheckReport report = trial.check();
      if (const auto defect = defect_of(report))
         return failed("When request " + std::to_string(k + 1) + " and all later ones were lost: " + *defect);
   }
   return {};
}

// One trial of how a check ends that is told to end. The host waits a moment for the plugin to return; on a busy
// machine that moment may pass before the plugin's turn comes, so only a plugin that is late each time is late.
template <typename OneTrial>
Verdict ends_as(Outcome expected, OneTrial&& trial) {
   Verdict verdict;
   for (int turn = 0; turn < 5; ++turn) {
      const CheckReport report = trial();
      if (const auto defect = defect_of(report)) {
         verdict = failed(*defect);
         continue;
      }
      return report.outcome == expected ? Verdict{} : failed(told(report));
   }
   return verdict;
}

Verdict ends_when_it_is_cancelled(const Subject& subject) {
   return ends_as(Outcome::cancelled, [&] {
      Trial trial(subject, R"([{"fault":"silent"}])");
      std::stop_source stop;
      std::thread canceller([&] {
         trial.platform().server().wait_for([](const sim::Counters& seen) { return seen.requests >= 1; });
         stop.request_stop();
      });
      CheckReport report = trial.check(stop.get_token());
      canceller.join();
      return report;
   });
}

Verdict ends_at_its_deadline(const Subject& subject) {
   return ends_as(Outcome::timed_out, [&] {
      Trial trial(subject, R"([{"fault":"silent"}])");
      return trial.check({}, std::chrono::milliseconds(500));
   });
}

// Every request with the credentials counts as a failed sign-in.
Verdict stops_at_the_first_refusal(const Subject& subject) {
   std::size_t without = 0;
   Trial trial(subject, status_fault(401));
   static_cast<void>(trial.check());
   const auto journal = trial.platform().journal();
   for (const sim::JournalEntry& entry : journal)
      if (!entry.has_header("Authorization") && !entry.has_header("Cookie") && entry.method == "GET" &&
          journal.size() > 1)
         ++without;
   if (journal.size() <= 1 || journal.size() - without <= 1) return {};
   return failed("It sent " + std::to_string(journal.size()) + " requests although each was answered with 401.");
}

Verdict only_reads(const Subject& subject) {
   Trial trial(subject);
   static_cast<void>(trial.check());
   for (const sim::JournalEntry& entry : trial.platform().journal())
      if (entry.method != "GET" && entry.method != "HEAD" && entry.method != "POST")
         return failed("A check sent " + entry.method + ' ' + entry.path + '.');
   return {};
}

Verdict tells_no_secret(const Subject& subject) {
   for (const std::string& faults : {std::string("[]"), status_fault(401), status_fault(500)}) {
      Trial trial(subject, faults);
      const CheckReport report = trial.check();
      std::vector<std::string> texts;
      for (const host::Finding& finding : report.findings) texts.insert(texts.end(), {finding.summary, finding.remedy});
      for (const host::Grant& grant : report.grants) texts.push_back(grant.evidence);
      if (report.identity)
         texts.insert(texts.end(), {report.identity->account, report.identity->label, report.identity->principal});
      for (const std::string& text : texts)
         if (text.find("[redacted]") != std::string::npos)
            return failed("The host had to take a secret out of \"" + text.substr(0, 200) + "\".");
   }
   return {};
}

// What a plugin says when all goes well, and when not.
std::vector<CheckReport> reports_of_many_days(const Subject& subject) {
   std::vector<CheckReport> reports;
   for (const std::string& faults :
        {std::string("[]"), status_fault(401), status_fault(403), status_fault(404), status_fault(429),
         status_fault(500), std::string(R"([{"fault":"html"}])"), std::string(R"([{"fault":"reset"}])")})
      reports.push_back(Trial(subject, faults).check());
   return reports;
}

Verdict asks_declared_hosts_only(const Subject& subject) {
   for (const CheckReport& report : reports_of_many_days(subject))
      for (const host::Finding& finding : report.findings)
         if (finding.code == "net.host_not_allowed") return failed(finding.summary);
   return {};
}

// The host repairs an error without a remedy, and a text that is no UTF-8, and says so.
Verdict speaks_well(const Subject& subject) {
   for (const CheckReport& report : reports_of_many_days(subject))
      for (const host::Finding& finding : report.findings)
         if (finding.code == "plugin.defect" && finding.severity == host::Severity::warning)
            return failed(finding.summary);
   return {};
}

constexpr Check kOperationChecks[] = {
    {"check.accepts", "Good credentials pass the whole check, without a remark on the plugin.",
     "Mend what the sentence says; ABI.md explains the rule that it names.", accepts, Tier::silver, true},
    {"check.alone", "Each operation works as the first of a connection.",
     "Sign in where it is needed, and keep what the platform answered.", works_alone, Tier::silver, true},
    {"session.works", "A request under the session is answered.", "Report what the platform wants in each request.",
     has_a_session_that_works, Tier::silver, true},
    {"session.rejected", "After a rejected session the platform is asked again.",
     "Forget what is known when MSP_CALL_REJECTED is set.", asks_again_after_a_rejection, Tier::silver, true},
    {"answer.401", "401 is an answer.", "End as refused, with a finding of a code like auth.rejected.",
     takes_401_for_an_answer, Tier::silver, true},
    {"answer.403", "403 is an answer.", "End as refused, or report that the right is missing.", takes_403_for_an_answer,
     Tier::silver, true},
    {"answer.status", "Any status has an outcome.",
     "End as unavailable with a finding for what you do not expect; the SDK has end_at_unusable().",
     survives_every_status, Tier::silver, true},
    {"answer.throttled", "429 with Retry-After is told with its seconds.", "End as throttled, and set retry_after_s.",
     tells_when_to_come_back, Tier::silver, true},
    {"answer.body", "Whatever the body holds, the check ends well and accepts nothing.",
     "Read every member as one that may be missing or of another kind.", survives_any_body, Tier::silver, true},
    {"answer.lost", "Any request may be lost.", "Hand on the host's finding and outcome where there is no answer.",
     survives_a_failure_anywhere, Tier::silver, true},
    {"end.cancelled", "It ends when it is cancelled.",
     "Return when a request came back as cancelled, and when remaining_ms() is 0.", ends_when_it_is_cancelled,
     Tier::silver, true},
    {"end.deadline", "It ends at its deadline.", "Return when a request timed out, and when remaining_ms() is 0.",
     ends_at_its_deadline, Tier::silver, true},
    {"manners.refusal", "After a refused sign-in it does not sign in again.",
     "Return at the first 401: each more may lock the user.", stops_at_the_first_refusal, Tier::gold, true},
    {"manners.reading", "A check changes nothing at the platform.",
     "Find out rights by what the platform says, or by reading.", only_reads, Tier::gold, true},
    {"manners.hosts", "It asks no host but those of its manifest.",
     "Name the host under network.hosts, or ask another one.", asks_declared_hosts_only, Tier::gold, true},
    {"manners.findings", "Every error says what to do next, in valid UTF-8.",
     "Fill remedy, and hand on what the platform said as it is.", speaks_well, Tier::gold, true},
    {"manners.secrets", "No text holds a secret.",
     "Leave credentials, and what the platform repeats of them, out of findings and evidence.", tells_no_secret,
     Tier::gold, true},
};

}  // namespace

std::span<const Check> operation_checks() { return kOperationChecks; }

}  // namespace msp::author
