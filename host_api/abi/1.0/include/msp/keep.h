/* msp/keep.h - the host service "msp.keep/1": secrets that a plugin keeps, such as a refresh token.
 *
 * A field of the manifest marked "kept" is a secret that no form shows: the plugin writes it here and reads it with
 * `secret` of the call. A manifest with such a field names this service under "requires".
 */
#ifndef MSP_KEEP_H
#define MSP_KEEP_H

#include "call.h"
#include "host.h"

#define MSP_KEEP_SERVICE "msp.keep/1"

typedef struct msp_keep {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* Keeps a secret; NULL or "" forgets it. When this returns MSP_DONE the value lasts, whatever becomes of the operation
    * and of the machine; while an integration is not saved yet, it lasts as long as the check and is saved with it. From
    * then on `secret` returns it, here and in every later operation. It is accepted after a cancel, too, until the
    * operation returns. MSP_UNSUPPORTED for a field that the manifest does not mark as kept, MSP_OUT_OF_BOUNDS for a
    * value longer than the field's max_length or with a control character, MSP_UNABLE when the host could not write it:
    * then the operation fails, and the host says why. [call-thread] */
   msp_result (MSP_CDECL *keep_secret)(const msp_host *host, const msp_call *call, const char *field_id,
                                      const char *value) MSP_NOEXCEPT;
} msp_keep;

MSP_STATIC_ASSERT(sizeof(msp_keep) == 16, "frozen with msp.keep/1");

#endif
