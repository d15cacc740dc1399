#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/check_history.hpp"
#include "core/check_queue.hpp"
#include "core/check_repeat.hpp"
#include "core/console_report.hpp"
#include "core/drift.hpp"
#include "core/integrations.hpp"
#include "core/lock_out_guard.hpp"
#include "core/renamed_fields.hpp"
#include "core/stored_kept_secrets.hpp"
#include "store/finding_error.hpp"
#include "store/purpose.hpp"

namespace msp::console {
namespace {

// In one transaction, because each costs a write to the disk that is waited for.
constexpr std::size_t kChecksPerCommit = 64;

// What a check of all says of credentials that it left alone.
CheckedIntegration not_tried(const IntegrationRecord& saved, bool by_person) {
   CheckedIntegration result;
   result.tried = false;
   result.integration = {saved.id, saved.name, saved.platform, true, {}};
   // What will be tried by itself was only not checked.
   const auto outcome = tries_again_at(saved) ? host::Outcome::unavailable : host::Outcome::refused;
   result.report = not_started(saved.platform, outcome, {known_refused(saved, by_person)});
   return result;
}

host::Finding preceded_by(const std::string& sentence, host::Finding problem) {
   problem.summary = sentence + problem.summary;
   return problem;
}

// Waiting for another check of the account, and loading the plugin, are part of a check.
std::chrono::milliseconds left_of(std::chrono::milliseconds time, std::chrono::steady_clock::time_point start) {
   using std::chrono::milliseconds;
   const auto spent = std::chrono::floor<milliseconds>(std::chrono::steady_clock::now() - start);
   return std::max(time - spent, milliseconds(0));
}

// Gives the account back whatever becomes of the check.
struct WhenDone {
   CheckQueue& queue;
   const CheckQueue::Entry& entry;
   WhenDone(CheckQueue& of, const CheckQueue::Entry& one) : queue(of), entry(one) {}
   WhenDone(const WhenDone&) = delete;
   WhenDone& operator=(const WhenDone&) = delete;
   ~WhenDone() { queue.done(entry); }
};

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
      if (threads > 0) guarded();
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
   record.made = host::was_made(checked.report);
   record.remarks = host::remarks(checked.report);
   for (const host::Finding& one : checked.report.findings) {
      record.codes += (record.codes.empty() ? "" : " ") + one.code;
   }
   record.plugin_version = checked.manifest.version;
   record.plugin_sha256 = plugin_sha256;
   record.isolation = checked.report.isolation;
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
      result.report = not_started(saved.platform, outcome_without_plugin(plugin.finding()), {plugin.finding()});
      return result;
   }
   result.manifest = host::in_language(plugin.value()->manifest(), options.languages);

   const IntegrationRecord present = under_present_names(saved, result.manifest);
   MergedSettings merged = merge_settings(result.manifest, presets_, &present, {}, opener());
   if (!merged.findings.empty()) {
      result.report = not_started(saved.platform, host::Outcome::failed, std::move(merged.findings));
      return result;
   }
   merged.settings.saved = true;
   const auto baseline = store_.baseline(saved.id);  // before the check: a store that fails then costs no sign-in
   host::CheckOptions with = options;
   if (!with.browser) with.kept = kept_secrets(saved, result.manifest);
   result.report = host::check(*plugin.value(), std::move(merged.settings), with);
   const auto& identity = result.report.identity;
   if (result.report.outcome == host::Outcome::accepted && identity &&
       (identity->account != saved.identity.account || identity->principal != saved.identity.principal)) {
      refuse(
          result.report, host::Outcome::conflict,
          host::Finding{"account.mismatch",
                        "The credentials now belong to another account or user than the integration was made for.",
                        "Remove the integration and add the other account as a new one, or restore the former user."});
   }
   if (baseline) result.integration.drift = drift(grants(baseline->rights), grants(result.report.grants));
   return result;
}

std::shared_ptr<host::KeptSecrets> Integrations::kept_secrets(const IntegrationRecord& saved,
                                                              const host::Manifest& manifest) const {
   return std::make_shared<StoredKeptSecrets>(store_, vault_, clock_, saved, manifest);
}

CheckedIntegration Integrations::check(std::int64_t id, const host::CheckOptions& options) {
   host::CheckOptions alone = options;
   alone.browser = nullptr;  // what is kept does it, or nobody
   return sign_in(id, alone);
}

CheckedIntegration Integrations::sign_in(std::int64_t id, const host::CheckOptions& options) {
   CheckedIntegration result;
   const auto start = std::chrono::steady_clock::now();
   const auto turn = take_turn(id, options);
   const auto saved = store_.integration(id);
   if (!saved) {
      result.report = not_started("", host::Outcome::failed, {removed()});
      return result;
   }
   const auto plugin = plugins_.open(saved->platform);
   host::CheckOptions in_time = options;
   in_time.timeout = left_of(options.timeout, start);
   result = check_saved(*saved, plugin, in_time);
   if (options.browser && result.report.outcome == host::Outcome::accepted) {
      if (auto done = save_sign_in(*saved, result); !done) refuse(result.report, host::Outcome::failed, done.finding());
   }
   keep(name(options.browser ? Purpose::sign_in : Purpose::check), *saved, plugin ? plugin.value()->sha256() : "",
        result);
   return result;
}

host::Result<void> Integrations::save_sign_in(const IntegrationRecord& saved, CheckedIntegration& checked) {
   if (checked.report.kept.empty()) return {};
   Store::Change change(store_);
   const auto now = store_.integration(saved.id);
   if (!now) return removed();
   // A seal holds the settings that it was made with.
   if (now->revision != saved.revision) return changed_meanwhile("sign-in", "Sign in again.");
   auto sealer = vault_.sealer(change);
   if (!sealer) return sealer.finding();
   for (const auto& [field, value] : checked.report.kept) {
      SealedSecret sealed = sealer.value().seal(*now, field, value);
      sealed.set_at = clock_();
      change.keep_secret(now->id, field, sealed);
      for (const std::string& former : former_secrets(*now, *checked.manifest.field(field)))
         change.forget_secret(now->id, former);
   }
   change.commit();
   return {};
}

void Integrations::keep(std::string_view purpose, const IntegrationRecord& saved, const std::string& plugin_sha256,
                        CheckedIntegration& checked) {
   CheckHistory history(store_, 1);
   history.add(saved.id, saved.revision, checked.report, check_record(purpose, saved, checked, plugin_sha256));
   auto kept = history.finish();
   const bool is_told =
       host::has_error(checked.report, "integration.changed") || host::has_error(checked.report, "integration.missing");
   if (history.left_out() && !is_told) {
      host::Finding former{"integration.changed",
                           "The integration was changed or removed by somebody else during the check. What was found "
                           "is about its former settings, and not kept in its history.",
                           "Look at it again, then check it again."};
      former.severity = host::Severity::warning;
      checked.report.findings.push_back(std::move(former));
   }
   if (!kept) {
      // What the platform answered is worth more than its record.
      host::Finding lost = preceded_by("This check is missing in the integration's history. ", kept.finding());
      lost.severity = host::Severity::warning;
      checked.report.findings.push_back(std::move(lost));
   }
}

AccountTurns::Turn Integrations::take_turn(std::int64_t id, const host::CheckOptions& options) {
   const auto saved = store_.integration(id);
   return saved ? turns_.take({saved->platform, saved->identity.account}, options.cancel, options.timeout) : nullptr;
}

CheckAllResult Integrations::check_all(
    const CheckAllOptions& options,
    const std::function<void(const CheckedIntegration&, std::size_t enabled)>& on_checked) {
   std::vector<CheckQueue::Entry> entries;
   std::map<std::string, host::Result<std::shared_ptr<host::Plugin>>, std::less<>> opened;
   for (const IntegrationRecord& record : store_.integrations()) {
      if (!record.enabled) continue;
      entries.push_back({record.id, {record.platform, record.identity.account}, {}});
      if (!opened.contains(record.platform)) opened.emplace(record.platform, plugins_.open(record.platform));
   }
   host::CheckOptions each = options.each;
   each.attended = false;  // nobody answers for many at once
   each.on_event = nullptr;
   each.browser = nullptr;

   CheckHistory history(store_, kChecksPerCommit);
   std::mutex telling;
   CheckAllResult result{entries.size(), {}};
   // Those that the platform had no time for, and what came of their first check until there is a second.
   std::vector<CheckQueue::Entry> again;
   std::map<std::int64_t, CheckedIntegration> first;

   // Empty: it is not to be checked (any more), or the check was cancelled.
   const auto check_one = [&](const CheckQueue::Entry& entry) -> std::optional<CheckedIntegration> {
      options.pause.until(entry.not_before, each.cancel);
      const auto turn = turns_.take(entry.account, each.cancel);
      if (each.cancel.stop_requested()) return {};
      const auto saved = store_.integration(entry.integration);
      if (!saved || !saved->enabled) return {};
      const auto& plugin = opened.at(saved->platform);
      if (!may_try(*saved, clock_()))
         return not_tried(*saved, plugin && plugin.value()->manifest().signs_in_with_browser());
      CheckedIntegration checked = check_saved(*saved, plugin, each);
      if (checked.report.outcome == host::Outcome::cancelled) return {};
      history.add(saved->id, saved->revision, checked.report,
                  check_record(name(Purpose::check_all), *saved, checked, plugin ? plugin.value()->sha256() : ""));
      return checked;
   };
   const auto tell = [&](const CheckQueue::Entry& entry, CheckedIntegration checked, bool may_repeat) {
      const auto pause = may_repeat ? time_to_repeat(checked.report) : std::nullopt;
      const std::lock_guard lock(telling);
      if (!pause) return on_checked(checked, result.enabled);
      again.push_back(entry);
      again.back().not_before = options.pause.now() + *pause;
      first.emplace(entry.integration, std::move(checked));
   };
   const auto run = [&](CheckQueue queue, bool may_repeat) {
      run_in_parallel(std::min(options.parallel, queue.accounts()), [&] {
         while (const auto entry = queue.next(each.cancel)) {
            const WhenDone done(queue, *entry);
            auto checked = check_one(*entry);
            if (!checked) continue;
            if (!may_repeat) {
               const std::lock_guard lock(telling);
               first.erase(entry->integration);
            }
            tell(*entry, std::move(*checked), may_repeat);
         }
      });
   };
   std::optional<host::Finding> unread;
   try {
      run(CheckQueue(std::move(entries)), true);
      std::ranges::sort(again, {}, &CheckQueue::Entry::not_before);
      run(CheckQueue(std::move(again)), false);
   } catch (const FindingError& error) {
      unread = error.finding();
   }
   for (const auto& [id, checked] : first) on_checked(checked, result.enabled);
   const auto kept = history.finish();
   if (unread && !kept) {
      result.problem = preceded_by(
          "Not all integrations were checked, and a part of these checks is missing in the history. ", *unread);
   } else if (unread) {
      result.problem = preceded_by("Not all integrations were checked. ", *unread);
   } else if (!kept) {
      result.problem = preceded_by("A part of these checks is missing in the history. ", kept.finding());
   }
   return result;
}

}  // namespace msp::console
