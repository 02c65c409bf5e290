/* test_tick_clock.c - ticks come when they are due, for hours, and lost time is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tick_clock.h"

enum { ORIGIN_US = 5000000 };

static uint32_t advance(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us)
{
    uint64_t dropped = 0;
    uint32_t count = tick_clock_advance(clock, next_tick, now_us, 3, &dropped);
    assert_int_equal(dropped, 0);
    return count;
}

static void test_tick_clock_an_hour_has_its_ticks(void **state)
{
    (void)state;
    struct tick_clock clock = {ORIGIN_US, 60};
    assert_int_equal(tick_clock_due_us(&clock, 3600 * 60), ORIGIN_US + 3600000000u);
    assert_int_equal(tick_clock_due_us(&clock, UINT32_MAX) / 1000000, 5 + UINT32_MAX / 60);
}

static void test_tick_clock_tick_is_due_at_its_microsecond_and_not_before(void **state)
{
    static const uint32_t rates[] = {1, 7, 20, 30, 60, 64, 128, 240};
    (void)state;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        for (uint32_t tick = 1; tick < 1000; tick++) {
            struct tick_clock clock = {ORIGIN_US, rates[i]};
            uint64_t due_us = tick_clock_due_us(&clock, tick);
            assert_int_equal(advance(&clock, tick, due_us - 1), 0);
            assert_int_equal(advance(&clock, tick, due_us), 1);
        }
    }
}

static void test_tick_clock_late_wake_takes_what_is_due(void **state)
{
    (void)state;
    struct tick_clock clock = {ORIGIN_US, 50};
    assert_int_equal(advance(&clock, 10, ORIGIN_US + 12 * 20000), 3);
    assert_int_equal(advance(&clock, 10, ORIGIN_US + 12 * 20000 - 1), 2);
}

static void test_tick_clock_time_beyond_the_limit_is_dropped(void **state)
{
    (void)state;
    struct tick_clock clock = {ORIGIN_US, 50};
    uint64_t dropped = 0;
    uint64_t now_us = ORIGIN_US + 109 * 20000 + 5000;
    assert_int_equal(tick_clock_advance(&clock, 10, now_us, 3, &dropped), 3);
    assert_int_equal(dropped, 97);
    assert_int_equal(advance(&clock, 13, now_us), 0);
    assert_int_equal(tick_clock_due_us(&clock, 13), ORIGIN_US + 110 * 20000);
}

static void test_tick_clock_margin_is_signed_sixteenths(void **state)
{
    (void)state;
    struct tick_clock clock = {ORIGIN_US, 50};
    assert_int_equal(tick_clock_margin(&clock, 10, ORIGIN_US + 9 * 20000), 16);
    assert_int_equal(tick_clock_margin(&clock, 10, ORIGIN_US + 10 * 20000), 0);
    assert_int_equal(tick_clock_margin(&clock, 10, ORIGIN_US + 12 * 20000), -32);
}

static void test_tick_clock_that_stood_goes_on_in_its_phase(void **state)
{
    (void)state;
    struct tick_clock clock = {ORIGIN_US, 50};
    uint64_t due_us = tick_clock_due_us(&clock, 10);
    tick_clock_resume(&clock, 10, due_us, 60000);
    assert_int_equal(tick_clock_due_us(&clock, 10), due_us);
    tick_clock_resume(&clock, 10, due_us + 60001, 60000);
    assert_int_equal(tick_clock_due_us(&clock, 10), due_us + 120000);
    tick_clock_resume(&clock, 10, due_us, 60000); /* it is due later: nothing stood */
    assert_int_equal(tick_clock_due_us(&clock, 10), due_us + 120000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tick_clock_an_hour_has_its_ticks),
        cmocka_unit_test(test_tick_clock_tick_is_due_at_its_microsecond_and_not_before),
        cmocka_unit_test(test_tick_clock_late_wake_takes_what_is_due),
        cmocka_unit_test(test_tick_clock_time_beyond_the_limit_is_dropped),
        cmocka_unit_test(test_tick_clock_that_stood_goes_on_in_its_phase),
        cmocka_unit_test(test_tick_clock_margin_is_signed_sixteenths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
