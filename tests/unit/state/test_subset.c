/* test_subset.c - every subset has one encoding, and it is a short one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "state/subset.h"

static uint8_t bytes[SK_ENTITIES_MAX];

static uint32_t write_bits(const struct sk_subset *subset)
{
    struct sk_bit_writer writer;
    sk_bits_start_write(&writer, bytes, sizeof(bytes));
    sk_subset_write(subset, &writer);
    uint32_t bits = (uint32_t)writer.used_bytes * 8 + writer.pending_count;
    assert_true(sk_bits_end_write(&writer) >= 0);
    return bits;
}

static int read_bits(struct sk_subset *subset, uint32_t count, size_t size)
{
    struct sk_bit_reader reader;
    sk_bits_start_read(&reader, bytes, size);
    int result = sk_subset_read(subset, count, &reader);
    return result == SK_OK ? sk_bits_end_read(&reader) : result;
}

static void check_comes_back(const struct sk_subset *subset)
{
    static struct sk_subset got;
    uint32_t bits = write_bits(subset);
    assert_int_equal(read_bits(&got, subset->count, (bits + 7) / 8), SK_OK);
    assert_int_equal(got.members, subset->members);
    assert_memory_equal(got.words, subset->words, (subset->count + 63) / 64 * 8);
    assert_true(bits <= subset->count + 3);
}

/* Each thing is in with a chance of `chance` in 64. */
static void draw(struct sk_subset *subset, uint32_t count, uint32_t chance)
{
    sk_subset_init(subset, count);
    for (uint32_t i = 0; i < count; i++) {
        if (sk_random(1, count, i, chance) >> 26 < chance) {
            sk_subset_add(subset, i);
        }
    }
}

static void test_subset_any_comes_back(void **state)
{
    static const uint32_t counts[] = {
        0, 1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000, SK_ENTITIES_MAX};
    static struct sk_subset subset;
    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        for (uint32_t chance = 0; chance <= 64; chance += 4) {
            draw(&subset, counts[i], chance);
            check_comes_back(&subset);
        }
    }
}

static void test_subset_of_few_things_all_come_back(void **state)
{
    static struct sk_subset subset;
    (void)state;
    for (uint32_t pattern = 0; pattern < 1 << 10; pattern++) {
        sk_subset_init(&subset, 10);
        for (uint32_t i = 0; i < 10; i++) {
            if ((pattern >> i & 1) != 0) {
                sk_subset_add(&subset, i);
            }
        }
        check_comes_back(&subset);
    }
}

static void test_subset_nobody_everybody_and_few_are_short(void **state)
{
    static struct sk_subset subset;
    (void)state;
    draw(&subset, 1000, 0);
    assert_int_equal(write_bits(&subset), 1);
    draw(&subset, 1000, 64);
    assert_int_equal(write_bits(&subset), 2);
    sk_subset_init(&subset, 1000);
    sk_subset_add(&subset, 500);
    assert_true(write_bits(&subset) <= 40);
}

/* Each row is bits that could stand for a subset but for one fault.  Bits are lowest first. */
static void test_subset_other_encoding_is_refused(void **state)
{
    static const struct {
        const char *fault;
        uint32_t count;
        int want;
        uint8_t bytes[2];
    } rows[] = {
        {"none: bitmap 101", 3, SK_OK, {0x2b}},
        {"bitmap of nobody", 3, SK_ERR_RANGE, {0x03}},
        {"bitmap of everybody", 3, SK_ERR_RANGE, {0x3b}},
        {"none: runs, 9 out, 3 in", 12, SK_OK, {0x3f, 0x15}},
        {"runs where the bitmap is shorter", 3, SK_ERR_RANGE, {0x07}},
        {"runs of nobody", 8, SK_ERR_RANGE, {0xbf, 0x00}},
        {"bitmap where runs are shorter", 12, SK_ERR_RANGE, {0x03, 0x70}},
        {"run beyond the last thing", 12, SK_ERR_RANGE, {0x3f, 0x0d}},
    };
    static struct sk_subset subset;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_bit_reader reader;
        print_message("  %s\n", rows[i].fault);
        sk_bits_start_read(&reader, rows[i].bytes, sizeof(rows[i].bytes));
        assert_int_equal(sk_subset_read(&subset, rows[i].count, &reader), rows[i].want);
    }
}

static void test_subset_without_bits_ends(void **state)
{
    static struct sk_subset subset;
    (void)state;
    for (uint32_t chance = 0; chance <= 64; chance += 8) {
        draw(&subset, 1000, chance);
        size_t size = (write_bits(&subset) + 7) / 8;
        for (size_t cut = 0; cut < size; cut++) {
            int result = read_bits(&subset, 1000, cut);
            assert_true(result == SK_ERR_TRUNCATED || result == SK_ERR_RANGE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subset_any_comes_back),
        cmocka_unit_test(test_subset_of_few_things_all_come_back),
        cmocka_unit_test(test_subset_nobody_everybody_and_few_are_short),
        cmocka_unit_test(test_subset_other_encoding_is_refused),
        cmocka_unit_test(test_subset_without_bits_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
