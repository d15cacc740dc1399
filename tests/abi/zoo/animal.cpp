#include "animal.hpp"

struct msp_connection {
   const msp_host* host;
};

namespace zoo {

void report_error(const msp_call* call, const char* code, const char* summary, const char* remedy) {
   msp_finding finding{};
   finding.struct_size = sizeof(finding);
   finding.severity = MSP_ERROR;
   finding.code = code;
   finding.summary = summary;
   finding.remedy = remedy;
   call->report_finding(call, &finding);
}

void report_grant(const msp_call* call, const char* id, int32_t granted) {
   msp_grant grant{};
   grant.struct_size = sizeof(grant);
   grant.permission_id = id;
   grant.granted = granted;
   call->report_permission(call, &grant);
}

msp_outcome good_validate(const msp_host*, const msp_call* call) {
   msp_identity identity{};
   identity.struct_size = sizeof(identity);
   identity.account = "4711";
   identity.principal = "jane";
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

msp_outcome good_permissions(const msp_host*, const msp_call* call) {
   report_grant(call, "tickets.read", MSP_GRANTED_ALL);
   return MSP_ACCEPTED;
}

msp_outcome good_authenticate(const msp_host*, const msp_call* call) {
   msp_session session{};
   session.struct_size = sizeof(session);
   session.base_url = "https://api.example.com/";
   static const msp_pair headers[] = {{"Authorization", "Bearer session-token", 0, 0}};
   session.headers = headers;
   session.header_count = 1;
   call->report_session(call, &session);
   return MSP_ACCEPTED;
}

namespace {

msp_connection* MSP_CDECL create(const msp_host* host) noexcept { return new msp_connection{host}; }
void MSP_CDECL destroy(msp_connection* connection) noexcept { delete connection; }

msp_outcome MSP_CDECL validate(msp_connection* self, const msp_call* call) { return animal.validate(self->host, call); }
msp_outcome MSP_CDECL permissions(msp_connection* self, const msp_call* call) {
   return animal.permissions(self->host, call);
}
msp_outcome MSP_CDECL authenticate(msp_connection* self, const msp_call* call) {
   return animal.authenticate(self->host, call);
}

// What the type of the table forbids, a cast allows: functions that may throw, passed off as noexcept.
using Operation = msp_outcome(MSP_CDECL*)(msp_connection*, const msp_call*) noexcept;
const msp_plugin table = {sizeof(msp_plugin),
                          MSP_ABI_MAJOR,
                          MSP_ABI_MINOR,
                          0,
                          create,
                          destroy,
                          reinterpret_cast<Operation>(validate),
                          reinterpret_cast<Operation>(permissions),
                          reinterpret_cast<Operation>(authenticate),
                          nullptr};

}  // namespace
}  // namespace zoo

const msp_plugin* MSP_CDECL msp_plugin_entry(const msp_host*) noexcept { return &zoo::table; }
