/* ws_handshake.h - the opening handshake of both ends (RFC 6455, 4).
 *
 * SHA-1 is a function of the caller's, because each end has a crypto library of its own.
 *
 * Memory   writes into the caller's bytes; nothing is kept.
 * Threads  any; no state.
 */
#ifndef SK_WS_HANDSHAKE_H
#define SK_WS_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/http_head.h"

#define SK_WS_KEY_BYTES    24 /* base64 of 16 bytes */
#define SK_WS_ACCEPT_BYTES 28 /* base64 of a SHA-1 */

/* Hashes `size` bytes into 20. */
typedef void (*sk_sha1_fn)(const void *bytes, size_t size, uint8_t hash[20]);

enum sk_ws_upgrade {
    SK_WS_UPGRADE_NONE,    /* an ordinary request */
    SK_WS_UPGRADE_OK,      /* a WebSocket handshake that can be answered with 101 */
    SK_WS_UPGRADE_VERSION, /* one of another version: answer 426 and name 13 */
    SK_WS_UPGRADE_BAD      /* an attempt with a fault: answer 400 */
};

/* What a request asks for (RFC 6455, 4.2.1). */
enum sk_ws_upgrade sk_ws_upgrade_check(const struct sk_http_request *request);

/* Whether the client offers `subprotocol`, byte for byte: it compares our answer so too. */
bool sk_ws_offers(const struct sk_http_request *request, const char *subprotocol);

/* Writes the Sec-WebSocket-Key of a client for 16 random bytes; not terminated. */
void sk_ws_key(const uint8_t random[16], char key[SK_WS_KEY_BYTES]);

/* Writes the Sec-WebSocket-Accept that answers `key`; not terminated. */
void sk_ws_accept(sk_sha1_fn sha1, const char key[SK_WS_KEY_BYTES],
                  char accept[SK_WS_ACCEPT_BYTES]);

/* Whether a response opens the connection that was asked for with `key` and, unless it is NULL,
 * `subprotocol` (RFC 6455, 4.1).  Returns SK_OK, SK_ERR_CLOSED when the status is not 101, else
 * SK_ERR_PROTOCOL. */
SK_MUST_CHECK int sk_ws_response_check(sk_sha1_fn sha1, const struct sk_http_response *response,
                                       const char key[SK_WS_KEY_BYTES], const char *subprotocol);

#endif
