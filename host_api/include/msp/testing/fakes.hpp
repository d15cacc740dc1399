// msp/testing/fakes.hpp - the host as a plugin sees it, in memory: what a test says goes in, what was reported stays.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "msp/msp.h"

namespace msp::test {

struct ReportedFinding {
   int severity = 0;
   std::string code, field, summary, remedy;
   int http_status = 0, retry_after_s = 0;
};

// One call. Its table is good as long as the object, which does not move.
class FakeCall {
 public:
   FakeCall() {
      table_.struct_size = sizeof(table_);
      table_.host_data = this;
      table_.language = "en";
      table_.setting = [](const msp_call* call, const char* id) noexcept { return find(self(call).settings, id); };
      table_.secret = [](const msp_call* call, const char* id) noexcept { return find(self(call).secrets, id); };
      table_.remaining_ms = [](const msp_call* call) noexcept { return self(call).remaining_ms; };
      table_.wait = [](const msp_call* call, std::uint32_t ms) noexcept {
         self(call).waited.push_back(ms);
         return self(call).remaining_ms;
      };
      table_.progress = [](const msp_call* call, const char* text) noexcept { self(call).progress.emplace_back(text); };
      table_.report_finding = [](const msp_call* call, const msp_finding* finding) noexcept {
         self(call).findings.push_back({finding->severity, text(finding->code), text(finding->field),
                                        text(finding->summary), text(finding->remedy), finding->http_status,
                                        finding->retry_after_s});
      };
      table_.report_permission = [](const msp_call* call, const msp_grant* given) noexcept {
         self(call).grants.emplace_back(given->permission_id, given->granted);
         self(call).evidence.push_back(text(given->evidence));
      };
      table_.report_identity = [](const msp_call* call, const msp_identity* given) noexcept {
         self(call).identity = {text(given->account), text(given->label), text(given->principal),
                                text(given->endpoint)};
      };
      table_.report_session = [](const msp_call* call, const msp_session* session) noexcept {
         self(call).base_url = session->base_url;
         self(call).expires_at = session->expires_at;
         for (std::uint32_t i = 0; i < session->header_count; ++i)
            self(call).headers.emplace_back(session->headers[i].name, session->headers[i].value);
         for (std::uint32_t i = 0; i < session->query_count; ++i)
            self(call).query.emplace_back(session->query[i].name, session->query[i].value);
      };
   }
   FakeCall(const FakeCall&) = delete;
   FakeCall& operator=(const FakeCall&) = delete;

   std::map<std::string, std::string> settings;
   std::map<std::string, std::string> secrets;
   std::uint32_t remaining_ms = 1000;

   std::vector<std::uint32_t> waited;  // milliseconds; nobody really waits
   std::vector<std::string> progress;
   std::vector<ReportedFinding> findings;
   std::vector<std::pair<std::string, int>> grants;
   std::vector<std::string> evidence;
   std::vector<std::string> identity;  // account, label, principal, endpoint
   std::string base_url;
   std::int64_t expires_at = -1;
   std::vector<std::pair<std::string, std::string>> headers;
   std::vector<std::pair<std::string, std::string>> query;

   void set_flags(std::uint32_t flags) { table_.flags = flags; }
   [[nodiscard]] const msp_call& table() const { return table_; }

 private:
   static FakeCall& self(const msp_call* call) { return *static_cast<FakeCall*>(call->host_data); }
   static std::string text(const char* value) { return value == nullptr ? "" : value; }
   static const char* find(const std::map<std::string, std::string>& values, const char* id) {
      const auto found = values.find(id);
      return found == values.end() ? nullptr : found->second.c_str();
   }

   msp_call table_{};
};

struct FakeRequest {
   std::string method, url, body;
   std::map<std::string, std::string> headers;
};

struct FakeAnswer {
   int status = 200;
   std::string body;
   std::multimap<std::string, std::string> headers;
   std::optional<std::pair<msp_outcome, std::string>> problem;  // outcome and code, instead of an answer
};

// A host with those services that a test puts in, and an HTTP service that answers from `answers` by URL.
class FakeHost {
 public:
   FakeHost() {
      table_.struct_size = sizeof(table_);
      table_.abi_major = MSP_ABI_MAJOR;
      table_.host_data = this;
      table_.name = "test";
      table_.version = "0";
      table_.get_service = [](const msp_host* host, const char* id) noexcept -> const void* {
         const auto found = self(host).services.find(id);
         return found == self(host).services.end() ? nullptr : found->second;
      };
      table_.log = [](const msp_host* host, std::int32_t level, const char* text) noexcept {
         self(host).log.emplace_back(text);
         self(host).log_levels.push_back(level);
      };
      http_.struct_size = sizeof(http_);
      http_.send = send;
      services[MSP_HTTP_SERVICE] = &http_;
   }
   FakeHost(const FakeHost&) = delete;
   FakeHost& operator=(const FakeHost&) = delete;

   std::map<std::string, const void*> services;
   std::map<std::string, std::vector<FakeAnswer>> answers;  // by URL, one after the other; the last one stays
   std::vector<FakeRequest> requests;
   std::vector<std::uint32_t> batches;
   std::vector<std::string> log;
   std::vector<int> log_levels;  // of those lines

   [[nodiscard]] msp_host& table() { return table_; }

 private:
   struct Held {
      FakeAnswer answer;
      msp_finding problem{};
      msp_http_response table{};
   };

   static FakeHost& self(const msp_host* host) { return *static_cast<FakeHost*>(host->host_data); }

   static void send(const msp_host* host, const msp_call*, const msp_http_request* requests, std::uint32_t count,
                    const msp_http_response** responses) noexcept {
      FakeHost& fake = self(host);
      fake.batches.push_back(count);
      for (std::uint32_t i = 0; i < count; ++i) {
         FakeRequest request{requests[i].method, requests[i].url, {}, {}};
         if (requests[i].body != nullptr)
            request.body.assign(static_cast<const char*>(requests[i].body), requests[i].body_size);
         for (std::uint32_t h = 0; h < requests[i].header_count; ++h)
            request.headers[requests[i].headers[h].name] = requests[i].headers[h].value;
         responses[i] = fake.answer(request.url);
         fake.requests.push_back(std::move(request));
      }
   }

   const msp_http_response* answer(const std::string& url) {
      auto held = std::make_unique<Held>();
      held->answer = FakeAnswer{404, {}, {}, {}};
      if (const auto found = answers.find(url); found != answers.end()) {
         held->answer = found->second.front();
         if (found->second.size() > 1) found->second.erase(found->second.begin());
      }
      msp_http_response& table = held->table;
      table.struct_size = sizeof(table);
      table.host_data = held.get();
      table.status = held->answer.status;
      table.flags = MSP_HTTP_ANSWERED;
      if (const auto& problem = held->answer.problem) {
         held->problem.struct_size = sizeof(msp_finding);
         held->problem.severity = MSP_ERROR;
         held->problem.code = problem->second.c_str();
         held->problem.summary = "There was no answer.";
         held->problem.remedy = "Try again.";
         table.outcome = problem->first;
         table.flags = problem->second == "net.connect" ? MSP_HTTP_NOT_SENT : 0U;
         table.status = 0;
         table.problem = &held->problem;
      }
      table.header = [](const msp_http_response* response, const char* name, std::uint32_t index) noexcept {
         const auto& headers = static_cast<Held*>(response->host_data)->answer.headers;
         const auto [begin, end] = headers.equal_range(name);
         for (auto header = begin; header != end; ++header)
            if (index-- == 0) return header->second.c_str();
         return static_cast<const char*>(nullptr);
      };
      table.body = [](const msp_http_response* response, std::uint64_t* size) noexcept {
         const std::string& body = static_cast<Held*>(response->host_data)->answer.body;
         *size = body.size();
         return body.c_str();
      };
      held_.push_back(std::move(held));
      return &held_.back()->table;
   }

   msp_host table_{};
   msp_http http_{};
   std::vector<std::unique_ptr<Held>> held_;
};

}  // namespace msp::test
