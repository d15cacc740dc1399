/* plain_c_plugin.c - a whole plugin in plain C, with the contract's headers and nothing else.
 *
 * Its platform answers GET <server>/me to a good token with 200 and three headers: X-Account, X-User and X-Scopes,
 * a list such as "tickets:read tickets:write". A bad token is answered with 401.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msp/msp.h"

struct msp_connection {
   const msp_host *host;
   const msp_http *http;
   int signed_in; /* what follows is known */
   char account[128];
   char user[128];
   char scopes[512];
};

static msp_outcome refuse(const msp_call *call, msp_outcome outcome, int32_t status, const char *field,
                          const char *code, const char *summary, const char *remedy)
{
   const msp_finding finding = {.struct_size = sizeof finding, .severity = MSP_ERROR, .code = code, .field = field,
                                .summary = summary, .remedy = remedy, .http_status = status};
   call->report_finding(call, &finding);
   return outcome;
}

/* The server's address, without the slashes that people leave at its end, and the path. */
static void write_url(const msp_call *call, const char *path, char *text, size_t size)
{
   const char *server = call->setting(call, "server");
   int length = (int)strlen(server);
   while (length > 0 && server[length - 1] == '/') --length;
   snprintf(text, size, "%.*s%s", length, server, path);
}

static void wipe(void *memory, size_t size)
{
   for (volatile char *byte = memory; size > 0; --size) *byte++ = 0;
}

static int keep(const msp_http_response *answer, const char *name, char *text, size_t size)
{
   const char *value = answer->header(answer, name, 0);
   return value != NULL && *value != '\0' && (size_t)snprintf(text, size, "%s", value) < size;
}

/* The one request there is. Each operation calls it, and only the first one sends it. */
static msp_outcome sign_in(msp_connection *self, const msp_call *call)
{
   if (self->signed_in) return MSP_ACCEPTED;
   call->progress(call, "Asking the server who the token belongs to");

   char url[1100], bearer[600];
   write_url(call, "/me", url, sizeof url);
   snprintf(bearer, sizeof bearer, "Bearer %s", call->secret(call, "token"));
   const msp_pair headers[] = {{.name = "Authorization", .value = bearer}};
   const msp_http_request request = {.struct_size = sizeof request, .method = "GET", .url = url,
                                     .headers = headers, .header_count = 1};
   const msp_http_response *answer;
   self->http->send(self->host, call, &request, 1, &answer);
   wipe(bearer, sizeof bearer);

   if (!(answer->flags & MSP_HTTP_ANSWERED)) { /* the host knows why */
      call->report_finding(call, answer->problem);
      return answer->outcome;
   }
   if (answer->status == 401)
      return refuse(call, MSP_REFUSED, 401, "token", "auth.rejected", "The server does not accept this token.",
                    "Create a new token under Account, API tokens, and enter it here.");
   if (answer->status != 200 || !keep(answer, "X-Account", self->account, sizeof self->account) ||
       !keep(answer, "X-User", self->user, sizeof self->user) ||
       !keep(answer, "X-Scopes", self->scopes, sizeof self->scopes))
      return refuse(call, MSP_UNAVAILABLE, answer->status, "server", "platform.unexpected_response",
                    "The server did not say who the token belongs to.",
                    "Check the server's address; if it is right, try again later.");
   self->signed_in = 1;
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL validate_credentials(msp_connection *self, const msp_call *call)
{
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   const msp_identity identity = {.struct_size = sizeof identity, .account = self->account, .principal = self->user,
                                  .endpoint = call->setting(call, "server")};
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

static int has_scope(const char *scopes, const char *scope)
{
   const size_t length = strlen(scope);
   for (const char *at = scopes; (at = strstr(at, scope)) != NULL; at += length)
      if ((at == scopes || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' ')) return 1;
   return 0;
}

static msp_outcome MSP_CDECL check_permissions(msp_connection *self, const msp_call *call)
{
   static const char *const rights[][2] = {{"tickets.read", "tickets:read"}, {"tickets.write", "tickets:write"}};
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   for (size_t i = 0; i < sizeof rights / sizeof *rights; ++i) {
      const msp_grant grant = {.struct_size = sizeof grant, .permission_id = rights[i][0],
                               .granted = has_scope(self->scopes, rights[i][1]) ? MSP_GRANTED_ALL : MSP_GRANTED_NONE,
                               .how = MSP_HOW_INTROSPECTED, .evidence = self->scopes};
      call->report_permission(call, &grant);
   }
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL authenticate(msp_connection *self, const msp_call *call)
{
   /* The token is the session. When the platform rejected it, the server must be asked whether it is still good. */
   if (call->flags & MSP_CALL_REJECTED) self->signed_in = 0;
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   char url[1100], bearer[600];
   write_url(call, "/", url, sizeof url);
   snprintf(bearer, sizeof bearer, "Bearer %s", call->secret(call, "token"));
   const msp_pair headers[] = {{.name = "Authorization", .value = bearer}};
   const msp_session session = {.struct_size = sizeof session, .base_url = url, .headers = headers, .header_count = 1};
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
