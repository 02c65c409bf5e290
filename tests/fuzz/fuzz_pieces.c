/* fuzz_pieces.c - a stream of pieces: what comes out whole is what was cut into it.
 *
 * Each piece of the stream has its size in two bytes before it.  A message that is whole is cut
 * again and put together again, in the other order.
 */
#include <string.h>

#include "base/assert.h"
#include "net/pieces.h"

enum { SIZE_BYTES = 2 };

static uint8_t buffer[SK_PIECES_MESSAGE_BYTES_MAX];
static uint8_t other_buffer[SK_PIECES_MESSAGE_BYTES_MAX];

/* Cuts a message where its second part begins at `head_bytes`, and joins it from its end. */
static void cut_and_join(const uint8_t *bytes, size_t size, size_t head_bytes)
{
    struct sk_pieces pieces;
    struct sk_pieces_message message = {.head = bytes,
                                        .head_bytes = head_bytes,
                                        .body = bytes + head_bytes,
                                        .body_bytes = size - head_bytes};
    int result = SK_ERR_AGAIN;
    sk_pieces_init(&pieces, other_buffer);
    for (uint32_t index = sk_pieces_count(size); index > 0; index--) {
        uint8_t piece[SK_PIECE_BYTES_MAX];
        SK_ASSERT(result == SK_ERR_AGAIN);
        result = sk_pieces_take(&pieces, piece, sk_pieces_write(&message, index - 1, piece));
    }
    SK_ASSERT(result == (int)size);
    SK_ASSERT(memcmp(other_buffer, bytes, size) == 0);
}

static void take(struct sk_pieces *pieces, const uint8_t *piece, size_t bytes)
{
    struct sk_pieces before = *pieces;
    int result = sk_pieces_take(pieces, piece, bytes);
    if (result > 0) {
        size_t size = (size_t)result;
        SK_ASSERT(sk_pieces_is_piece(piece, bytes));
        SK_ASSERT(size > SK_PIECE_BODY_BYTES);
        SK_ASSERT(size <= SK_PIECES_MESSAGE_BYTES_MAX);
        if (sk_pieces_count(size) > 0) { /* else it would not have been cut */
            cut_and_join(buffer, size, piece[bytes - 1]);
        }
    } else if (result == SK_ERR_PROTOCOL) {
        SK_ASSERT(memcmp(&before, pieces, sizeof(before)) == 0);
    } else {
        SK_ASSERT(result == SK_ERR_AGAIN);
    }
}

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct sk_pieces pieces;
    memset(&pieces, 0, sizeof(pieces));
    sk_pieces_init(&pieces, buffer);
    while (size >= SIZE_BYTES) {
        size_t wanted = (size_t)(bytes[0] | bytes[1] << 8);
        size_t taken = wanted < size - SIZE_BYTES ? wanted : size - SIZE_BYTES;
        take(&pieces, bytes + SIZE_BYTES, taken);
        bytes += SIZE_BYTES + taken;
        size -= SIZE_BYTES + taken;
    }
    return 0;
}
