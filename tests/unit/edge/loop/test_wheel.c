/* test_wheel.c - a coarse timer fires never early and less than a slot late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "loop/wheel.h"

struct alarm {
    struct wheel_timer timer; /* first: a timer is its alarm */
    struct wheel *wheel;
    int count;
    uint64_t again_ms;   /* arms itself anew for this time, once */
    struct alarm *other; /* disarms this one when it fires */
};

static void ring(struct wheel_timer *timer)
{
    struct alarm *alarm = (struct alarm *)timer;
    alarm->count++;
    if (alarm->again_ms != 0) {
        wheel_arm(alarm->wheel, timer, alarm->again_ms);
        alarm->again_ms = 0;
    }
    if (alarm->other != NULL) {
        wheel_disarm(&alarm->other->timer);
    }
}

static struct alarm make(struct wheel *wheel)
{
    return (struct alarm){.timer.on_due = ring, .wheel = wheel};
}

static void test_wheel_every_due_time_fires_in_its_slot(void **state)
{
    (void)state;
    for (uint64_t due_ms = 1000; due_ms < 1200; due_ms++) {
        static struct wheel wheel;
        struct alarm alarm = make(&wheel);
        uint64_t now_ms = 1000;
        wheel_init(&wheel, now_ms);
        wheel_arm(&wheel, &alarm.timer, due_ms);
        for (; alarm.count == 0; now_ms++) {
            wheel_turn(&wheel, now_ms);
        }
        assert_true(now_ms - 1 < due_ms + WHEEL_SLOT_MS);
        assert_true(now_ms - 1 >= due_ms);
        assert_true(wheel_next_ms(&wheel) == UINT64_MAX);
    }
}

static void test_wheel_further_than_a_round_waits(void **state)
{
    (void)state;
    static struct wheel wheel;
    struct alarm alarm = make(&wheel);
    uint64_t due_ms = 3 * WHEEL_SLOTS * WHEEL_SLOT_MS + 7;
    wheel_init(&wheel, 0);
    wheel_arm(&wheel, &alarm.timer, due_ms);
    for (uint64_t now_ms = 0; now_ms < due_ms; now_ms += 50) {
        wheel_turn(&wheel, now_ms);
        assert_int_equal(alarm.count, 0);
    }
    wheel_turn(&wheel, due_ms + WHEEL_SLOT_MS);
    assert_int_equal(alarm.count, 1);
}

static void test_wheel_long_sleep_fires_all_once(void **state)
{
    (void)state;
    static struct wheel wheel;
    struct alarm alarms[100];
    wheel_init(&wheel, 5);
    for (size_t i = 0; i < 100; i++) {
        alarms[i] = make(&wheel);
        wheel_arm(&wheel, &alarms[i].timer, i * 997);
    }
    wheel_turn(&wheel, 1000000);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(alarms[i].count, 1);
    }
}

static void test_wheel_disarmed_and_moved_timers(void **state)
{
    (void)state;
    static struct wheel wheel;
    struct alarm gone = make(&wheel);
    struct alarm moved = make(&wheel);
    wheel_init(&wheel, 0);
    wheel_arm(&wheel, &gone.timer, 100);
    wheel_arm(&wheel, &moved.timer, 100);
    wheel_disarm(&gone.timer);
    wheel_disarm(&gone.timer);
    wheel_arm(&wheel, &moved.timer, 5000);
    wheel_turn(&wheel, 4000);
    assert_int_equal(gone.count, 0);
    assert_int_equal(moved.count, 0);
    wheel_turn(&wheel, 5100);
    assert_int_equal(moved.count, 1);
}

static void test_wheel_timer_may_change_timers(void **state)
{
    (void)state;
    static struct wheel wheel;
    struct alarm first = make(&wheel);
    struct alarm second = make(&wheel);
    first.again_ms = 100; /* it has passed: fires at a later turn, not for ever in this one */
    first.other = &second;
    wheel_init(&wheel, 0);
    wheel_arm(&wheel, &first.timer, 100);
    wheel_arm(&wheel, &second.timer, 100);
    wheel_turn(&wheel, 200);
    assert_int_equal(first.count, 1);
    assert_int_equal(second.count, 0);
    wheel_turn(&wheel, 300);
    assert_int_equal(first.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wheel_every_due_time_fires_in_its_slot),
        cmocka_unit_test(test_wheel_further_than_a_round_waits),
        cmocka_unit_test(test_wheel_long_sleep_fires_all_once),
        cmocka_unit_test(test_wheel_disarmed_and_moved_timers),
        cmocka_unit_test(test_wheel_timer_may_change_timers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
