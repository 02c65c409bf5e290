/* bench_client.h - one client connection of a benchmark: raw TCP, WebSocket, or that over TLS.
 *
 * The TLS is OpenSSL's, so that it is not measured against itself.  The WebSocket part knows one
 * frame: what comes back must be that frame again, byte for byte.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "bench_server.h"

#define BENCH_PAYLOAD_BYTES 20
#define BENCH_DEPTH_MAX     64

struct bench_client {
    enum bench_transport transport;
    int fd;
    SSL *ssl;  /* NULL without TLS */
    size_t at; /* bytes of the expected frame that came so far */
};

/* What the TLS of all clients shares: it reads as much as there is at once, as a plain client does,
 * for a client that needs more turns of the kernel leaves the server idle in between, and an idle
 * server wakes for each message.  Free it with SSL_CTX_free(). */
SSL_CTX *bench_client_context(void);

/* Connects and upgrades to WebSocket (a raw server answers that without reading it); dies when that
 * fails.  The socket does not block afterwards.  `ssl_context` is used for BENCH_WSS. */
void bench_client_open(struct bench_client *client, const struct bench_server *server,
                       SSL_CTX *ssl_context);
/* Ends the connection without a word. */
void bench_client_close(struct bench_client *client);

/* Sends `count` messages of BENCH_PAYLOAD_BYTES in one write; at most BENCH_DEPTH_MAX. */
void bench_client_send(struct bench_client *client, size_t count);
/* Reads what is there and returns the whole replies in it; dies when they are not the echo. */
size_t bench_client_take(struct bench_client *client);

#endif
