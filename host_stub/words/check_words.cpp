#include "words/check_words.hpp"

#include <algorithm>

#include "words/remark_words.hpp"

namespace msp::console {
namespace {

// `remarks`: in words; empty when everything is in order.
std::string accepted(Purpose purpose, const std::string& remarks) {
   const std::string with = remarks.empty() ? "" : " with remarks: " + remarks;
   switch (purpose) {
      case Purpose::add:
         return remarks.empty() ? "The integration is saved" : "Saved" + with;
      case Purpose::try_out:
         return "These settings would be accepted" + with;
      case Purpose::check:
      case Purpose::check_all:
         return remarks.empty() ? "Everything is in order" : "It works," + with;
      case Purpose::edit:
         return "The changes are saved" + with;
      case Purpose::sign_in:
         return "Signed in" + with;
   }
   return {};
}

std::string conflict(const host::CheckReport& report) {
   if (has_error(report, "name.")) return "The name is already used";
   if (has_error(report, "account.already_connected")) return "This account is already connected";
   if (has_error(report, "account.mismatch")) return "This is another account";
   return "Somebody else changed the integration meanwhile";
}

std::string failed(const host::CheckReport& report) {
   if (has_error(report, "host.secret_unreadable")) return "The saved secrets cannot be used";
   if (has_error(report, "integration.missing")) return "The integration is not there any more";
   return "The check could not be completed";
}

bool was_asked(const host::CheckReport& report) {
   return std::ranges::any_of(report.steps,
                              [](const host::Step& step) { return step.status != host::StepStatus::skipped; });
}

std::string headline(const host::CheckReport& report, Purpose purpose) {
   switch (report.outcome) {
      case host::Outcome::accepted:
         if (purpose == Purpose::edit && !was_asked(report)) return "Renamed";
         return accepted(purpose, remark_words(host::remarks(report)));
      case host::Outcome::refused:
         if (has_error(report, "auth.interaction_required")) return "A person has to sign in";
         if (has_error(report, "auth.unclear")) return "The sign-in did not succeed";
         return host::refuses_credentials(report) ? "The credentials were refused"
                                                  : "The permissions are not sufficient";
      case host::Outcome::invalid_settings:
         return "Some settings need to be corrected";
      case host::Outcome::conflict:
         return conflict(report);
      case host::Outcome::unreachable:
         return "The platform could not be reached";
      case host::Outcome::throttled:
         return "The platform asks to wait";
      case host::Outcome::unavailable:
         return "The platform gave no usable answer";
      case host::Outcome::cancelled:
         return "The check was cancelled";
      case host::Outcome::timed_out:
         return "The check took too long";
      case host::Outcome::incompatible:
         return has_error(report, "platform.") ? "This platform is not one that the plugin can work with"
                                               : "The plugin cannot be used";
      case host::Outcome::failed:
         return failed(report);
   }
   return failed(report);
}

std::string consequence(const host::CheckReport& report, Purpose purpose) {
   const bool good = report.outcome == host::Outcome::accepted;
   const bool in_order = host::remarks(report).none();
   const bool asked = was_asked(report);
   switch (purpose) {
      case Purpose::add:
         if (!good) return "Nothing was saved.";
         return in_order ? "It is ready to be used." : "It can be used, within the limits that the remarks name.";
      case Purpose::try_out:
         return "Nothing was saved: this was a check only.";
      case Purpose::check:
      case Purpose::check_all:
         if (!host::was_made(report)) return "The integration stays saved, and what was found before still stands.";
         if (!good) return "The integration stays saved as it is.";
         return in_order ? "The saved settings work as they should."
                         : "The saved settings work, within the limits that the remarks name.";
      case Purpose::sign_in:
         return good ? "The integration uses this sign-in from now on." : "The integration stays as it was.";
      case Purpose::edit:
         if (good) return asked ? "They are used from now on." : "";  // a new name is all that changed
         return "Nothing was changed: the settings saved before stay in use.";
   }
   return {};
}

}  // namespace

std::string words(std::string_view code) {
   std::string text(code);
   std::ranges::replace(text, '_', ' ');
   return text;
}

CheckWords words_for(const CheckedIntegration& checked, Purpose purpose) {
   // An integration that was removed meanwhile has no settings to speak of.
   if (has_error(checked.report, "integration.missing")) return {headline(checked.report, purpose), {}};
   return {headline(checked.report, purpose), consequence(checked.report, purpose)};
}

std::string state_words(const IntegrationView& view) {
   const std::string with = remark_words(remarks(view));
   return words(name(view.state)) + (with.empty() ? "" : ", " + with);
}

}  // namespace msp::console
