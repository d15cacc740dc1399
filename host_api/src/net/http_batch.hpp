// http_batch.hpp - the answers of requests that were sent together.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "net/http_service.hpp"
#include "net/tls_trust.hpp"

namespace msp::host {

// The answers of one call of HttpService::perform(). The loop's thread fills it; the caller takes what there is, and
// may leave early. [any-thread]
class HttpBatch {
 public:
   explicit HttpBatch(std::size_t count);

   // Before the request is handed in.
   void watch(std::size_t index, Begun begun) { begun_[index] = std::move(begun); }

   // The first answer to a request counts. None counts once the caller has left.
   void set(std::size_t index, HttpResponse response);

   // A refusal that is known counts whatever becomes of its rest: lost, it would be tried again.
   void note_refusal(std::size_t index, HttpResponse refusal);

   // Whether the caller waits no more.
   [[nodiscard]] bool abandoned() const;

   struct Answers {
      std::vector<std::optional<HttpResponse>> responses;
      bool complete;  // nothing is under way any more
   };

   // What there is by the deadline or the cancel; no more will be added. Once.
   Answers wait(HttpService::Clock::time_point deadline, const std::stop_token& cancel);

   // Whether something of an answer has come whose status has not. After wait().
   [[nodiscard]] bool lost(std::size_t index) const { return begun_[index] && *begun_[index]; }

 private:
   mutable std::mutex mutex_;
   std::condition_variable_any changed_;
   std::vector<std::optional<HttpResponse>> responses_;
   std::vector<std::optional<HttpResponse>> refusals_;  // of those whose answer is not complete
   std::vector<Begun> begun_;                           // of those that were handed in
   std::size_t done_ = 0;
   bool abandoned_ = false;
};

}  // namespace msp::host
