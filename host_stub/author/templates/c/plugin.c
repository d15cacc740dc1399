/* plugin.c - Acme Helpdesk with an API token, in plain C. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msp/msp.h"

#define API "https://api.acme.example/v1/"

struct msp_connection {
   const msp_host *host;
   const msp_http *http;
   int signed_in; /* what follows is known */
   char account[128];
   char name[128];
   char user[128];
   char may[512];
};

static msp_outcome end(const msp_call *call, msp_outcome outcome, const msp_http_response *answer, const char *field,
                       const char *code, const char *summary, const char *remedy)
{
   const msp_finding finding = {.struct_size = sizeof finding, .severity = MSP_ERROR, .code = code, .field = field,
                                .summary = summary, .remedy = remedy, .http_status = answer->status};
   call->report_finding(call, &finding);
   return outcome;
}

static void wipe(void *memory, size_t size)
{
   for (volatile char *byte = memory; size > 0; --size) *byte++ = 0;
}

/* The text member of a flat JSON object, without escapes. A platform with richer answers deserves a JSON reader. */
static int read_text(const char *json, const char *key, char *text, size_t size)
{
   char quoted[64];
   snprintf(quoted, sizeof quoted, "\"%s\":\"", key);
   const char *begin = strstr(json, quoted);
   if (begin == NULL) return 0;
   begin += strlen(quoted);
   const size_t length = strcspn(begin, "\"\\");
   if (begin[length] != '"' || length == 0 || length >= size) return 0;
   memcpy(text, begin, length);
   text[length] = '\0';
   return 1;
}

/* The one question there is. Each operation needs its answer, and only the first one asks. */
static msp_outcome sign_in(msp_connection *self, const msp_call *call)
{
   if (self->signed_in) return MSP_ACCEPTED;
   call->progress(call, "Asking Acme Helpdesk whose token it is");

   char bearer[600];
   snprintf(bearer, sizeof bearer, "Bearer %s", call->secret(call, "api_token"));
   const msp_pair headers[] = {{.name = "Authorization", .value = bearer}};
   const msp_http_request request = {.struct_size = sizeof request, .method = "GET", .url = API "me",
                                     .headers = headers, .header_count = 1};
   const msp_http_response *answer;
   self->http->send(self->host, call, &request, 1, &answer);
   wipe(bearer, sizeof bearer);

   if (!(answer->flags & MSP_HTTP_ANSWERED)) { /* the host knows why */
      call->report_finding(call, answer->problem);
      return answer->outcome;
   }
   if (answer->status == 401)
      return end(call, MSP_REFUSED, answer, "api_token", "auth.rejected",
                 "Acme Helpdesk does not accept this API token.",
                 "Create a new token under Settings, API, and enter it here.");
   if (answer->status == 429) {
      const char *wait = answer->header(answer, "Retry-After", 0);
      const msp_finding busy = {.struct_size = sizeof busy, .severity = MSP_ERROR, .code = "platform.throttled",
                                .summary = "Acme Helpdesk is receiving too many requests at the moment.",
                                .remedy = "Wait a few minutes, then try again.", .http_status = 429,
                                .retry_after_s = wait != NULL ? atoi(wait) : 0};
      call->report_finding(call, &busy);
      return MSP_THROTTLED;
   }
   const char *body = answer->body(answer, NULL);
   if (answer->status != 200 || !read_text(body, "account", self->account, sizeof self->account) ||
       !read_text(body, "user", self->user, sizeof self->user))
      return end(call, MSP_UNAVAILABLE, answer, NULL, "platform.unexpected_response",
                 "Acme Helpdesk did not say whose token it is.", "Try again later.");
   if (!read_text(body, "name", self->name, sizeof self->name)) self->name[0] = '\0';
   if (!read_text(body, "may", self->may, sizeof self->may)) self->may[0] = '\0';
   self->signed_in = 1;
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL validate_credentials(msp_connection *self, const msp_call *call)
{
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   const msp_identity identity = {.struct_size = sizeof identity, .account = self->account, .label = self->name,
                                  .principal = self->user, .endpoint = API};
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL check_permissions(msp_connection *self, const msp_call *call)
{
   static const char *const rights[] = {"tickets.read", "tickets.write"};
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   for (size_t i = 0; i < sizeof rights / sizeof *rights; ++i) {
      const msp_grant grant = {.struct_size = sizeof grant, .permission_id = rights[i],
                               .granted = strstr(self->may, rights[i]) ? MSP_GRANTED_ALL : MSP_GRANTED_NONE,
                               .how = MSP_HOW_INTROSPECTED, .evidence = self->may};
      call->report_permission(call, &grant);
   }
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL authenticate(msp_connection *self, const msp_call *call)
{
   /* Rejected meanwhile? Then what is known of the token is old. */
   if (call->flags & MSP_CALL_REJECTED) self->signed_in = 0;
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   char bearer[600];
   snprintf(bearer, sizeof bearer, "Bearer %s", call->secret(call, "api_token"));
   const msp_pair headers[] = {{.name = "Authorization", .value = bearer}};
   const msp_session session = {.struct_size = sizeof session, .base_url = API, .headers = headers, .header_count = 1};
   call->report_session(call, &session);
   wipe(bearer, sizeof bearer);
   return MSP_ACCEPTED;
}

static msp_connection *MSP_CDECL create(const msp_host *host)
{
   msp_connection *self = calloc(1, sizeof *self);
   if (self == NULL) return NULL;
   self->host = host;
   self->http = host->get_service(host, MSP_HTTP_SERVICE);
   return self;
}

static void MSP_CDECL destroy(msp_connection *self) { free(self); }

const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host)
{
   static const msp_plugin table = {sizeof table, MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, destroy,
                                    validate_credentials, check_permissions, authenticate, NULL};
   (void)host;
   return &table;
}
