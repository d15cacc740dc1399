#include "contract/batch.hpp"

#include "msp/call.h"

namespace msp::host {
namespace {

const char* MSP_CDECL no_header(const msp_http_response*, const char*, std::uint32_t) noexcept { return nullptr; }
const char* MSP_CDECL no_body(const msp_http_response*, std::uint64_t* size) noexcept {
   if (size != nullptr) *size = 0;
   return "";
}

}  // namespace

bool is_sendable(const msp_http_request* requests, std::uint32_t count) noexcept {
   if (requests == nullptr || count > MSP_HTTP_BATCH_MAX) return false;
   std::uint64_t bodies = 0;
   for (std::uint32_t i = 0; i < count; ++i) {
      const msp_http_request& request = requests[i];
      if (request.struct_size >= sizeof(msp_http_request) && request.body_size <= MSP_HTTP_REQUEST_BODY_MAX)
         bodies += request.body_size;
   }
   return bodies <= MSP_HTTP_BATCH_BODIES_MAX;
}

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
                                              .flags = MSP_HTTP_NOT_SENT,
                                              .status = 0,
                                              .outcome = MSP_FAILED,
                                              .host_data = nullptr,
                                              .problem = &problem,
                                              .header = no_header,
                                              .body = no_body};
   return response;
}

const msp_visited& late_visited() noexcept {
   static const msp_visited visited = {
       .struct_size = sizeof(msp_visited), .outcome = MSP_FAILED, .query = "", .problem = late_response().problem};
   return visited;
}

void make_empty(msp_http_response& response) noexcept {
   response.problem = nullptr;
   response.header = no_header;
   response.body = no_body;
}

}  // namespace msp::host
