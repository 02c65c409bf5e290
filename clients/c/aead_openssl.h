/* aead_openssl.h - ChaCha20-Poly1305 (net/aead.h) by OpenSSL, for native clients.
 *
 * Memory   sk_aead_openssl_create() allocates what OpenSSL needs; sealing and opening do not.
 * Threads  one at a time.
 * Time     none is read.
 */
#ifndef SK_AEAD_OPENSSL_H
#define SK_AEAD_OPENSSL_H

#include "net/aead.h"

/* Returns an owned cipher, or NULL when memory is short or this OpenSSL has none. */
struct sk_aead *sk_aead_openssl_create(void);
/* Frees it; nothing for NULL. */
void sk_aead_openssl_destroy(struct sk_aead *aead);

#endif
