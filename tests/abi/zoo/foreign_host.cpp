// Breaks P17: sends to a host that its manifest does not name.
#include "animal.hpp"

const zoo::Animal zoo::animal{.validate = [](const msp_host* host, const msp_call* call) -> msp_outcome {
   const auto* http = static_cast<const msp_http*>(host->get_service(host, MSP_HTTP_SERVICE));
   msp_http_request request{};
   request.struct_size = sizeof(request);
   request.method = "GET";
   request.url = "https://evil.example/";
   const msp_http_response* response = nullptr;
   http->send(host, call, &request, 1, &response);
   call->report_finding(call, response->problem);
   return response->outcome;
}};
