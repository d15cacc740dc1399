// trace.hpp - what the requests of one operation were, for whoever wants to see what a plugin asked.
#pragma once

#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "msp/host/operation.hpp"
#include "msp/host/redaction.hpp"
#include "net/http_service.hpp"

namespace msp::host {

// A plugin that is left behind may still send, so this lives as long as its connection does. [any-thread]
class Trace {
 public:
   // HttpService::perform, noted.
   std::vector<HttpResponse> perform(HttpService& http, std::span<HttpRequest> requests,
                                     HttpService::Clock::time_point deadline, const std::stop_token& cancel);

   // What was sent, the first kMostTraced, in the order of the answers. Secrets may stand in it.
   [[nodiscard]] std::vector<SentRequest> take();

 private:
   std::mutex mutex_;
   std::vector<SentRequest> requests_;
};

// A path may hold what was typed, or what the platform gave since then.
void take_secrets_out(SentRequest& request, const Redactor& redactor);

}  // namespace msp::host
