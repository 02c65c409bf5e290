/* aead_wolfssl.c - see aead_wolfssl.h.
 *
 * wolfSSL's functions fail for NULL and for sizes above 2^32 alone, so that a failure to seal is
 * our mistake and asserted; an open fails for these and for a tag that does not fit.
 */
#ifdef SK_WOLFSSL_LEAN
#include "sizes.h"
#else
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#endif

#include "tls/aead_wolfssl.h"

#include <wolfssl/wolfcrypt/chacha20_poly1305.h>

#include "base/assert.h"

_Static_assert(CHACHA20_POLY1305_AEAD_KEYSIZE == SK_AEAD_KEY_BYTES, "one key");
_Static_assert(CHACHA20_POLY1305_AEAD_IV_SIZE == SK_AEAD_NONCE_BYTES, "one nonce");
_Static_assert(CHACHA20_POLY1305_AEAD_AUTHTAG_SIZE == SK_AEAD_TAG_BYTES, "one tag");

/* wolfSSL wants an address for no bytes too, which it does not read. */
static const uint8_t *in_of(const struct sk_aead_text *text)
{
    static const uint8_t nothing[1];
    return text->bytes > 0 ? text->in : nothing;
}

static void seal(struct sk_aead *aead, const struct sk_aead_text *text, uint8_t *out,
                 uint8_t tag[SK_AEAD_TAG_BYTES])
{
    (void)aead;
    int failed = wc_ChaCha20Poly1305_Encrypt(text->key, text->nonce, text->associated,
                                             (word32)text->associated_bytes, in_of(text),
                                             (word32)text->bytes, out, tag);
    SK_ASSERT(failed == 0);
}

static int open_sealed(struct sk_aead *aead, const struct sk_aead_text *text,
                       const uint8_t tag[SK_AEAD_TAG_BYTES], uint8_t *out)
{
    (void)aead;
    int failed = wc_ChaCha20Poly1305_Decrypt(text->key, text->nonce, text->associated,
                                             (word32)text->associated_bytes, in_of(text),
                                             (word32)text->bytes, tag, out);
    return failed == 0 ? SK_OK : SK_ERR_FORGED;
}

struct sk_aead *aead_wolfssl(void)
{
    static const struct sk_aead_cipher cipher = {.seal = seal, .open = open_sealed};
    static struct sk_aead aead = {.cipher = &cipher};
    return &aead;
}
