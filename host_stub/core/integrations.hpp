// integrations.hpp - what can be done with integrations. The command line and the page stand on these same functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/account_turns.hpp"
#include "core/pause.hpp"
#include "core/plugins.hpp"
#include "core/presets.hpp"
#include "core/settings_merge.hpp"
#include "msp/host/check.hpp"
#include "msp/host/integration.hpp"
#include "store/clock.hpp"
#include "store/store.hpp"
#include "vault/vault.hpp"

namespace msp::console {

// How an integration is: what the last check and the present say together.
enum class IntegrationState { active, needs_sign_in, needs_attention, temporary_trouble, disabled };
std::string_view name(IntegrationState state) noexcept;

// What a check of a saved integration says of it. One that could not be made says nothing: `temporary_trouble`, and
// what an earlier one found stands.
IntegrationState state_after(const host::CheckReport& report) noexcept;

struct IntegrationView {
   IntegrationRecord record;
   IntegrationState state = IntegrationState::active;
   std::string reason;  // one sentence; empty when active or disabled
   std::string remedy;
   // Why the newest check could not be made, "Autotask was busy"; empty unless record.not_checked.
   std::string why_not_checked;
};

// What is to be known of an integration that works; none unless it is active.
host::Remarks remarks(const IntegrationView& view) noexcept;

// "Could not be checked at 2026-11-22 04:09 UTC: Autotask was busy."; empty when the newest check was made.
std::string not_checked_sentence(const IntegrationView& view);

// Everything about one integration.
struct IntegrationDetails {
   IntegrationView view;
   std::vector<CheckRecord> checks;  // newest first
   std::vector<host::Drift> drift;   // of the last check that learned the rights, against the one at saving
   // Fields that say where secrets go and that no saved secret proves: somebody may have written their values past the
   // console. To be entered again before a secret is.
   std::vector<std::string> unproven;
};

// What an administrator typed for a new integration. Without a name it gets the default one.
struct NewIntegration {
   std::string platform;
   std::optional<std::string> name;
   host::Settings settings;
};

// What an administrator changed; everything else stays.
struct Edit {
   std::optional<std::string> name;
   host::Settings settings;
};

// A check with what msp.check/1 says about the integration. `manifest` is empty when there is no such plugin.
struct CheckedIntegration {
   host::CheckReport report;
   host::Manifest manifest;
   host::IntegrationSummary integration;
   bool tried = true;  // false: its credentials are known to be refused, so a check of all left them alone

   [[nodiscard]] std::string to_json() const { return host::to_json(report, manifest, integration); }
};

// What a request through an integration brought.
struct IntegrationAnswer {
   host::IntegrationSummary integration;
   std::string session;  // which one was asked for; empty: the main one
   host::Response response;
   bool redacted = false;  // the answer repeated a secret, which was taken out
};

// What became of the sign-in at the platform when its integration is removed.
struct SignedOut {
   std::string platform;                  // its name; empty: the platform was not asked, and is as it was
   std::optional<host::Finding> problem;  // why the sign-in is still good there
};

struct CheckAllOptions {
   host::CheckOptions each;  // its on_event is not used
   std::size_t parallel = 8;
   Pause pause = real_pause();  // before what the platform had no time for is checked again
};

struct CheckAllResult {
   std::size_t enabled = 0;               // how many there were to check
   std::optional<host::Finding> problem;  // the store failed: not all were checked, or the history lacks some
};

// Every check runs on the calling thread (but those of check_all) and comes back as a report, also when nothing could
// be started: a name or account already used is the outcome `conflict`, a plugin that cannot be used `incompatible`.
// Throws FindingError only when the store fails. [any-thread]
class Integrations {
 public:
   Integrations(Store& store, Vault& vault, Plugins& plugins, const Presets& presets, Clock clock);

   [[nodiscard]] std::vector<IntegrationView> list() const;
   [[nodiscard]] std::optional<IntegrationView> find(std::string_view name) const;
   [[nodiscard]] std::optional<IntegrationView> find(std::int64_t id) const;
   [[nodiscard]] IntegrationDetails details(IntegrationView view) const;

   // Checks, then saves if every step was accepted and `save` is set.
   CheckedIntegration add(NewIntegration draft, const host::CheckOptions& options, bool save = true);

   // Checks what is saved and keeps the result in its history. Asked for by name: refused credentials are tried again.
   CheckedIntegration check(std::int64_t id, const host::CheckOptions& options);

   // Checks all that are enabled, `parallel` at a time but one at a time of each account, and hands over one after the
   // other as they end, on some thread, with how many there are. Credentials that the platform refused are not tried
   // again (an account locks itself after a few); what it had no time for is checked once more at the end. Ends early
   // after a cancel; what that broke off is not handed over.
   CheckAllResult check_all(const CheckAllOptions& options,
                            const std::function<void(const CheckedIntegration&, std::size_t enabled)>& on_checked);

   // One authenticated request through a saved integration. One that is disabled, or whose credentials the platform
   // refused, is not tried; a sign-in that is refused now goes into the history. Secrets that the answer repeats are
   // taken out of it with `redactor`.
   IntegrationAnswer request(std::int64_t id, const host::Request& request, const host::RequestOptions& options,
                             const host::Redactor& redactor);

   // Lets a person sign in again, by `options.browser`, and keeps what the plugin keeps then; nothing else changes. The
   // account and user must be those of before. Of a plugin that keeps nothing it is a check.
   CheckedIntegration sign_in(std::int64_t id, const host::CheckOptions& options);

   // Checks the new settings, then replaces the old ones in one transaction; those serve until then. Where nothing but
   // the name changes, the platform is not asked.
   CheckedIntegration edit(std::int64_t id, Edit edit, const host::CheckOptions& options);

   // A disabled one stays as it is and is neither used nor checked with the others. False when there is none any more.
   bool set_enabled(std::int64_t id, bool enabled);

   // Tells the platform that the sign-in is over, where the plugin can; before the integration is removed. Takes at
   // most kSignOutTimeout. Credentials that the platform refuses are not sent once more.
   static constexpr std::chrono::seconds kSignOutTimeout{15};
   [[nodiscard]] SignedOut sign_out(std::int64_t id, host::CheckOptions options);

   // False when there is none any more. Works without the plugin, and without the platform.
   bool remove(std::int64_t id);

 private:
   // Waits until nobody else checks the integration's account, within the time of the whole check.
   [[nodiscard]] AccountTurns::Turn take_turn(std::int64_t id, const host::CheckOptions& options);
   [[nodiscard]] CheckedIntegration rename(const IntegrationRecord& saved, CheckedIntegration result);
   // Puts a check with the saved settings into the history; the report says when that failed.
   void keep(std::string_view purpose, const IntegrationRecord& saved, const std::string& plugin_sha256,
             CheckedIntegration& checked);
   [[nodiscard]] host::Result<void> refuse_name(const std::string& name, std::int64_t own_id) const;
   [[nodiscard]] host::Result<void> refuse_account(const IntegrationRecord& record) const;
   [[nodiscard]] std::string free_name(const std::string& name) const;
   [[nodiscard]] OpenSecret opener() const;
   // The form that a saved integration of the platform is shown and edited with.
   [[nodiscard]] std::optional<host::Manifest> form_of(const std::string& platform) const;
   // With what is kept, unless the options let a person sign in.
   [[nodiscard]] CheckedIntegration check_saved(const IntegrationRecord& saved,
                                                const host::Result<std::shared_ptr<host::Plugin>>& plugin,
                                                const host::CheckOptions& options) const;
   [[nodiscard]] std::shared_ptr<host::KeptSecrets> kept_secrets(const IntegrationRecord& saved,
                                                                 const host::Manifest& manifest) const;
   // The finding says why it could not be saved.
   [[nodiscard]] host::Result<void> save_sign_in(const IntegrationRecord& saved, CheckedIntegration& checked);
   // The warning says that it could not be kept.
   [[nodiscard]] host::Result<void> keep_refusal(const IntegrationRecord& saved, const host::Plugin& plugin,
                                                 std::vector<host::Finding> findings);
   [[nodiscard]] CheckRecord check_record(std::string_view purpose, const IntegrationRecord& integration,
                                          const CheckedIntegration& checked, const std::string& plugin_sha256) const;
   [[nodiscard]] IntegrationView view(IntegrationRecord record, const std::vector<PluginView>& plugins) const;

   Store& store_;
   Vault& vault_;
   Plugins& plugins_;
   const Presets& presets_;
   Clock clock_;
   AccountTurns turns_;
};

}  // namespace msp::console
