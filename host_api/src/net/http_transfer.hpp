// http_transfer.hpp - one request on its way and the answer as it comes in.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/curl_handles.hpp"
#include "net/http_problem.hpp"
#include "net/http_service.hpp"
#include "net/proxy_in_use.hpp"
#include "net/tls_trust.hpp"

namespace msp::host {

// What all transfers of a service have in common. Lives as long as they do.
struct TransferSetup {
   NetworkOptions options;
   std::shared_ptr<const TlsTrust> trust;
   ProxyInUse proxy;
   CurlList connect_to;
   CurlShare share;  // TLS sessions
};

// Not movable: libcurl holds pointers into it. One thread at a time.
class HttpTransfer {
 public:
   // Hears of a refusal (401, 403) as soon as its status is known, and once more with its headers, without a body.
   using OnRefusal = std::function<void(HttpResponse)>;

   // Takes the address, the headers and the body over. REQUIRES: judge_request (request_rules.hpp) lets it pass.
   HttpTransfer(HttpRequest& request, std::string host, OnRefusal on_refusal);
   HttpTransfer(const HttpTransfer&) = delete;
   HttpTransfer& operator=(const HttpTransfer&) = delete;
   ~HttpTransfer();

   [[nodiscard]] const std::string& host() const noexcept { return host_; }

   // Set while something of an answer has come, and its status has not.
   [[nodiscard]] const Begun& begun() const noexcept { return begun_; }

   // The handle to be given to the multi handle; null when libcurl has no memory left.
   CURL* prepare(const TransferSetup& setup);

   // The answer, or why there is none. Once, after libcurl is done with it.
   HttpResponse finish(CURLcode code, const TransferSetup& setup);

 private:
   static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
   static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
   static int on_ready_to_send(void* self, char*, char*, int, int) noexcept;
   void take_proxy_header(std::string_view line);
   HttpResponse result(CURLcode code, const TransferSetup& setup);
   [[nodiscard]] int final_status() const;
   bool take_header(std::string_view line);
   bool take_body(std::string_view piece);
   [[nodiscard]] HttpResponse refusal() const;
   [[nodiscard]] HttpProblem problem_of(CURLcode code, const TransferSetup& setup) const;

   std::string host_, method_, url_;
   OnRefusal on_refusal_;
   CurlList headers_;
   SecretBytes request_body_;
   const std::size_t body_max_;
   const std::shared_ptr<std::atomic<std::size_t>> bodies_left_;

   TlsWatch watch_;
   CurlEasy easy_;
   std::array<char, CURL_ERROR_SIZE> error_{};
   HttpResponse response_;
   std::string body_;  // grows with the answer; every place it leaves is wiped
   std::vector<std::string> proxy_challenges_;
   std::size_t header_bytes_ = 0;
   const Begun begun_ = std::make_shared<std::atomic<bool>>(false);
   bool sent_ = false;  // or about to be: libcurl asks before the first byte of a request
   bool headers_done_ = false;
   bool body_too_large_ = false;
   bool headers_too_large_ = false;
   bool beyond_bodies_ = false;
};

}  // namespace msp::host
