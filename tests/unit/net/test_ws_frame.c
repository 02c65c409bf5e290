/* test_ws_frame.c - the head parser gives one answer however the bytes are cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/ws_frame.h"
#include "support/end_of_page.h"

/* final, binary, masked, 300 bytes; the 0xee belongs to the payload and must stay uneaten */
static const uint8_t whole[] = {0x82, 0xfe, 0x01, 0x2c, 0xaa, 0xbb, 0xcc, 0xdd, 0xee};

static int parse_at(const uint8_t *bytes, size_t size, size_t cut, struct sk_ws_head *head)
{
    int first = sk_ws_head_parse(head, SK_WS_SERVER, bytes, cut);
    if (first < 0) {
        return first;
    }
    int second = sk_ws_head_parse(head, SK_WS_SERVER, bytes + first, size - (size_t)first);
    return second < 0 ? second : first + second;
}

static void test_ws_head_any_split_gives_same_head(void **state)
{
    (void)state;
    struct end_of_page page = end_of_page_copy(whole, sizeof(whole));
    for (size_t cut = 0; cut <= sizeof(whole); cut++) {
        struct sk_ws_head head = {0};
        assert_int_equal(parse_at(page.bytes, sizeof(whole), cut, &head), 8);
        assert_int_equal(head.state, SK_WS_HEAD_DONE);
        assert_int_equal(head.opcode, SK_WS_OP_BINARY);
        assert_true(head.final);
        assert_int_equal(head.payload_bytes, 300);
        assert_memory_equal(head.mask, whole + 4, 4);
    }
    end_of_page_free(&page);
}

/* Each row is a head we accept but for one fault, so only the check under test can refuse it. */
static void test_ws_head_one_fault_is_refused(void **state)
{
    static const struct {
        const char *fault;
        uint8_t bytes[SK_WS_HEAD_BYTES_MAX];
    } rows[] = {
        {"reserved bit 1 set", {0xc2, 0x80}},
        {"reserved bit 2 set", {0xa2, 0x80}},
        {"reserved bit 3 set", {0x92, 0x80}},
        {"opcode 3", {0x83, 0x80}},
        {"opcode 7", {0x87, 0x80}},
        {"opcode 11", {0x8b, 0x80}},
        {"opcode 15", {0x8f, 0x80}},
        {"ping not final", {0x09, 0x80}},
        {"not masked", {0x82, 0x00}},
        {"ping of 126 bytes", {0x89, 0xfe, 0x00, 0x7e}},
        {"125 in 16 bits", {0x82, 0xfe, 0x00, 0x7d}},
        {"65535 in 64 bits", {0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff}},
        {"2^63", {0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        for (size_t cut = 0; cut <= sizeof(rows[i].bytes); cut++) {
            struct sk_ws_head head = {0};
            assert_int_equal(parse_at(rows[i].bytes, sizeof(rows[i].bytes), cut, &head),
                             SK_ERR_PROTOCOL);
        }
    }
}

static void test_ws_head_client_refuses_a_mask(void **state)
{
    (void)state;
    static const uint8_t masked[] = {0x82, 0x80};
    static const uint8_t plain[] = {0x82, 0x00};
    struct sk_ws_head head = {0};
    assert_int_equal(sk_ws_head_parse(&head, SK_WS_CLIENT, masked, 2), SK_ERR_PROTOCOL);
    head = (struct sk_ws_head){0};
    assert_int_equal(sk_ws_head_parse(&head, SK_WS_CLIENT, plain, 2), 2);
    assert_int_equal(head.state, SK_WS_HEAD_DONE);
}

static void test_ws_head_written_is_read_back(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0,     1,     125,          126,
                                     65535, 65536, 0x100000000u, 0x7fffffffffffffffu};
    static const uint8_t mask[4] = {1, 2, 3, 4};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int masked = 0; masked <= 1; masked++) {
            uint8_t bytes[SK_WS_HEAD_BYTES_MAX];
            struct sk_ws_head head = {0};
            uint8_t first = sk_ws_first(SK_WS_OP_TEXT, false);
            size_t size = sk_ws_head_write(bytes, first, sizes[i], masked ? mask : NULL);
            enum sk_ws_role reader = masked ? SK_WS_SERVER : SK_WS_CLIENT;
            assert_int_equal(sk_ws_head_parse(&head, reader, bytes, size), size);
            assert_int_equal(head.state, SK_WS_HEAD_DONE);
            assert_int_equal(head.opcode, SK_WS_OP_TEXT);
            assert_false(head.final);
            assert_true(head.payload_bytes == sizes[i]);
        }
    }
}

static void test_ws_mask_is_the_byte_wise_definition(void **state)
{
    (void)state;
    static const uint8_t mask[4] = {0x11, 0x22, 0x44, 0x88};
    for (size_t size = 0; size <= 40; size++) {
        for (uint64_t offset = 0; offset < 8; offset++) {
            uint8_t bytes[40];
            for (size_t i = 0; i < sizeof(bytes); i++) {
                bytes[i] = (uint8_t)i;
            }
            struct end_of_page page = end_of_page_copy(bytes, size);
            sk_ws_mask(page.bytes, size, mask, offset);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(page.bytes[i], bytes[i] ^ mask[(i + offset) % 4]);
            }
            end_of_page_free(&page);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ws_head_any_split_gives_same_head),
        cmocka_unit_test(test_ws_head_one_fault_is_refused),
        cmocka_unit_test(test_ws_head_client_refuses_a_mask),
        cmocka_unit_test(test_ws_head_written_is_read_back),
        cmocka_unit_test(test_ws_mask_is_the_byte_wise_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
