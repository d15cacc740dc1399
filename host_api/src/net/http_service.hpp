// http_service.hpp - HTTPS for every plugin: libcurl's multi interface on one loop thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "msp/host/finding.hpp"
#include "msp/host/network.hpp"
#include "msp/host/outcome.hpp"
#include "msp/host/secret.hpp"
#include "msp/http.h"

namespace msp::host {

class TlsTrust;

struct HttpRequest {
   std::string method;
   std::string url;  // absolute, https; the caller has checked that the host is allowed
   std::vector<std::pair<std::string, SecretBytes>> headers;
   SecretBytes body;
   std::size_t body_max = MSP_HTTP_BODY_MAX;  // of the answer
   // What is left for the bodies of several answers together, in bytes; null: no bound.
   std::shared_ptr<std::atomic<std::size_t>> bodies_left{};
};

struct HttpResponse {
   Outcome outcome = Outcome::failed;  // accepted: there is an answer, whatever its status
   int status = 0;
   bool cut = false;                                          // the rest of the answer was lost, and its body is empty
   bool not_sent = false;                                     // nothing of the request left this machine
   bool lost = false;                                         // something of an answer came, but no status
   bool beyond_bodies = false;                                // HttpRequest::bodies_left did not suffice
   std::vector<std::pair<std::string, SecretBytes>> headers;  // of the final answer, in order; a cookie is a session
   SecretBytes body;                                          // a sign-in's answer holds a token
   std::chrono::milliseconds elapsed{0};                      // from its start to its end; 0 when it was not started
   Finding problem;                                           // why there is no answer; unused with one
};

// Connections and TLS sessions are reused across integrations, HTTP/2 when offered. Never follows a redirect, never
// answers a challenge, never retries. [any-thread]
class HttpService {
 public:
   using Clock = std::chrono::steady_clock;

   // `trust` null: as the options and the system say.
   explicit HttpService(NetworkOptions options, std::shared_ptr<const TlsTrust> trust = nullptr);
   ~HttpService();  // ends what is in flight as cancelled
   HttpService(const HttpService&) = delete;
   HttpService& operator=(const HttpService&) = delete;

   // Sends all requests at once and returns when all are done, at the deadline, or at once after a cancel. The answers
   // stand in the order of the requests, whose addresses, header values and bodies are taken over. Concurrency per
   // origin is limited (NetworkOptions::max_per_origin); the rest of a batch waits its turn.
   std::vector<HttpResponse> perform(std::span<HttpRequest> requests, Clock::time_point deadline,
                                     const std::stop_token& cancel);

 private:
   struct State;
   std::shared_ptr<State> state_;  // shared with the calls of perform() that are still returning
};

}  // namespace msp::host
