/* test_client_core.c - what a client counts of its own inputs.  Times and what is drawn are
 * compared with the browser's in tests/sim. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "client/client_core.h"
#include "support/dots.h"

enum { PLAYERS = 4, FIRST_TICK = 600, TICK_US = 16667, MESSAGE_BYTES = 256 };

struct fixture {
    struct sk_plan plan;
    struct sk_view view;
    struct sk_client_core core;
    struct sk_own_part own;
    void *block;
    uint64_t now_us;
    uint64_t late_us; /* by which the newest snapshot came late */
};

static struct fixture fixture;

static int start(void **state)
{
    (void)state;
    struct sk_arena arena;
    fixture = (struct fixture){.now_us = 1000000, .own = {.tick = FIRST_TICK}};
    assert_int_equal(sk_plan_init(&fixture.plan, dots_game(), PLAYERS, NULL), SK_OK);
    size_t bytes = sk_view_cost(&fixture.plan);
    fixture.block = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    sk_arena_init(&arena, fixture.block, bytes);
    assert_int_equal(sk_view_init(&fixture.view, &fixture.plan, &arena), SK_OK);
    struct sk_core_config config = {
        .view = &fixture.view, .is_player = true, .tick = FIRST_TICK, .rtt_us = 1000};
    sk_client_core_init(&fixture.core, &config, fixture.now_us);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(fixture.block);
    return 0;
}

/* A snapshot `ticks` later than the one before: head and own part, which is all that is read of
 * one that is skipped. */
static void take_snapshot(uint32_t ticks, uint16_t repeated, int16_t margin_sixteenths)
{
    uint8_t part[SK_OWN_PART_BYTES_MAX];
    uint8_t message[MESSAGE_BYTES];
    struct sk_event_list none = {NULL, 0};
    fixture.now_us += (uint64_t)ticks * TICK_US;
    fixture.own.tick += ticks;
    fixture.own.input_tick += ticks;
    fixture.own.repeated = repeated;
    fixture.own.newest_sixteenths = margin_sixteenths;
    fixture.own.margin_sixteenths = margin_sixteenths;
    int part_bytes =
        sk_own_part_write(&fixture.own, &fixture.plan.schema, NULL, none, part, sizeof(part));
    assert_true(part_bytes > 0);
    struct sk_snapshot_head head = {.tick = fixture.own.tick,
                                    .own_part_bytes = (uint16_t)part_bytes};
    int at = sk_snapshot_write_head(&head, message, sizeof(message));
    assert_true(at > 0 && at + part_bytes <= MESSAGE_BYTES);
    for (int i = 0; i < part_bytes; i++) {
        message[at++] = part[i];
    }
    assert_int_equal(sk_client_core_take(&fixture.core, message, (size_t)at, true, fixture.now_us),
                     SK_OK);
}

static void test_client_core_a_missing_input_is_counted_once(void **state)
{
    (void)state;
    take_snapshot(3, 0, 20);
    take_snapshot(3, 0x3, 20);
    take_snapshot(3, 0x18, 20); /* the same two ticks again */
    assert_int_equal(fixture.core.repeated_count, 2);
    take_snapshot(40, 0xffff, 20);
    assert_int_equal(fixture.core.repeated_count, 2 + 16);
}

static void test_client_core_first_snapshot_tells_nothing_of_us(void **state)
{
    (void)state;
    take_snapshot(3, 0xffff, 20);
    assert_int_equal(fixture.core.repeated_count, 0);
}

static void test_client_core_a_late_input_is_counted_once(void **state)
{
    (void)state;
    take_snapshot(3, 0, 20);
    take_snapshot(3, 0, -1);
    fixture.own.input_tick -= 3; /* nothing came since: the next tells the same again */
    take_snapshot(3, 0, -1);
    assert_int_equal(fixture.core.late_count, 1);
}

static void test_client_core_knows_when_the_newest_snapshot_came(void **state)
{
    (void)state;
    assert_int_equal(fixture.core.taken_us, 0);
    take_snapshot(3, 0, 20);
    assert_int_equal(fixture.core.taken_us, fixture.now_us);
}

static void test_client_core_tells_what_came_before_over_a_lossy_transport_alone(void **state)
{
    uint32_t divisor = fixture.plan.snapshot_divisor;
    (void)state;
    take_snapshot(divisor, 0, 20);
    take_snapshot(2 * divisor, 0, 20);
    take_snapshot(divisor, 0, 20);
    assert_int_equal(sk_client_core_applied(&fixture.core), 0);
    fixture.core.is_lossy = true;
    assert_int_equal(sk_client_core_applied(&fixture.core), 0x5);
}

static void test_client_core_asks_again_for_a_keyframe_after_two_round_trips(void **state)
{
    enum { RTT_US = 40000 };
    uint64_t interval_us = 1000000u * fixture.plan.snapshot_divisor / fixture.plan.tick_hz;
    uint64_t again_us = fixture.now_us + 2 * RTT_US + interval_us;
    (void)state;
    fixture.core.clock.rtt_us = RTT_US;
    fixture.core.asks_keyframe = true;
    assert_int_equal(sk_client_core_next(&fixture.core, fixture.now_us), SK_CORE_KEYFRAME_REQUEST);
    sk_client_core_on_sent(&fixture.core, SK_CORE_KEYFRAME_REQUEST, fixture.now_us);
    assert_int_equal(sk_client_core_next(&fixture.core, again_us - 1), SK_CORE_NOTHING);
    assert_int_equal(sk_client_core_next(&fixture.core, again_us), SK_CORE_KEYFRAME_REQUEST);
}

/* Makes the inputs of the next ticks and sends what is due.  Returns how many of the message were
 * sent before. */
static uint32_t send_next_input(void)
{
    struct sk_input controller = {.buttons = fixture.core.sampled_tick + 1};
    uint32_t before = fixture.core.sampled_tick;
    while (fixture.core.sampled_tick == before) {
        fixture.now_us += 1000;
        (void)sk_client_core_sample(&fixture.core, &controller, fixture.now_us);
    }
    assert_int_equal(sk_client_core_next(&fixture.core, fixture.now_us), SK_CORE_INPUTS);
    uint32_t copied_count = fixture.core.copied_count;
    assert_true(fixture.core.pending_count <= SK_INPUTS_SENT_AGAIN_TO);
    assert_int_equal(fixture.core.pending[fixture.core.pending_count - 1].buttons, before + 1);
    sk_client_core_on_sent(&fixture.core, SK_CORE_INPUTS, fixture.now_us);
    assert_int_not_equal(sk_client_core_next(&fixture.core, fixture.now_us), SK_CORE_INPUTS);
    return copied_count;
}

static void test_client_core_sends_inputs_once_over_an_ordered_transport(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(send_next_input(), 0);
    }
}

static void test_client_core_sends_inputs_again_over_a_lossy_one_until_one_is_reported(void **state)
{
    (void)state;
    fixture.core.is_lossy = true;
    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(send_next_input(), i < 7 ? i : 7);
    }
    fixture.own.tick = fixture.core.sampled_tick - 10;
    fixture.own.input_tick = fixture.core.sampled_tick - 3 - fixture.plan.snapshot_divisor;
    take_snapshot(fixture.plan.snapshot_divisor, 0, 20);
    assert_int_equal(send_next_input(), 3); /* of which nobody has told */
    assert_int_equal(fixture.core.gave_way_count, 0);
}

/* So many snapshots that each come up to 20 ms later than they could; frames meanwhile, or none. */
static void watch(uint32_t snapshots, bool has_frames)
{
    uint32_t tick;
    uint8_t fraction;
    for (uint32_t i = 0; i < snapshots; i++) {
        uint64_t due_us = fixture.now_us - fixture.late_us + 3 * TICK_US;
        fixture.late_us = sk_random(5, fixture.own.tick, 0, 0) % 20000;
        uint64_t arrival_us = due_us + fixture.late_us;
        for (; has_frames && fixture.now_us + TICK_US < arrival_us; fixture.now_us += TICK_US) {
            (void)sk_client_core_render(&fixture.core, fixture.now_us, &tick, &fraction);
        }
        fixture.now_us = arrival_us - 3 * TICK_US; /* which take_snapshot() adds */
        take_snapshot(3, 0, 20);
    }
}

static void test_client_core_frames_withheld_are_no_delay(void **state)
{
    (void)state;
    uint32_t tick;
    uint8_t fraction;
    for (uint32_t seconds = 1; seconds <= 60; seconds++) {
        watch(20, true);
        watch(20 * seconds, false);
        assert_true(sk_client_core_render(&fixture.core, fixture.now_us, &tick, &fraction));
        int64_t delay_us = fixture.core.clock.delay_us + (int64_t)fixture.late_us;
        int64_t drawn_us = (int64_t)(fixture.own.tick - tick) * TICK_US;
        assert_in_range(drawn_us + 2 * TICK_US - delay_us, 0, 4 * TICK_US);
    }
}

enum { TAP = 4 };

/* Samples what is held `ms` later and says how many of the inputs that wait have TAP. */
static uint32_t taps_after(uint32_t ms, uint32_t held)
{
    struct sk_input controller = {.buttons = held};
    uint32_t count = 0;
    fixture.now_us += ms * (uint64_t)1000;
    (void)sk_client_core_sample(&fixture.core, &controller, fixture.now_us);
    for (uint32_t i = 0; i < fixture.core.pending_count; i++) {
        count += (fixture.core.pending[i].buttons & TAP) != 0;
    }
    return count;
}

static void test_client_core_a_press_before_a_leap_is_in_the_input_behind_it(void **state)
{
    (void)state;
    (void)taps_after(100, 0);
    sk_client_core_press(&fixture.core, TAP);
    assert_int_equal(taps_after(20, 0), 1);
    assert_int_equal(taps_after(2000, 0), 1);
    assert_int_equal(fixture.core.pending_count, 1);
    assert_int_equal(taps_after(20, 0), 1);
}

static void test_client_core_a_press_waits_as_long_as_the_socket_is_busy(void **state)
{
    (void)state;
    (void)taps_after(100, 0);
    sk_client_core_press(&fixture.core, TAP);
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(taps_after(17, 0), 1);
    }
    assert_int_equal(fixture.core.pending_count, SK_INPUTS_A_MESSAGE_MAX);
    assert_true(fixture.core.gave_way_count > SK_INPUTS_A_MESSAGE_MAX);
    assert_true(taps_after(100, TAP) > 1); /* what is held is in each, and once when let go of */
    assert_true(taps_after(600, 0) <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_client_core_a_missing_input_is_counted_once, start,
                                        end),
        cmocka_unit_test_setup_teardown(test_client_core_first_snapshot_tells_nothing_of_us, start,
                                        end),
        cmocka_unit_test_setup_teardown(test_client_core_a_late_input_is_counted_once, start, end),
        cmocka_unit_test_setup_teardown(test_client_core_knows_when_the_newest_snapshot_came, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            test_client_core_tells_what_came_before_over_a_lossy_transport_alone, start, end),
        cmocka_unit_test_setup_teardown(
            test_client_core_asks_again_for_a_keyframe_after_two_round_trips, start, end),
        cmocka_unit_test_setup_teardown(
            test_client_core_a_press_before_a_leap_is_in_the_input_behind_it, start, end),
        cmocka_unit_test_setup_teardown(
            test_client_core_a_press_waits_as_long_as_the_socket_is_busy, start, end),
        cmocka_unit_test_setup_teardown(
            test_client_core_sends_inputs_once_over_an_ordered_transport, start, end),
        cmocka_unit_test_setup_teardown(
            test_client_core_sends_inputs_again_over_a_lossy_one_until_one_is_reported, start, end),
        cmocka_unit_test_setup_teardown(test_client_core_frames_withheld_are_no_delay, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
