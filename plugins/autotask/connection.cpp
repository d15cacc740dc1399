#include "connection.hpp"

#include <algorithm>
#include <iterator>

#include "answer.hpp"
#include "msp/plugin.h"
#include "msp/sdk/json.hpp"
#include "msp/sdk/permission.hpp"
#include "msp/sdk/refusal_reason.hpp"
#include "msp/sdk/text.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace autotask {

using msp::sdk::Call;
using msp::sdk::Finding;
using msp::sdk::Grant;
using msp::sdk::Granted;
using msp::sdk::How;
using msp::sdk::Identity;
using msp::sdk::Outcome;
using msp::sdk::Permission;
using msp::sdk::Response;
using msp::sdk::Session;

namespace {

constexpr char kFirstEntity[] = "Tickets";  // asked alone when the one-shot route does not answer

// What the manifest shows to people may be translated; the API's names follow from the id: "ticket_notes.create" is
// "create" of "TicketNotes".
void use_names_of_the_api(Permission& permission) {
   const std::size_t dot = permission.id.find('.');
   permission.operation = permission.id.substr(dot + 1);
   permission.entity.clear();
   bool begins_word = true;
   for (const char c : permission.id.substr(0, dot)) {
      if (c != '_') permission.entity += begins_word ? static_cast<char>(c - 'a' + 'A') : c;
      begins_word = c == '_';
   }
}

// The entities that permissions are about, each once, in their order.
std::vector<std::string> entities_of(const std::vector<Permission>& permissions) {
   std::vector<std::string> entities;
   for (const Permission& permission : permissions)
      if (std::find(entities.begin(), entities.end(), permission.entity) == entities.end())
         entities.push_back(permission.entity);
   return entities;
}

// A header's value carries no control characters and loses surrounding blanks on its way; what nobody sees at its ends
// was pasted along. A secret is never mended in silence, and one that is not as it should be would be a failed sign-in.
Outcome check_characters(Call& call) {
   const auto check = [&](const char* field, std::string_view value) {
      if (!msp::sdk::has_control_character(value) && msp::sdk::trim_unseen(value).size() == value.size())
         return Outcome::accepted;
      return call.end(Outcome::invalid_settings,
                      Finding::error("input.invalid",
                                     "The value holds a line break or another control character, or begins or ends "
                                     "with a blank or something unseen. Autotask cannot receive it like this.",
                                     "Enter it again, and take care that nothing else is pasted along.")
                          .field(field));
   };
   if (const Outcome outcome = check("user_name", call.setting("user_name")); outcome != Outcome::accepted)
      return outcome;
   if (const Outcome outcome = check("password", call.secret("password")); outcome != Outcome::accepted) return outcome;
   return check("integration_code", call.secret("integration_code"));
}

}  // namespace

Outcome Connection::validate_credentials(Call& call) {
   signed_in_ = false;
   if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;

   const Zone& zone = client_.zone();
   Identity identity;
   identity.account = zone.customer_id.empty() ? zone.host() : zone.customer_id;
   identity.label = zone.name.empty() ? "Autotask" : "Autotask " + zone.name;
   // Generated user names are e-mail-like; two that differ in case only are taken for the same user.
   identity.principal = msp::sdk::to_lower(call.setting("user_name"));
   identity.endpoint = zone.url;
   call.report(identity);
   return Outcome::accepted;
}

Outcome Connection::check_permissions(Call& call) {
   if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
   std::vector<Permission> permissions = msp::sdk::read_permissions(msp_plugin_manifest);
   for (Permission& permission : permissions) use_names_of_the_api(permission);

   // Whatever the one-shot did not tell, or told in a way that cannot be read, is asked of the entity itself.
   const auto is_open = [&](const Permission& permission) {
      const EntityInformation* information = known(permission.entity);
      return information == nullptr || information->right(permission.operation).granted == Granted::unknown;
   };
   std::vector<Permission> open_rights;
   std::copy_if(permissions.begin(), permissions.end(), std::back_inserter(open_rights), is_open);
   std::vector<Gap> gaps;
   if (const Outcome outcome = ask(call, entities_of(open_rights), gaps); outcome != Outcome::accepted) return outcome;

   const Gap* required = nullptr;
   const Gap* optional = nullptr;
   std::vector<Gap> unclear;
   unclear.reserve(permissions.size());
   for (const Permission& permission : permissions) {
      if (const EntityInformation* information = known(permission.entity)) {
         const Right right = information->right(permission.operation);
         call.report(Grant{permission.id, right.granted, How::introspected, right.evidence});
         if (right.granted != Granted::unknown) continue;
         unclear.push_back({permission.entity, Outcome::unavailable,
                            Finding::error("platform.unexpected_response",
                                           "Autotask states the right " + permission.id +
                                               " in a way that this plugin does not know: " + right.evidence + ".",
                                           "Look for a newer version of this plugin.")});
         (permission.required ? required : optional) = &unclear.back();
         continue;
      }
      const auto gap =
          std::find_if(gaps.begin(), gaps.end(), [&](const Gap& each) { return each.entity == permission.entity; });
      call.report(Grant{permission.id, Granted::unknown, How::not_stated, "no answer: " + gap->finding.code()});
      (permission.required ? required : optional) = &*gap;
   }
   if (required != nullptr) return call.end(required->outcome, required->finding);
   if (optional != nullptr) call.report(Finding(optional->finding).as_warning());
   return Outcome::accepted;
}

Outcome Connection::authenticate(Call& call) {
   // The tenant may have moved to another zone. The look-up carries no secret.
   if (call.session_was_rejected() && signed_in_)
      if (const Outcome outcome = client_.find_zone(call); outcome != Outcome::accepted) return outcome;
   if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
   call.report(Session{client_.zone().url, credential_headers(call)});
   return Outcome::accepted;
}

Outcome Connection::sign_in(Call& call) {
   if (rejection_) return call.end(Outcome::refused, *rejection_);
   if (signed_in_) return Outcome::accepted;
   known_.clear();
   if (const Outcome outcome = check_characters(call); outcome != Outcome::accepted) return outcome;
   if (const Outcome outcome = client_.find_zone(call); outcome != Outcome::accepted) return outcome;
   return prove(call);
}

// One request that can count as a failed sign-in. Only the expected document, or Autotask's own words about
// permissions, prove the credentials; every other answer ends the check. The one exception: no reply of the one-shot
// route is recorded, so it may not exist or may look otherwise, and neither a 404 or 405 without errors of Autotask's
// nor a 200 with another document can be a counted sign-in. Then, and only then, a second request carries credentials
// that are not proven yet, on the route that is known.
Outcome Connection::prove(Call& call) {
   call.progress("Signing in to Autotask");
   const Response all = client_.get(call, "EntityInformation");
   if (!all.answered()) return end_unanswered(call, all);
   const Answer about_all = read_answer(all);
   if (about_all.meaning == Meaning::document) known_ = read_entity_list(all.body());
   signed_in_ = !known_.empty() || about_all.meaning == Meaning::no_right;
   if (signed_in_) return Outcome::accepted;
   const bool says_nothing_of_the_user =
       about_all.meaning == Meaning::not_there ||
       (about_all.meaning == Meaning::document && msp::sdk::Json::parse(all.body()).has_value());
   if (!says_nothing_of_the_user) return refuse(call, about_all, "the sign-in");

   const Response one = client_.get(call, std::string(kFirstEntity) + "/entityInformation");
   if (!one.answered()) return end_unanswered(call, one);
   std::vector<Gap> gaps;
   learn(kFirstEntity, one, gaps);
   signed_in_ = gaps.empty();
   return signed_in_ ? Outcome::accepted : refuse(call, read_answer(one), "the sign-in");
}

// Ends a sign-in without an answer. One that was lost may have been a refusal, and is remembered as one.
Outcome Connection::end_unanswered(Call& call, const Response& response) {
   if (!response.lost()) return response.report_problem(call);
   rejection_ = msp::sdk::UnusableAnswer("Autotask", "the sign-in", 0).lost();
   call.report(*rejection_);
   return call.end(Outcome::refused, response.problem());
}

// Ends a sign-in. What speaks about the credentials is remembered, so that they are not sent again. Autotask says much
// with 500, so an unmistakable reason in its words counts whatever the status.
Outcome Connection::refuse(Call& call, Answer answer, const std::string& asked) {
   const msp::sdk::Reason reason = msp::sdk::reason_of(answer.errors);
   if (answer.meaning == Meaning::platform_error &&
       (reason == msp::sdk::Reason::locked || reason == msp::sdk::Reason::expired))
      answer.meaning = Meaning::rejected;
   const Outcome outcome = outcome_of(answer);
   const Finding finding = explain(answer, asked);
   if (outcome == Outcome::refused) rejection_ = finding;
   return call.end(outcome, finding);
}

// Asks for the rights on each entity and keeps what it learns; what stays open is in `gaps`. Different entities are
// different endpoints for Autotask's limit of three threads, yet more than three at once would gain little.
Outcome Connection::ask(Call& call, std::vector<std::string> entities, std::vector<Gap>& gaps) {
   constexpr std::size_t kAtOnce = 3;
   if (!entities.empty()) call.progress("Reading the user's rights");
   bool zone_asked_again = false;
   while (!entities.empty()) {
      const auto end = entities.begin() + static_cast<std::ptrdiff_t>(std::min(entities.size(), kAtOnce));
      const std::vector<std::string> batch(entities.begin(), end);
      entities.erase(entities.begin(), end);
      std::vector<std::string> paths;
      for (const std::string& entity : batch) paths.push_back(entity + "/entityInformation");
      const std::vector<Response> responses = client_.ask(call, paths);

      bool go_on = true;
      std::optional<Answer> rejected;
      for (std::size_t i = 0; i < batch.size(); ++i) {
         const Response& response = responses[i];
         if (response.answered() && read_answer(response).meaning == Meaning::rejected) {
            rejected = read_answer(response);
            entities.push_back(batch[i]);
         } else if (!learn(batch[i], response, gaps)) {
            go_on = false;
         }
      }
      if (rejected) {
         // The credentials were right a moment ago: the tenant may have moved to another zone.
         const std::string before = client_.zone().url;
         if (zone_asked_again) return refuse(call, *rejected, "a request");
         zone_asked_again = true;
         if (const Outcome outcome = client_.find_zone(call); outcome != Outcome::accepted) return outcome;
         if (client_.zone().url == before) return refuse(call, *rejected, "a request");
      }
      if (go_on) continue;
      for (std::string& entity : entities)
         gaps.push_back({std::move(entity), gaps.back().outcome, gaps.back().finding});
      entities.clear();
   }
   return Outcome::accepted;
}

// Keeps what an entity's answer says, or why it says nothing. False when asking for further entities makes no sense.
bool Connection::learn(const std::string& entity, const Response& response, std::vector<Gap>& gaps) {
   if (!response.answered()) {
      gaps.push_back({entity, response.outcome(), response.problem()});
      return false;
   }
   const Answer answer = read_answer(response);
   // A 403 without those words is described as a missing right, but only a user who is known can miss one.
   if (answer.meaning == Meaning::no_right || (answer.meaning == Meaning::forbidden && signed_in_)) {
      known_.insert(known_.begin(),
                    EntityInformation::denied(
                        entity, answer.errors.empty() ? "HTTP " + std::to_string(answer.status) : answer.errors));
      return true;
   }
   if (answer.meaning == Meaning::document) {
      if (auto information = read_entity_information(response.body())) {
         information->name = entity;
         known_.insert(known_.begin(), std::move(*information));  // before what the one-shot said
         return true;
      }
   }
   gaps.push_back({entity, outcome_of(answer), explain(answer, entity + "/entityInformation")});
   return answer.meaning != Meaning::throttled && answer.meaning != Meaning::outage;
}

const EntityInformation* Connection::known(const std::string& entity) const {
   const auto found = std::find_if(known_.begin(), known_.end(),
                                   [&](const EntityInformation& each) { return names_entity(each.name, entity); });
   return found == known_.end() ? nullptr : &*found;
}

}  // namespace autotask
