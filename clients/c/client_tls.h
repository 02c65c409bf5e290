/* client_tls.h - the client's TLS as a filter between a socket and the bytes of a connection.
 *
 * It does no I/O: ciphertext comes and goes through struct client_tls_io.  OpenSSL stands behind
 * it, so that a native game which links libskirmish does not become GPL, and each test over wss
 * crosses two TLS libraries.  Another library is another .c file for this header.
 *
 * Memory   sessions are made by client_tls_create(); the library allocates while it works.
 * Threads  a session belongs to one thread at a time, a context may be used by all.
 */
#ifndef CLIENT_TLS_H
#define CLIENT_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

struct client_tls_context;
struct client_tls;

/* The bytes of one call. */
struct client_tls_io {
    const uint8_t *in; /* borrowed: ciphertext from the socket */
    size_t in_bytes;
    size_t in_used; /* of in_bytes, taken so far */
    uint8_t *out;   /* borrowed: where ciphertext for the socket goes */
    size_t out_capacity;
    size_t out_bytes; /* put there so far */
};

/* Returns an owned context or NULL with *why set.  `ca_path`: PEM file to trust, NULL for the
 * system's; `insecure`: no certificate is checked. */
struct client_tls_context *client_tls_context_create(const char *ca_path, bool insecure,
                                                     const char **why);
/* Frees a context; sessions made of it live on.  NULL is nothing. */
void client_tls_context_destroy(struct client_tls_context *context);

/* Returns an owned session for the server called `host`, or NULL when memory is short. */
struct client_tls *client_tls_create(struct client_tls_context *context, const char *host);
/* Frees the session; NULL is nothing. */
void client_tls_destroy(struct client_tls *tls);

/* Goes on with the handshake (also the first time, with no input).  Returns SK_OK when it is done,
 * SK_ERR_AGAIN when bytes of the server are needed, SK_ERR_PROTOCOL when it failed. */
SK_MUST_CHECK int client_tls_greet(struct client_tls *tls, struct client_tls_io *io);
/* Puts at most `capacity` plaintext bytes into `plain`.  Returns their number, > 0; SK_ERR_AGAIN
 * when io->in is used up, SK_ERR_CLOSED after the server's close_notify, SK_ERR_PROTOCOL. */
SK_MUST_CHECK int client_tls_receive(struct client_tls *tls, struct client_tls_io *io,
                                     uint8_t *plain, size_t capacity);
/* Seals `size` bytes into io->out.  Returns SK_OK; SK_ERR_FULL when client_tls_sealed_bytes(size)
 * do not fit, nothing is sealed then; SK_ERR_PROTOCOL. */
SK_MUST_CHECK int client_tls_send(struct client_tls *tls, struct client_tls_io *io,
                                  const uint8_t *plain, size_t size);
/* The bytes that sealing `size` needs at most. */
size_t client_tls_sealed_bytes(size_t size);

/* SHA-1, for the WebSocket handshake. */
void client_sha1(const void *bytes, size_t size, uint8_t hash[20]);

#endif
