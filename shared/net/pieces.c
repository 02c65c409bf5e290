/* pieces.c - see pieces.h.
 *
 *   NONE --a piece--> ASSEMBLING --the last that was missing--> WHOLE
 *                         ^  a piece of a newer message, from each of the three
 *
 * Invariants: a bit above count is not set in `have`; a number is newer than another when it is at
 * most 32,767 ahead of it, modulo 65,536.
 */
#include "net/pieces.h"

#include "base/assert.h"
#include "base/limits.h"
#include "base/mem.h"

enum { KIND_MASK = 3, KIND_PIECE = 2, PIECES_MIN = 2 };

_Static_assert(SK_PIECES_MESSAGE_BYTES_MAX >= SK_SNAPSHOT_BYTES_MAX, "each snapshot can be cut");
_Static_assert(SK_PIECES_MAX <= 64, "an index has six bits, and `have` a bit each");

/* A piece's head, read. */
struct piece {
    uint32_t index;
    uint8_t count;
    uint16_t number;
    const uint8_t *body;
    size_t body_bytes;
};

/* --- cut -------------------------------------------------------------------------------------- */

uint32_t sk_pieces_count(size_t message_bytes)
{
    if (message_bytes <= SK_PIECE_BYTES_MAX || message_bytes > SK_PIECES_MESSAGE_BYTES_MAX) {
        return 0;
    }
    return (uint32_t)((message_bytes + SK_PIECE_BODY_BYTES - 1) / SK_PIECE_BODY_BYTES);
}

/* Copies a range of the message, which may lie in both parts of it. */
static void copy_range(const struct sk_pieces_message *message, size_t from, size_t bytes,
                       uint8_t *out)
{
    size_t of_head = 0;
    if (from < message->head_bytes) {
        size_t left = message->head_bytes - from;
        of_head = left < bytes ? left : bytes;
        memcpy(out, message->head + from, of_head);
    }
    if (of_head < bytes) {
        size_t at = from + of_head - message->head_bytes;
        SK_ASSERT(at + bytes - of_head <= message->body_bytes);
        memcpy(out + of_head, message->body + at, bytes - of_head);
    }
}

size_t sk_pieces_write(const struct sk_pieces_message *message, uint32_t index,
                       uint8_t out[SK_PIECE_BYTES_MAX])
{
    size_t whole = message->head_bytes + message->body_bytes;
    uint32_t count = sk_pieces_count(whole);
    SK_ASSERT(count >= PIECES_MIN);
    SK_ASSERT(index < count);
    size_t from = (size_t)index * SK_PIECE_BODY_BYTES;
    size_t bytes = index + 1 < count ? SK_PIECE_BODY_BYTES : whole - from;
    out[0] = (uint8_t)(KIND_PIECE | index << 2);
    out[1] = (uint8_t)count;
    out[2] = (uint8_t)message->number;
    out[3] = (uint8_t)(message->number >> 8);
    copy_range(message, from, bytes, out + SK_PIECE_HEAD_BYTES);
    return SK_PIECE_HEAD_BYTES + bytes;
}

/* --- put together ----------------------------------------------------------------------------- */

bool sk_pieces_is_piece(const uint8_t *message, size_t bytes)
{
    return bytes > 0 && (message[0] & KIND_MASK) == KIND_PIECE;
}

void sk_pieces_init(struct sk_pieces *pieces, uint8_t buffer[SK_PIECES_MESSAGE_BYTES_MAX])
{
    *pieces = (struct sk_pieces){.message = buffer};
}

static int read_piece(struct piece *piece, const uint8_t *bytes, size_t size)
{
    if (size <= SK_PIECE_HEAD_BYTES || size > SK_PIECE_BYTES_MAX ||
        !sk_pieces_is_piece(bytes, size)) {
        return SK_ERR_PROTOCOL;
    }
    *piece = (struct piece){.index = bytes[0] >> 2,
                            .count = bytes[1],
                            .number = (uint16_t)(bytes[2] | bytes[3] << 8),
                            .body = bytes + SK_PIECE_HEAD_BYTES,
                            .body_bytes = size - SK_PIECE_HEAD_BYTES};
    if (piece->count < PIECES_MIN || piece->count > SK_PIECES_MAX || piece->index >= piece->count) {
        return SK_ERR_PROTOCOL;
    }
    bool is_last = piece->index + 1u == piece->count;
    return is_last || piece->body_bytes == SK_PIECE_BODY_BYTES ? SK_OK : SK_ERR_PROTOCOL;
}

static bool is_newer(const struct sk_pieces *pieces, uint16_t number)
{
    uint16_t ahead = (uint16_t)(number - pieces->number);
    return pieces->count == 0 || (ahead != 0 && ahead < 0x8000u);
}

static uint64_t all_of(uint8_t count)
{
    return UINT64_MAX >> (SK_PIECES_MAX - count);
}

static void keep(struct sk_pieces *pieces, const struct piece *piece)
{
    size_t from = (size_t)piece->index * SK_PIECE_BODY_BYTES;
    SK_ASSERT(from + piece->body_bytes <= SK_PIECES_MESSAGE_BYTES_MAX);
    memcpy(pieces->message + from, piece->body, piece->body_bytes);
    pieces->have |= UINT64_C(1) << piece->index;
    if (piece->index + 1u == piece->count) {
        pieces->last_bytes = piece->body_bytes;
    }
}

int sk_pieces_take(struct sk_pieces *pieces, const uint8_t *bytes, size_t size)
{
    struct piece piece;
    int result = read_piece(&piece, bytes, size);
    if (result != SK_OK) {
        return result;
    }
    if (is_newer(pieces, piece.number)) {
        pieces->number = piece.number;
        pieces->count = piece.count;
        pieces->have = 0;
    }
    if (piece.number != pieces->number) {
        return SK_ERR_AGAIN;
    }
    if (piece.count != pieces->count) {
        return SK_ERR_PROTOCOL;
    }
    if ((pieces->have >> piece.index & 1) != 0) {
        return SK_ERR_AGAIN; /* also of one that was whole before */
    }
    keep(pieces, &piece);
    SK_ASSERT((pieces->have & ~all_of(pieces->count)) == 0);
    if (pieces->have != all_of(pieces->count)) {
        return SK_ERR_AGAIN;
    }
    return (int)((size_t)(pieces->count - 1) * SK_PIECE_BODY_BYTES + pieces->last_bytes);
}
