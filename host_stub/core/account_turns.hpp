// account_turns.hpp - one check at a time of each account of a platform.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

namespace msp::console {

// Platforms allow an account few requests at once, and the console must not be what exceeds that. [any-thread]
class AccountTurns {
 public:
   using Account = std::pair<std::string, std::string>;  // platform, account

   // Holds the account until it is destroyed. Empty after a cancel, and when the time is up.
   using Turn = std::shared_ptr<const void>;

   // Waits until nobody else has the account. REQUIRES: the caller holds no turn.
   Turn take(const Account& account, const std::stop_token& cancel,
             std::chrono::milliseconds limit = std::chrono::hours(24));

 private:
   std::mutex mutex_;
   std::condition_variable_any freed_;
   std::set<Account> taken_;
};

}  // namespace msp::console
