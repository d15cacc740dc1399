/* msp/signer.h - the extension "msp.signer/1" of a plugin: it signs each request that is sent under its session.
 *
 * For platforms that want a signature over every request, such as AWS and Duo. A session says so with
 * MSP_SESSION_SIGNED; the manifest names the extension under "requires", because a host that does not know it would send
 * the requests without a signature.
 */
#ifndef MSP_SIGNER_H
#define MSP_SIGNER_H

#include "call.h"
#include "http.h"
#include "plugin.h"

#define MSP_SIGNER_EXTENSION "msp.signer/1"

#define MSP_SIGNATURE_PAIRS_MAX 64 /* headers, and likewise parameters, that one signature may add */

/* What is to be signed, and where the signature goes. It belongs to the host and is valid until `sign` returns. */
typedef struct msp_signing {
   uint32_t struct_size;
   uint32_t reserved;                /* 0 */
   const char *session;              /* the name of the request's session; NULL for the main one */
   const msp_http_request *request;  /* as it is sent, but for what is added here and for what the host alone sets */

   /* Adds a header to the request, which leaves the same headers to the host as one of msp.http/1, or a parameter to its
    * query, unescaped. The host copies them before the function returns. [call-thread] */
   void (MSP_CDECL *add_header)(const msp_call *call, const msp_pair *header) MSP_NOEXCEPT;
   void (MSP_CDECL *add_parameter)(const msp_call *call, const msp_pair *parameter) MSP_NOEXCEPT;
} msp_signing;

typedef struct msp_signer {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* Signs one request. It is an operation like those of the plugin's table, but asks nobody: it sends nothing, keeps
    * nothing and refuses nothing. It works when it is the first one called on a connection. [serial] */
   msp_outcome (MSP_CDECL *sign)(msp_connection *connection, const msp_call *call, const msp_signing *signing)
      MSP_NOEXCEPT;
} msp_signer;

MSP_STATIC_ASSERT(sizeof(msp_signing) == 40, "frozen with msp.signer/1");
MSP_STATIC_ASSERT(sizeof(msp_signer) == 16, "frozen with msp.signer/1");

#endif
