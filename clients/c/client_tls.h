/* client_tls.h - the client's cryptography: TLS (net/tls_filter.h), ENet's cipher, a hash.
 *
 * SK_CLIENT_TLS chooses what stands behind it when libskirmish is built.  OpenSSL, so that a native
 * game which links it does not become GPL, and each test over wss crosses two TLS libraries; or
 * wolfSSL, which is GPL-2+, for who has that anyway or wants a small library.
 *
 * Memory   sessions are made by client_tls_create(); the library allocates while it works.
 * Threads  a session belongs to one thread at a time, a context may be used by all.
 */
#ifndef CLIENT_TLS_H
#define CLIENT_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/aead.h"
#include "net/tls_filter.h"

struct client_tls_context;

/* Whom a client believes; zero is the system's certificates. */
struct client_trust {
    const char *ca_path; /* PEM file to trust instead; NULL: the system's */
    const char *pin;     /* hex of the SHA-256 of the one certificate (DER) to trust, whoever issued
                            it and whatever name it has; NULL: none */
    bool insecure;       /* no certificate is checked */
};

/* Returns an owned context or NULL with *why set. */
struct client_tls_context *client_tls_context_create(const struct client_trust *trust,
                                                     const char **why);
/* Frees a context whose sessions are all destroyed.  NULL is nothing. */
void client_tls_context_destroy(struct client_tls_context *context);

/* Returns an owned session for the server called `host`, or NULL when memory is short.  Keeps a
 * borrow of the context. */
struct sk_tls *client_tls_create(struct client_tls_context *context, const char *host);

/* Returns an owned ChaCha20-Poly1305, or NULL when memory is short or the library has none. */
struct sk_aead *client_aead_create(void);
/* Frees it; nothing for NULL. */
void client_aead_destroy(struct sk_aead *aead);

/* SHA-1, for the WebSocket handshake. */
void client_sha1(const void *bytes, size_t size, uint8_t hash[20]);

#endif
