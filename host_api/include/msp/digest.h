/* msp/digest.h - the host service "msp.digest/1": digests and random bytes, so that no plugin links a crypto library.
 *
 * SHA-1 is here because platforms ask for it, not because anybody should choose it.
 */
#ifndef MSP_DIGEST_H
#define MSP_DIGEST_H

#include "host.h"

#define MSP_DIGEST_SERVICE "msp.digest/1"

#define MSP_SHA1        1
#define MSP_SHA256      2
#define MSP_SHA1_SIZE   20
#define MSP_SHA256_SIZE 32

typedef struct msp_digest {
   uint32_t struct_size;
   uint32_t reserved;

   /* Digest of `size` bytes into `out`, which has room for MSP_SHA1_SIZE or MSP_SHA256_SIZE bytes by `algorithm`.
    * MSP_FAILED, and `out` untouched, for an algorithm that this service does not have. [any-thread] */
   msp_outcome(MSP_CALL *hash)(const msp_host *host, int32_t algorithm, const void *data, uint64_t size, uint8_t *out)
       MSP_NOEXCEPT;

   /* HMAC of `size` bytes under a key, into `out` as above. [any-thread] */
   msp_outcome(MSP_CALL *hmac)(const msp_host *host, int32_t algorithm, const void *key, uint64_t key_size,
                               const void *data, uint64_t size, uint8_t *out) MSP_NOEXCEPT;

   /* Fills `out` with `size` bytes from the system's random source. MSP_FAILED when that has none. [any-thread] */
   msp_outcome(MSP_CALL *random)(const msp_host *host, void *out, uint64_t size) MSP_NOEXCEPT;
} msp_digest;

MSP_STATIC_ASSERT(sizeof(msp_digest) == 32, "frozen with msp.digest/1");

#endif
