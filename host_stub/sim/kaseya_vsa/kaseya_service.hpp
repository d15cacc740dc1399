// kaseya_service.hpp - the simulated VSA behind its wire.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kaseya_vsa/kaseya_credentials.hpp"
#include "sim/kaseya_vsa/kaseya_scenario.hpp"

namespace msp::sim::kaseya {

// The simulated VSA itself: sign-in by both methods with its lock-out, sessions, roles and scopes. [any-thread]
class Service {
 public:
   explicit Service(Scenario scenario) : scenario_(std::move(scenario)), bad_logons_(scenario_.users.size()) {}

   Reply answer(const Request& request);

 private:
   struct Session {
      const User* user = nullptr;
      const AccessToken* token = nullptr;  // null: signed in by password
      std::chrono::system_clock::time_point expires;
      std::size_t requests = 0;
   };

   Reply route(const Request& request, std::string_view path);
   Reply sign_in(const Request& request);
   Reply open_session(const User& user, const AccessToken* token);
   Reply renew(const std::string& session_token, const Session& session);
   Reply route_signed_in(const Request& request, std::string_view path, const Session& session);
   Reply list(const Request& request, const Session& session, const std::string& function) const;

   // The session the request belongs to, counted and checked; null user if there is none (any more).
   Session take_session(const std::string& session_token);

   const User* find_user(const std::string& login) const;
   const AccessToken* find_token(const User& user, const std::string& token) const;
   bool may(const Session& session, const std::string& function) const;

   const Scenario scenario_;
   std::mutex mutex_;
   std::vector<std::size_t> bad_logons_;  // in a row, one for each user
   std::map<std::string, Session> sessions_;
};

}  // namespace msp::sim::kaseya
