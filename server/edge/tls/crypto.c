/* crypto.c - see crypto.h.
 *
 * The hashes of wolfSSL return errors for NULL arguments and for hardware that this build does not
 * use, so a failure here is our mistake and asserted.
 */
#ifdef SK_WOLFSSL_LEAN
#include "sizes.h"
#else
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#endif

#include "tls/crypto.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <wolfssl/version.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/sha.h>

#include "base/assert.h"

#ifndef WOLFSSL_TLS13
#error "the wolfSSL in front has no TLS 1.3"
#endif

static bool is_one_build(void)
{
#ifdef SK_WOLFSSL_LEAN
    static const unsigned long sizes[SK_WOLFSSL_SIZES_COUNT] = SK_WOLFSSL_SIZES;
    if (memcmp(sizes, sk_wolfssl_sizes, sizeof(sizes)) != 0) {
        return false;
    }
#endif
    return wolfSSL_lib_version_hex() == LIBWOLFSSL_VERSION_HEX;
}

int crypto_start(const char **why)
{
    if (!is_one_build()) {
        *why = "wolfSSL's headers and its library are of two builds";
        return SK_ERR_MISMATCH;
    }
    if (wolfSSL_Init() != WOLFSSL_SUCCESS) {
        *why = "wolfSSL does not start";
        return SK_ERR_SYSTEM;
    }
    return SK_OK;
}

void crypto_thread_end(void)
{
#ifdef FP_ECC
    wc_ecc_fp_free();
#endif
}

const char *crypto_build(void)
{
#ifdef SK_WOLFSSL_LEAN
    return "lean wolfSSL " LIBWOLFSSL_VERSION_STRING;
#else
    return "packaged wolfSSL " LIBWOLFSSL_VERSION_STRING;
#endif
}

void crypto_sha1(const void *bytes, size_t size, uint8_t out[CRYPTO_SHA1_BYTES])
{
    wc_Sha sha;
    int failed = wc_InitSha(&sha);
    failed |= wc_ShaUpdate(&sha, bytes, (word32)size);
    failed |= wc_ShaFinal(&sha, out);
    wc_ShaFree(&sha);
    SK_ASSERT(failed == 0);
}

void crypto_hmac_sha256(struct crypto_bytes key, struct crypto_bytes message,
                        uint8_t out[CRYPTO_SHA256_BYTES])
{
    Hmac hmac;
    int failed = wc_HmacInit(&hmac, NULL, INVALID_DEVID);
    failed |= wc_HmacSetKey(&hmac, WC_SHA256, key.at, (word32)key.bytes);
    failed |= wc_HmacUpdate(&hmac, message.at, (word32)message.bytes);
    failed |= wc_HmacFinal(&hmac, out);
    wc_HmacFree(&hmac);
    SK_ASSERT(failed == 0);
}

int crypto_random(void *out, size_t size)
{
    uint8_t *at = out;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return SK_ERR_SYSTEM;
        }
        at += got;
        size -= (size_t)got;
    }
    return SK_OK;
}
