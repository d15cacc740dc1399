// at_the_edge.cpp - hands over everything right before memory that ends the process when it is touched: a host that
// reads more than a plugin of 1.0 has is found.
#include <cstring>
#include <memory>
#include <vector>

#include "msp/msp.h"
#include "test_support/guarded_memory.hpp"

namespace {

// A copy whose last byte is the last one before the guard.
template <class T>
const T* at_the_edge(const T& value, std::size_t count = 1) {
   static auto& kept = *new std::vector<std::unique_ptr<test_support::GuardedMemory>>;
   std::byte* place = kept.emplace_back(std::make_unique<test_support::GuardedMemory>(sizeof(T) * count))->data();
   std::memcpy(place, &value, sizeof(T) * count);
   return reinterpret_cast<const T*>(place);
}

const char* text(const char* words) { return at_the_edge(*words, std::strlen(words) + 1); }

msp_finding finding(std::int32_t severity, const char* code) {
   msp_finding result{};
   result.struct_size = sizeof(result);
   result.severity = severity;
   result.code = text(code);
   result.summary = text("This is a trial.");
   result.remedy = text("Nothing is to be done.");
   return result;
}

msp_connection* MSP_CDECL create(const msp_host* host) noexcept {
   return reinterpret_cast<msp_connection*>(const_cast<msp_host*>(host));
}
void MSP_CDECL destroy(msp_connection*) noexcept {}

msp_outcome MSP_CDECL validate(msp_connection* self, const msp_call* call) noexcept {
   const auto* host = reinterpret_cast<const msp_host*>(self);
   const auto* http = static_cast<const msp_http*>(host->get_service(host, MSP_HTTP_SERVICE));
   msp_pair pair{};
   pair.name = text("Accept");
   pair.value = text("application/json");
   msp_http_request request{};
   request.struct_size = sizeof(request);
   request.method = text("POST");
   request.url = text("https://elsewhere.example.net/");  // the manifest names no such host: it is not sent
   request.headers = at_the_edge(pair);
   request.header_count = 1;
   request.body = text("12345");
   request.body_size = 6;
   const msp_http_response* answer = nullptr;
   http->send(host, call, at_the_edge(request), 1, &answer);
   if (answer->problem == nullptr) return MSP_FAILED;

   call->progress(call, text("Trying"));
   host->log(host, MSP_LOG_INFO, text("Tried"));
   msp_identity identity{};
   identity.struct_size = sizeof(identity);
   identity.account = text("4711");
   identity.principal = text("jane");
   call->report_identity(call, at_the_edge(identity));
   call->report_finding(call, at_the_edge(finding(MSP_WARNING, "example.trial")));
   return MSP_ACCEPTED;
}

msp_outcome MSP_CDECL permissions(msp_connection*, const msp_call* call) noexcept {
   msp_grant grant{};
   grant.struct_size = sizeof(grant);
   grant.permission_id = text("tickets.read");
   grant.granted = MSP_GRANTED_ALL;
   grant.evidence = text("seen");
   call->report_permission(call, at_the_edge(grant));
   return MSP_ACCEPTED;
}

msp_outcome MSP_CDECL authenticate(msp_connection*, const msp_call* call) noexcept {
   const msp_pair headers[] = {{text("Authorization"), text("Bearer session-token"), 0, 0},
                               {text("X-Tenant"), text("4711"), MSP_PAIR_PUBLIC, 0}};
   const msp_pair query[] = {{text("key"), text("query-token"), 0, 0}};
   const std::int32_t rejected[] = {419};
   msp_session session{};
   session.struct_size = sizeof(session);
   session.base_url = text("https://api.example.com/");
   session.headers = at_the_edge(*headers, 2);
   session.header_count = 2;
   session.query = at_the_edge(*query, 1);
   session.query_count = 1;
   session.rejected_statuses = at_the_edge(*rejected, 1);
   session.rejected_status_count = 1;
   call->report_session(call, at_the_edge(session));
   return MSP_ACCEPTED;
}

}  // namespace

const msp_plugin* MSP_CDECL msp_plugin_entry(const msp_host*) noexcept {
   const msp_plugin table = {sizeof(msp_plugin), MSP_ABI_MAJOR, 0,      0, create, destroy, validate,
                             permissions,        authenticate,  nullptr};
   return at_the_edge(table);
}
