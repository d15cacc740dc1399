/* msp/sign_out.h - the extension "msp.sign_out/1" of a plugin: it tells the platform that a sign-in is over.
 *
 * Called when an integration is removed. A manifest whose plugin has the extension says "signs_out": true, so that nobody
 * starts a plugin in vain; a host that does not know the key removes the integration and leaves the platform as it is.
 */
#ifndef MSP_SIGN_OUT_H
#define MSP_SIGN_OUT_H

#include "call.h"
#include "plugin.h"

#define MSP_SIGN_OUT_EXTENSION "msp.sign_out/1"

typedef struct msp_sign_out {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* Revokes what the plugin keeps, such as a refresh token, or closes the session that it opens for that. Changes
    * nothing else on the platform. MSP_ACCEPTED also when there was nothing left to be revoked. Nobody is there to sign
    * in. Whatever the outcome, the integration is removed: a finding says what is still open at the platform, and where
    * a person ends it. It works when it is the first one called on a connection. [serial] */
   msp_outcome (MSP_CDECL *sign_out)(msp_connection *connection, const msp_call *call) MSP_NOEXCEPT;
} msp_sign_out;

MSP_STATIC_ASSERT(sizeof(msp_sign_out) == 16, "frozen with msp.sign_out/1");

#endif
