/* aead_wolfssl.h - ChaCha20-Poly1305 (net/aead.h) by the server's wolfSSL.
 *
 * Memory   none is kept or allocated.
 * Threads  any, at once: it has no state.
 * Time     none is read.
 */
#ifndef AEAD_WOLFSSL_H
#define AEAD_WOLFSSL_H

#include "net/aead.h"

/* The cipher, which needs no end. */
struct sk_aead *aead_wolfssl(void);

#endif
