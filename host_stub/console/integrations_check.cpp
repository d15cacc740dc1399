#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "check_history.hpp"
#include "check_words.hpp"
#include "console_report.hpp"
#include "drift.hpp"
#include "integrations.hpp"
#include "problem_error.hpp"

namespace msp::console {
namespace {

// In one transaction, because each costs a write to the disk that is waited for.
constexpr std::size_t kChecksPerCommit = 64;

// What a check of all says of credentials that it left alone.
CheckedIntegration not_tried(const IntegrationRecord& saved) {
   CheckedIntegration result;
   result.tried = false;
   result.integration = {saved.id, saved.name, saved.platform, true, {}};
   result.report = not_started(saved.platform, host::Outcome::refused, {known_refused(saved)});
   return result;
}

host::Problem preceded_by(const std::string& sentence, host::Problem problem) {
   problem.summary = sentence + problem.summary;
   return problem;
}

// Runs `work` on that many threads, this one among them. The first exception ends here, when all have ended.
void run_in_parallel(std::size_t threads, const std::function<void()>& work) {
   std::mutex mutex;
   std::exception_ptr failure;
   const auto guarded = [&] {
      try {
         work();
      } catch (...) {
         const std::lock_guard lock(mutex);
         if (!failure) failure = std::current_exception();
      }
   };
   {
      std::vector<std::jthread> others;
      try {
         while (others.size() + 1 < threads) others.emplace_back(guarded);
      } catch (const std::system_error&) {
         // The system has no more threads to give; fewer do it too.
      }
      guarded();
   }
   if (failure) std::rethrow_exception(failure);
}

}  // namespace

CheckRecord Integrations::check_record(std::string_view purpose, const IntegrationRecord& integration,
                                       const CheckedIntegration& checked, const std::string& plugin_sha256) const {
   CheckRecord record;
   record.at = clock_();
   record.purpose = purpose;
   const auto& identity = checked.report.identity;
   record.principal = identity ? identity->principal : integration.identity.principal;
   record.outcome = host::name(checked.report.outcome);
   for (const host::Finding& one : checked.report.findings) {
      record.codes += (record.codes.empty() ? "" : " ") + one.code;
   }
   record.plugin_version = checked.manifest.version;
   record.plugin_sha256 = plugin_sha256;
   record.rights = to_text(grants(checked.report.grants));
   record.document = checked.to_json();
   return record;
}

CheckedIntegration Integrations::check_saved(const IntegrationRecord& saved,
                                             const host::Result<std::shared_ptr<host::Plugin>>& plugin,
                                             const host::CheckOptions& options) const {
   CheckedIntegration result;
   result.integration = {saved.id, saved.name, saved.platform, true, {}};
   if (!plugin) {
      result.report = not_started(saved.platform, host::Outcome::incompatible, {finding(plugin.problem())});
      return result;
   }
   result.manifest = plugin.value()->manifest();

   MergedSettings merged = merge_settings(result.manifest, presets_, &saved, {}, opener());
   if (!merged.findings.empty()) {
      result.report = not_started(saved.platform, host::Outcome::failed, std::move(merged.findings));
      return result;
   }
   const auto baseline = store_.baseline(saved.id);  // before the check: a store that fails then costs no sign-in
   result.report = host::check(*plugin.value(), std::move(merged.settings), options);
   const auto& identity = result.report.identity;
   if (result.report.outcome == host::Outcome::accepted && identity &&
       (identity->account != saved.identity.account || identity->principal != saved.identity.principal)) {
      refuse(result.report, host::Outcome::conflict,
             finding("account.mismatch",
                     "The credentials now belong to another account or user than the integration was made for.",
                     "Remove the integration and add the other account as a new one, or restore the former user."));
   }
   if (baseline) result.integration.drift = drift(grants(baseline->rights), grants(result.report.grants));
   return result;
}

CheckedIntegration Integrations::check(std::int64_t id, const host::CheckOptions& options) {
   CheckedIntegration result;
   const auto saved = store_.integration(id);
   if (!saved) {
      result.report = not_started("", host::Outcome::failed, {removed()});
      return result;
   }
   const auto plugin = plugins_.open(saved->platform);
   result = check_saved(*saved, plugin, options);
   keep(name(Purpose::check), *saved, plugin ? plugin.value()->sha256() : "", result);
   return result;
}

void Integrations::keep(std::string_view purpose, const IntegrationRecord& saved, const std::string& plugin_sha256,
                        CheckedIntegration& checked) {
   CheckHistory history(store_, 1);
   history.add(saved.id, saved.revision, checked.report, check_record(purpose, saved, checked, plugin_sha256));
   if (auto problem = history.finish()) {
      // What the platform answered is worth more than its record.
      host::Finding lost = finding(preceded_by("This check is missing in the integration's history. ", *problem));
      lost.severity = host::Severity::warning;
      checked.report.findings.push_back(std::move(lost));
   }
}

CheckAllResult Integrations::check_all(
    const CheckAllOptions& options,
    const std::function<void(const CheckedIntegration&, std::size_t enabled)>& on_checked) {
   std::vector<std::int64_t> ids;
   std::map<std::string, host::Result<std::shared_ptr<host::Plugin>>, std::less<>> opened;
   for (const IntegrationRecord& record : store_.integrations()) {
      if (!record.enabled) continue;
      ids.push_back(record.id);
      if (!opened.contains(record.platform)) opened.emplace(record.platform, plugins_.open(record.platform));
   }
   host::CheckOptions each = options.each;
   each.on_event = nullptr;

   CheckHistory history(store_, kChecksPerCommit);
   std::mutex telling;
   std::atomic<std::size_t> next{0};
   const auto work = [&] {
      while (!each.cancel.stop_requested()) {
         const std::size_t mine = next.fetch_add(1);
         if (mine >= ids.size()) return;
         const auto saved = store_.integration(ids[mine]);
         if (!saved || !saved->enabled) continue;
         const auto& plugin = opened.at(saved->platform);
         const bool try_it = !saved->refused_at;
         const CheckedIntegration checked = try_it ? check_saved(*saved, plugin, each) : not_tried(*saved);
         if (checked.report.outcome == host::Outcome::cancelled) continue;  // not checked
         if (try_it) {
            history.add(
                saved->id, saved->revision, checked.report,
                check_record(name(Purpose::check_all), *saved, checked, plugin ? plugin.value()->sha256() : ""));
         }
         const std::lock_guard lock(telling);
         on_checked(checked, ids.size());
      }
   };
   CheckAllResult result{ids.size(), {}};
   std::optional<host::Problem> unread;
   try {
      run_in_parallel(std::min(options.parallel, ids.size()), work);
   } catch (const ProblemError& error) {
      unread = error.problem();
   }
   const auto lost = history.finish();
   if (unread && lost) {
      result.problem = preceded_by(
          "Not all integrations were checked, and a part of these checks is missing in the history. ", *unread);
   } else if (unread) {
      result.problem = preceded_by("Not all integrations were checked. ", *unread);
   } else if (lost) {
      result.problem = preceded_by("A part of these checks is missing in the history. ", *lost);
   }
   return result;
}

}  // namespace msp::console
