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

#define MSP_HTTP_SERVICE   "msp.http/1"
#define MSP_HTTP_BODY_MAX  8388608 /* bytes of a response; a longer one is MSP_UNAVAILABLE */
#define MSP_HTTP_BATCH_MAX 64      /* requests in one batch */

typedef struct msp_http_request {
   uint32_t struct_size;
   uint32_t header_count;
   const char *method;        /* "GET", "POST", ... */
   const char *url;           /* absolute, https, no user info, no fragment */
   const msp_header *headers; /* header_count of them; no CR, LF or NUL in names or values */
   const void *body;          /* body_size bytes; NULL for none */
   uint64_t body_size;
} msp_http_request;

typedef struct msp_http_response msp_http_response;

/* One answer. It belongs to the host and is valid until the operation returns. */
struct msp_http_response {
   uint32_t struct_size;
   msp_outcome outcome; /* MSP_ACCEPTED: there is an answer, whatever its status. Else why there is none:
                         * MSP_UNREACHABLE, MSP_UNAVAILABLE, MSP_CANCELLED, MSP_TIMED_OUT, or MSP_FAILED
                         * for a request that breaks the rules above. */
   int32_t status;      /* of the answer, 100..599; 0 without one */
   uint32_t reserved;
   void *host_data;            /* the host's own; plugins leave it alone */
   const msp_finding *problem; /* why there is no answer, ready to be reported; NULL with one. With the code net.connect
                                * nothing was sent; after any other the request may have reached the platform. */

   /* The value of a header, its name in any case, or NULL. The first one if there are several. [call-thread] */
   const char *(MSP_CALL *header)(const msp_http_response *response, const char *name) MSP_NOEXCEPT;

   /* The body, decoded from its transfer and content encoding and followed by a NUL that `size` does not count.
    * Never NULL. Empty for a 401 or 403 whose rest could not be read: it is an answer all the same. [call-thread] */
   const char *(MSP_CALL *body)(const msp_http_response *response, uint64_t *size) MSP_NOEXCEPT;
};

typedef struct msp_http {
   uint32_t struct_size;
   uint32_t reserved;

   /* Sends `count` requests at once and returns when all are done. `responses` has room for `count` pointers; each is
    * set to the answer of the request in the same place, never NULL. [call-thread] */
   void (MSP_CALL *send)(const msp_host *host, const msp_call *call, const msp_http_request *requests, uint32_t count,
                        const msp_http_response **responses) MSP_NOEXCEPT;
} msp_http;

MSP_STATIC_ASSERT(sizeof(msp_http_request) == 48, "frozen with msp.http/1");
MSP_STATIC_ASSERT(sizeof(msp_http_response) == 48, "frozen with msp.http/1");
MSP_STATIC_ASSERT(offsetof(msp_http_response, problem) == 24, "frozen with msp.http/1");
MSP_STATIC_ASSERT(sizeof(msp_http) == 16, "frozen with msp.http/1");

#endif
