/* ws_message.h - bytes of a WebSocket connection in, pieces of messages out (RFC 6455, 5.4 to 7.4).
 *
 * The reader knows fragmentation, control frames between fragments, limits, close codes, and
 * whether text is UTF-8 so far, even in the middle of a frame.  It owns no payload: it unmasks in
 * place and points into the caller's bytes, so a message that arrives whole is never copied.  What
 * to do with a message in several pieces is the caller's choice.
 *
 * Memory   the caller's struct; {0} is a connection that has just been upgraded.
 * Threads  one.
 */
#ifndef SK_WS_MESSAGE_H
#define SK_WS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "base/result.h"
#include "net/utf8.h"
#include "net/ws_frame.h"

/* What a reader accepts; shared by all connections of a kind. */
struct sk_ws_limits {
    enum sk_ws_role reader;
    uint32_t message_bytes_max;
    uint32_t fragments_max; /* frames of one message; 0 for no limit */
    bool text_allowed;
};

enum sk_ws_piece_kind { SK_WS_NOTHING, SK_WS_DATA, SK_WS_PING, SK_WS_PONG, SK_WS_CLOSE };

/* What the bytes eaten by one call were. */
struct sk_ws_piece {
    enum sk_ws_piece_kind kind;
    bool text;           /* of DATA: the message is text, valid so far */
    bool first;          /* of DATA: the message begins with this piece */
    bool last;           /* of DATA: the message ends with this piece */
    uint8_t *bytes;      /* unmasked; valid until the next call or as long as the caller's bytes */
    size_t size;         /* may be 0: an empty last frame has an empty piece */
    uint16_t close_code; /* of CLOSE; SK_WS_CODE_NONE when the frame was empty */
};

#define SK_WS_CODE_NONE 1005 /* RFC 6455, 7.1.5: never on the wire */

struct sk_ws_reader {
    struct sk_ws_head head;
    uint64_t frame_done_bytes; /* of the current frame's payload */
    uint32_t message_bytes;    /* of the current message, the current frame not counted */
    uint32_t fragment_count;
    struct sk_utf8 utf8;
    uint8_t message_opcode; /* TEXT or BINARY inside a message, 0 between two */
    bool piece_seen;        /* of the current message */
    uint8_t control_bytes;  /* in control[] */
    uint8_t control[SK_WS_CONTROL_BYTES_MAX];
};

/* Eats some of `bytes`, which it may change (unmasking), and describes them in *piece; call again
 * with the rest until all is eaten.  Returns the bytes eaten, or an error that ends the connection,
 * with the word of sk_ws_reason(): SK_ERR_PROTOCOL, SK_ERR_UTF8, SK_ERR_TOO_BIG (a message), or
 * SK_ERR_FULL (too many fragments), SK_ERR_RANGE (text where none is allowed).  After a CLOSE piece
 * it must not be called again. */
SK_MUST_CHECK int sk_ws_read(struct sk_ws_reader *reader, const struct sk_ws_limits *limits,
                             uint8_t *bytes, size_t size, struct sk_ws_piece *piece);

/* The reason that an error of sk_ws_read() is closed with. */
enum sk_reason sk_ws_reason(int result);

#endif
