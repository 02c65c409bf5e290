/* fuzz_ws_message.c - a stream of frames: no fault, and the same answer whole and in pieces.
 *
 * The first byte chooses role and limits, the second how the pieces are cut.
 */
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "net/ws_message.h"

enum { STREAM_BYTES_MAX = 1 << 16 };

/* What came out, without where it was cut. */
struct outcome {
    uint64_t hash; /* of payload bytes and kinds, in order */
    uint64_t message_count;
    int result;
};

static void add_byte(struct outcome *outcome, uint8_t byte)
{
    outcome->hash = sk_mix(outcome->hash ^ byte);
}

static void add_piece(struct outcome *outcome, const struct sk_ws_piece *piece)
{
    if (piece->kind == SK_WS_NOTHING) {
        return;
    }
    for (size_t i = 0; i < piece->size; i++) {
        add_byte(outcome, piece->bytes[i]);
    }
    if (piece->kind != SK_WS_DATA || piece->last) {
        add_byte(outcome, (uint8_t)piece->kind);
        outcome->message_count++;
    }
}

/* Reads the stream in pieces of `step` bytes. */
static struct outcome read_stream(const struct sk_ws_limits *limits, const uint8_t *bytes,
                                  size_t size, size_t step)
{
    static uint8_t copy[STREAM_BYTES_MAX];
    struct sk_ws_reader reader = {0};
    struct outcome outcome = {0};
    memcpy(copy, bytes, size);
    for (size_t at = 0; at < size;) {
        size_t piece_bytes = size - at < step ? size - at : step;
        struct sk_ws_piece piece;
        outcome.result = sk_ws_read(&reader, limits, copy + at, piece_bytes, &piece);
        if (outcome.result < 0) {
            return outcome;
        }
        SK_ASSERT(outcome.result > 0 && (size_t)outcome.result <= piece_bytes);
        add_piece(&outcome, &piece);
        if (piece.kind == SK_WS_CLOSE) {
            return outcome;
        }
        at += (size_t)outcome.result;
    }
    return outcome;
}

/* libFuzzer's interface. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2 || size > STREAM_BYTES_MAX) {
        return 0;
    }
    struct sk_ws_limits limits = {.reader = (bytes[0] & 1) != 0 ? SK_WS_CLIENT : SK_WS_SERVER,
                                  .message_bytes_max = (bytes[0] & 2) != 0 ? 64 : 1 << 20,
                                  .fragments_max = (bytes[0] & 4) != 0 ? 3 : 0,
                                  .text_allowed = (bytes[0] & 8) == 0};
    struct outcome whole = read_stream(&limits, bytes + 2, size - 2, size);
    struct outcome cut = read_stream(&limits, bytes + 2, size - 2, (size_t)bytes[1] % 16 + 1);
    SK_ASSERT((whole.result < 0) == (cut.result < 0));
    if (whole.result < 0) {
        SK_ASSERT(whole.result == cut.result);
    } else {
        SK_ASSERT(whole.hash == cut.hash);
    }
    SK_ASSERT(whole.message_count == cut.message_count);
    return 0;
}
