/* test_ws_message.c - the same messages come out however the bytes are cut, and each fault has its
 * own answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/ws_message.h"
#include "support/end_of_page.h"

static const struct sk_ws_limits limits = {
    .reader = SK_WS_CLIENT, .message_bytes_max = 16, .fragments_max = 3, .text_allowed = true};

/* What came out: data in [] with t or b, control frames as P, O and C with their payload. */
struct log {
    char text[256];
    size_t size;
};

static void note(struct log *log, const void *bytes, size_t size)
{
    assert_true(log->size + size < sizeof(log->text));
    memcpy(log->text + log->size, bytes, size);
    log->size += size;
}

static void note_piece(struct log *log, const struct sk_ws_piece *piece)
{
    static const char kinds[] = {' ', ' ', 'P', 'O', 'C'};
    if (piece->kind == SK_WS_NOTHING) {
        return;
    }
    if (piece->kind != SK_WS_DATA) {
        note(log, &kinds[piece->kind], 1);
        note(log, piece->bytes, piece->size);
        return;
    }
    if (piece->first) {
        note(log, piece->text ? "t[" : "b[", 2);
    }
    note(log, piece->bytes, piece->size);
    if (piece->last) {
        note(log, "]", 1);
    }
}

static int read_all(struct sk_ws_reader *reader, const struct sk_ws_limits *rules,
                    const uint8_t *bytes, size_t size, struct log *log)
{
    struct end_of_page page = end_of_page_copy(bytes, size);
    int result = SK_OK;
    for (size_t at = 0; at < size && result >= 0; at += (size_t)result) {
        struct sk_ws_piece piece;
        result = sk_ws_read(reader, rules, page.bytes + at, size - at, &piece);
        assert_true(result != 0); /* or it would never end */
        if (result > 0) {
            note_piece(log, &piece);
        }
    }
    end_of_page_free(&page);
    return result < 0 ? result : SK_OK;
}

#define STREAM                                                                                     \
    "\x81\x03"                                                                                     \
    "abc" /* text */                                                                               \
    "\x02\x02"                                                                                     \
    "de" /* binary in three fragments, */                                                          \
    "\x89\x01"                                                                                     \
    "p"        /* a ping between them, */                                                          \
    "\x00\x00" /* one of them empty */                                                             \
    "\x80\x01"                                                                                     \
    "f"                                                                                            \
    "\x01\x02"                                                                                     \
    "\xe2\x82" /* a character cut by a frame's end */                                              \
    "\x80\x01"                                                                                     \
    "\xac"                                                                                         \
    "\x01\x00"                                                                                     \
    "\x80\x00" /* an empty message of two frames */                                                \
    "\x8a\x00" /* a pong */                                                                        \
    "\x88\x04"                                                                                     \
    "\x03\xe8"                                                                                     \
    "ok"

static void test_ws_message_any_split_gives_same_pieces(void **state)
{
    (void)state;
    static const uint8_t stream[] = STREAM;
    static const char want[] = "t[abc]b[dePpf]t[\xe2\x82\xac]t[]OC\x03\xe8ok";
    size_t size = sizeof(stream) - 1;
    for (size_t cut = 0; cut <= size; cut++) {
        struct sk_ws_reader reader = {0};
        struct log log = {0};
        assert_int_equal(read_all(&reader, &limits, stream, cut, &log), SK_OK);
        assert_int_equal(read_all(&reader, &limits, stream + cut, size - cut, &log), SK_OK);
        assert_int_equal(log.size, sizeof(want) - 1);
        assert_memory_equal(log.text, want, sizeof(want) - 1);
    }
}

static void test_ws_message_byte_by_byte_gives_same_pieces(void **state)
{
    (void)state;
    static const uint8_t stream[] = STREAM;
    static const char want[] = "t[abc]b[dePpf]t[\xe2\x82\xac]t[]OC\x03\xe8ok";
    struct sk_ws_reader reader = {0};
    struct log log = {0};
    for (size_t at = 0; at + 1 < sizeof(stream); at++) {
        assert_int_equal(read_all(&reader, &limits, stream + at, 1, &log), SK_OK);
    }
    assert_int_equal(log.size, sizeof(want) - 1);
    assert_memory_equal(log.text, want, sizeof(want) - 1);
}

/* Each row is accepted but for one fault. */
static const struct {
    const char *fault;
    int want;
    enum sk_reason reason;
    size_t size;
    const char *bytes;
} faults[] = {
    {"reserved bit", SK_ERR_PROTOCOL, SK_REASON_WS_PROTOCOL, 1, "\xc1"},
    {"continuation of nothing", SK_ERR_PROTOCOL, SK_REASON_WS_PROTOCOL, 2, "\x80\x00"},
    {"text inside a message", SK_ERR_PROTOCOL, SK_REASON_WS_PROTOCOL, 4, "\x02\x00\x81\x00"},
    {"continuation after the end", SK_ERR_PROTOCOL, SK_REASON_WS_PROTOCOL, 4, "\x82\x00\x80\x00"},
    {"bad text", SK_ERR_UTF8, SK_REASON_WS_UTF8, 3, "\x81\x01\xff"},
    {"bad text mid-frame", SK_ERR_UTF8, SK_REASON_WS_UTF8, 4,
     "\x81\x09"
     "a\xff"},
    {"text ends inside a character", SK_ERR_UTF8, SK_REASON_WS_UTF8, 4, "\x81\x02\xe2\x82"},
    {"17 bytes", SK_ERR_TOO_BIG, SK_REASON_WS_TOO_BIG, 2, "\x82\x11"},
    {"16 bytes and one", SK_ERR_TOO_BIG, SK_REASON_WS_TOO_BIG, 20,
     "\x02\x10"
     "0123456789abcdef"
     "\x80\x01"},
    {"four fragments", SK_ERR_FULL, SK_REASON_WS_FRAGMENTS, 8, "\x02\x00\x00\x00\x00\x00\x80\x00"},
    {"half a close code", SK_ERR_PROTOCOL, SK_REASON_WS_PROTOCOL, 7,
     "\x89\x02\x03\xe8\x88\x01\x03"},
    {"close code 1005", SK_ERR_PROTOCOL, SK_REASON_WS_PROTOCOL, 4, "\x88\x02\x03\xed"},
    {"close reason not text", SK_ERR_UTF8, SK_REASON_WS_UTF8, 5, "\x88\x03\x03\xe8\xff"},
};

static void test_ws_message_one_fault_has_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct sk_ws_reader reader = {0};
        struct log log = {0};
        print_message("  %s\n", faults[i].fault);
        int result =
            read_all(&reader, &limits, (const uint8_t *)faults[i].bytes, faults[i].size, &log);
        assert_int_equal(result, faults[i].want);
        assert_int_equal(sk_ws_reason(result), faults[i].reason);
    }
}

/* The faults above, one byte less: nothing is wrong yet. */
static void test_ws_message_before_the_fault_is_fine(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct sk_ws_reader reader = {0};
        struct log log = {0};
        int result =
            read_all(&reader, &limits, (const uint8_t *)faults[i].bytes, faults[i].size - 1, &log);
        assert_int_equal(result, SK_OK);
    }
}

static void test_ws_message_text_where_none_is_allowed_is_unsupported(void **state)
{
    (void)state;
    struct sk_ws_limits binary_only = limits;
    binary_only.text_allowed = false;
    struct sk_ws_reader reader = {0};
    struct log log = {0};
    int result = read_all(&reader, &binary_only, (const uint8_t *)"\x81\x00", 2, &log);
    assert_int_equal(result, SK_ERR_RANGE);
    assert_int_equal(sk_ws_reason(result), SK_REASON_WS_UNSUPPORTED);
}

static void test_ws_message_server_unmasks_at_every_split(void **state)
{
    (void)state;
    static const uint8_t frame[] = {0x82, 0x85, 0x37, 0xfa, 0x21, 0x3d,
                                    0x7f, 0x9f, 0x4d, 0x51, 0x58}; /* RFC 6455, 5.7: "Hello" */
    struct sk_ws_limits server = limits;
    server.reader = SK_WS_SERVER;
    for (size_t cut = 0; cut <= sizeof(frame); cut++) {
        struct sk_ws_reader reader = {0};
        struct log log = {0};
        assert_int_equal(read_all(&reader, &server, frame, cut, &log), SK_OK);
        assert_int_equal(read_all(&reader, &server, frame + cut, sizeof(frame) - cut, &log), SK_OK);
        assert_int_equal(log.size, 8);
        assert_memory_equal(log.text, "b[Hello]", 8);
    }
}

static int read_close(uint16_t code)
{
    uint8_t frame[] = {0x88, 2, (uint8_t)(code >> 8), (uint8_t)code};
    struct sk_ws_reader reader = {0};
    struct log log = {0};
    return read_all(&reader, &limits, frame, sizeof(frame), &log);
}

static void test_ws_message_close_codes(void **state)
{
    (void)state;
    static const uint16_t valid[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                                     1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999};
    static const uint16_t invalid[] = {0,    999,  1004, 1005, 1006, 1015,
                                       1016, 1100, 2000, 2999, 5000, 65535};
    for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
        assert_int_equal(read_close(valid[i]), SK_OK);
    }
    for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
        assert_int_equal(read_close(invalid[i]), SK_ERR_PROTOCOL);
    }
}

static void test_ws_message_empty_close_has_no_code(void **state)
{
    (void)state;
    struct sk_ws_reader reader = {0};
    struct sk_ws_piece piece;
    uint8_t frame[] = {0x88, 0x00};
    assert_int_equal(sk_ws_read(&reader, &limits, frame, 2, &piece), 2);
    assert_int_equal(piece.kind, SK_WS_CLOSE);
    assert_int_equal(piece.close_code, SK_WS_CODE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ws_message_any_split_gives_same_pieces),
        cmocka_unit_test(test_ws_message_byte_by_byte_gives_same_pieces),
        cmocka_unit_test(test_ws_message_one_fault_has_its_reason),
        cmocka_unit_test(test_ws_message_before_the_fault_is_fine),
        cmocka_unit_test(test_ws_message_text_where_none_is_allowed_is_unsupported),
        cmocka_unit_test(test_ws_message_server_unmasks_at_every_split),
        cmocka_unit_test(test_ws_message_close_codes),
        cmocka_unit_test(test_ws_message_empty_close_has_no_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
