/* test_histogram.c - percentiles are never below the values added and at most 1/64 above them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/histogram.h"

static struct sk_histogram histogram;

static int setup(void **state)
{
    (void)state;
    histogram = (struct sk_histogram){0};
    return 0;
}

static void test_histogram_empty_is_zero(void **state)
{
    (void)state;
    assert_int_equal(sk_histogram_quantile(&histogram, 990000), 0);
    assert_int_equal(sk_histogram_mean(&histogram), 0);
    assert_int_equal(sk_histogram_count_within(&histogram, UINT64_MAX), 0);
}

/* With one small value below it, the median of two is the bucket end of the smaller one. */
static void test_histogram_any_value_is_kept_within_its_bucket(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        uint64_t value = (uint64_t)sk_random(1, i, 0, 0) << 3 >> sk_random(1, i, 0, 1) % 35;
        histogram = (struct sk_histogram){0};
        sk_histogram_add(&histogram, value);
        sk_histogram_add(&histogram, UINT64_MAX);

        uint64_t median = sk_histogram_quantile(&histogram, 500000);

        assert_true(median >= value);
        assert_true(median - value <= value / 64);
    }
}

static void test_histogram_neighbours_above_and_below_a_power_stay_in_order(void **state)
{
    (void)state;
    uint64_t last = 0;
    for (uint32_t bit = 2; bit < SK_HISTOGRAM_VALUE_BITS - 1; bit++) {
        for (int step = -1; step <= 1; step++) {
            histogram = (struct sk_histogram){0};
            sk_histogram_add(&histogram, ((uint64_t)1 << bit) + (uint64_t)step);
            sk_histogram_add(&histogram, UINT64_MAX);
            uint64_t median = sk_histogram_quantile(&histogram, 500000);
            assert_true(median >= last);
            last = median;
        }
    }
}

static void test_histogram_quantile_is_the_value_of_its_rank(void **state)
{
    (void)state;
    for (uint64_t value = 1; value <= 100; value++) {
        sk_histogram_add(&histogram, value);
    }
    assert_int_equal(sk_histogram_quantile(&histogram, 0), 1);
    assert_int_equal(sk_histogram_quantile(&histogram, 10000), 1);
    assert_int_equal(sk_histogram_quantile(&histogram, 10001), 2);
    assert_int_equal(sk_histogram_quantile(&histogram, 500000), 50);
    assert_int_equal(sk_histogram_quantile(&histogram, 990000), 99);
    assert_int_equal(sk_histogram_quantile(&histogram, 1000000), 100);
    assert_int_equal(sk_histogram_mean(&histogram), 50);
}

static void test_histogram_value_beyond_range_keeps_max_and_sum(void **state)
{
    (void)state;
    uint64_t huge = (uint64_t)1 << 40;
    sk_histogram_add(&histogram, huge);
    assert_int_equal(histogram.max, huge);
    assert_int_equal(histogram.sum, huge);
    assert_int_equal(sk_histogram_quantile(&histogram, 500000), huge);
}

static void test_histogram_merge_is_as_if_added_to_one(void **state)
{
    (void)state;
    static struct sk_histogram parts[2], whole;
    for (uint32_t i = 0; i < 1000; i++) {
        uint64_t value = sk_random(2, i, 0, 0) >> 12;
        sk_histogram_add(&parts[i % 2], value);
        sk_histogram_add(&whole, value);
    }
    sk_histogram_merge(&histogram, &parts[0]);
    sk_histogram_merge(&histogram, &parts[1]);
    assert_memory_equal(&histogram, &whole, sizeof(whole));
}

static void test_histogram_count_within_takes_whole_buckets(void **state)
{
    (void)state;
    sk_histogram_add(&histogram, 10);
    sk_histogram_add(&histogram, 11);
    sk_histogram_add(&histogram, 5000);
    assert_int_equal(sk_histogram_count_within(&histogram, 9), 0);
    assert_int_equal(sk_histogram_count_within(&histogram, 10), 1);
    assert_int_equal(sk_histogram_count_within(&histogram, 4000), 2);
    assert_int_equal(sk_histogram_count_within(&histogram, 6000), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_histogram_empty_is_zero, setup),
        cmocka_unit_test_setup(test_histogram_any_value_is_kept_within_its_bucket, setup),
        cmocka_unit_test_setup(test_histogram_neighbours_above_and_below_a_power_stay_in_order,
                               setup),
        cmocka_unit_test_setup(test_histogram_quantile_is_the_value_of_its_rank, setup),
        cmocka_unit_test_setup(test_histogram_value_beyond_range_keeps_max_and_sum, setup),
        cmocka_unit_test_setup(test_histogram_merge_is_as_if_added_to_one, setup),
        cmocka_unit_test_setup(test_histogram_count_within_takes_whole_buckets, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
