/* pieces.h - a message that does not fit one datagram, cut and put together (WIRE.md, "Pieces").
 *
 *   byte 0: bits 0-1 `10`, bits 2-7 index | count | number u16 | 1,024 bytes, the last 1 to 1,024
 *
 * For messages that may be lost: they are lost as one when a piece is.  The newest is put together;
 * of one before it nothing is used any more.
 *
 * Memory   sk_pieces_init() borrows a buffer for the message; nothing is allocated.
 * Threads  one.
 * Time     none is read.
 */
#ifndef SK_PIECES_H
#define SK_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

#define SK_PIECES_MAX               64
#define SK_PIECE_HEAD_BYTES         4
#define SK_PIECE_BODY_BYTES         1024 /* of each but the last */
#define SK_PIECE_BYTES_MAX          (SK_PIECE_HEAD_BYTES + SK_PIECE_BODY_BYTES)
#define SK_PIECES_MESSAGE_BYTES_MAX (SK_PIECES_MAX * SK_PIECE_BODY_BYTES)

/* A message to be cut, in two parts as rooms send them. */
struct sk_pieces_message {
    const uint8_t *head; /* borrowed during the call, as is body */
    size_t head_bytes;
    const uint8_t *body;
    size_t body_bytes;
    uint16_t number; /* one more than that of the message before */
};

/* What has come of the newest message that was cut. */
struct sk_pieces {
    uint8_t *message; /* borrowed: SK_PIECES_MESSAGE_BYTES_MAX */
    uint64_t have;    /* bit i: piece i came */
    size_t last_bytes;
    uint16_t number;
    uint8_t count; /* 0: none came yet */
};

/* Into how many pieces a message of so many bytes is cut: 0 when it fits a datagram as it is, or
 * when it is larger than can be cut. */
uint32_t sk_pieces_count(size_t message_bytes);
/* Writes piece `index` of a message that is cut (both asserted).  Returns its size. */
size_t sk_pieces_write(const struct sk_pieces_message *message, uint32_t index,
                       uint8_t out[SK_PIECE_BYTES_MAX]);

/* Whether a message is a piece of one, by its first byte. */
bool sk_pieces_is_piece(const uint8_t *message, size_t bytes);
/* Begins without a piece; keeps a borrow of `buffer`. */
void sk_pieces_init(struct sk_pieces *pieces, uint8_t buffer[SK_PIECES_MESSAGE_BYTES_MAX]);
/* Takes a piece.  Returns the size of the message, which is whole in the buffer then until the next
 * call; SK_ERR_AGAIN when it is not, or the piece is one that came before or of an older message;
 * SK_ERR_PROTOCOL for what is no piece, and nothing is changed then. */
SK_MUST_CHECK int sk_pieces_take(struct sk_pieces *pieces, const uint8_t *piece, size_t bytes);

#endif
