/* device_code.c - OAuth's device code (RFC 8628) in plain C: the person signs in wherever there is a browser, and types a
 * code there, while the plugin asks again and again whether that has happened.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msp/msp.h"

#define LOGIN "https://login.example.com"
#define API   "https://api.example.com/api/v1/"

struct msp_connection {
   const msp_host *host;
   const msp_http *http;
   const msp_browser *browser;
   const msp_keep *keep;
   char bearer[600]; /* "Bearer ..."; empty before the sign-in */
};

static msp_outcome refuse(const msp_call *call, msp_outcome outcome, const char *code, const char *summary,
                          const char *remedy)
{
   const msp_finding finding = {.struct_size = sizeof finding, .severity = MSP_ERROR, .code = code, .summary = summary,
                                .remedy = remedy};
   call->report_finding(call, &finding);
   return outcome;
}

static void wipe(void *memory, size_t size)
{
   for (volatile char *byte = memory; size > 0; --size) *byte++ = 0;
}

/* The value of "name":"text" or "name":number in an answer of this platform, which escapes nothing. 0: not there. */
static int read_member(const char *json, const char *name, char *text, size_t size)
{
   char key[64];
   snprintf(key, sizeof key, "\"%s\":", name);
   const char *at = strstr(json, key);
   if (at == NULL) return 0;
   at += strlen(key);
   at += strspn(at, " \"");
   const size_t length = strcspn(at, "\",}");
   if (length == 0 || length >= size) return 0;
   memcpy(text, at, length);
   text[length] = '\0';
   return 1;
}

/* Sends a form; the body of the answer, or NULL and the outcome, which is reported then. */
static const char *post(msp_connection *self, const msp_call *call, const char *url, const char *form,
                        msp_outcome *outcome)
{
   const msp_pair headers[] = {{.name = "Content-Type", .value = "application/x-www-form-urlencoded"}};
   const msp_http_request request = {.struct_size = sizeof request, .method = "POST", .url = url, .headers = headers,
                                     .header_count = 1, .body = form, .body_size = strlen(form)};
   const msp_http_response *answer;
   self->http->send(self->host, call, &request, 1, &answer);
   if (answer->flags & MSP_HTTP_ANSWERED) {
      uint64_t size;
      return answer->body(answer, &size);
   }
   call->report_finding(call, answer->problem);
   *outcome = answer->outcome;
   return NULL;
}

/* Keeps the refresh token of an answer first, because the one before is spent. */
static msp_outcome take_tokens(msp_connection *self, const msp_call *call, const char *answer)
{
   char token[512];
   if (!read_member(answer, "refresh_token", token, sizeof token))
      return refuse(call, MSP_UNAVAILABLE, "platform.unexpected_response", "Example Desk gave no token.",
                    "Try again later.");
   const msp_result kept = self->keep->keep_secret(self->host, call, "refresh_token", token);
   wipe(token, sizeof token);
   if (kept != MSP_DONE) return MSP_FAILED; /* the host says why */
   strcpy(self->bearer, "Bearer ");
   if (!read_member(answer, "access_token", self->bearer + 7, sizeof self->bearer - 7))
      return refuse(call, MSP_UNAVAILABLE, "platform.unexpected_response", "Example Desk gave no token.",
                    "Try again later.");
   return MSP_ACCEPTED;
}

static msp_outcome refresh(msp_connection *self, const msp_call *call, const char *refresh_token)
{
   char form[1024];
   msp_outcome outcome = MSP_FAILED;
   snprintf(form, sizeof form, "grant_type=refresh_token&client_id=%s&refresh_token=%s",
            call->setting(call, "client_id"), refresh_token);
   const char *answer = post(self, call, LOGIN "/token", form, &outcome);
   wipe(form, sizeof form);
   if (answer == NULL) return outcome;
   if (strstr(answer, "\"invalid_grant\"") != NULL)
      return refuse(call, MSP_REFUSED, "auth.expired", "Example Desk does not accept the sign-in any more.",
                    "Sign in again.");
   return take_tokens(self, call, answer);
}

static msp_outcome sign_in_by_person(msp_connection *self, const msp_call *call)
{
   char form[1024], device_code[256], user_code[65], url[256], number[16];
   msp_outcome outcome = MSP_FAILED;
   snprintf(form, sizeof form, "client_id=%s&scope=offline_access%%20tickets.read", call->setting(call, "client_id"));
   const char *answer = post(self, call, LOGIN "/device_authorization", form, &outcome);
   if (answer == NULL) return outcome;
   if (!read_member(answer, "device_code", device_code, sizeof device_code) ||
       !read_member(answer, "user_code", user_code, sizeof user_code) ||
       !read_member(answer, "verification_uri", url, sizeof url))
      return refuse(call, MSP_UNAVAILABLE, "platform.unexpected_response", "Example Desk gave no code.",
                    "Try again later.");
   const uint32_t expires = read_member(answer, "expires_in", number, sizeof number) ? (uint32_t)atoi(number) : 0;
   uint32_t interval = read_member(answer, "interval", number, sizeof number) ? (uint32_t)atoi(number) : 5;

   const msp_visit visit = {.struct_size = sizeof visit, .expires_in_s = expires, .url = url, .user_code = user_code};
   const msp_visited *visited = self->browser->visit(self->host, call, &visit);
   if (visited->outcome != MSP_ACCEPTED) {
      call->report_finding(call, visited->problem);
      return visited->outcome;
   }
   call->progress(call, "Waiting for a person to enter the code at Example Desk");
   snprintf(form, sizeof form,
            "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Adevice_code&client_id=%s&device_code=%s",
            call->setting(call, "client_id"), device_code);
   while (call->wait(call, interval * 1000) > 0) {
      answer = post(self, call, LOGIN "/token", form, &outcome);
      if (answer == NULL) return outcome;
      if (strstr(answer, "\"authorization_pending\"") != NULL) continue;
      if (strstr(answer, "\"slow_down\"") != NULL)
         interval += 5;
      else if (strstr(answer, "\"access_denied\"") != NULL)
         return refuse(call, MSP_REFUSED, "auth.rejected", "The access was not allowed at Example Desk.",
                       "Sign in again and allow the access.");
      else if (strstr(answer, "\"expired_token\"") != NULL)
         return refuse(call, MSP_TIMED_OUT, "host.deadline", "Nobody entered the code at Example Desk in time.",
                       "Start again when you are ready to sign in.");
      else
         return take_tokens(self, call, answer);
   }
   return refuse(call, MSP_TIMED_OUT, "host.deadline", "Nobody entered the code at Example Desk in time.",
                 "Start again when you are ready to sign in.");
}

static msp_outcome sign_in(msp_connection *self, const msp_call *call)
{
   if (self->bearer[0] != '\0') return MSP_ACCEPTED;
   const char *refresh_token = call->secret(call, "refresh_token");
   return refresh_token == NULL ? sign_in_by_person(self, call) : refresh(self, call, refresh_token);
}

static msp_outcome MSP_CDECL validate_credentials(msp_connection *self, const msp_call *call)
{
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   const msp_pair headers[] = {{.name = "Authorization", .value = self->bearer}};
   const msp_http_request request = {.struct_size = sizeof request, .method = "GET", .url = API "me",
                                     .headers = headers, .header_count = 1};
   const msp_http_response *answer;
   self->http->send(self->host, call, &request, 1, &answer);
   if (!(answer->flags & MSP_HTTP_ANSWERED)) {
      call->report_finding(call, answer->problem);
      return answer->outcome;
   }
   uint64_t size;
   char tenant[128], user[256];
   const char *body = answer->body(answer, &size);
   if (!read_member(body, "id", tenant, sizeof tenant) || !read_member(body, "sub", user, sizeof user))
      return refuse(call, MSP_UNAVAILABLE, "platform.unexpected_response", "Example Desk did not say who signed in.",
                    "Try again later.");
   const msp_identity identity = {.struct_size = sizeof identity, .account = tenant, .principal = user,
                                  .endpoint = API};
   call->report_identity(call, &identity);
   return MSP_ACCEPTED;
}

static msp_outcome MSP_CDECL check_permissions(msp_connection *self, const msp_call *call)
{
   return sign_in(self, call); /* the manifest names no right */
}

static msp_outcome MSP_CDECL authenticate(msp_connection *self, const msp_call *call)
{
   if (call->flags & MSP_CALL_REJECTED) self->bearer[0] = '\0';
   const msp_outcome outcome = sign_in(self, call);
   if (outcome != MSP_ACCEPTED) return outcome;
   const msp_pair headers[] = {{.name = "Authorization", .value = self->bearer}};
   const msp_session session = {.struct_size = sizeof session, .base_url = API, .headers = headers, .header_count = 1};
   call->report_session(call, &session);
   return MSP_ACCEPTED;
}

static msp_connection *MSP_CDECL create(const msp_host *host)
{
   msp_connection *self = calloc(1, sizeof *self);
   if (self == NULL) return NULL;
   self->host = host;
   self->http = host->get_service(host, MSP_HTTP_SERVICE);
   self->browser = host->get_service(host, MSP_BROWSER_SERVICE);
   self->keep = host->get_service(host, MSP_KEEP_SERVICE);
   return self;
}

static void MSP_CDECL destroy(msp_connection *self)
{
   wipe(self, sizeof *self);
   free(self);
}

const msp_plugin *MSP_CDECL msp_plugin_entry(const msp_host *host)
{
   static const msp_plugin table = {sizeof table, MSP_ABI_MAJOR, MSP_ABI_MINOR, 0, create, destroy,
                                    validate_credentials, check_permissions, authenticate, NULL};
   (void)host;
   return &table;
}
