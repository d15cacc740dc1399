// call_http.hpp - the requests and answers of one call: each request is checked against the contract and the
// allow-list and then handed to the HTTP service.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "contract/allowed_hosts.hpp"
#include "msp/host/manifest.hpp"
#include "msp/host/result.hpp"
#include "msp/http.h"
#include "net/http_service.hpp"
#include "redaction/known_secrets.hpp"

namespace msp::host {

// What performs the requests: HttpService::perform, or a test's script.
using HttpSend =
    std::function<std::vector<HttpResponse>(std::span<HttpRequest>, HttpService::Clock::time_point, std::stop_token)>;

// The answers of one call live here until it ends. One thread at a time.
class CallHttp {
 public:
   // REQUIRES: the references outlive this.
   CallHttp(const Manifest& manifest, const AllowedHosts& hosts, KnownSecrets& secrets, HttpSend send);
   ~CallHttp();

   // Sets every one of `count` responses. Valid until clear().
   // Sends nothing: each response says that the plugin broke a rule.
   void refuse(std::uint32_t count, const msp_http_response** responses, std::string_view what, std::string_view rule);

   void send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses,
             HttpService::Clock::time_point deadline, std::stop_token cancel);

   // What an answer that send() set was made of: a plugin's own process gets a copy. REQUIRES: not cleared since.
   [[nodiscard]] static const HttpResponse& content_of(const msp_http_response& response) noexcept;

   // Why the last request without an answer has none. REQUIRES: not cleared.
   [[nodiscard]] std::optional<Finding> last_problem() const;

   // The address that somebody is sent to, if the plugin may send somebody there. `what` begins a sentence on the
   // plugin, such as "made a request".
   Result<HttpsUrl> admit(const char* address, const std::string& what);

   // Wipes the answers. Their structs stay, without headers and bodies, for a plugin that kept a pointer.
   void clear() noexcept;

 private:
   struct Answer;
   Result<HttpRequest> translate(const msp_http_request& request);
   const msp_http_response* keep(HttpResponse response);
   Result<void> check_starred(const HttpsUrl& url, const std::string& what);
   Finding broken(std::string_view what, std::string_view rule = "P17") const;

   const Manifest& manifest_;
   const AllowedHosts& hosts_;
   KnownSecrets& secrets_;
   HttpSend send_;
   const std::shared_ptr<std::atomic<std::size_t>> bodies_left_;  // of MSP_HTTP_ANSWERS_MAX
   std::map<std::string, std::set<std::string>> starred_;         // the parts that each pattern's star stood for
   std::vector<std::unique_ptr<Answer>> answers_;
};

}  // namespace msp::host
