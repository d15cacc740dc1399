#include <algorithm>

#include "core/check_history.hpp"
#include "core/console_report.hpp"
#include "core/integrations.hpp"
#include "core/lock_out_guard.hpp"
#include "core/renamed_fields.hpp"
#include "msp/host/sign_out.hpp"

namespace msp::console {
namespace {

host::Response not_tried(host::Outcome outcome, std::vector<host::Finding> findings) {
   host::Response response;
   response.outcome = outcome;
   response.findings = std::move(findings);
   return response;
}

host::Finding disabled(const IntegrationRecord& saved) {
   return host::Finding{"integration.disabled",
                        "The integration \"" + saved.name + "\" is disabled, so nothing was sent.",
                        "Enable the integration."};
}

// A platform that answers with the session's token, or with what it was signed in with, gives it to nobody.
bool redact(host::Response& response, const host::Redactor& redactor) {
   bool changed = false;
   const auto apply = [&](std::string& text) {
      std::string clean = redactor.redact_foreign(text);
      changed = changed || clean != text;
      text = std::move(clean);
   };
   for (auto& [name, value] : response.headers) apply(value);
   apply(response.body);
   return changed;
}

}  // namespace

host::Result<void> Integrations::keep_refusal(const IntegrationRecord& saved, const host::Plugin& plugin,
                                              std::vector<host::Finding> findings) {
   CheckedIntegration checked;
   checked.manifest = plugin.manifest();
   checked.integration = {saved.id, saved.name, saved.platform, true, {}};
   for (host::Finding& one : findings) one.step = "authenticate";
   checked.report = not_started(saved.platform, host::Outcome::refused, std::move(findings));
   checked.report.steps.back().status = host::StepStatus::failed;

   CheckHistory history(store_, 1);
   history.add(saved.id, saved.revision, checked.report, check_record("request", saved, checked, plugin.sha256()));
   const auto kept = history.finish();
   if (kept) return {};
   host::Finding lost = kept.finding();
   lost.severity = host::Severity::warning;
   lost.summary = "That the platform refused the credentials could not be kept. " + lost.summary;
   return lost;
}

SignedOut Integrations::sign_out(std::int64_t id, host::CheckOptions options) {
   options.timeout = std::min<std::chrono::milliseconds>(options.timeout, kSignOutTimeout);
   const auto saved = store_.integration(id);
   const auto form = saved ? form_of(saved->platform) : std::nullopt;
   if (!form || !form->signs_out || !may_try(*saved, clock_())) return {};
   SignedOut result{form->name, {}};
   const auto plugin = plugins_.open(saved->platform);
   if (!plugin) {
      result.problem = plugin.finding();
      return result;
   }
   const host::Manifest& manifest = plugin.value()->manifest();
   const IntegrationRecord present = under_present_names(*saved, manifest);
   MergedSettings merged = merge_settings(manifest, presets_, &present, {}, opener());
   if (!merged.findings.empty()) {
      result.problem = std::move(merged.findings.front());
      return result;
   }
   merged.settings.saved = true;
   options.kept = kept_secrets(*saved, manifest);
   auto report = host::sign_out(*plugin.value(), std::move(merged.settings), options);
   if (report.outcome == host::Outcome::accepted) return result;
   const auto error = std::ranges::find(report.findings, host::Severity::error, &host::Finding::severity);
   if (error != report.findings.end()) result.problem = std::move(*error);
   return result;
}

IntegrationAnswer Integrations::request(std::int64_t id, const host::Request& request,
                                        const host::RequestOptions& options, const host::Redactor& redactor) {
   IntegrationAnswer answer;
   answer.session = request.session;
   const auto saved = store_.integration(id);
   if (!saved) {
      answer.response = not_tried(host::Outcome::failed, {removed()});
      return answer;
   }
   answer.integration = {saved->id, saved->name, saved->platform, true, {}};
   if (!saved->enabled) {
      answer.response = not_tried(host::Outcome::invalid_settings, {disabled(*saved)});
      return answer;
   }
   if (!may_try(*saved, clock_())) {
      answer.response = not_tried(host::Outcome::refused,
                                  {known_refused(*saved, signs_in_with_browser(plugins_.list(), saved->platform))});
      return answer;
   }
   const auto plugin = plugins_.open(saved->platform);
   if (!plugin) {
      answer.response = not_tried(outcome_without_plugin(plugin.finding()), {plugin.finding()});
      return answer;
   }
   const IntegrationRecord present = under_present_names(*saved, plugin.value()->manifest());
   MergedSettings merged = merge_settings(plugin.value()->manifest(), presets_, &present, {}, opener());
   if (!merged.findings.empty()) {
      answer.response = not_tried(host::Outcome::failed, std::move(merged.findings));
      return answer;
   }

   merged.settings.saved = true;
   host::Result<void> kept;
   host::IntegrationOptions keeping;
   keeping.kept = kept_secrets(*saved, plugin.value()->manifest());
   keeping.on_session = [&](const host::SessionEvent& event) {
      // A 401 is not kept: the sign-in of a moment ago was accepted, so it is about this request.
      if (event.kind == host::SessionEvent::Kind::refused) kept = keep_refusal(*saved, *plugin.value(), event.findings);
   };
   host::Integration integration(plugin.value(), std::move(merged.settings), keeping);
   answer.response = integration.request(request, options);
   answer.redacted = redact(answer.response, redactor);
   if (!kept) answer.response.findings.push_back(kept.finding());
   return answer;
}

}  // namespace msp::console
