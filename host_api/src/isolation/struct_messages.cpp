#include "isolation/struct_messages.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace msp::isolation {
namespace {

// Beyond `most` bytes the console refuses the whole, so what comes after them is carried without its texts.
Pairs carry(const msp_pair* pairs, std::uint32_t count, std::size_t most = std::numeric_limits<std::size_t>::max()) {
   Pairs result{count, pairs == nullptr, {}};
   if (pairs == nullptr) return result;
   const std::size_t carried = std::min<std::size_t>(count, kMaxPairs);
   std::size_t size = 0;
   for (std::size_t i = 0; i < carried; ++i) {
      const msp_pair& pair = pairs[i];
      Pair& carrying = result.carried.emplace_back();
      if (size > most) continue;
      carrying = {text_of(pair.name, kMaxHeader), text_of(pair.value, kMaxHeader), pair.flags, pair.reserved};
      size += carrying.name.value_or("").size() + carrying.value.value_or("").size();
   }
   return result;
}

template <class Report, class Struct, class Fill>
Report report_of(const Struct* given, Fill fill) {
   Report report;
   if (given == nullptr) return report;
   report.struct_size = given->struct_size;
   if (given->struct_size >= sizeof(Struct)) fill(report);
   return report;
}

}  // namespace

OptionalText text_of(const char* text, std::size_t longest) {
   if (text == nullptr) return std::nullopt;
   return std::string_view(text, ::strnlen(text, longest));
}

const char* or_null(const OptionalText& text) noexcept { return text ? text->data() : nullptr; }

FindingReport carry(const msp_finding* given) {
   return report_of<FindingReport>(given, [given](FindingReport& report) {
      report.severity = given->severity;
      report.texts = {text_of(given->code), text_of(given->field), text_of(given->summary), text_of(given->remedy),
                      text_of(given->doc_url)};
      report.http_status = given->http_status;
      report.retry_after_s = given->retry_after_s;
   });
}

GrantReport carry(const msp_grant* given) {
   return report_of<GrantReport>(given, [given](GrantReport& report) {
      report.granted = given->granted;
      report.how = given->how;
      report.reserved = given->reserved;
      report.permission_id = text_of(given->permission_id);
      report.evidence = text_of(given->evidence);
   });
}

IdentityReport carry(const msp_identity* given) {
   return report_of<IdentityReport>(given, [given](IdentityReport& report) {
      report.reserved = given->reserved;
      report.texts = {text_of(given->account), text_of(given->label), text_of(given->principal),
                      text_of(given->endpoint)};
   });
}

SessionReport carry(const msp_session* given) {
   return report_of<SessionReport>(given, [given](SessionReport& report) {
      report.flags = given->flags;
      report.name = text_of(given->name);
      report.base_url = text_of(given->base_url);
      report.headers = carry(given->headers, given->header_count);
      report.query = carry(given->query, given->query_count);
      report.status_count = given->rejected_status_count;
      report.statuses_missing = given->rejected_statuses == nullptr;
      if (given->rejected_statuses != nullptr) {
         const std::size_t carried = std::min<std::size_t>(given->rejected_status_count, kMaxStatuses);
         report.statuses.assign(given->rejected_statuses, given->rejected_statuses + carried);
      }
      report.reserved = given->reserved;
      report.expires_at = given->expires_at;
   });
}

VisitRequest carry(const msp_visit* given) {
   return report_of<VisitRequest>(given, [given](VisitRequest& request) {
      request.expires_in_s = given->expires_in_s;
      request.url = text_of(given->url, kMaxUrl);
      request.user_code = text_of(given->user_code, kMaxName);
   });
}

Request carry(const msp_http_request& given) {
   Request request;
   request.struct_size = given.struct_size;
   if (given.struct_size < sizeof(msp_http_request)) return request;
   request.method = text_of(given.method);
   request.url = text_of(given.url, kMaxUrl);
   request.headers = carry(given.headers, given.header_count, MSP_HTTP_HEADERS_SIZE_MAX);
   request.body_size = given.body_size;
   request.body_missing = given.body == nullptr;
   if (given.body != nullptr && given.body_size <= MSP_HTTP_REQUEST_BODY_MAX)
      request.body = {static_cast<const char*>(given.body), static_cast<std::size_t>(given.body_size)};
   return request;
}

SignaturePair carry(const msp_pair* given, bool in_query) {
   SignaturePair result{in_query, given == nullptr, {}};
   if (given != nullptr)
      result.pair = {text_of(given->name, kMaxHeader), text_of(given->value, kMaxHeader), given->flags,
                     given->reserved};
   return result;
}

msp_finding finding_of(const FindingReport& report) {
   return {.struct_size = report.struct_size,
           .severity = report.severity,
           .code = or_null(report.texts[0]),
           .field = or_null(report.texts[1]),
           .summary = or_null(report.texts[2]),
           .remedy = or_null(report.texts[3]),
           .doc_url = or_null(report.texts[4]),
           .http_status = report.http_status,
           .retry_after_s = report.retry_after_s};
}

std::vector<msp_pair> pairs_of(const Pairs& pairs) {
   std::vector<msp_pair> result;
   for (const Pair& pair : pairs.carried)
      result.push_back({or_null(pair.name), or_null(pair.value), pair.flags, pair.reserved});
   return result;
}

}  // namespace msp::isolation
