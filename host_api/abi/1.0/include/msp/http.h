/* msp/http.h - the host service "msp.http/1": the only way from a plugin to the network.
 *
 * https only, and only to the hosts that the manifest names. The host keeps proxy, certificates, TLS 1.2 or better,
 * time limits and the reuse of connections to itself. It never follows a redirect, never answers an authentication
 * challenge, never retries, and ends at once when the call is cancelled or its deadline passes.
 */
#ifndef MSP_HTTP_H
#define MSP_HTTP_H

#include "call.h"
#include "host.h"

#define MSP_HTTP_SERVICE "msp.http/1"

/* Bounds. Sizes are in bytes. A request beyond a bound is not sent. */
#define MSP_HTTP_BATCH_MAX        64       /* requests in one batch */
#define MSP_HTTP_URL_MAX          8192     /* of an address */
#define MSP_HTTP_HEADERS_MAX      100      /* headers of a request, and of a response */
#define MSP_HTTP_HEADERS_SIZE_MAX 65536    /* of their names and values together */
#define MSP_HTTP_REQUEST_BODY_MAX 8388608  /* of a request's body */
#define MSP_HTTP_BATCH_BODIES_MAX 67108864 /* of all requests' bodies of one batch */
#define MSP_HTTP_BODY_MAX         8388608  /* of a response's body; a longer one is MSP_UNAVAILABLE */
#define MSP_HTTP_ANSWERS_MAX      67108864 /* of all bodies of one operation, which stay valid until it returns */

typedef struct msp_http_request {
   uint32_t struct_size;
   uint32_t header_count;
   const char *method;      /* "GET", "POST", ...: a token of capital letters */
   const char *url;         /* absolute, https, no user info, no fragment */
   const msp_pair *headers; /* header_count of them; no CR, LF or NUL in names or values */
   const void *body;        /* body_size bytes; NULL for none */
   uint64_t body_size;
} msp_http_request;

typedef struct msp_http_response msp_http_response;

/* What is known of a request. */
#define MSP_HTTP_ANSWERED 1u /* the server answered: `status` is its answer, whatever it says */
#define MSP_HTTP_CUT      2u /* the rest of the answer was lost: the body is empty, headers may be missing */
#define MSP_HTTP_NOT_SENT 4u /* nothing of the request left this machine */
#define MSP_HTTP_LOST     8u /* not ANSWERED: something of an answer came, but no status. It may have been a refusal */

/* One answer, or why there is none. It belongs to the host and is valid until the operation returns. */
struct msp_http_response {
   uint32_t struct_size;
   uint32_t flags;             /* MSP_HTTP_... */
   int32_t status;             /* of the answer, 200..599; 0 without one */
   msp_outcome outcome;        /* without an answer: the outcome of an operation that can do nothing else.
                                * MSP_UNREACHABLE, MSP_UNAVAILABLE, MSP_CANCELLED, MSP_TIMED_OUT, or MSP_FAILED for a
                                * request that breaks the rules above. With one: MSP_ACCEPTED */
   void *host_data;            /* the host's own; plugins leave it alone */
   const msp_finding *problem; /* why there is no answer, ready to be reported; NULL with one */

   /* The value of a header, its name in any case, or NULL. `index` counts those of one name from 0, in the order in
    * which they came: a sign-in may set several cookies. [call-thread] */
   const char *(MSP_CDECL *header)(const msp_http_response *response, const char *name, uint32_t index) MSP_NOEXCEPT;

   /* The body, decoded from its transfer and content encoding and followed by a NUL that `size` does not count.
    * Never NULL. A 401 or 403 whose rest could not be read is an answer all the same, with MSP_HTTP_CUT.
    * [call-thread] */
   const char *(MSP_CDECL *body)(const msp_http_response *response, uint64_t *size) MSP_NOEXCEPT;
};

typedef struct msp_http {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* Sends `count` requests at once and returns when all are done. `responses` has room for `count` pointers; each is
    * set to the answer of the request in the same place, never NULL. [call-thread] */
   void (MSP_CDECL *send)(const msp_host *host, const msp_call *call, const msp_http_request *requests, uint32_t count,
                         const msp_http_response **responses) MSP_NOEXCEPT;
} msp_http;

MSP_STATIC_ASSERT(sizeof(msp_http_request) == 48, "frozen with msp.http/1");
MSP_STATIC_ASSERT(sizeof(msp_http_response) == 48, "frozen with msp.http/1");
MSP_STATIC_ASSERT(offsetof(msp_http_response, problem) == 24, "frozen with msp.http/1");
MSP_STATIC_ASSERT(sizeof(msp_http) == 16, "frozen with msp.http/1");

#endif
