/* sizes.h - the sizes of wolfSSL's structs as one translation unit sees them.
 *
 * Compiled into the lean library and compared at start-up with what our own files see: when the
 * headers of another build of wolfSSL came first, the two differ.
 */
#ifndef SK_WOLFSSL_SIZES_H
#define SK_WOLFSSL_SIZES_H

#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/sha.h>

#define SK_WOLFSSL_SIZES_COUNT 5
#define SK_WOLFSSL_SIZES                                                                           \
    {                                                                                              \
        sizeof(Aes), sizeof(ecc_key), sizeof(Hmac), sizeof(WC_RNG), sizeof(wc_Sha)                 \
    }

/* The sizes that the library was compiled with; only the lean build has it. */
extern const unsigned long sk_wolfssl_sizes[SK_WOLFSSL_SIZES_COUNT];

#endif
