#include "msp/host/check.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "contract/defect.hpp"
#include "contract/loaded_plugin.hpp"
#include "msp/host/correlation_id.hpp"
#include "work/check.hpp"
#include "work/kept_turn.hpp"
#include "work/session_request.hpp"
#include "work/trace.hpp"
#include "work/verdict.hpp"

namespace msp::host {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 4> kSteps{"settings", "validate_credentials", "check_permissions",
                                                 "authenticate"};

Outcome outcome_of(const Finding& problem) {
   return problem.code == "plugin.incompatible" ? Outcome::incompatible : Outcome::failed;
}

void forget_sessions(CheckReport& report) {
   report.session.reset();
   report.further_sessions.clear();
}

// One check under way: runs the steps in order and writes the report.
class Check {
 public:
   Check(Plugin& plugin, const CheckOptions& options, CheckReport& report)
       : plugin_(plugin),
         options_(options),
         report_(report),
         shown_(in_language(plugin.manifest(), options.languages)),
         deadline_(Clock::now() + options.timeout) {
      report_.correlation_id = new_correlation_id();
      report_.platform = plugin.manifest().id;
      report_.isolation = plugin.isolation();
      if (options.trace) report_.requests.emplace();
      for (const auto step : kSteps) report_.steps.push_back({.name = std::string(step)});
   }

   void run(SettingsCheck form, std::optional<Connection>& connection) {
      if (!step(0, [&] { return take_form(form); })) return;
      const auto validate = [&] {
         auto turn = take_turn(plugin_.manifest(), options_.kept.get(), *form.settings, deadline_, options_.cancel);
         if (!turn) return stop(outcome_without_turn(turn.finding()), turn.finding());
         turn_ = std::move(turn).value();
         auto made = plugin_.connect(std::move(*form.settings));
         if (!made) return refuse(made.finding());
         connection = std::move(made).value();
         return operate(*connection, Operation::validate_credentials);
      };
      if (!step(1, validate)) return;
      if (!step(2, [&] { return operate(*connection, Operation::check_permissions); })) return;
      step(3, [&] {
         const Outcome outcome = operate(*connection, Operation::authenticate);
         return outcome == Outcome::accepted ? try_session(*connection) : outcome;
      });
   }

 private:
   // Runs one step, tells about it, and says whether the next one follows.
   template <class Work>
   bool step(std::size_t index, Work work) {
      auto& step = report_.steps[index];
      current_ = step.name;
      tell({.kind = CheckEvent::Kind::step_started, .step = step.name, .sentence = {}});
      const auto start = Clock::now();
      const auto known = report_.findings.size();
      report_.outcome = work();
      for (auto finding = report_.findings.begin() + static_cast<std::ptrdiff_t>(known);
           finding != report_.findings.end(); ++finding) {
         finding->step = step.name;
         if (finding->severity == Severity::warning) step.status = StepStatus::warning;
      }
      const bool accepted = report_.outcome == Outcome::accepted;
      if (!accepted)
         step.status = StepStatus::failed;
      else if (step.status == StepStatus::skipped)
         step.status = StepStatus::passed;
      step.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
      tell({.kind = CheckEvent::Kind::step_ended,
            .step = step.name,
            .sentence = {},
            .status = step.status,
            .elapsed = step.elapsed});
      return accepted;
   }

   Outcome take_form(SettingsCheck& form) {
      add(std::move(form.findings));
      return form.settings ? Outcome::accepted : Outcome::invalid_settings;
   }

   Outcome operate(Connection& connection, Operation operation) {
      auto result = ask(connection, operation);
      if (operation == Operation::check_permissions && result.answered) {
         report_.verdict = judge_permissions(shown_, result);
         report_.grants = std::move(result.grants);
      }
      add(std::move(result.findings));
      if (result.identity) report_.identity = std::move(result.identity);
      report_.session = std::move(result.session);
      report_.further_sessions = std::move(result.further_sessions);
      return result.outcome;
   }

   OperationReport ask(Connection& connection, Operation operation,
                       std::shared_ptr<const RequestToSign> to_sign = nullptr) {
      if (options_.cancel.stop_requested())
         return stopped(Outcome::cancelled,
                        Finding{"host.cancelled", "The check was cancelled.", "Start it again when you are ready."});
      const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
      if (left <= milliseconds(0))
         return stopped(Outcome::timed_out, Finding{"host.deadline", "The time for the whole check was used up.",
                                                    "Try again later, or allow more time."});
      OperationOptions options;
      options.timeout = std::min(left, options_.step_timeout);
      options.cancel = options_.cancel;
      options.correlation_id = report_.correlation_id;
      options.attended = options_.attended;
      options.trace = options_.trace;
      options.now = options_.now;
      options.browser = options_.browser;
      options.person_timeout = options_.person_timeout;
      options.keep = [this](const std::string& field, const SecretBytes& value) { return keep(field, value); };
      options.on_progress = [this](const std::string& sentence) {
         tell({.kind = CheckEvent::Kind::progress, .step = current_, .sentence = sentence});
      };
      options.to_sign = std::move(to_sign);
      options.language = shown_.language;
      auto result = connection.run(operation, options);
      deadline_ += result.waited_for_person;
      note(std::move(result.requests));
      return result;
   }

   Result<void> keep(const std::string& field, const SecretBytes& value) {
      if (turn_) return turn_->keep(field, value);
      report_.kept.insert_or_assign(field, value.copy());
      return {};
   }

   // Whether the session that was reported works, where the manifest names something that it may read.
   Outcome try_session(Connection& connection) {
      const std::string& path = plugin_.manifest().session_probe;
      const Session& session = *report_.session;
      if (path.empty() || session.in_body) return Outcome::accepted;
      std::array<HttpRequest, 1> request{get_below(session, path)};
      if (session.is_signed) {
         auto made = ask(connection, Operation::sign, to_sign(request[0], session));
         add(std::move(made.findings));
         if (made.outcome != Outcome::accepted) return forget_sessions(report_), made.outcome;
         add_signature(request[0], std::move(made.signature));
      }
      const auto deadline = std::min(deadline_, Clock::now() + options_.step_timeout);
      Trace trace;
      auto answer =
          std::move(trace.perform(plugin_.state()->runtime->http, request, deadline, options_.cancel).front());
      note(trace.take());
      const Outcome outcome = judge(answer, "GET " + path);
      if (outcome != Outcome::accepted) forget_sessions(report_);
      return outcome;
   }

   Outcome judge(HttpResponse& answer, const std::string& request) {
      if (answer.outcome != Outcome::accepted) return stop(answer.outcome, std::move(answer.problem));
      if (answer.status >= 200 && answer.status < 300) return Outcome::accepted;
      const std::string& platform = plugin_.manifest().name;
      const std::string answered = " answered HTTP " + std::to_string(answer.status) + " to " + request;
      const bool busy = answer.status == 429;
      if (busy || answer.status >= 500) {
         Finding finding{busy ? "platform.throttled" : "platform.unavailable",
                         platform + answered + ", the first request under the new session.",
                         "Try again in some minutes."};
         finding.http_status = answer.status;
         return stop(busy ? Outcome::throttled : Outcome::unavailable, std::move(finding));
      }
      Finding finding =
          defect(plugin_.manifest(), "P23", "reported a session that does not work (" + platform + answered + ')');
      finding.http_status = answer.status;
      return stop(Outcome::failed, std::move(finding));
   }

   Outcome refuse(const Finding& problem) { return stop(outcome_of(problem), problem); }

   Outcome stop(Outcome outcome, Finding finding) {
      report_.findings.push_back(std::move(finding));
      return outcome;
   }

   static OperationReport stopped(Outcome outcome, Finding finding) {
      OperationReport report;
      report.outcome = outcome;
      report.findings.push_back(std::move(finding));
      return report;
   }

   void note(std::vector<SentRequest> requests) {
      if (!report_.requests) return;
      for (SentRequest& request : requests) report_.requests->push_back({current_, std::move(request)});
   }

   void add(std::vector<Finding> findings) { std::ranges::move(findings, std::back_inserter(report_.findings)); }

   void tell(const CheckEvent& event) const {
      if (options_.on_event) options_.on_event(event);
   }

   Plugin& plugin_;
   const CheckOptions& options_;
   CheckReport& report_;
   const Manifest shown_;  // in the reader's language
   Clock::time_point deadline_;
   std::string current_;
   KeptTurn turn_;
};

}  // namespace

bool has_error(const CheckReport& report, std::string_view prefix) noexcept {
   return std::ranges::any_of(report.findings, [&](const Finding& finding) {
      return finding.severity == Severity::error && finding.code.starts_with(prefix);
   });
}

// A refusal of check_permissions, or one that tells of rights, is about rights, unless an error of signing in says
// otherwise.
bool refuses_credentials(const CheckReport& report) noexcept {
   if (report.outcome != Outcome::refused) return false;
   const auto failed = std::ranges::find(report.steps, StepStatus::failed, &Step::status);
   const bool asked_for_rights = failed != report.steps.end() && failed->name == kSteps[2];
   return has_error(report, "auth.") || !(asked_for_rights || has_error(report, "perm."));
}

std::string_view name(StepStatus status) noexcept {
   static constexpr std::array<std::string_view, 4> kNames{"passed", "warning", "failed", "skipped"};
   return kNames[static_cast<std::size_t>(status)];
}

std::string_view name(Verdict verdict) noexcept {
   static constexpr std::array<std::string_view, 3> kNames{"sufficient", "insufficient", "unverifiable"};
   return kNames[static_cast<std::size_t>(verdict)];
}

CheckReport check(Plugin& plugin, Settings settings, const CheckOptions& options) {
   return check(plugin, check_settings(plugin.manifest(), std::move(settings)), options);
}

CheckReport check(Plugin& plugin, SettingsCheck form, const CheckOptions& options) {
   std::optional<Connection> connection;
   return run_check(plugin, std::move(form), options, connection);
}

CheckReport run_check(Plugin& plugin, SettingsCheck form, const CheckOptions& options,
                      std::optional<Connection>& connection) {
   CheckReport report;
   try {
      Check(plugin, options, report).run(std::move(form), connection);
   } catch (const std::exception& error) {
      report.outcome = Outcome::failed;
      forget_sessions(report);
      report.findings.push_back(own_failure("The console could not go on with the check", error,
                                            "Try again; if it happens again, report it to the console's vendor."));
   }
   // An early request may hold what a later step told to be a secret.
   if (report.requests) {
      for (TracedRequest& request : *report.requests) take_secrets_out(request.sent, plugin.state()->runtime->redactor);
   }
   return report;
}

}  // namespace msp::host
