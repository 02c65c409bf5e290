/* test_recent_times.c - percentiles of the newest times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recent_times.h"

static void test_recent_times_none_is_zero(void **state)
{
    struct recent_times times = {0};
    (void)state;
    assert_int_equal(recent_times_quantile(&times, 99), 0);
}

static void test_recent_times_quantiles_are_of_what_was_added(void **state)
{
    struct recent_times times = {0};
    (void)state;
    for (uint32_t i = 1; i <= 50; i++) {
        recent_times_add(&times, 51 - i);
    }
    assert_int_equal(recent_times_quantile(&times, 0), 1);
    assert_int_equal(recent_times_quantile(&times, 50), 25);
    assert_int_equal(recent_times_quantile(&times, 98), 49);
    assert_int_equal(recent_times_quantile(&times, 99), 50); /* one in a hundred of fifty is one */
    assert_int_equal(recent_times_quantile(&times, 100), 50);
}

static void test_recent_times_oldest_gives_way(void **state)
{
    struct recent_times times = {0};
    (void)state;
    recent_times_add(&times, UINT64_MAX);
    assert_int_equal(recent_times_quantile(&times, 100), UINT32_MAX);
    for (uint32_t i = 0; i < RECENT_TIMES; i++) {
        recent_times_add(&times, 7);
    }
    assert_int_equal(recent_times_quantile(&times, 100), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recent_times_none_is_zero),
        cmocka_unit_test(test_recent_times_quantiles_are_of_what_was_added),
        cmocka_unit_test(test_recent_times_oldest_gives_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
