/* client_tls.h - the client's TLS: the filter of net/tls_filter.h.
 *
 * OpenSSL stands behind it, so that a native game which links libskirmish does not become GPL, and
 * each test over wss crosses two TLS libraries.  Another library is another .c file for this
 * header.
 *
 * Memory   sessions are made by client_tls_create(); the library allocates while it works.
 * Threads  a session belongs to one thread at a time, a context may be used by all.
 */
#ifndef CLIENT_TLS_H
#define CLIENT_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/tls_filter.h"

struct client_tls_context;

enum { CLIENT_TLS_PIN_BYTES = 32 };

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
/* Frees a context; sessions made of it live on.  NULL is nothing. */
void client_tls_context_destroy(struct client_tls_context *context);

/* Returns an owned session for the server called `host`, or NULL when memory is short. */
struct sk_tls *client_tls_create(struct client_tls_context *context, const char *host);

/* SHA-1, for the WebSocket handshake. */
void client_sha1(const void *bytes, size_t size, uint8_t hash[20]);

#endif
