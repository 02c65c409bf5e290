/* aead.h - a cipher that seals bytes and tells whether they came as they were sealed.
 *
 * ChaCha20-Poly1305 (RFC 8439).  Two libraries stand behind it: wolfSSL (server/edge/tls) and
 * OpenSSL (clients/c), and what seals datagrams (sealed.h) knows neither.
 *
 * Memory   none is allocated by a call; all that a text names is borrowed for the call.
 * Threads  one at a time; the library that made it may promise more.
 * Time     none is read.
 */
#ifndef SK_AEAD_H
#define SK_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

#define SK_AEAD_KEY_BYTES   32
#define SK_AEAD_NONCE_BYTES 12
#define SK_AEAD_TAG_BYTES   16

#define SK_AEAD_BYTES_MAX            1200 /* of a text: a datagram's */
#define SK_AEAD_ASSOCIATED_BYTES_MAX 16

/* What is sealed or opened, and under what. */
struct sk_aead_text {
    const uint8_t *key;   /* SK_AEAD_KEY_BYTES */
    const uint8_t *nonce; /* SK_AEAD_NONCE_BYTES; one under a key is used to seal once */
    const uint8_t *associated;
    size_t associated_bytes; /* 1 to SK_AEAD_ASSOCIATED_BYTES_MAX */
    const uint8_t *in;       /* plain to seal, sealed to open */
    size_t bytes;            /* of `in`, and of what goes to `out`; at most SK_AEAD_BYTES_MAX */
};

/* A cipher: the first member of what a library keeps for it. */
struct sk_aead {
    const struct sk_aead_cipher *cipher;
};

/* What a library has; the functions below say what each must do. */
struct sk_aead_cipher {
    void (*seal)(struct sk_aead *aead, const struct sk_aead_text *text, uint8_t *out,
                 uint8_t tag[SK_AEAD_TAG_BYTES]);
    int (*open)(struct sk_aead *aead, const struct sk_aead_text *text,
                const uint8_t tag[SK_AEAD_TAG_BYTES], uint8_t *out);
};

/* Seals text->in to `out`, which does not overlap it, and writes the tag. */
static inline void sk_aead_seal(struct sk_aead *aead, const struct sk_aead_text *text, uint8_t *out,
                                uint8_t tag[SK_AEAD_TAG_BYTES])
{
    aead->cipher->seal(aead, text, out, tag);
}

/* Opens text->in to `out`, which does not overlap it.  Returns SK_OK, or SK_ERR_FORGED when key,
 * nonce, associated bytes, sealed bytes or tag are others than when it was sealed: what is in `out`
 * is of no use then. */
SK_MUST_CHECK static inline int sk_aead_open(struct sk_aead *aead, const struct sk_aead_text *text,
                                             const uint8_t tag[SK_AEAD_TAG_BYTES], uint8_t *out)
{
    return aead->cipher->open(aead, text, tag, out);
}

#endif
