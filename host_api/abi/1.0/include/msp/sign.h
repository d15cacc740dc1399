/* msp/sign.h - the host service "msp.sign/1": signatures with a private key that never enters the plugin.
 *
 * A secret field of the manifest marked "signs" holds the key in PEM (PKCS #8, or the older forms for RSA and EC), not
 * encrypted, and may hold its certificate in the same text. `secret` of the call returns NULL for it. A manifest with
 * such a field names this service under "requires".
 */
#ifndef MSP_SIGN_H
#define MSP_SIGN_H

#include "call.h"
#include "host.h"

#define MSP_SIGN_SERVICE "msp.sign/1"

/* As RFC 7518 and RFC 8037 name them. */
#define MSP_RS256 1 /* RSASSA-PKCS1-v1_5 with SHA-256 */
#define MSP_PS256 2 /* RSASSA-PSS with SHA-256, its salt as long as the digest */
#define MSP_ES256 3 /* ECDSA with P-256 and SHA-256: 64 bytes, r and s */
#define MSP_EDDSA 4 /* Ed25519 */

/* Sizes in bytes. */
#define MSP_SIGNATURE_MAX   1024    /* of a signature: an RSA key of 8192 bits */
#define MSP_SIGN_DATA_MAX   1048576 /* of what is signed */
#define MSP_THUMBPRINT_SIZE 32

typedef struct msp_sign {
   uint32_t struct_size;
   uint32_t reserved; /* 0 */

   /* Signs `size` bytes with the key of a field, writes the signature to `out`, which has room for `out_size` bytes, and
    * its size to `signature_size`. MSP_UNSUPPORTED for an unknown algorithm, or one that a key of this kind has not;
    * MSP_OUT_OF_BOUNDS for a field that the manifest does not mark, an empty one, more than MSP_SIGN_DATA_MAX bytes, or
    * a signature that has no room; MSP_UNABLE when the field holds no key that can be read: the host reports that, end
    * with MSP_INVALID_SETTINGS. `out` and `signature_size` are untouched unless MSP_DONE. [call-thread] */
   msp_result (MSP_CDECL *sign)(const msp_host *host, const msp_call *call, const char *field_id, int32_t algorithm,
                               const void *data, uint64_t size, uint8_t *out, uint64_t out_size,
                               uint64_t *signature_size) MSP_NOEXCEPT;

   /* Writes the SHA-256 of the certificate beside the key, which platforms know as its thumbprint ("x5t#S256"):
    * MSP_THUMBPRINT_SIZE bytes. MSP_UNABLE without a certificate, reported likewise. [call-thread] */
   msp_result (MSP_CDECL *thumbprint)(const msp_host *host, const msp_call *call, const char *field_id, uint8_t *out,
                                     uint64_t out_size) MSP_NOEXCEPT;
} msp_sign;

MSP_STATIC_ASSERT(sizeof(msp_sign) == 24, "frozen with msp.sign/1");

#endif
