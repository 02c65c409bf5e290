/* test_view_clock.c - what is drawn by an honest client stays as it is told; what nobody draws is
 * moved to what somebody could. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "view_clock.h"

enum { ONE = 256, DIVISOR = 3, AGE = 30, FIRST = 600, DELAY = 8 };

static const struct sk_plan plan = {.snapshot_divisor = DIVISOR, .view_age_ticks = AGE};

/* The newest snapshot that a client has whose newest drawn moment is that. */
static uint32_t ack_of(int64_t moment)
{
    return (uint32_t)(moment / ONE / DIVISOR + 1) * DIVISOR;
}

/* What a client tells that draws a moment between neighbours. */
static struct sk_input looking_at(int64_t moment)
{
    uint32_t older = (uint32_t)(moment / ONE / DIVISOR) * DIVISOR;
    int64_t passed = moment - (int64_t)older * ONE;
    return (struct sk_input){.buttons = 1,
                             .view_tick = older + DIVISOR,
                             .view_interval = DIVISOR,
                             .view_fraction = (uint8_t)(passed / DIVISOR)};
}

static int64_t moment_of(const struct sk_input *input)
{
    return (int64_t)input->view_tick * ONE -
           (int64_t)input->view_interval * (ONE - input->view_fraction);
}

static struct sk_input apply(struct view_clock *clock, uint32_t tick, uint32_t ack, int64_t moment)
{
    struct sk_input input = looking_at(moment);
    view_clock_apply(clock, &plan, &(struct view_claim){tick, ack}, &input);
    return input;
}

/* A client that draws what it should, DELAY ticks ago, from FIRST until `end`. */
static struct view_clock play(uint32_t end)
{
    struct view_clock clock = {0};
    for (uint32_t tick = FIRST; tick < end; tick++) {
        int64_t moment = (int64_t)(tick - DELAY) * ONE;
        struct sk_input input = apply(&clock, tick, ack_of(moment), moment);
        assert_int_equal(input.view_limit, SK_VIEW_FREE);
        assert_in_range(moment_of(&input), moment - DIVISOR, moment);
    }
    clock.moment = (int64_t)(end - 1 - DELAY) * ONE; /* which a fraction tells less well */
    return clock;
}

static void test_view_clock_steady_drawing_is_free(void **state)
{
    (void)state;
    (void)play(FIRST + 600);
}

/* It bends by a tenth of time, sees 20 frames a second, and catches up at half as fast again. */
static void test_view_clock_honest_bends_are_free(void **state)
{
    struct view_clock clock = {0};
    int64_t moment = (int64_t)(FIRST - 20) * ONE;
    int64_t drawn = moment;
    (void)state;
    for (uint32_t tick = FIRST; tick < FIRST + 900; tick++) {
        uint32_t phase = (tick - FIRST) / 30 % 3;
        moment += phase == 0 ? ONE : phase == 1 ? ONE * 9 / 10 : ONE * 11 / 10;
        drawn = tick % 3 == 0 ? moment : drawn;
        assert_int_equal(apply(&clock, tick, tick, drawn).view_limit, SK_VIEW_FREE);
    }
}

static void test_view_clock_stands_while_the_acks_stand(void **state)
{
    struct view_clock clock = play(FIRST + 60);
    uint32_t ack = FIRST + 60 - DELAY / DIVISOR * DIVISOR;
    int64_t newest = (int64_t)ack * ONE;
    (void)state;
    for (uint32_t tick = FIRST + 60 + 3; tick < FIRST + 60 + 20; tick++) {
        struct sk_input input = {.buttons = 1, .view_tick = ack};
        view_clock_apply(&clock, &plan, &(struct view_claim){tick, ack}, &input);
        assert_int_equal(input.view_limit, SK_VIEW_FREE);
        assert_int_equal(moment_of(&input), newest);
    }
    for (uint32_t i = 0; i < 16; i++) { /* and comes back at half as fast again */
        int64_t moment = newest + (i + 1) * ONE * 3 / 2;
        struct sk_input input = apply(&clock, FIRST + 80 + i, FIRST + 80 + i, moment);
        assert_int_equal(input.view_limit, SK_VIEW_FREE);
    }
}

static void test_view_clock_does_not_stand_while_acks_go_on(void **state)
{
    struct view_clock clock = play(FIRST + 60);
    int64_t stands = clock.moment;
    uint32_t behind_count = 0;
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        uint32_t tick = FIRST + 60 + i;
        struct sk_input input = apply(&clock, tick, tick, stands);
        int64_t least = stands + (int64_t)(i + 1) * ONE * 9 / 10 - DIVISOR * ONE;
        assert_true(moment_of(&input) >= least - DIVISOR);
        behind_count += input.view_limit == SK_VIEW_BEHIND;
    }
    assert_in_range(behind_count, 15, 18);
}

static void test_view_clock_does_not_leap(void **state)
{
    struct view_clock clock = play(FIRST + 60);
    uint32_t tick = FIRST + 60;
    int64_t most = clock.moment + ONE * 3 / 2 + DIVISOR * ONE;
    (void)state;
    struct sk_input input = apply(&clock, tick, tick, (int64_t)(tick - 1) * ONE);
    assert_int_equal(input.view_limit, SK_VIEW_AHEAD);
    assert_in_range(moment_of(&input), most - DIVISOR, most);
    assert_int_equal(clock.moment, most - DIVISOR * ONE);
}

static void test_view_clock_older_than_honoured_is_moved(void **state)
{
    struct view_clock clock = {0};
    (void)state;
    struct sk_input input = apply(&clock, FIRST, FIRST - 1, (int64_t)(FIRST - 40) * ONE);
    assert_int_equal(input.view_limit, SK_VIEW_OLD);
    assert_int_equal(moment_of(&input), (int64_t)(FIRST - AGE) * ONE);
    input = apply(&clock, FIRST + 90, FIRST + 89, (int64_t)(FIRST + 40) * ONE);
    assert_int_equal(input.view_limit, SK_VIEW_OLD);
    assert_int_equal(moment_of(&input), (int64_t)(FIRST + 90 - AGE) * ONE);
}

static void test_view_clock_pair_too_wide_becomes_neighbours(void **state)
{
    struct view_clock clock = {0};
    struct sk_input input = {
        .view_tick = FIRST - 3, .view_interval = AGE + 3, .view_fraction = 128 + 64};
    int64_t moment = moment_of(&input);
    (void)state;
    view_clock_apply(&clock, &plan, &(struct view_claim){FIRST, FIRST - 3}, &input);
    assert_int_equal(input.view_limit, SK_VIEW_WIDE);
    assert_int_equal(input.view_interval, DIVISOR);
    assert_in_range(moment_of(&input), moment - DIVISOR, moment);
}

static void test_view_clock_without_a_view_is_the_present_until_there_is_one(void **state)
{
    struct view_clock clock = {0};
    struct sk_input input = {.buttons = 1};
    (void)state;
    view_clock_apply(&clock, &plan, &(struct view_claim){FIRST, FIRST - 3}, &input);
    assert_int_equal(input.view_tick, 0);
    clock = play(FIRST + 60);
    int64_t before = clock.moment;
    input = (struct sk_input){.buttons = 1};
    view_clock_apply(&clock, &plan, &(struct view_claim){FIRST + 60, FIRST + 60}, &input);
    assert_int_equal(input.view_limit, SK_VIEW_FREE);
    assert_in_range(moment_of(&input), before + ONE - DIVISOR, before + ONE);
}

/* Silence, then it draws the present again: it had all that time to come there. */
static void test_view_clock_after_a_pause_is_free(void **state)
{
    struct view_clock clock = play(FIRST + 60);
    uint32_t tick = FIRST + 60 + 180;
    (void)state;
    assert_int_equal(apply(&clock, tick, tick, (int64_t)(tick - DELAY) * ONE).view_limit,
                     SK_VIEW_FREE);
}

/* Who names any moment at all gets one that the clock could have shown. */
static void test_view_clock_any_claim_is_kept_in_its_range(void **state)
{
    struct view_clock clock = {0};
    int64_t least = 0;
    int64_t most = INT64_MAX / 4;
    (void)state;
    for (uint32_t tick = FIRST; tick < FIRST + 5000; tick++) {
        uint32_t dice = sk_random(7, tick, 0, 0);
        uint32_t ack = (tick - 1 - dice % 9) / DIVISOR * DIVISOR;
        struct sk_input input = {.buttons = 1,
                                 .view_tick = ack - (dice >> 8) % 12 * DIVISOR,
                                 .view_interval = (uint8_t)((dice >> 16) % 16 * DIVISOR)};
        input.view_fraction = input.view_interval == 0 ? 0 : (uint8_t)(dice >> 24);
        view_clock_apply(&clock, &plan, &(struct view_claim){tick, ack}, &input);
        int64_t moment = moment_of(&input);
        assert_true(moment >= (int64_t)(tick - AGE) * ONE - DIVISOR);
        assert_true(moment <= most + DIVISOR);
        assert_true(moment + DIVISOR >= (least < moment ? least : (int64_t)ack * ONE) ||
                    moment >= (int64_t)(ack - DIVISOR) * ONE - DIVISOR);
        assert_true(input.view_tick < tick);
        assert_true(tick - input.view_tick + input.view_interval <= AGE + DIVISOR);
        least = clock.moment + ONE * 9 / 10 - DIVISOR * ONE;
        most = (clock.moment > (int64_t)(tick - AGE) * ONE ? clock.moment
                                                           : (int64_t)(tick - AGE) * ONE) +
               ONE * 3 / 2 + DIVISOR * ONE;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_clock_steady_drawing_is_free),
        cmocka_unit_test(test_view_clock_honest_bends_are_free),
        cmocka_unit_test(test_view_clock_stands_while_the_acks_stand),
        cmocka_unit_test(test_view_clock_does_not_stand_while_acks_go_on),
        cmocka_unit_test(test_view_clock_does_not_leap),
        cmocka_unit_test(test_view_clock_older_than_honoured_is_moved),
        cmocka_unit_test(test_view_clock_pair_too_wide_becomes_neighbours),
        cmocka_unit_test(test_view_clock_without_a_view_is_the_present_until_there_is_one),
        cmocka_unit_test(test_view_clock_after_a_pause_is_free),
        cmocka_unit_test(test_view_clock_any_claim_is_kept_in_its_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
