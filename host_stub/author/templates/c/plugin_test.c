/* plugin_test.c - the plugin with a host in memory: no network, no console. */
#include <stdio.h>
#include <string.h>

#include "msp/msp.h"

const char msp_plugin_manifest[] = "{}";

static int answered_status, findings, grants;
static const char *answered_body;
static char account[128], authorization[128], session_header[128];

static const char *MSP_CDECL setting(const msp_call *call, const char *id) { (void)call; (void)id; return NULL; }
static const char *MSP_CDECL secret(const msp_call *call, const char *id) { (void)call; return strcmp(id, "api_token") == 0 ? "a-token" : NULL; }
static uint32_t MSP_CDECL remaining(const msp_call *call) { (void)call; return 1000; }
static uint32_t MSP_CDECL wait_ms(const msp_call *call, uint32_t ms) { (void)call; (void)ms; return 1000; }
static void MSP_CDECL progress(const msp_call *call, const char *text) { (void)call; (void)text; }
static void MSP_CDECL finding(const msp_call *call, const msp_finding *it) { (void)call; (void)it; ++findings; }
static void MSP_CDECL permission(const msp_call *call, const msp_grant *it) { (void)call; (void)it; ++grants; }
static void MSP_CDECL identity(const msp_call *call, const msp_identity *it) { (void)call; snprintf(account, sizeof account, "%s", it->account); }
static void MSP_CDECL session(const msp_call *call, const msp_session *it) { (void)call; snprintf(session_header, sizeof session_header, "%s", it->headers[0].value); }

static const char *MSP_CDECL header(const msp_http_response *answer, const char *name, uint32_t index) { (void)answer; (void)name; (void)index; return NULL; }
static const char *MSP_CDECL body(const msp_http_response *answer, uint64_t *size) { (void)answer; if (size) *size = strlen(answered_body); return answered_body; }
static void MSP_CDECL send(const msp_host *host, const msp_call *call, const msp_http_request *requests, uint32_t count, const msp_http_response **answers)
{
   static msp_http_response answer;
   (void)host; (void)call; (void)count;
   snprintf(authorization, sizeof authorization, "%s", requests[0].headers[0].value);
   answer = (msp_http_response){.struct_size = sizeof answer, .flags = MSP_HTTP_ANSWERED, .status = answered_status, .header = header, .body = body};
   answers[0] = &answer;
}
static const msp_http http = {sizeof http, 0, send};
static const void *MSP_CDECL service(const msp_host *host, const char *id) { (void)host; return strcmp(id, MSP_HTTP_SERVICE) == 0 ? &http : NULL; }
static void MSP_CDECL log_line(const msp_host *host, int32_t level, const char *text) { (void)host; (void)level; (void)text; }

static int failures;
static void expect(int holds, const char *what)
{
   if (holds) return;
   printf("FAILED: %s\n", what);
   ++failures;
}

int main(void)
{
   const msp_host host = {.struct_size = sizeof host, .abi_major = MSP_ABI_MAJOR, .get_service = service, .log = log_line};
   const msp_call call = {.struct_size = sizeof call, .setting = setting, .secret = secret, .remaining_ms = remaining,
                          .wait = wait_ms, .progress = progress, .report_finding = finding,
                          .report_permission = permission, .report_identity = identity, .report_session = session};
   const msp_plugin *plugin = msp_plugin_entry(&host);

   msp_connection *good = plugin->create(&host);
   answered_status = 200;
   answered_body = "{\"account\":\"harbour-it\",\"user\":\"ada\",\"may\":\"tickets.read\"}";
   expect(plugin->validate_credentials(good, &call) == MSP_ACCEPTED, "the token is accepted");
   expect(strcmp(authorization, "Bearer a-token") == 0, "the token is sent");
   expect(strcmp(account, "harbour-it") == 0, "the account is reported");
   expect(plugin->check_permissions(good, &call) == MSP_ACCEPTED && grants == 2, "both rights are reported");
   expect(plugin->authenticate(good, &call) == MSP_ACCEPTED, "there is a session");
   expect(strcmp(session_header, "Bearer a-token") == 0, "the session has the token");
   plugin->destroy(good);

   msp_connection *bad = plugin->create(&host);
   answered_status = 401;
   answered_body = "";
   expect(plugin->validate_credentials(bad, &call) == MSP_REFUSED && findings == 1, "a bad token is refused");
   plugin->destroy(bad);
   return failures == 0 ? 0 : 1;
}
