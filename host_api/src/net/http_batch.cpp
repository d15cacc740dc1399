#include "net/http_batch.hpp"

#include <utility>

#include "base/cancellable_wait.hpp"

namespace msp::host {

HttpBatch::HttpBatch(std::size_t count) : responses_(count), refusals_(count), begun_(count) {}

void HttpBatch::set(std::size_t index, HttpResponse response) {
   const std::lock_guard lock(mutex_);
   if (abandoned_ || responses_[index]) return;
   const bool refused = response.outcome != Outcome::accepted && refusals_[index];
   responses_[index] = refused ? std::move(refusals_[index]) : std::move(response);
   if (++done_ == responses_.size()) changed_.notify_all();
}

void HttpBatch::note_refusal(std::size_t index, HttpResponse refusal) {
   const std::lock_guard lock(mutex_);
   if (!abandoned_) refusals_[index] = std::move(refusal);
}

bool HttpBatch::abandoned() const {
   const std::lock_guard lock(mutex_);
   return abandoned_;
}

HttpBatch::Answers HttpBatch::wait(HttpService::Clock::time_point deadline, const std::stop_token& cancel) {
   std::unique_lock lock(mutex_);
   const bool complete = wait_until(changed_, lock, cancel, deadline, [this] { return done_ == responses_.size(); });
   abandoned_ = true;
   for (std::size_t index = 0; index < responses_.size(); ++index)
      if (!responses_[index]) responses_[index] = std::move(refusals_[index]);
   return {std::move(responses_), complete};
}

}  // namespace msp::host
