/* test_pieces.c - a message comes out as it was cut, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/pieces.h"
#include "support/end_of_page.h"

enum { BODY = SK_PIECE_BODY_BYTES };

static uint8_t source[SK_PIECES_MESSAGE_BYTES_MAX];
static uint8_t buffer[SK_PIECES_MESSAGE_BYTES_MAX];

static int fill_source(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(source); i++) {
        source[i] = (uint8_t)(i * 31 + i / BODY);
    }
    return 0;
}

/* The first `head_bytes` of a message of `bytes` are its first part. */
static struct sk_pieces_message message_of(size_t head_bytes, size_t bytes, uint16_t number)
{
    return (struct sk_pieces_message){.head = source,
                                      .head_bytes = head_bytes,
                                      .body = source + head_bytes,
                                      .body_bytes = bytes - head_bytes,
                                      .number = number};
}

static int take(struct sk_pieces *pieces, const uint8_t *piece, size_t bytes)
{
    struct end_of_page page = end_of_page_copy(piece, bytes);
    int result = sk_pieces_take(pieces, page.bytes, bytes);
    end_of_page_free(&page);
    return result;
}

/* Writes piece `index` and takes it. */
static int pass(struct sk_pieces *pieces, const struct sk_pieces_message *message, uint32_t index)
{
    uint8_t piece[SK_PIECE_BYTES_MAX];
    size_t bytes = sk_pieces_write(message, index, piece);
    assert_true(sk_pieces_is_piece(piece, bytes));
    return take(pieces, piece, bytes);
}

static void test_pieces_count_is_of_what_does_not_fit(void **state)
{
    (void)state;
    assert_int_equal(sk_pieces_count(0), 0);
    assert_int_equal(sk_pieces_count(SK_PIECE_BYTES_MAX), 0);
    assert_int_equal(sk_pieces_count(SK_PIECE_BYTES_MAX + 1), 2);
    assert_int_equal(sk_pieces_count(2 * BODY), 2);
    assert_int_equal(sk_pieces_count(2 * BODY + 1), 3);
    assert_int_equal(sk_pieces_count(SK_PIECES_MESSAGE_BYTES_MAX), SK_PIECES_MAX);
    assert_int_equal(sk_pieces_count(SK_PIECES_MESSAGE_BYTES_MAX + 1), 0);
}

static void test_pieces_every_size_comes_out_as_cut(void **state)
{
    static const size_t sizes[] = {SK_PIECE_BYTES_MAX + 1,
                                   2 * BODY - 1,
                                   2 * BODY,
                                   2 * BODY + 1,
                                   7 * BODY + 9,
                                   63 * BODY,
                                   SK_PIECES_MESSAGE_BYTES_MAX - 1,
                                   SK_PIECES_MESSAGE_BYTES_MAX};
    static const size_t heads[] = {0, 1, BODY - 1, BODY, BODY + 1};
    struct sk_pieces pieces;
    uint16_t number = 65530; /* goes round */
    (void)state;
    sk_pieces_init(&pieces, buffer);
    for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) * 5; i++) {
        size_t bytes = sizes[i / 5];
        struct sk_pieces_message message = message_of(heads[i % 5], bytes, number++);
        uint32_t count = sk_pieces_count(bytes);
        for (uint32_t index = 0; index + 1 < count; index++) {
            assert_int_equal(pass(&pieces, &message, index), SK_ERR_AGAIN);
        }
        memset(buffer + (count - 1) * BODY, 0, bytes - (count - 1) * (size_t)BODY);
        assert_int_equal(pass(&pieces, &message, count - 1), bytes);
        assert_memory_equal(buffer, source, bytes);
    }
}

static void test_pieces_any_order_comes_out_as_cut(void **state)
{
    struct sk_pieces pieces;
    (void)state;
    sk_pieces_init(&pieces, buffer);
    struct sk_pieces_message message = message_of(3, 5 * BODY + 1, 7);
    static const uint32_t order[] = {5, 0, 3, 1, 4};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(pass(&pieces, &message, order[i]), SK_ERR_AGAIN);
        assert_int_equal(pass(&pieces, &message, order[i]), SK_ERR_AGAIN); /* twice is once */
    }
    assert_int_equal(pass(&pieces, &message, 2), 5 * BODY + 1);
    assert_memory_equal(buffer, source, 5 * BODY + 1);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(pass(&pieces, &message, i), SK_ERR_AGAIN); /* whole is once */
    }
}

static void test_pieces_newer_message_drops_the_older(void **state)
{
    struct sk_pieces pieces;
    (void)state;
    sk_pieces_init(&pieces, buffer);
    struct sk_pieces_message older = message_of(3, 3 * BODY, 65535);
    struct sk_pieces_message newer = message_of(3, 2 * BODY, 0);
    assert_int_equal(pass(&pieces, &older, 0), SK_ERR_AGAIN);
    assert_int_equal(pass(&pieces, &older, 1), SK_ERR_AGAIN);
    assert_int_equal(pass(&pieces, &newer, 1), SK_ERR_AGAIN);
    assert_int_equal(pass(&pieces, &older, 2), SK_ERR_AGAIN);
    assert_int_equal(pass(&pieces, &newer, 0), 2 * BODY);
    assert_int_equal(pass(&pieces, &older, 2), SK_ERR_AGAIN);
}

static void test_pieces_newer_is_less_than_half_way_round(void **state)
{
    static const struct {
        uint16_t ahead;
        bool is_newer;
    } rows[] = {{1, true}, {32767, true}, {32768, false}, {65534, false}, {65535, false}};
    (void)state;
    for (uint32_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_pieces pieces;
        sk_pieces_init(&pieces, buffer);
        struct sk_pieces_message first = message_of(3, 2 * BODY, 60000);
        struct sk_pieces_message second =
            message_of(3, 2 * BODY, (uint16_t)(60000 + rows[i].ahead));
        assert_int_equal(pass(&pieces, &first, 0), SK_ERR_AGAIN);
        assert_int_equal(pass(&pieces, &second, 0), SK_ERR_AGAIN);
        assert_int_equal(pass(&pieces, rows[i].is_newer ? &second : &first, 1), 2 * BODY);
    }
}

/* Each row is a piece that is taken but for one fault. */
static void test_pieces_one_fault_is_refused(void **state)
{
    static const struct {
        const char *fault;
        uint8_t head[SK_PIECE_HEAD_BYTES];
        size_t bytes;
    } rows[] = {
        {"first byte says snapshot", {0x01, 2, 5, 0}, SK_PIECE_BYTES_MAX},
        {"first byte says FlatBuffers", {0x00, 2, 5, 0}, SK_PIECE_BYTES_MAX},
        {"first byte is not used", {0x03, 2, 5, 0}, SK_PIECE_BYTES_MAX},
        {"no pieces", {0x02, 0, 5, 0}, SK_PIECE_BYTES_MAX},
        {"one piece", {0x02, 1, 5, 0}, SK_PIECE_BYTES_MAX},
        {"65 pieces", {0x02, 65, 5, 0}, SK_PIECE_BYTES_MAX},
        {"index behind the last", {2 | 2 << 2, 2, 5, 0}, SK_PIECE_BYTES_MAX},
        {"not the last, and shorter", {0x02, 2, 5, 0}, SK_PIECE_BYTES_MAX - 1},
        {"longer", {0x02, 2, 5, 0}, SK_PIECE_BYTES_MAX + 1},
        {"last, and longer", {2 | 1 << 2, 2, 5, 0}, SK_PIECE_BYTES_MAX + 1},
        {"last, and nothing", {2 | 1 << 2, 2, 5, 0}, SK_PIECE_HEAD_BYTES},
        {"head cut", {0x02, 2, 5, 0}, SK_PIECE_HEAD_BYTES - 1},
        {"nothing at all", {0}, 0},
        {"another count", {0x02, 3, 4, 0}, SK_PIECE_BYTES_MAX},
    };
    struct sk_pieces pieces;
    uint8_t piece[SK_PIECE_BYTES_MAX + 1] = {0};
    (void)state;
    sk_pieces_init(&pieces, buffer);
    struct sk_pieces_message message = message_of(3, 2 * BODY, 4);
    assert_int_equal(pass(&pieces, &message, 1), SK_ERR_AGAIN);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        memcpy(piece, rows[i].head, sizeof(rows[i].head));
        assert_int_equal(take(&pieces, piece, rows[i].bytes), SK_ERR_PROTOCOL);
    }
    assert_int_equal(pass(&pieces, &message, 0), 2 * BODY); /* nothing was changed */
    assert_memory_equal(buffer, source, 2 * BODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_count_is_of_what_does_not_fit),
        cmocka_unit_test(test_pieces_every_size_comes_out_as_cut),
        cmocka_unit_test(test_pieces_any_order_comes_out_as_cut),
        cmocka_unit_test(test_pieces_newer_message_drops_the_older),
        cmocka_unit_test(test_pieces_newer_is_less_than_half_way_round),
        cmocka_unit_test(test_pieces_one_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, fill_source, NULL);
}
