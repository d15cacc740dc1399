#include "core/check_queue.hpp"

#include <utility>

namespace msp::console {

CheckQueue::CheckQueue(std::vector<Entry> entries) : left_(entries.size()) {
   for (Entry& entry : entries) {
      auto& waiting = accounts_[entry.account];
      if (waiting.empty()) free_.push_back(entry.account);
      waiting.push_back(std::move(entry));
   }
}

std::optional<CheckQueue::Entry> CheckQueue::next(const std::stop_token& cancel) {
   std::unique_lock lock(mutex_);
   changed_.wait(lock, cancel, [&] { return !free_.empty() || left_ == 0; });
   if (cancel.stop_requested() || free_.empty()) return {};
   auto& waiting = accounts_.at(free_.front());
   free_.pop_front();
   Entry entry = std::move(waiting.front());
   waiting.pop_front();
   if (--left_ == 0) changed_.notify_all();
   return entry;
}

void CheckQueue::done(const Entry& entry) {
   const std::lock_guard lock(mutex_);
   if (accounts_.at(entry.account).empty()) return;
   free_.push_back(entry.account);
   changed_.notify_one();
}

}  // namespace msp::console
