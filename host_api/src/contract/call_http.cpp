#include "contract/call_http.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "contract/defect.hpp"
#include "net/header_rules.hpp"

namespace msp::host {
namespace {

constexpr std::uint32_t kMostHeaders = 100;

HttpResponse refusal(const Problem& problem) {
   HttpResponse response;
   response.problem = host_error(problem.code, problem.summary, problem.remedy);
   return response;
}

// What a response is after its operation has returned, or for a call that the host did not make.
const char* MSP_CALL no_header(const msp_http_response*, const char*) noexcept { return nullptr; }
const char* MSP_CALL no_body(const msp_http_response*, std::uint64_t* size) noexcept {
   if (size != nullptr) *size = 0;
   return "";
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

struct CallHttp::Answer {
   msp_http_response table{};
   msp_finding problem{};
   HttpResponse content;

   static const char* MSP_CALL header(const msp_http_response* response, const char* name) noexcept {
      if (response == nullptr || name == nullptr) return nullptr;
      const auto& headers = static_cast<const Answer*>(response->host_data)->content.headers;
      const std::string_view wanted(name);
      const auto same = [&](const auto& header) {
         return std::ranges::equal(header.first, wanted, {}, ascii_lower, ascii_lower);
      };
      const auto found = std::ranges::find_if(headers, same);
      return found == headers.end() ? nullptr : found->second.c_str();
   }

   static const char* MSP_CALL body(const msp_http_response* response, std::uint64_t* size) noexcept {
      if (response == nullptr) return no_body(nullptr, size);
      const auto text = static_cast<const Answer*>(response->host_data)->content.body.view();
      if (size != nullptr) *size = text.size();
      return text.data();
   }

   static char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
};

const msp_http_response& late_response() noexcept {
   static const msp_finding problem = {
       .struct_size = sizeof(msp_finding),
       .severity = MSP_ERROR,
       .code = "plugin.defect",
       .field = nullptr,
       .summary = "The plugin sent a request after its operation had ended, against rule P16 of the plugin contract.",
       .remedy = "Report this to the plugin's vendor and ask for a corrected version.",
       .doc_url = nullptr,
       .http_status = 0,
       .retry_after_s = 0};
   static const msp_http_response response = {.struct_size = sizeof(msp_http_response),
                                              .outcome = MSP_FAILED,
                                              .status = 0,
                                              .reserved = 0,
                                              .host_data = nullptr,
                                              .problem = &problem,
                                              .header = no_header,
                                              .body = no_body};
   return response;
}

CallHttp::CallHttp(const Manifest& manifest, const AllowedHosts& hosts, KnownSecrets& secrets, HttpSend send)
    : manifest_(manifest), hosts_(hosts), secrets_(secrets), send_(std::move(send)) {}
CallHttp::~CallHttp() = default;

void CallHttp::clear() noexcept {
   for (const auto& answer : answers_) {
      answer->content = {};
      answer->problem = {};
      answer->table.problem = nullptr;
      answer->table.header = no_header;
      answer->table.body = no_body;
   }
}

const msp_http_response* CallHttp::keep(HttpResponse response) {
   auto& answer = *answers_.emplace_back(std::make_unique<Answer>());
   answer.content = std::move(response);
   const auto& content = answer.content;
   const auto& problem = content.problem;
   const bool answered = content.outcome == Outcome::accepted;
   if (!answered)
      answer.problem = {.struct_size = sizeof(msp_finding),
                        .severity = static_cast<std::int32_t>(problem.severity),
                        .code = problem.code.c_str(),
                        .field = or_null(problem.field),
                        .summary = problem.summary.c_str(),
                        .remedy = or_null(problem.remedy),
                        .doc_url = or_null(problem.doc_url),
                        .http_status = problem.http_status.value_or(0),
                        .retry_after_s = problem.retry_after_s.value_or(0)};
   answer.table = {.struct_size = sizeof(msp_http_response),
                   .outcome = static_cast<msp_outcome>(content.outcome),
                   .status = content.status,
                   .reserved = 0,
                   .host_data = &answer,
                   .problem = answered ? nullptr : &answer.problem,
                   .header = Answer::header,
                   .body = Answer::body};
   return &answer.table;
}

Problem CallHttp::broken(std::string_view what) const {
   auto finding = defect(manifest_, "P17", what);
   return {std::move(finding.code), std::move(finding.summary), std::move(finding.remedy)};
}

Result<HttpRequest> CallHttp::translate(const msp_http_request& request) {
   if (request.struct_size != sizeof(msp_http_request)) return broken("made a request without its struct_size");
   if (request.method == nullptr || !is_token(request.method)) return broken("made a request without a valid method");
   if (request.url == nullptr) return broken("made a request without an address");
   const auto url = parse_https_url(request.url);
   if (!url.fault.empty()) return broken("made a request whose address " + std::string(url.fault));
   if (!hosts_.allows(url))
      return Problem{"net.host_not_allowed",
                     "The plugin " + manifest_.name + " wanted to connect to \"" + clean_text(url.host, 253) +
                         (url.port == 443 ? "" : ":" + std::to_string(url.port)) +
                         "\", which its manifest does not allow; nothing was sent.",
                     "If you typed this address, check it; otherwise report this to the plugin's vendor, " +
                         manifest_.vendor + '.'};
   if (request.header_count > kMostHeaders || (request.header_count > 0 && request.headers == nullptr))
      return broken("made a request whose headers cannot be read");
   if (request.body == nullptr && request.body_size > 0) return broken("made a request whose body cannot be read");

   HttpRequest result;
   result.method = request.method;
   result.url = request.url;
   for (std::uint32_t i = 0; i < request.header_count; ++i) {
      const auto& [name, value] = request.headers[i];
      if (name == nullptr || value == nullptr || !is_token(name) || !is_header_value(value))
         return broken("made a request with a header that is not valid");
      if (authenticates(name)) secrets_.add_credentials(value);
      if (is_reserved_header(name))
         return broken("made a request with the header " + std::string(name) + ", which the host alone sets");
      result.headers.emplace_back(name, SecretBytes(value));
   }
   if (request.body_size > 0)
      result.body = SecretBytes({static_cast<const char*>(request.body), static_cast<std::size_t>(request.body_size)});
   return result;
}

void CallHttp::send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses,
                    HttpService::Clock::time_point deadline, std::stop_token cancel) {
   if (requests == nullptr || count > MSP_HTTP_BATCH_MAX) {
      const auto* answer = keep(refusal(broken("sent a batch that is missing or larger than 64 requests")));
      std::fill_n(responses, count, answer);
      return;
   }
   std::vector<HttpRequest> batch;
   std::vector<std::uint32_t> places;
   for (std::uint32_t i = 0; i < count; ++i) {
      auto request = translate(requests[i]);
      if (!request) {
         responses[i] = keep(refusal(request.problem()));
         continue;
      }
      batch.push_back(std::move(request).value());
      places.push_back(i);
   }
   if (batch.empty()) return;
   auto answers = send_(batch, deadline, std::move(cancel));
   for (std::size_t i = 0; i < places.size(); ++i) responses[places[i]] = keep(std::move(answers.at(i)));
}

}  // namespace msp::host
