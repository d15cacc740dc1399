/* msp/browser.h - the host service "msp.browser/1": a person signs in at the platform, in a browser.
 *
 * For platforms that take no password from a console: the plugin makes the address, the host lets the person visit it,
 * and hands back what the platform sent along when it let the person go. The exchange of the code for a token, and
 * PKCE, are the plugin's. For a device code the host shows address and code, and the plugin asks the platform meanwhile.
 *
 * A plugin that cannot do without it names it in its manifest under "requires". That a console has the service does not
 * mean that a person is there: see MSP_CALL_ATTENDED.
 */
#ifndef MSP_BROWSER_H
#define MSP_BROWSER_H

#include "call.h"
#include "host.h"

#define MSP_BROWSER_SERVICE "msp.browser/1"

#define MSP_BROWSER_URL_MAX  8192 /* bytes of an address */
#define MSP_BROWSER_CODE_MAX 64   /* bytes of a code that a person types */

typedef struct msp_visit {
   uint32_t struct_size;
   uint32_t expires_in_s; /* of a device code: seconds until it ends; 0: not known */
   const char *url;       /* required: https, without fragment, at a host that the manifest names. It holds no secret and
                           * no "state", which the host adds and checks */
   const char *user_code; /* of a device code: what the person types there; NULL for a visit that comes back */
} msp_visit;

/* How a visit ended. It belongs to the host and is valid until the operation returns. */
typedef struct msp_visited {
   uint32_t struct_size;
   msp_outcome outcome;        /* MSP_ACCEPTED: the browser came back, or the code is shown. MSP_REFUSED: nobody is there
                                * to be asked. MSP_CANCELLED, MSP_TIMED_OUT, or MSP_FAILED for a visit that breaks the
                                * rules above */
   const char *query;          /* what the platform sent back, as it came and without "state", for example
                                * "code=5f0c&iss=https%3A%2F%2Flogin.example.com", or "error=access_denied". Never NULL,
                                * and empty for a device code */
   const msp_finding *problem; /* why it is not MSP_ACCEPTED, ready to be reported; else NULL */
} msp_visited;

typedef struct msp_browser {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* The address that the platform has to send the browser back to: the same for all operations of a check, and not
    * always for two checks. It goes as it is into the address of the visit and into the exchange of the code. NULL when
    * nobody is there. Valid until the operation returns. [call-thread] */
   const char *(MSP_CDECL *redirect_uri)(const msp_host *host, const msp_call *call) MSP_NOEXCEPT;

   /* Lets the person visit an address. Without a code it returns when the browser has come back with the right "state";
    * the time until then does not count against the operation's deadline. With a code it returns at once, and the
    * deadline moves to the end of the code; a second visit replaces the first. Never NULL. [call-thread] */
   const msp_visited *(MSP_CDECL *visit)(const msp_host *host, const msp_call *call, const msp_visit *visit) MSP_NOEXCEPT;
} msp_browser;

MSP_STATIC_ASSERT(sizeof(msp_visit) == 24, "frozen with msp.browser/1");
MSP_STATIC_ASSERT(sizeof(msp_visited) == 24, "frozen with msp.browser/1");
MSP_STATIC_ASSERT(sizeof(msp_browser) == 24, "frozen with msp.browser/1");

#endif
