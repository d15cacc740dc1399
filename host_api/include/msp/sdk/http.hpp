// msp/sdk/http.hpp - requests over the host's service "msp.http/1": one, or a batch at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "msp/http.h"
#include "msp/sdk/call.hpp"
#include "msp/sdk/host.hpp"
#include "msp/sdk/secret.hpp"
#include "msp/sdk/text.hpp"
#include "msp/sdk/time.hpp"

namespace msp::sdk {

// A request in the making: Request("GET", url).header("Authorization", token). Address, header values and body are
// wiped when it goes.
class Request {
 public:
   Request(std::string method, std::string url) : method_(std::move(method)), url_(Secret::take(std::move(url))) {}

   // One more parameter of the query, escaped.
   Request& query(std::string_view name, std::string_view value) & {
      const std::string_view before = url_.view().find('?') == std::string_view::npos ? "?" : "&";
      const Secret escaped = Secret::take(percent_encode(value));
      return url_ = Secret::join({url_.view(), before, percent_encode(name), "=", escaped.view()}), *this;
   }
   Request&& query(std::string_view name, std::string_view value) && { return std::move(query(name, value)); }

   Request& header(std::string name, std::string_view value) & {
      headers_.emplace_back(std::move(name), Secret(value));
      return *this;
   }
   Request&& header(std::string name, std::string_view value) && { return std::move(header(std::move(name), value)); }
   Request& body(std::string_view content) & { return body_ = Secret(content), *this; }
   Request&& body(std::string_view content) && { return std::move(body(content)); }

 private:
   friend class Http;
   std::string method_;
   Secret url_;
   std::vector<std::pair<std::string, Secret>> headers_;
   Secret body_;
};

// An answer, or the reason why there is none. A view: good until the operation returns.
class Response {
 public:
   explicit Response(const msp_http_response& table) noexcept : table_(&table) {}

   // Whether the server answered, whatever its status.
   [[nodiscard]] bool answered() const noexcept { return (table_->flags & MSP_HTTP_ANSWERED) != 0; }

   // Whether nothing of the request left this machine.
   [[nodiscard]] bool not_sent() const noexcept { return (table_->flags & MSP_HTTP_NOT_SENT) != 0; }

   // Whether something of an answer came, but not its status: a sign-in may have been refused.
   [[nodiscard]] bool lost() const noexcept { return (table_->flags & MSP_HTTP_LOST) != 0; }
   [[nodiscard]] int status() const noexcept { return table_->status; }

   // The value of a header, its name in any case; empty when absent. `index` counts those of one name.
   [[nodiscard]] std::string_view header(const char* name, std::uint32_t index = 0) const noexcept {
      const char* value = table_->header(table_, name, index);
      return value == nullptr ? "" : value;
   }

   // All values of a header, in their order.
   [[nodiscard]] std::vector<std::string_view> headers(const char* name) const {
      std::vector<std::string_view> values;
      for (std::uint32_t i = 0; const char* value = table_->header(table_, name, i); ++i) values.emplace_back(value);
      return values;
   }

   [[nodiscard]] std::string_view body() const noexcept {
      std::uint64_t size = 0;
      const char* data = table_->body(table_, &size);
      return {data, static_cast<std::size_t>(size)};
   }

   // The seconds that a Retry-After header asks to wait, at most a day; 0 when absent, over, or not to be read. A date
   // counts from the server's own clock, where its answer tells it.
   [[nodiscard]] int retry_after() const noexcept {
      constexpr std::int64_t kDay = 86'400;
      const std::string_view value = trim(header("Retry-After"));
      std::int64_t seconds = 0;
      if (is_digits(value)) {
         for (const char digit : value) seconds = std::min(seconds * 10 + (digit - '0'), kDay);
      } else if (const auto until = parse_http_date(value)) {
         seconds = *until - parse_http_date(header("Date")).value_or(seconds_since_1970());
      }
      return static_cast<int>(std::clamp<std::int64_t>(seconds, 0, kDay));
   }

   // Why there is no answer. REQUIRES: !answered().
   Outcome outcome() const noexcept { return static_cast<Outcome>(table_->outcome); }
   [[nodiscard]] Finding problem() const { return Finding(*table_->problem); }

   // REQUIRES: !answered(). Reports the host's finding as it is and hands the outcome through.
   Outcome report_problem(Call& call) const noexcept {
      call.table()->report_finding(call.table(), table_->problem);
      return outcome();
   }

 private:
   const msp_http_response* table_;
};

// [call-thread]
class Http {
 public:
   // Throws Incompatible when the host has no network service.
   explicit Http(const Host& host) : host_(host), service_(&host.service<msp_http>(MSP_HTTP_SERVICE)) {}

   [[nodiscard]] Response send(Call& call, const Request& request) const { return send(call, &request, 1).front(); }

   // Sends all at once and returns when all are done; the answers stand in the order of the requests.
   [[nodiscard]] std::vector<Response> send(Call& call, const std::vector<Request>& requests) const {
      return send(call, requests.data(), requests.size());
   }

 private:
   std::vector<Response> send(Call& call, const Request* requests, std::size_t count) const {
      std::vector<std::vector<msp_pair>> headers(count);
      std::vector<msp_http_request> tables(count);
      for (std::size_t i = 0; i < count; ++i) {
         const Request& request = requests[i];
         for (const auto& [name, value] : request.headers_) headers[i].push_back({name.c_str(), value.c_str(), 0, 0});
         const std::string_view body = request.body_.view();
         tables[i] = {sizeof(msp_http_request),
                      static_cast<std::uint32_t>(headers[i].size()),
                      request.method_.c_str(),
                      request.url_.c_str(),
                      headers[i].data(),
                      body.empty() ? nullptr : body.data(),
                      body.size()};
      }
      std::vector<const msp_http_response*> answers(count);
      for (std::size_t first = 0; first < count; first += MSP_HTTP_BATCH_MAX) {
         const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(count - first, MSP_HTTP_BATCH_MAX));
         service_->send(host_.table(), call.table(), &tables[first], size, &answers[first]);
      }
      std::vector<Response> responses;
      for (const msp_http_response* answer : answers) responses.emplace_back(*answer);
      return responses;
   }

   Host host_;
   const msp_http* service_;
};

}  // namespace msp::sdk
