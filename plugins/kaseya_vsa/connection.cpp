#include "connection.hpp"

#include <algorithm>

#include "access_token.hpp"
#include "form.hpp"
#include "msp/plugin.h"
#include "msp/sdk/busy.hpp"
#include "msp/sdk/permission.hpp"
#include "msp/sdk/text.hpp"
#include "msp/sdk/time.hpp"
#include "msp/sdk/unusable_answer.hpp"

namespace kaseya_vsa {

using msp::sdk::Call;
using msp::sdk::Finding;
using msp::sdk::Grant;
using msp::sdk::Granted;
using msp::sdk::Outcome;
using msp::sdk::Permission;
using msp::sdk::Request;
using msp::sdk::Secret;
using msp::sdk::Session;

namespace {

// VSA servers often stand behind a firewall that only some addresses pass.
void explain_silence(Call& call, const Answer& answer) {
   const std::string& code = answer.problem->code();
   if (code != "net.reset" && code != "net.timeout" && code != "net.connect" && code != "host.deadline") return;
   call.report(Finding::info(code,
                             "Many VSA servers can be reached from certain addresses only, so that a browser "
                             "elsewhere may open this one although the console cannot.")
                   .remedy("Allow the address of this console in the firewall in front of VSA."));
}

}  // namespace

Outcome Connection::validate_credentials(Call& call) {
   session_.reset();
   report_notices(call);
   if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
   call.report(session_->identity(*server_, call.setting("user_name")));
   if (method_of(call) == Method::password) call.report(method_deprecated());
   return Outcome::accepted;
}

Outcome Connection::check_permissions(Call& call) {
   if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
   call.progress("Asking what the user may do");
   renewed_ = false;
   std::map<std::string, Right> rights;
   if (const Outcome outcome = probe(call, rights); outcome != Outcome::accepted) return outcome;

   const Right unproven{Granted::unknown, msp::sdk::How::not_stated, "reading cannot prove it", {}, Outcome::accepted};
   const Right* open = nullptr;
   for (const Permission& permission : msp::sdk::read_permissions(msp_plugin_manifest)) {
      const auto found = rights.find(permission.id);
      const Right& right = found == rights.end() ? unproven : found->second;
      call.report(Grant{permission.id, right.granted, right.how, right.evidence});
      if (right.outcome == Outcome::accepted) {
         if (right.finding) call.report(*right.finding);
      } else if (!permission.required) {
         call.report(Finding(*right.finding).as_warning());
      } else if (open == nullptr) {
         open = &right;
      }
   }
   return open == nullptr ? Outcome::accepted : call.end(open->outcome, *open->finding);
}

Outcome Connection::authenticate(Call& call) {
   // A second call wants another session.
   if (handed_out_) session_.reset();
   if (const Outcome outcome = sign_in(call); outcome != Outcome::accepted) return outcome;
   call.report(Session{server_->base_url(), session_->headers(), session_->expires_at});
   handed_out_ = true;
   return Outcome::accepted;
}

Outcome Connection::sign_in(Call& call) {
   if (refusal_) return call.end(Outcome::refused, *refusal_);
   if (session_ && session_->expires_at > msp::sdk::seconds_since_1970()) return Outcome::accepted;
   if (const Outcome outcome = check_form(call); outcome != Outcome::accepted) return outcome;
   if (!server_)
      if (const Outcome outcome = find_server(call); outcome != Outcome::accepted) return outcome;
   return open_session(call);
}

// Without credentials, so that they go to nothing but a VSA.
Outcome Connection::find_server(Call& call) {
   call.progress("Looking for VSA at the address");
   auto server = read_server_address(call.setting("server"));
   const auto echo =
       read_answer(http_.send(call, Request("GET", server->base_url() + "echo").header("Accept", "application/json")));
   if (echo.meaning == Meaning::no_answer) explain_silence(call, echo);
   if (const auto refusal = refusal_of_server(echo, *server)) return call.end(refusal->outcome, refusal->finding);
   server_ = std::move(server);
   return Outcome::accepted;
}

Outcome Connection::open_session(Call& call) {
   call.progress("Signing in to VSA");
   session_.reset();
   const Secret credentials = authorization(call);
   Answer answer = read_answer(http_.send(call, Request("GET", server_->base_url() + "auth")
                                                    .header("Authorization", credentials.view())
                                                    .header("Accept", "application/json")));
   if (answer.meaning == Meaning::document)
      session_ = read_open_session(answer.result(), msp::sdk::seconds_since_1970());
   if (session_) return handed_out_ = false, Outcome::accepted;
   if (answer.lost) {
      refusal_ = msp::sdk::UnusableAnswer("VSA", "the sign-in", 0).lost();
      call.report(*refusal_);
      return call.end(Outcome::refused, *answer.problem);
   }
   const Refusal refusal = refusal_of_sign_in(answer, method_of(call));
   if (refusal.outcome == Outcome::refused) refusal_ = refusal.finding;
   return call.end(refusal.outcome, refusal.finding);
}

Secret Connection::authorization(const Call& call) const {
   const auto user = call.setting("user_name");
   if (method_of(call) == Method::token) return token_authorization(user, read_access_token(call.secret("pat")).text);
   return password_authorization(digest_, user, call.secret("password"), sign_in_random(digest_));
}

// What needs an answer is asked once that is there. What only explains comes last, and only where it is needed: nothing
// shall wait for it.
Outcome Connection::probe(Call& call, std::map<std::string, Right>& rights) {
   std::vector<Probe> probes = first_probes();
   std::vector<std::string> paths;
   for (const Probe& probe : probes) paths.push_back(probe.path);
   Answers answers;
   if (const Outcome outcome = ask(call, paths, answers); outcome != Outcome::accepted) return outcome;

   paths.clear();
   if (const auto security_products = security_products_probe(answers[kAgents])) {
      probes.push_back(*security_products);
      paths.push_back(security_products->path);
   } else {
      rights["securityproducts.read"] = no_agent_to_ask_about();
   }
   if (puts_module_in_doubt(answers[kServiceDesks])) paths.push_back(kServiceDeskModule);
   if (const Outcome outcome = ask(call, paths, answers); outcome != Outcome::accepted) return outcome;
   if (!service_desks_probe(answers[kServiceDeskModule])) rights["servicedesks.read"] = no_service_desk();

   const auto is_not_offered = [&](const Probe& probe) {
      return rights.count(probe.permission) == 0 && answers[probe.path].meaning == Meaning::not_there;
   };
   if (std::any_of(probes.begin(), probes.end(), is_not_offered))
      if (const Outcome outcome = ask(call, {kEnvironment}, answers); outcome != Outcome::accepted) return outcome;
   const std::string version = version_of(answers[kEnvironment]);
   for (const Probe& probe : probes)
      rights.try_emplace(probe.permission, read_right(probe, answers[probe.path], version));
   return Outcome::accepted;
}

// What the server rejected because it dropped the session early is asked once more under a new one.
Outcome Connection::ask(Call& call, const std::vector<std::string>& paths, Answers& answers) {
   const bool is_first_round = answers.empty();
   if (!is_first_round && call.cancelled()) return Outcome::accepted;
   get(call, paths, answers);
   std::vector<std::string> again;
   for (const std::string& path : paths)
      if (answers[path].meaning == Meaning::rejected) again.push_back(path);
   if (again.empty() || renewed_) return Outcome::accepted;

   renewed_ = true;
   if (const Outcome outcome = open_session(call); outcome != Outcome::accepted) return outcome;
   get(call, again, answers);
   return Outcome::accepted;
}

void Connection::get(Call& call, const std::vector<std::string>& paths, Answers& answers) const {
   const auto headers = session_->headers();
   std::vector<Request> requests;
   for (const std::string& path : paths) {
      Request& request = requests.emplace_back("GET", server_->base_url() + path);
      for (const auto& each : headers) request.header(each.name, each.value.view());
   }
   auto path = paths.begin();
   for (const auto& response : msp::sdk::send_patiently(http_, call, requests, may_pass_alone))
      answers[*path++] = read_answer(response);
}

}  // namespace kaseya_vsa
