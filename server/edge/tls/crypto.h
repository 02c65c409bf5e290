/* crypto.h - the few primitives that the server needs, in front of wolfSSL.
 *
 * The WebSocket handshake wants SHA-1, tickets want HMAC and random bytes.  Nothing else of the
 * server includes a header of wolfSSL but tls.c.
 *
 * Memory   none is kept or allocated.
 * Threads  every function may be called by any thread, after crypto_start().
 * Time     none is read.
 */
#ifndef CRYPTO_H
#define CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

#define CRYPTO_SHA1_BYTES   20
#define CRYPTO_SHA256_BYTES 32

/* Borrowed bytes; {NULL, 0} is empty. */
struct crypto_bytes {
    const void *at;
    size_t bytes;
};

/* Starts wolfSSL and checks that its headers and its library are of one build.  Call once before
 * the other threads start.  Returns SK_OK, or SK_ERR_MISMATCH or SK_ERR_SYSTEM with *why a
 * sentence in static storage. */
SK_MUST_CHECK int crypto_start(const char **why);
/* Frees what wolfSSL keeps for the calling thread (packaged: 1.2 MB of tables for curves).  The
 * last thing that a thread does which had TLS sessions. */
void crypto_thread_end(void);
/* "lean" or "packaged" and the version: which wolfSSL this is, for --version.  Static storage. */
const char *crypto_build(void);

/* SHA-1 of `size` bytes at `bytes`.  For RFC 6455's handshake only: it is no longer secure. */
void crypto_sha1(const void *bytes, size_t size, uint8_t out[CRYPTO_SHA1_BYTES]);
/* HMAC-SHA256 of `message` under `key`, of any size. */
void crypto_hmac_sha256(struct crypto_bytes key, struct crypto_bytes message,
                        uint8_t out[CRYPTO_SHA256_BYTES]);

/* Fills `out` with `size` bytes that nobody can foresee, from the kernel.  Returns SK_OK, or
 * SK_ERR_SYSTEM when the kernel gives none; `out` is then of no use. */
SK_MUST_CHECK int crypto_random(void *out, size_t size);

#endif
