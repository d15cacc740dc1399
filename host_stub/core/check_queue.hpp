// check_queue.hpp - in which order a check of all goes: as many at a time as there are workers, one of each account.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/account_turns.hpp"

namespace msp::console {

// [any-thread]
class CheckQueue {
 public:
   struct Entry {
      std::int64_t integration = 0;
      AccountTurns::Account account;
      std::chrono::steady_clock::time_point not_before;
   };

   // The entries of one account come in this order.
   explicit CheckQueue(std::vector<Entry> entries);

   // How many workers can be busy at once.
   [[nodiscard]] std::size_t accounts() const noexcept { return accounts_.size(); }

   // Waits until there is one whose account no other worker has. Empty when none is left, or after a cancel.
   std::optional<Entry> next(const std::stop_token& cancel);

   // The worker is done with it, and the account is free for the next.
   void done(const Entry& entry);

 private:
   std::mutex mutex_;
   std::condition_variable_any changed_;
   std::map<AccountTurns::Account, std::deque<Entry>> accounts_;
   std::deque<AccountTurns::Account> free_;  // those with entries left that no worker has
   std::size_t left_ = 0;
};

}  // namespace msp::console
