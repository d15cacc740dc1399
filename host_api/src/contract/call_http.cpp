#include "contract/call_http.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "contract/batch.hpp"
#include "contract/defect.hpp"
#include "net/request_rules.hpp"

namespace msp::host {
namespace {

// Of the members of 1.0: a later host or plugin may know a longer struct.
constexpr std::uint32_t kRequestSize = sizeof(msp_http_request);
constexpr std::size_t kLongestStarred = 16;  // bytes
constexpr std::size_t kMostStarred = 4;

HttpResponse refusal(const Finding& problem) {
   HttpResponse response;
   response.problem = problem;
   response.not_sent = true;
   return response;
}

// Methods are told apart by case, and platforms know those of capital letters.
bool is_method(std::string_view text) {
   return is_token(text) && std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

struct CallHttp::Answer {
   msp_http_response table{};
   msp_finding problem{};
   HttpResponse content;

   static const char* MSP_CDECL header(const msp_http_response* response, const char* name,
                                       std::uint32_t index) noexcept {
      if (response == nullptr || name == nullptr) return nullptr;
      const auto& headers = static_cast<const Answer*>(response->host_data)->content.headers;
      const std::string_view wanted(name);
      for (const auto& [known, value] : headers)
         if (equal_ignoring_case(known, wanted) && index-- == 0) return value.view().data();
      return nullptr;
   }

   static const char* MSP_CDECL body(const msp_http_response* response, std::uint64_t* size) noexcept {
      const auto text = response == nullptr ? std::string_view("")
                                            : static_cast<const Answer*>(response->host_data)->content.body.view();
      if (size != nullptr) *size = text.size();
      return text.data();
   }
};

CallHttp::CallHttp(const Manifest& manifest, const AllowedHosts& hosts, KnownSecrets& secrets, HttpSend send)
    : manifest_(manifest),
      hosts_(hosts),
      secrets_(secrets),
      send_(std::move(send)),
      bodies_left_(std::make_shared<std::atomic<std::size_t>>(MSP_HTTP_ANSWERS_MAX)) {}
CallHttp::~CallHttp() = default;

const HttpResponse& CallHttp::content_of(const msp_http_response& response) noexcept {
   static const HttpResponse kNone;
   return response.host_data == nullptr ? kNone : static_cast<const Answer*>(response.host_data)->content;
}

std::optional<Finding> CallHttp::last_problem() const {
   for (auto answer = answers_.rbegin(); answer != answers_.rend(); ++answer)
      if ((*answer)->content.outcome != Outcome::accepted) return (*answer)->content.problem;
   return std::nullopt;
}

void CallHttp::clear() noexcept {
   for (const auto& answer : answers_) {
      answer->content = {};
      answer->problem = {};
      make_empty(answer->table);
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
                   .flags = (answered ? MSP_HTTP_ANSWERED : 0U) | (content.cut ? MSP_HTTP_CUT : 0U) |
                            (content.not_sent ? MSP_HTTP_NOT_SENT : 0U) | (content.lost ? MSP_HTTP_LOST : 0U),
                   .status = content.status,
                   .outcome = static_cast<msp_outcome>(content.outcome),
                   .host_data = &answer,
                   .problem = answered ? nullptr : &answer.problem,
                   .header = Answer::header,
                   .body = Answer::body};
   return &answer.table;
}

Finding CallHttp::broken(std::string_view what, std::string_view rule) const {
   auto finding = defect(manifest_, rule, what);
   return {std::move(finding.code), std::move(finding.summary), std::move(finding.remedy)};
}

// A name of a pattern is chosen by the plugin, and whoever runs the platform's name servers can read it: it must not
// carry a secret out.
Result<void> CallHttp::check_starred(const HttpsUrl& url, const std::string& what) {
   auto starred = hosts_.starred(url);
   if (!starred) return {};
   if (starred->part.size() > kLongestStarred || secrets_.appear_in(starred->part))
      return broken(what + " to a name of " + starred->pattern + " that is too long or holds a secret", "P25");
   auto& parts = starred_[starred->pattern];
   parts.insert(std::move(starred->part));
   if (parts.size() > kMostStarred)
      return broken("used more than four names of " + starred->pattern + " in one operation", "P25");
   return {};
}

Result<HttpsUrl> CallHttp::admit(const char* address, const std::string& what) {
   if (address == nullptr) return broken(what + " without an address");
   if (strnlen(address, MSP_HTTP_URL_MAX + 1) > MSP_HTTP_URL_MAX)
      return broken(what + " whose address is longer than 8 KiB", "P24");
   auto parsed = parse_https_url(address);
   if (!parsed) return broken(what + " whose address " + parsed.finding().summary);
   const HttpsUrl& url = parsed.value();
   if (!hosts_.allows(url))
      return Finding{"net.host_not_allowed",
                     "The plugin " + manifest_.name + " wanted to connect to \"" +
                         clean_text(secrets_.taken_out_of(url.host), 253) +
                         (url.port == 443 ? "" : ":" + std::to_string(url.port)) +
                         "\", which its manifest does not allow; nothing was sent.",
                     "If you typed this address, check it; otherwise report this to the plugin's vendor, " +
                         manifest_.vendor + '.'};
   if (auto checked = check_starred(url, what); !checked) return checked.finding();
   return parsed;
}

Result<HttpRequest> CallHttp::translate(const msp_http_request& request) {
   if (request.struct_size < kRequestSize) return broken("made a request without its struct_size");
   if (request.method == nullptr || !is_method(request.method)) return broken("made a request without a valid method");
   if (auto admitted = admit(request.url, "made a request"); !admitted) return admitted.finding();
   if (request.header_count > MSP_HTTP_HEADERS_MAX) return broken("made a request with more than 100 headers", "P24");
   if (request.header_count > 0 && request.headers == nullptr)
      return broken("made a request whose headers cannot be read");
   if (request.body_size > MSP_HTTP_REQUEST_BODY_MAX)
      return broken("made a request whose body is larger than 8 MiB", "P24");
   if (request.body == nullptr && request.body_size > 0) return broken("made a request whose body cannot be read");

   HttpRequest result;
   result.method = request.method;
   result.url = request.url;
   result.bodies_left = bodies_left_;
   std::size_t header_bytes = 0;
   for (std::uint32_t i = 0; i < request.header_count; ++i) {
      const auto& [name, value, flags, reserved] = request.headers[i];
      if (name == nullptr) return broken("made a request with a header without a name");
      if (!is_token(name))
         return broken("made a request with the header \"" + secrets_.taken_out_of(name) +
                       "\", whose name is not valid");
      if (value == nullptr || !is_header_value(value))
         return broken("made a request with the header " + secrets_.taken_out_of(name) + ", whose value is not valid");
      if (reserved != 0)
         return broken("made a request with the header " + secrets_.taken_out_of(name) +
                       ", whose reserved member is set");
      header_bytes += std::strlen(name) + std::strlen(value);
      if (header_bytes > MSP_HTTP_HEADERS_SIZE_MAX)
         return broken("made a request whose headers are larger than 64 KiB", "P24");
      if (authenticates(name)) secrets_.add_credentials(value);
      if (is_reserved_header(name))
         return broken("made a request with the header " + std::string(name) + ", which the host alone sets");
      result.headers.emplace_back(name, SecretBytes(value));
   }
   if (request.body_size > 0)
      result.body = SecretBytes({static_cast<const char*>(request.body), static_cast<std::size_t>(request.body_size)});
   return result;
}

void CallHttp::refuse(std::uint32_t count, const msp_http_response** responses, std::string_view what,
                      std::string_view rule) {
   std::fill_n(responses, count, keep(refusal(broken(what, rule))));
}

void CallHttp::send(const msp_http_request* requests, std::uint32_t count, const msp_http_response** responses,
                    HttpService::Clock::time_point deadline, std::stop_token cancel) {
   if (!is_sendable(requests, count)) {
      const auto* answer =
          keep(refusal(broken("sent a batch that is missing or larger than 64 requests, or than 64 MiB")));
      std::fill_n(responses, count, answer);
      return;
   }
   std::vector<HttpRequest> batch;
   std::vector<std::uint32_t> places;
   for (std::uint32_t i = 0; i < count; ++i) {
      auto request = translate(requests[i]);
      if (!request) {
         responses[i] = keep(refusal(request.finding()));
         continue;
      }
      batch.push_back(std::move(request).value());
      places.push_back(i);
   }
   if (batch.empty()) return;
   auto answers = send_(batch, deadline, std::move(cancel));
   for (std::size_t i = 0; i < places.size(); ++i) {
      HttpResponse& answer = answers.at(i);
      if (answer.beyond_bodies) {
         answer = refusal(broken("asked for more than 64 MiB of answers in one operation", "P24"));
         answer.not_sent = false;
      }
      responses[places[i]] = keep(std::move(answer));
   }
}

}  // namespace msp::host
