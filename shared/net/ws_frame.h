/* ws_frame.h - the head of a WebSocket frame, and the mask of its payload (RFC 6455, 5.2 and 5.3).
 *
 * One parser for both ends: a server demands a mask, a client refuses one.  No payload is held
 * here, so a slow peer costs the size of the struct.
 *
 * Memory   the caller's; {0} is a parser that waits for a head.
 * Threads  one.
 */
#ifndef SK_WS_FRAME_H
#define SK_WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

#define SK_WS_HEAD_BYTES_MAX    14
#define SK_WS_CONTROL_BYTES_MAX 125

enum sk_ws_opcode {
    SK_WS_OP_CONTINUATION = 0,
    SK_WS_OP_TEXT = 1,
    SK_WS_OP_BINARY = 2,
    SK_WS_OP_CLOSE = 8,
    SK_WS_OP_PING = 9,
    SK_WS_OP_PONG = 10
};

/* Who reads: decides whether the peer must mask or must not. */
enum sk_ws_role { SK_WS_SERVER, SK_WS_CLIENT };

enum sk_ws_head_state {
    SK_WS_HEAD_FIRST,
    SK_WS_HEAD_LENGTH,
    SK_WS_HEAD_LENGTH_MORE,
    SK_WS_HEAD_MASK,
    SK_WS_HEAD_DONE
};

struct sk_ws_head {
    uint64_t payload_bytes;
    uint8_t mask[4];
    uint8_t opcode; /* enum sk_ws_opcode */
    uint8_t state;  /* enum sk_ws_head_state; the rest is valid at SK_WS_HEAD_DONE */
    uint8_t left_bytes;
    uint8_t length_bytes;
    bool final;
};

/* Eats bytes of one head, however they are cut.  Returns the bytes eaten, none of the payload;
 * head->state says whether it is done.  SK_ERR_PROTOCOL: reserved bits, an unknown opcode, a long
 * or cut control frame, a length not in its shortest form or above 2^63, the wrong masking. */
SK_MUST_CHECK int sk_ws_head_parse(struct sk_ws_head *head, enum sk_ws_role reader,
                                   const uint8_t *bytes, size_t size);

/* Writes a head of at most SK_WS_HEAD_BYTES_MAX bytes; `mask` is NULL for a server.  Returns its
 * size. */
size_t sk_ws_head_write(uint8_t *out, uint8_t first, uint64_t payload_bytes, const uint8_t *mask);

/* The first byte of a head, for sk_ws_head_write(). */
uint8_t sk_ws_first(enum sk_ws_opcode opcode, bool final);

/* Masks or unmasks in place (the same operation).  `offset` is the place of bytes[0] in the
 * payload. */
void sk_ws_mask(uint8_t *bytes, size_t size, const uint8_t *mask, uint64_t offset);

#endif
