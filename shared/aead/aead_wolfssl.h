/* aead_wolfssl.h - ChaCha20-Poly1305 (net/aead.h) by wolfSSL, for the server and native clients.
 *
 * Memory   none is kept or allocated.
 * Threads  any, at once: it has no state.
 * Time     none is read.
 */
#ifndef SK_AEAD_WOLFSSL_H
#define SK_AEAD_WOLFSSL_H

#include "net/aead.h"

/* The cipher, which needs no end. */
struct sk_aead *sk_aead_wolfssl(void);

#endif
