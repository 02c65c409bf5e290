/* ws_peer.h - a blocking WebSocket client for tests, plain or over OpenSSL's TLS 1.3.
 *
 * Every failure ends the test (cmocka).
 *
 * Memory   a peer holds a socket and, with TLS, an OpenSSL session until ws_peer_close().
 * Threads  one a peer.
 */
#ifndef WS_PEER_H
#define WS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ws_peer {
    int fd;
    void *ssl; /* NULL: plain */
    void *ssl_context;
};

/* Connects to 127.0.0.1:port.  With `is_secure` any certificate is taken. */
struct ws_peer ws_peer_open(uint16_t port, bool is_secure);
/* The opening handshake. */
void ws_peer_upgrade(struct ws_peer *peer);
/* Sends bytes as they are. */
void ws_peer_send(struct ws_peer *peer, const void *bytes, size_t size);
/* Sends one frame, masked; `first` is its first byte. */
void ws_peer_send_frame(struct ws_peer *peer, uint8_t first, const void *payload, size_t size);
/* Reads one frame's payload of exactly `size` bytes and checks its first byte. */
void ws_peer_expect(struct ws_peer *peer, uint8_t first, const void *payload, size_t size);
/* Reads a close frame with that code and reason, then the end of the stream. */
void ws_peer_expect_close(struct ws_peer *peer, uint16_t code, const char *reason);
/* Reads exactly `size` bytes. */
void ws_peer_read(struct ws_peer *peer, void *bytes, size_t size);
/* Hangs up. */
void ws_peer_close(struct ws_peer *peer);

#endif
