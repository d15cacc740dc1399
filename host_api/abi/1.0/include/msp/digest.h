/* msp/digest.h - the host service "msp.digest/1": digests and random bytes, so that no plugin links a crypto library.
 *
 * MD5 and SHA-1 are here because platforms ask for them, not because anybody should choose them.
 */
#ifndef MSP_DIGEST_H
#define MSP_DIGEST_H

#include "host.h"

#define MSP_DIGEST_SERVICE "msp.digest/1"

#define MSP_SHA1   1
#define MSP_SHA256 2
#define MSP_SHA384 3
#define MSP_SHA512 4
#define MSP_MD5    5

/* Sizes in bytes. */
#define MSP_SHA1_SIZE   20
#define MSP_SHA256_SIZE 32
#define MSP_SHA384_SIZE 48
#define MSP_SHA512_SIZE 64
#define MSP_MD5_SIZE    16
#define MSP_RANDOM_MAX      1048576 /* of one request for random bytes */
#define MSP_DIGEST_KEY_MAX  1048576 /* of the key of an HMAC */
#define MSP_DIGEST_DATA_MAX 8388608 /* of what a digest is made of */

typedef struct msp_digest {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* Writes the digest of `size` bytes to `out`, which has room for `out_size` bytes. MSP_UNSUPPORTED for an unknown
    * algorithm, MSP_OUT_OF_BOUNDS when the digest has no room or there are more than MSP_DIGEST_DATA_MAX
    * bytes. `out` is untouched unless MSP_DONE. [call-thread] */
   msp_result (MSP_CDECL *hash)(const msp_host *host, int32_t algorithm, const void *data, uint64_t size, uint8_t *out,
                               uint64_t out_size) MSP_NOEXCEPT;

   /* Writes the HMAC of `size` bytes under a key, likewise. [call-thread] */
   msp_result (MSP_CDECL *hmac)(const msp_host *host, int32_t algorithm, const void *key, uint64_t key_size,
                               const void *data, uint64_t size, uint8_t *out, uint64_t out_size) MSP_NOEXCEPT;

   /* Fills `out` with `size` bytes of the system's random source, at most MSP_RANDOM_MAX. [call-thread] */
   msp_result (MSP_CDECL *random)(const msp_host *host, void *out, uint64_t size) MSP_NOEXCEPT;
} msp_digest;

MSP_STATIC_ASSERT(sizeof(msp_digest) == 32, "frozen with msp.digest/1");

#endif
