/* tls_peer.h - the other end for the tests of the TLS filter: OpenSSL over memory, and key files.
 *
 * Every test crosses two libraries, so that a mistake of one is not forgiven by itself.
 *
 * Memory   a peer and its files are released by their own functions.
 * Threads  one.  Time  none.
 */
#ifndef TLS_PEER_H
#define TLS_PEER_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "tls/tls.h"

/* A certificate and its key in a folder of their own below /tmp. */
struct peer_files {
    char folder[64];
    char cert_path[96];
    char key_path[96];
};

enum peer_key { PEER_KEY_EC, PEER_KEY_RSA };

/* Writes a self-signed certificate with this serial number and its key; fails the test if not. */
void peer_files_make(struct peer_files *files, enum peer_key key, long serial);
/* Writes a new pair over the old one. */
void peer_files_renew(const struct peer_files *files, enum peer_key key, long serial);
/* Removes the files and their folder. */
void peer_files_remove(const struct peer_files *files);

/* A client and the server session that it talks to, with the bytes on their way. */
struct peer {
    SSL_CTX *ssl_context;
    SSL *ssl;
    BIO *to_client;     /* owned by ssl */
    BIO *from_client;   /* owned by ssl */
    struct sk_tls *tls; /* owned */
    uint8_t flight[1 << 17];
    size_t flight_bytes; /* of flight, not yet taken by the server */
    size_t out_capacity; /* of each call of the server; 0 is ample */
    uint8_t plain[1 << 17];
    size_t plain_bytes; /* what the server read */
};

/* Makes a client and a session under `context`; no byte moves yet. */
void peer_open(struct peer *peer, struct tls_context *context);
/* Frees both. */
void peer_close(struct peer *peer);

/* Lets the client speak and puts what it says behind peer->flight. */
void peer_client_step(struct peer *peer);
/* Gives the server the first `bytes` of the flight; the answer goes to the client, plaintext behind
 * peer->plain.  Returns the last result of sk_tls_receive(); SK_ERR_FULL is served here. */
int peer_server_take(struct peer *peer, size_t bytes);
/* Moves bytes in pieces of `piece` until both ends are open; fails the test if they do not. */
void peer_handshake(struct peer *peer, size_t piece);
/* The server sends these bytes; they are sealed into the client's input. */
int peer_server_send(struct peer *peer, const uint8_t *plain, size_t size);

#endif
