#include "core/account_turns.hpp"

namespace msp::console {

AccountTurns::Turn AccountTurns::take(const Account& account, const std::stop_token& cancel,
                                      std::chrono::milliseconds limit) {
   std::unique_lock lock(mutex_);
   if (!freed_.wait_for(lock, cancel, limit, [&] { return !taken_.contains(account); })) return {};
   const Account& taken = *taken_.insert(account).first;
   return {&taken, [this](const Account* mine) {
              const std::lock_guard again(mutex_);
              taken_.erase(taken_.find(*mine));
              freed_.notify_all();
           }};
}

}  // namespace msp::console
