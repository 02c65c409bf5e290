/* test_bits.c - numbers come back bit for bit, and a reader keeps within its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "state/bits.h"
#include "support/end_of_page.h"

static uint32_t value_of(uint32_t i, uint32_t count)
{
    uint32_t mixed = (i + 1) * 0x9e3779b1u;
    return count == 0 ? 0 : mixed >> (32 - count);
}

static void test_bits_all_widths_come_back_at_all_offsets(void **state)
{
    uint8_t bytes[400];
    (void)state;
    for (uint32_t offset = 0; offset < 32; offset++) {
        struct sk_bit_writer writer;
        struct sk_bit_reader reader;
        sk_bits_start_write(&writer, bytes, sizeof(bytes));
        sk_bits_write(&writer, value_of(99, offset), offset);
        for (uint32_t count = 0; count <= 32; count++) {
            sk_bits_write(&writer, value_of(count, count), count);
        }
        int size = sk_bits_end_write(&writer);
        assert_int_equal(size, (offset + 32 * 33 / 2 + 7) / 8);
        sk_bits_start_read(&reader, bytes, (size_t)size);
        assert_int_equal(sk_bits_read(&reader, offset), value_of(99, offset));
        for (uint32_t count = 0; count <= 32; count++) {
            assert_int_equal(sk_bits_read(&reader, count), value_of(count, count));
        }
        assert_int_equal(sk_bits_end_read(&reader), SK_OK);
    }
}

static void test_bits_lie_lowest_first(void **state)
{
    uint8_t bytes[4];
    struct sk_bit_writer writer;
    (void)state;
    sk_bits_start_write(&writer, bytes, sizeof(bytes));
    sk_bits_write(&writer, 1, 1);
    sk_bits_write(&writer, 0x2, 3);
    sk_bits_write(&writer, 0x1ff, 9);
    assert_int_equal(sk_bits_end_write(&writer), 2);
    assert_int_equal(bytes[0], 0xf5);
    assert_int_equal(bytes[1], 0x1f);
}

static const uint32_t numbers[] = {0, 1, 2, 3, 4, 7, 8, 255, 256, 65535, 1000000, 0x7fffffff - 32};
enum { NUMBER_COUNT = sizeof(numbers) / sizeof(numbers[0]) };

static void test_bits_numbers_come_back_and_cost_what_is_said(void **state)
{
    uint8_t bytes[16];
    (void)state;
    for (uint32_t order = 0; order <= 5; order++) {
        for (size_t i = 0; i < NUMBER_COUNT; i++) {
            struct sk_bit_writer writer;
            struct sk_bit_reader reader;
            sk_bits_start_write(&writer, bytes, sizeof(bytes));
            sk_bits_write_number(&writer, numbers[i], order);
            uint32_t cost = sk_bits_number_cost(numbers[i], order);
            assert_int_equal(writer.used_bytes * 8 + writer.pending_count, cost);
            int size = sk_bits_end_write(&writer);
            sk_bits_start_read(&reader, bytes, (size_t)size);
            assert_int_equal(sk_bits_read_number(&reader, order), numbers[i]);
            assert_int_equal(sk_bits_end_read(&reader), SK_OK);
        }
    }
}

static void test_bits_signed_numbers_come_back(void **state)
{
    static const int32_t values[] = {0, -1, 1, -2, 2, 100, -100, INT16_MIN, INT16_MAX, 1 << 29};
    uint8_t bytes[16];
    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct sk_bit_writer writer;
        struct sk_bit_reader reader;
        sk_bits_start_write(&writer, bytes, sizeof(bytes));
        sk_bits_write_signed(&writer, values[i], 3);
        int size = sk_bits_end_write(&writer);
        sk_bits_start_read(&reader, bytes, (size_t)size);
        assert_int_equal(sk_bits_read_signed(&reader, 3), values[i]);
        assert_int_equal(sk_bits_end_read(&reader), SK_OK);
    }
}

static void test_bits_number_without_end_is_refused(void **state)
{
    uint8_t bytes[16];
    struct sk_bit_reader reader;
    (void)state;
    memset(bytes, 0xff, sizeof(bytes));
    sk_bits_start_read(&reader, bytes, sizeof(bytes));
    assert_int_equal(sk_bits_read_number(&reader, 0), 0);
    assert_true(reader.is_short);
}

static void test_bits_number_ends_where_its_order_says(void **state)
{
    static const uint8_t too_large[] = {0xff, 0xff, 0xff, 0x3f, 0, 0, 0, 0};
    uint8_t bytes[8];
    struct sk_bit_writer writer;
    struct sk_bit_reader reader;
    (void)state;
    sk_bits_start_write(&writer, bytes, sizeof(bytes));
    sk_bits_write_number(&writer, 0x7fffffff - 2, 1);
    int size = sk_bits_end_write(&writer);
    sk_bits_start_read(&reader, bytes, (size_t)size);
    assert_int_equal(sk_bits_read_number(&reader, 1), 0x7fffffff - 2);
    assert_false(reader.is_short);
    sk_bits_start_read(&reader, too_large, sizeof(too_large)); /* 30 ones more than the order */
    assert_int_equal(sk_bits_read_number(&reader, 1), 0);
    assert_true(reader.is_short);
}

static void test_bits_reading_past_the_end_gives_zeros_and_touches_nothing(void **state)
{
    uint8_t bytes[9];
    (void)state;
    memset(bytes, 0xff, sizeof(bytes));
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        struct end_of_page page = end_of_page_copy(bytes, size);
        struct sk_bit_reader reader;
        sk_bits_start_read(&reader, page.bytes, size);
        for (size_t i = 0; i < size * 8 / 7; i++) {
            assert_int_equal(sk_bits_read(&reader, 7), 0x7f);
        }
        assert_false(reader.is_short);
        assert_int_equal(sk_bits_read(&reader, 8), 0);
        assert_int_equal(sk_bits_read(&reader, 1), 0);
        assert_int_equal(sk_bits_end_read(&reader), SK_ERR_TRUNCATED);
        end_of_page_free(&page);
    }
}

static void test_bits_rest_must_be_zero_and_shorter_than_a_byte(void **state)
{
    static const struct {
        const char *fault;
        int want;
        size_t size;
        uint8_t bytes[6];
    } rows[] = {
        {"none", SK_OK, 1, {0x1f}},
        {"a bit set", SK_ERR_RANGE, 1, {0x3f}},
        {"the last bit set", SK_ERR_RANGE, 1, {0x9f}},
        {"a further byte", SK_ERR_RANGE, 2, {0x1f, 0}},
        {"a further byte behind a word", SK_ERR_RANGE, 5, {0x1f, 0, 0, 0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_bit_reader reader;
        print_message("  %s\n", rows[i].fault);
        sk_bits_start_read(&reader, rows[i].bytes, rows[i].size);
        assert_int_equal(sk_bits_read(&reader, 5), 0x1f);
        assert_int_equal(sk_bits_end_read(&reader), rows[i].want);
    }
}

static void test_bits_writer_without_room_is_full(void **state)
{
    (void)state;
    for (size_t capacity = 0; capacity < 9; capacity++) {
        uint8_t bytes[8] = {0};
        struct end_of_page page = end_of_page_copy(bytes, capacity < 8 ? capacity : 8);
        struct sk_bit_writer writer;
        sk_bits_start_write(&writer, page.bytes, capacity < 8 ? capacity : 8);
        sk_bits_write(&writer, ~(uint32_t)0, 32);
        sk_bits_write(&writer, 0x1ffffff, 25);
        assert_int_equal(sk_bits_end_write(&writer), capacity < 8 ? SK_ERR_FULL : 8);
        end_of_page_free(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bits_all_widths_come_back_at_all_offsets),
        cmocka_unit_test(test_bits_lie_lowest_first),
        cmocka_unit_test(test_bits_numbers_come_back_and_cost_what_is_said),
        cmocka_unit_test(test_bits_signed_numbers_come_back),
        cmocka_unit_test(test_bits_number_without_end_is_refused),
        cmocka_unit_test(test_bits_number_ends_where_its_order_says),
        cmocka_unit_test(test_bits_reading_past_the_end_gives_zeros_and_touches_nothing),
        cmocka_unit_test(test_bits_rest_must_be_zero_and_shorter_than_a_byte),
        cmocka_unit_test(test_bits_writer_without_room_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
