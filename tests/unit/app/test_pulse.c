/* test_pulse.c - what a worker notes is what others read, until it rests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pulse.h"

static void test_pulse_age_counts_from_the_last_beat(void **state)
{
    struct pulse pulse = {0};
    (void)state;
    pulse_beat(&pulse, 5000);
    assert_int_equal(pulse_age_ms(&pulse, 5000), 0);
    assert_int_equal(pulse_age_ms(&pulse, 7001), 2001);
    assert_int_equal(pulse_age_ms(&pulse, 4999), 0);
}

static void test_pulse_work_is_what_was_noted(void **state)
{
    struct pulse pulse = {0};
    (void)state;
    assert_int_equal(pulse_work(&pulse).phase, ROOM_PHASE_NONE);
    pulse_note(&pulse, &(struct pulse_work){"K3V9QZ", "orbs", 812, ROOM_PHASE_THINK});
    struct pulse_work work = pulse_work(&pulse);
    assert_string_equal(work.code, "K3V9QZ");
    assert_string_equal(work.game, "orbs");
    assert_int_equal(work.tick, 812);
    assert_string_equal(room_phase_word(work.phase), "think");
}

static void test_pulse_mine_is_the_threads_own(void **state)
{
    struct pulse mine = {0};
    (void)state;
    assert_null(pulse_mine());
    pulse_attach(&mine);
    assert_ptr_equal(pulse_mine(), &mine);
    pulse_note(&mine, &(struct pulse_work){"K3V9QZ", "orbs", 1, ROOM_PHASE_STEP});
    pulse_note(&mine, &(struct pulse_work){"K3V9QZ", "orbs", 1, ROOM_PHASE_NONE});
    assert_int_equal(pulse_work(&mine).phase, ROOM_PHASE_NONE);
    pulse_attach(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pulse_age_counts_from_the_last_beat),
        cmocka_unit_test(test_pulse_work_is_what_was_noted),
        cmocka_unit_test(test_pulse_mine_is_the_threads_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
