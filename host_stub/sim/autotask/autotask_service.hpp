// autotask_service.hpp - the simulated Autotask behind its wire.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "sim/autotask/autotask_records.hpp"
#include "sim/autotask/autotask_scenario.hpp"

namespace msp::sim::autotask {

// The simulated Autotask itself: routes, sign-in with its lock-out, zones, limits and rights. [any-thread]
class Service {
 public:
   explicit Service(Scenario scenario);

   Reply answer(const Request& request);

 private:
   // What the platform remembers of a user.
   struct Account {
      std::size_t wrong_secrets = 0;
      std::size_t accepted = 0;
   };

   // What belongs to one tenant alone.
   struct Tenant {
      Records records;
      std::size_t requests = 0;
   };

   // Either who asks and in which zone, or the refusal.
   struct SignIn {
      const User* user = nullptr;
      bool is_wrong_zone = false;
      Reply refusal{};
   };

   Reply zone_information(const Request& request) const;
   SignIn sign_in(const Request& request);
   const Zone& zone_of(const User& user, const Account& account) const;
   const User* find_user(std::string_view login) const;
   Account& account_of(const User& user) { return accounts_[static_cast<std::size_t>(&user - scenario_.users.data())]; }
   const Account& account_of(const User& user) const {
      return accounts_[static_cast<std::size_t>(&user - scenario_.users.data())];
   }

   // Alive as long as the request is under way; empty if the limit is reached.
   std::shared_ptr<const void> take_thread(unsigned tenant, const std::string& code, const std::string& endpoint);
   Tenant& tenant_of(const User& user) { return tenants_.at(scenario_.tenant_of(user)); }

   Reply route(const Request& request, const SignIn& signed_in, std::string_view path);
   Reply route_entity(const Request& request, const SignIn& signed_in, const Entity& entity, std::string_view rest);
   Reply denied(Operation operation) const;

   const Scenario scenario_;
   std::map<std::string, const User*> users_;  // by login in lower case
   mutable std::mutex mutex_;
   std::vector<Account> accounts_;
   std::map<unsigned, Tenant> tenants_;  // by number; as many as there are from the beginning
   std::map<std::tuple<unsigned, std::string, std::string>, std::size_t> threads_;  // by tenant, code and endpoint
};

}  // namespace msp::sim::autotask
