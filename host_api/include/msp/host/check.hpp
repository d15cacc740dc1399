// msp/host/check.hpp - the three operations in order, and the one document that tells how it went: msp.check/1.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "msp/host/host.hpp"
#include "msp/host/kept_secrets.hpp"
#include "msp/host/language.hpp"

namespace msp::host {

// `skipped` is a step that was not reached. `warning` is a step that passed with something to know.
enum class StepStatus { passed, warning, failed, skipped };
std::string_view name(StepStatus status) noexcept;

struct Step {
   std::string name;  // "settings", "validate_credentials", "check_permissions", "authenticate"
   StepStatus status = StepStatus::skipped;
   std::chrono::milliseconds elapsed{0};
};

// What the grants say together: `insufficient` when a required right is missing, `unverifiable` when nothing is missing
// but some required right could not be asked for.
enum class Verdict { sufficient, insufficient, unverifiable };
std::string_view name(Verdict verdict) noexcept;

// A request of a check, and the step that sent it.
struct TracedRequest {
   std::string step;
   SentRequest sent;
};

// How one check went: what the document msp.check/1 is made of.
struct CheckReport {
   Outcome outcome = Outcome::failed;
   std::string correlation_id;  // 16 hex digits; also in every log line of the check
   std::string platform;        // manifest id
   Isolation isolation = Isolation::process;
   std::vector<Step> steps;  // always all four
   std::optional<Identity> identity;
   std::optional<Verdict> verdict;  // absent when the permissions were not asked
   std::vector<Grant> grants;       // in the manifest's order, one per permission once they were asked
   std::vector<Finding> findings;
   std::optional<std::vector<TracedRequest>> requests{};  // where CheckOptions::trace asks for them
   std::optional<Session> session;                        // of an accepted check; never part of the document
   std::vector<Session> further_sessions{};               // likewise
   // What the plugin kept, where CheckOptions::kept is null: to be saved with the integration. Never in the document.
   KeptSecrets::Values kept{};
};

// Whether a finding is an error and its code begins with `prefix`, such as "auth.". [any-thread]
bool has_error(const CheckReport& report, std::string_view prefix) noexcept;

// Whether the credentials themselves were refused, and not only permissions are missing. [any-thread]
bool refuses_credentials(const CheckReport& report) noexcept;

// What an accepted check found that somebody should know: it works, and not everything is in order. How many of each
// kind; all are zero when everything is in order, and for a check that was not accepted.
struct Remarks {
   int unverified = 0;        // rights that could not be verified
   int restricted = 0;        // rights that are granted only under conditions
   int missing_optional = 0;  // rights that are missing, and not required
   int deprecated = 0;        // findings that the method of signing in is about to end
   int other = 0;             // every other warning

   [[nodiscard]] bool none() const noexcept { return *this == Remarks{}; }
   bool operator==(const Remarks&) const = default;
};
// [any-thread]
Remarks remarks(const CheckReport& report) noexcept;

// The kinds with the words that the documents have for them: "unverified", "restricted", "missing_optional" ...
struct RemarkKind {
   std::string_view name;
   int Remarks::*count;
};
// [any-thread]
std::span<const RemarkKind> remark_kinds() noexcept;

// Whether the check came to a result about the settings. One that could not be made (the platform was not reached, had
// no time or gave no sense, it is unclear who refused, somebody cancelled it, this machine failed) says nothing about
// them, and what an earlier check found still stands. [any-thread]
bool was_made(const CheckReport& report) noexcept;

// What is told while a check runs, on the thread that runs it.
struct CheckEvent {
   enum class Kind { step_started, progress, step_ended } kind;
   std::string step;
   std::string sentence;                     // for progress
   StepStatus status = StepStatus::skipped;  // for step_ended
   std::chrono::milliseconds elapsed{0};     // for step_ended
};

struct CheckOptions {
   std::chrono::milliseconds timeout{120'000};      // of the whole check
   std::chrono::milliseconds step_timeout{30'000};  // of each operation
   std::stop_token cancel;
   std::function<void(const CheckEvent&)> on_event;
   bool attended = false;     // a person waits and may be asked something
   bool trace = false;        // the report tells each request
   Languages languages = {};  // of whoever reads the report: what it says of rights, and the plugin's sentences
   // How somebody signs in; null: nobody can. The time that this takes does not count.
   std::shared_ptr<Browser> browser = nullptr;
   std::chrono::milliseconds person_timeout = kPersonTimeout;  // of each operation
   // Of a saved integration. Its turn is taken where the plugin keeps secrets or is exclusive. Null: the plugin finds
   // nothing, signs in from the start, and what it keeps is handed over in CheckReport::kept.
   std::shared_ptr<KeptSecrets> kept = nullptr;
   std::int64_t now = 0;  // seconds since 1970-01-01T00:00Z; 0: by the system's clock
};

// Form check, validate_credentials, check_permissions, authenticate; stops at the first that is not accepted.
// Saves nothing. Never throws. [any-thread]
CheckReport check(Plugin& plugin, Settings settings, const CheckOptions& options);
// The same for a form that was checked before: check_settings(plugin.manifest(), ...).
CheckReport check(Plugin& plugin, SettingsCheck form, const CheckOptions& options);

// A right whose grant changed since the settings were saved.
struct Drift {
   std::string permission_id;
   std::optional<Granted> at_saving;  // absent: it was not asked then
   Granted now = Granted::unknown;
};

// What the console adds to the document about the integration; `id` 0 is written as null.
struct IntegrationSummary {
   std::int64_t id = 0;
   std::string name;
   std::string platform;
   bool saved = false;
   std::vector<Drift> drift = {};
};

// The document msp.check/1, pretty-printed, ending in a newline. `manifest` gives the grants their texts.
// [any-thread]
std::string to_json(const CheckReport& report, const Manifest& manifest, const IntegrationSummary& integration);

}  // namespace msp::host
