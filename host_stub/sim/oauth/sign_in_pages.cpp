#include "sim/oauth/sign_in_pages.hpp"

#include <algorithm>

namespace msp::sim::oauth {
namespace {

constexpr const char* kStyle =
    "body{font:16px/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem}"
    "label{display:block;margin:1rem 0}input{display:block;width:100%;font:inherit}"
    "button{font:inherit;margin-right:.5rem}[role=alert]{color:#a00}";

std::string hidden(const std::string& name, const std::string& value) {
   return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + html_escaped(value) + "\">";
}

std::string alert(const std::string& problem) {
   return problem.empty() ? "" : "<p role=\"alert\">" + html_escaped(problem) + "</p>";
}

// "http://127.0.0.1:8123/back" without its port; as it is if it is no such address.
std::string without_loopback_port(const std::string& address) {
   for (const std::string_view start : {std::string_view("http://127.0.0.1"), std::string_view("http://[::1]")}) {
      if (!address.starts_with(start) || address.size() == start.size() || address[start.size()] != ':') continue;
      const std::size_t end = address.find_first_not_of("0123456789", start.size() + 1);
      const bool is_port =
          end != start.size() + 1 && (end == std::string::npos || address[end] == '/' || address[end] == '?');
      if (is_port) return std::string(start) + (end == std::string::npos ? "" : address.substr(end));
   }
   return address;
}

bool is_s256_challenge(const std::string& text) {
   return text.size() == 43 &&
          text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
              std::string::npos;
}

}  // namespace

bool is_registered(const Client& client, const std::string& redirect_uri) {
   return std::any_of(client.redirect_uris.begin(), client.redirect_uris.end(), [&](const std::string& each) {
      return each == redirect_uri || without_loopback_port(each) == without_loopback_port(redirect_uri);
   });
}

std::optional<Scopes> asked_scopes(const Scenario& scenario, const Client& client, const std::string& text) {
   const Scopes& known = scenario.scopes_of(client);
   const std::vector<std::string> asked = words(text);
   if (asked.empty()) return known;
   Scopes scopes(asked.begin(), asked.end());
   if (!std::includes(known.begin(), known.end(), scopes.begin(), scopes.end())) return std::nullopt;
   return scopes;
}

std::optional<Reply> SignInPages::answer(const Request& request) {
   const bool is_post = request.method == "POST";
   const Form form(is_post ? request.body : request.query);
   if (request.path == "/authorize") return authorize(form);
   if (request.path == "/device") return device(form);
   if (request.path == "/sign-in" && is_post) return sign_in(form);
   if (request.path == "/consent" && is_post) return consent(form);
   return std::nullopt;
}

Reply SignInPages::authorize(const Form& form) {
   // As long as client and redirect_uri are not known to be right, nobody is sent anywhere (RFC 6749 4.1.2.1).
   Visit visit;
   visit.client = scenario_.find_client(form.value("client_id"));
   if (visit.client == nullptr) return page("Sign-in is not possible", "<p>The client_id is unknown.</p>", 400);
   visit.redirect_uri = form.value("redirect_uri");
   visit.terms.redirect_uri = visit.redirect_uri;
   if (visit.redirect_uri.empty() && visit.client->redirect_uris.size() == 1)
      visit.redirect_uri = visit.client->redirect_uris.front();
   if (!is_registered(*visit.client, visit.redirect_uri))
      return page("Sign-in is not possible", "<p>The redirect_uri is not one of the client's.</p>", 400);
   visit.state = form.value("state");
   if (std::optional<Reply> refused = judge(form, visit)) return *refused;
   return begin(std::move(visit));
}

std::optional<Reply> SignInPages::judge(const Form& form, Visit& visit) const {
   if (form.repeats()) return back(visit, "invalid_request", "A parameter comes twice.");
   if (!form.has("response_type")) return back(visit, "invalid_request", "The response_type is missing.");
   if (form.value("response_type") != "code")
      return back(visit, "unsupported_response_type", "The response_type must be code.");
   if (!visit.client->grants.contains(kCodeGrant))
      return back(visit, "unauthorized_client", "The client is not registered for this grant.");
   const std::optional<Scopes> scopes = asked_scopes(scenario_, *visit.client, form.value("scope"));
   if (!scopes) return back(visit, "invalid_scope", "The client may not ask for one of the scopes.");
   visit.scopes = *scopes;
   visit.terms.challenge = form.value("code_challenge");
   if (visit.terms.challenge.empty()) {
      if (!scenario_.pkce_required) return std::nullopt;
      return back(visit, "invalid_request", "The code_challenge is missing.");
   }
   if (form.value("code_challenge_method") != "S256")
      return back(visit, "invalid_request", "The code_challenge_method must be S256.");
   if (!is_s256_challenge(visit.terms.challenge))
      return back(visit, "invalid_request", "The code_challenge is not one of S256.");
   return std::nullopt;
}

Reply SignInPages::device(const Form& form) {
   const std::string user_code = form.value("user_code");
   if (user_code.empty()) return device_page();
   const std::optional<Authorization> waiting = grants_.find_device(user_code);
   if (!waiting) return device_page("This code is unknown, or too old.");
   Visit visit;
   visit.client = waiting->client;
   visit.scopes = waiting->scopes;
   visit.user_code = user_code;
   return begin(std::move(visit));
}

Reply SignInPages::begin(Visit visit) {
   std::string id = random_token();
   if (const User* user = scenario_.find_user(scenario_.signed_in)) {
      visit.user = user;
      return signed_in(id, std::move(visit));
   }
   const std::scoped_lock lock(mutex_);
   visits_[id] = visit;
   return sign_in_page(id, visit);
}

Reply SignInPages::sign_in(const Form& form) {
   const std::string id = form.value("visit");
   std::optional<Visit> visit = find_visit(id);
   if (!visit) return sign_in_is_over();
   if (form.value("decision") == "deny") {
      visit->user = nullptr;
      return take_visit(id) ? finish(*visit) : sign_in_is_over();
   }
   const User* user = scenario_.find_user(form.value("login"));
   if (user == nullptr || user->password != form.value("password") || user->state != User::State::active)
      return sign_in_page(id, *visit, "The user name or the password is wrong.");
   visit->user = user;
   return signed_in(id, std::move(*visit));
}

Reply SignInPages::signed_in(const std::string& id, Visit visit) {
   const std::scoped_lock lock(mutex_);
   if (!scenario_.consent) {
      visits_.erase(id);
      return finish(visit);
   }
   visits_[id] = visit;
   return consent_page(id, visit);
}

Reply SignInPages::consent(const Form& form) {
   std::optional<Visit> visit = take_visit(form.value("visit"));
   if (!visit || visit->user == nullptr) return sign_in_is_over();
   if (form.value("decision") != "allow") visit->user = nullptr;
   return finish(*visit);
}

Reply SignInPages::finish(const Visit& visit) {
   if (!visit.user_code.empty()) {
      grants_.decide_device(visit.user_code, visit.user);
      return visit.user == nullptr ? page("Refused", "<p>You refused. You can close this page.</p>")
                                   : page("Connected", "<p>You are done. You can close this page.</p>");
   }
   if (visit.user == nullptr) return back(visit, "access_denied", "The person refused.");
   const Authorization authorization{visit.client, visit.user, granted_scopes(visit.scopes, *visit.user)};
   return back(visit, "", "", grants_.new_code(authorization, visit.terms));
}

Reply SignInPages::back(const Visit& visit, const std::string& error, const std::string& description,
                        const std::string& code) const {
   const std::string state = scenario_.state == Scenario::State::wrong ? "another-state" : visit.state;
   const std::string iss = scenario_.iss == Scenario::Iss::wrong ? "https://another.example.com" : scenario_.issuer();
   Reply reply = Reply::html("", 303);
   reply.set_header("Location",
                    with_query(visit.redirect_uri, {{"code", code},
                                                    {"error", error},
                                                    {"error_description", description},
                                                    {"state", scenario_.state == Scenario::State::absent ? "" : state},
                                                    {"iss", scenario_.iss == Scenario::Iss::absent ? "" : iss}}));
   reply.set_header("Cache-Control", "no-store");
   reply.set_header("Referrer-Policy", "no-referrer");
   return reply;
}

Reply SignInPages::page(const std::string& title, const std::string& content, int status) const {
   Reply reply = Reply::html("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
                                 "</title><style>" + kStyle + "</style></head><body><main><h1>" + title + "</h1>" +
                                 content + "</main></body></html>\n",
                             status);
   reply.set_header("Cache-Control", "no-store");
   reply.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
   reply.set_header("Referrer-Policy", "no-referrer");
   if (!scenario_.opener_policy.empty()) reply.set_header("Cross-Origin-Opener-Policy", scenario_.opener_policy);
   return reply;
}

Reply SignInPages::sign_in_is_over() const {
   return page("Sign-in is over", "<p>Begin again where you came from.</p>", 400);
}

Reply SignInPages::sign_in_page(const std::string& id, const Visit& visit, const std::string& problem) const {
   return page("Sign in", alert(problem) + "<p>to go on to " + html_escaped(visit.client->name) +
                              "</p><form method=\"post\" action=\"/sign-in\">" + hidden("visit", id) +
                              "<label>User name<input name=\"login\" autocomplete=\"username\" autofocus></label>"
                              "<label>Password<input name=\"password\" type=\"password\" "
                              "autocomplete=\"current-password\"></label><button>Sign in</button>"
                              "<button name=\"decision\" value=\"deny\">Cancel</button></form>");
}

Reply SignInPages::consent_page(const std::string& id, const Visit& visit) const {
   std::string list;
   for (const std::string& scope : granted_scopes(visit.scopes, *visit.user))
      list += "<li>" + html_escaped(scope) + "</li>";
   return page("Allow access", "<p>" + html_escaped(visit.client->name) + " asks " + html_escaped(visit.user->name) +
                                   " for:</p><ul>" + list + "</ul><form method=\"post\" action=\"/consent\">" +
                                   hidden("visit", id) +
                                   "<button name=\"decision\" value=\"allow\">Allow</button>"
                                   "<button name=\"decision\" value=\"deny\">Refuse</button></form>");
}

Reply SignInPages::device_page(const std::string& problem) const {
   return page("Connect a device", alert(problem) +
                                       "<form method=\"post\" action=\"/device\"><label>Code"
                                       "<input name=\"user_code\" autocomplete=\"off\" autofocus></label>"
                                       "<button>Continue</button></form>");
}

std::optional<SignInPages::Visit> SignInPages::find_visit(const std::string& id) const {
   const std::scoped_lock lock(mutex_);
   const auto found = visits_.find(id);
   return found == visits_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SignInPages::Visit> SignInPages::take_visit(const std::string& id) {
   const std::scoped_lock lock(mutex_);
   const auto taken = visits_.extract(id);
   return taken.empty() ? std::nullopt : std::optional(taken.mapped());
}

}  // namespace msp::sim::oauth
