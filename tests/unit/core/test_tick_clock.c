/* test_tick_clock.c - ticks come when they are due, for hours, and lost time is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tick_clock.h"

enum { ORIGIN_US = 5000000 };

static struct tick_clock at_hz(uint32_t tick_hz)
{
    return (struct tick_clock){.origin_us = ORIGIN_US, .tick_hz = tick_hz};
}

static uint32_t advance(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us)
{
    assert_int_equal(tick_clock_drop(clock, next_tick, now_us, 3), 0);
    return tick_clock_due_ticks(clock, next_tick, now_us);
}

static void test_tick_clock_an_hour_has_its_ticks(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(60);
    assert_int_equal(tick_clock_due_us(&clock, 3600 * 60), ORIGIN_US + 3600000000u);
    assert_int_equal(tick_clock_due_us(&clock, UINT32_MAX) / 1000000, 5 + UINT32_MAX / 60);
}

static void test_tick_clock_tick_is_due_at_its_microsecond_and_not_before(void **state)
{
    static const uint32_t rates[] = {1, 7, 20, 30, 60, 64, 128, 240};
    (void)state;
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        for (uint32_t tick = 1; tick < 1000; tick++) {
            struct tick_clock clock = at_hz(rates[i]);
            uint64_t due_us = tick_clock_due_us(&clock, tick);
            assert_int_equal(advance(&clock, tick, due_us - 1), 0);
            assert_int_equal(advance(&clock, tick, due_us), 1);
        }
    }
}

static void test_tick_clock_late_wake_takes_what_is_due(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(50);
    assert_int_equal(advance(&clock, 10, ORIGIN_US + 12 * 20000), 3);
    assert_int_equal(advance(&clock, 10, ORIGIN_US + 12 * 20000 - 1), 2);
}

static void test_tick_clock_time_beyond_the_limit_is_dropped(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(50);
    uint64_t now_us = ORIGIN_US + 109 * 20000 + 5000;
    assert_int_equal(tick_clock_drop(&clock, 10, now_us, 3), 97);
    assert_int_equal(advance(&clock, 10, now_us), 3);
    assert_int_equal(advance(&clock, 13, now_us), 0);
    assert_int_equal(tick_clock_due_us(&clock, 13), ORIGIN_US + 110 * 20000);
}

/* Of what was lost before a tick its snapshot tells, and of nothing later. */
static void test_tick_clock_knows_what_was_dropped_since_a_tick(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(50);
    assert_int_equal(tick_clock_drop(&clock, 10, ORIGIN_US + 22 * 20000, 3), 10);
    assert_int_equal(tick_clock_drop(&clock, 10, ORIGIN_US + 24 * 20000, 3), 2);
    assert_int_equal(tick_clock_drop(&clock, 13, ORIGIN_US + 32 * 20000, 3), 5);
    assert_int_equal(clock.dropped_ticks, 17);
    assert_int_equal(tick_clock_dropped_since(&clock, 9), 17);
    assert_int_equal(tick_clock_dropped_since(&clock, 10), 5);
    assert_int_equal(tick_clock_dropped_since(&clock, 12), 5);
    assert_int_equal(tick_clock_dropped_since(&clock, 13), 0);
}

static void test_tick_clock_forgets_the_oldest_drops(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(50);
    for (uint32_t tick = 1; tick <= 3 * TICK_CLOCK_DROPS; tick++) {
        uint64_t now_us = tick_clock_due_us(&clock, tick + 3);
        assert_int_equal(tick_clock_drop(&clock, tick, now_us, 3), 1);
    }
    assert_int_equal(tick_clock_dropped_since(&clock, 3 * TICK_CLOCK_DROPS - 1), 1);
    assert_int_equal(tick_clock_dropped_since(&clock, 1), TICK_CLOCK_DROPS);
}

static void test_tick_clock_margin_is_signed_sixteenths(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(50);
    assert_int_equal(tick_clock_margin(&clock, 10, ORIGIN_US + 9 * 20000), 16);
    assert_int_equal(tick_clock_margin(&clock, 10, ORIGIN_US + 10 * 20000), 0);
    assert_int_equal(tick_clock_margin(&clock, 10, ORIGIN_US + 12 * 20000), -32);
}

static void test_tick_clock_that_stood_goes_on_in_its_phase(void **state)
{
    (void)state;
    struct tick_clock clock = at_hz(50);
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
        cmocka_unit_test(test_tick_clock_knows_what_was_dropped_since_a_tick),
        cmocka_unit_test(test_tick_clock_forgets_the_oldest_drops),
        cmocka_unit_test(test_tick_clock_that_stood_goes_on_in_its_phase),
        cmocka_unit_test(test_tick_clock_margin_is_signed_sixteenths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
