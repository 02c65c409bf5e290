/* test_audit.c - shots are noted for who asks, as many as there is space for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/audit.h"

static const struct sk_input input = {
    .view_tick = 90, .view_interval = 6, .view_fraction = 128, .view_limit = SK_VIEW_OLD};
static const struct sk_judged judged = {.target = 3, .moved = 500, .missed = -20};

static void test_audit_notes_who_when_and_why(void **state)
{
    struct sk_audits audits = {0};
    struct sk_events sink = {.tick = 120, .audits = &audits};
    (void)state;
    sk_audit(&sink, 7, &input, &judged);
    assert_int_equal(audits.count, 1);
    const struct sk_audit *audit = &audits.audits[0];
    assert_int_equal(audit->tick, 120);
    assert_int_equal(audit->shooter, 7);
    assert_int_equal(audit->moment.tick, 90);
    assert_int_equal(audit->moment.interval, 6);
    assert_int_equal(audit->moment.fraction, 128);
    assert_string_equal(sk_view_limit_word(audit->limit), "old");
    assert_memory_equal(&audit->judged, &judged, sizeof(judged));
}

static void test_audit_without_a_list_or_space_is_nothing(void **state)
{
    struct sk_audits audits = {.count = SK_AUDITS_A_TICK_MAX};
    struct sk_events sink = {.tick = 120};
    (void)state;
    sk_audit(&sink, 7, &input, &judged);
    sink.audits = &audits;
    sk_audit(&sink, 7, &input, &judged);
    assert_int_equal(audits.count, SK_AUDITS_A_TICK_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audit_notes_who_when_and_why),
        cmocka_unit_test(test_audit_without_a_list_or_space_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
