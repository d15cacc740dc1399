#include "sim/kaseya_vsa/kaseya_service.hpp"

#include <openssl/rand.h>

#include <algorithm>

#include "sim/kaseya_vsa/kaseya_answers.hpp"

namespace msp::sim::kaseya {
namespace {

constexpr std::string_view kRoot = "/api/v1.0";
constexpr std::string_view kAuditBefore = "/assetmgmt/audit/";
constexpr std::string_view kAuditAfter = "/software/securityproducts";
constexpr const char* kBadLogon = "Invalid credentials or the account is disabled.";

std::string new_session_token() {
   std::uint32_t number = 0;
   RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number);
   return std::to_string(10'000'000 + number % 90'000'000);
}

std::string bearer_of(const Request& request) {
   const std::string authorization = request.header("Authorization").value_or("");
   return to_lower(authorization).starts_with("bearer ") ? authorization.substr(7) : "";
}

// The routes that answer one list, and the function each belongs to.
const std::map<std::string_view, std::string>& lists() {
   static const std::map<std::string_view, std::string> all = {{"/system/orgs", "orgs"},
                                                               {"/system/machinegroups", "machinegroups"},
                                                               {"/assetmgmt/agents", "agents"},
                                                               {"/automation/agentprocs", "agentprocs"},
                                                               {"/automation/servicedesks", "servicedesks"}};
   return all;
}

}  // namespace

Reply Service::answer(const Request& request) {
   if (scenario_.product != Scenario::Product::vsa9) return not_a_vsa9(scenario_);
   const std::string path = to_lower(request.path);
   if (!path.starts_with(kRoot)) return Reply::html("<html><head><title>Kaseya VSA</title></head></html>");
   const Reply reply = route(request, std::string_view(path).substr(kRoot.size()));
   const bool wants_json = request.header("Accept").value_or("").find("application/json") != std::string::npos;
   return wants_json || reply.body.empty() ? reply : as_xml(reply);
}

Reply Service::route(const Request& request, std::string_view path) {
   if (path == "/echo") return success("\"Hello\"");
   if (path == "/auth") return sign_in(request);

   const std::string session_token = bearer_of(request);
   const Session session = take_session(session_token);
   if (session.user == nullptr) {
      return refusal(scenario_, 401,
                     request.header("Authorization") ? "Invalid or expired session." : "Header missing authorization");
   }
   if (path == "/authx") return renew(session_token, session);
   if (path == "/system/users/session" && request.method == "DELETE") {
      const std::scoped_lock lock(mutex_);
      sessions_.erase(session_token);
      return {.status = 204};
   }
   if (scenario_.hardened && request.method != "GET" && path.starts_with("/system/users"))
      return {.fault = Fault::reset};
   if (request.method != "GET") return refusal(scenario_, 403, "Access denied");
   return route_signed_in(request, path, session);
}

const User* Service::find_user(const std::string& login) const {
   for (const User& user : scenario_.users)
      if (equal_ignoring_case(user.login, login)) return &user;
   return nullptr;
}

const AccessToken* Service::find_token(const User& user, const std::string& token) const {
   for (const AccessToken& each : user.tokens) {
      if (!equal_ignoring_case(each.token, token)) continue;
      const bool is_expired = !each.expires.empty() && each.expires <= utc_text(std::chrono::system_clock::now());
      const bool is_from_elsewhere =
          !each.addresses.empty() &&
          std::find(each.addresses.begin(), each.addresses.end(), scenario_.client_address) == each.addresses.end();
      const bool is_revoked = each.state == AccessToken::State::revoked;
      return is_expired || is_from_elsewhere || is_revoked || each.data_warehouse ? nullptr : &each;
   }
   return nullptr;
}

Reply Service::sign_in(const Request& request) {
   const auto authorization = request.header("Authorization");
   if (!authorization) return refusal(scenario_, 401, "Header missing authorization");
   const std::optional<Credentials> credentials = read_credentials(*authorization);
   if (!credentials) return refusal(scenario_, 401, "Header missing user param");
   const bool is_by_token = credentials->method == Credentials::Method::token;
   if (is_by_token && !scenario_.token_support) return refusal(scenario_, 401, "Header missing user param");

   const User* user = find_user(credentials->user);
   if (user == nullptr) return refusal(scenario_, 401, kBadLogon);
   const std::scoped_lock lock(mutex_);
   std::size_t& bad_logons = bad_logons_[static_cast<std::size_t>(user - scenario_.users.data())];
   const bool is_locked = scenario_.lock_after != 0 && bad_logons >= scenario_.lock_after;
   if (is_locked || user->state != User::State::active) return refusal(scenario_, 401, kBadLogon);

   const AccessToken* token = is_by_token ? find_token(*user, credentials->token) : nullptr;
   // The name enters the hash as it was sent.
   const bool is_proven =
       is_by_token ? token != nullptr : proves_password(*credentials, credentials->user, user->password);
   if (!is_proven) {
      ++bad_logons;
      return refusal(scenario_, 401, kBadLogon);
   }
   bad_logons = 0;
   return open_session(*user, token);
}

Reply Service::open_session(const User& user, const AccessToken* token) {
   std::string session_token = new_session_token();
   while (sessions_.contains(session_token)) session_token = new_session_token();
   const auto expires = std::chrono::system_clock::now() + std::chrono::seconds(scenario_.session_seconds);
   sessions_[session_token] = {&user, token, expires, 0};
   return session(scenario_, user, session_token, expires);
}

Reply Service::renew(const std::string& session_token, const Session& session) {
   const std::scoped_lock lock(mutex_);
   sessions_.erase(session_token);
   return open_session(*session.user, session.token);
}

Service::Session Service::take_session(const std::string& session_token) {
   const std::scoped_lock lock(mutex_);
   const auto found = sessions_.find(session_token);
   if (found == sessions_.end()) return {};
   Session& session = found->second;
   const bool is_over = std::chrono::system_clock::now() >= session.expires;
   const bool is_dropped = scenario_.drop_session_after != 0 && session.requests >= scenario_.drop_session_after;
   if (is_over || is_dropped) {
      sessions_.erase(found);
      return {};
   }
   ++session.requests;
   return session;
}

bool Service::may(const Session& session, const std::string& function) const {
   if (session.token != nullptr && !session.token->functions.contains(function)) return false;
   return scenario_.role_of(*session.user).functions.contains(function);
}

Reply Service::list(const Request& request, const Session& session, const std::string& function) const {
   if (!may(session, function)) return refusal(scenario_, 403, "Access denied");
   return records(scenario_.scope_of(*session.user), function, request);
}

Reply Service::route_signed_in(const Request& request, std::string_view path, const Session& session) {
   if (path == "/environment")
      return may(session, "environment") ? environment(scenario_) : refusal(scenario_, 403, "Access denied");
   if (path == "/ismoduleactivated/18") return success(scenario_.service_desk ? "true" : "false");
   if (path == "/automation/servicedesks" && !scenario_.service_desk) return refusal(scenario_, 404, "Not found");
   if (const auto found = lists().find(path); found != lists().end()) return list(request, session, found->second);
   if (path.starts_with(kAuditBefore) && path.ends_with(kAuditAfter)) {
      const std::string_view rest = path.substr(kAuditBefore.size());
      const std::string_view agent = rest.substr(0, rest.find('/'));
      if (!may(session, "securityproducts")) return refusal(scenario_, 403, "Access denied");
      if (!has_agent(scenario_.scope_of(*session.user), agent)) return refusal(scenario_, 404, "Not found");
      return list(request, session, "securityproducts");
   }
   return refusal(scenario_, 404, "Not found");
}

}  // namespace msp::sim::kaseya
