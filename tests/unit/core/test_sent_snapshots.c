/* test_sent_snapshots.c - what may be sent, against which baseline, and which acks are believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sent_snapshots.h"

enum { DIVISOR = 3, TICK_HZ = 60, INTERVAL_US = 50000 };
enum { FIRST_LIMIT = 7 }; /* ceil(250 ms / 50 ms) + 2, until the round trip is known */

/* When the snapshot of a tick goes out. */
static uint64_t time_of(uint32_t tick)
{
    return tick / DIVISOR * (uint64_t)INTERVAL_US;
}

static struct sent_snapshots make(bool is_ordered)
{
    struct sent_snapshots sent;
    sent_snapshots_init(&sent, DIVISOR, TICK_HZ, is_ordered);
    return sent;
}

/* Sends snapshots of the ticks from..to, each at its own time. */
static void send_span(struct sent_snapshots *sent, uint32_t from, uint32_t to)
{
    for (uint32_t tick = from; tick <= to; tick += DIVISOR) {
        sent_snapshots_on_sent(sent, tick, time_of(tick));
    }
}

/* What the next snapshot may be a delta from, the newest of it; 0: nothing. */
static uint32_t baseline_of(const struct sent_snapshots *sent, uint32_t oldest_tick)
{
    uint32_t tick = sent->last_tick + DIVISOR;
    uint32_t held = sent_snapshots_held(sent, tick, oldest_tick);
    return held == 0 ? 0 : tick - ((uint32_t)__builtin_ctz(held) + 1) * DIVISOR;
}

static void test_sent_snapshots_first_snapshot_is_a_keyframe(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    assert_true(sent_snapshots_may_send(&sent, time_of(sent.last_tick)));
    assert_int_equal(baseline_of(&sent, 3), 0);
}

static void test_sent_snapshots_ordered_builds_on_the_last_sent(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 9);
    assert_int_equal(baseline_of(&sent, 3), 9);
}

static void test_sent_snapshots_lossy_builds_on_the_last_acked(void **state)
{
    struct sent_snapshots sent = make(false);
    (void)state;
    send_span(&sent, 3, 9);
    assert_int_equal(baseline_of(&sent, 3), 0);
    assert_int_equal(sent_snapshots_on_ack(&sent, 6, 0, INTERVAL_US), SK_OK);
    assert_int_equal(baseline_of(&sent, 3), 6);
}

static void test_sent_snapshots_lossy_may_build_on_what_was_applied_before(void **state)
{
    struct sent_snapshots sent = make(false);
    (void)state;
    send_span(&sent, 3, 30);
    assert_int_equal(sent_snapshots_on_ack(&sent, 21, 0x15, 0), SK_OK); /* 18, 12 and 6 too */
    assert_int_equal(sent_snapshots_held(&sent, 33, 3), 0x158);
    assert_int_equal(sent_snapshots_held(&sent, 33, 12), 0x58); /* 6 has left the ring */
    send_span(&sent, 33, 96);
    assert_int_equal(sent_snapshots_held(&sent, 99, 12), 0x16000000);
    assert_int_equal(sent_snapshots_held(&sent, 99, 24), 0);
}

static void test_sent_snapshots_applied_and_never_sent_is_refused(void **state)
{
    struct sent_snapshots sent = make(false);
    (void)state;
    send_span(&sent, 3, 9);
    send_span(&sent, 15, 18);
    assert_int_equal(sent_snapshots_on_ack(&sent, 18, 0x02, 0), SK_ERR_RANGE); /* 12 */
    assert_int_equal(sent_snapshots_on_ack(&sent, 18, 0x20, 0), SK_ERR_RANGE); /* 0 */
    assert_int_equal(sent_snapshots_on_ack(&sent, 18, 0x80000000, 0), SK_ERR_RANGE);
    assert_int_equal(sent.acked_tick, 0);
    assert_int_equal(sent_snapshots_on_ack(&sent, 18, 0x1d, 0), SK_OK);
}

static void test_sent_snapshots_ordered_looks_at_no_applied(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 9);
    assert_int_equal(sent_snapshots_on_ack(&sent, 6, UINT32_MAX, 0), SK_OK);
    assert_int_equal(sent_snapshots_held(&sent, 12, 3), 1);
}

static void test_sent_snapshots_baseline_that_left_the_ring_is_a_keyframe(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 9);
    assert_int_equal(baseline_of(&sent, 9), 9);
    assert_int_equal(baseline_of(&sent, 12), 0);
}

static void test_sent_snapshots_wish_for_a_keyframe_lasts_until_one_is_sent(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 3);
    sent.wants_keyframe = true;
    assert_int_equal(baseline_of(&sent, 3), 0);
    send_span(&sent, 6, 6);
    assert_int_equal(baseline_of(&sent, 3), 6);
}

static void test_sent_snapshots_without_acks_stops_at_the_limit(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 3 * FIRST_LIMIT);
    assert_true(sent_snapshots_may_send(&sent, time_of(sent.last_tick)));
    send_span(&sent, 3 * FIRST_LIMIT + 3, 3 * FIRST_LIMIT + 3);
    assert_false(sent_snapshots_may_send(&sent, time_of(sent.last_tick)));
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, 6 * INTERVAL_US), SK_OK);
    assert_true(sent_snapshots_may_send(&sent, time_of(sent.last_tick)));
}

static void test_sent_snapshots_ack_covers_all_before_it(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 15);
    assert_int_equal(sent_snapshots_on_ack(&sent, 12, 0, 0), SK_OK);
    assert_int_equal(sent.unacked_count, 1);
}

static void test_sent_snapshots_old_or_repeated_ack_changes_nothing(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 15);
    assert_int_equal(sent_snapshots_on_ack(&sent, 12, 0, 0), SK_OK);
    assert_int_equal(sent_snapshots_on_ack(&sent, 12, 0, 0), SK_OK);
    assert_int_equal(sent_snapshots_on_ack(&sent, 9, 0, 0), SK_OK);
    assert_int_equal(sent_snapshots_on_ack(&sent, 0, 0, 0), SK_OK);
    assert_int_equal(sent.acked_tick, 12);
    assert_int_equal(sent.unacked_count, 1);
}

static void test_sent_snapshots_ack_never_sent_is_refused(void **state)
{
    static const uint32_t never[] = {1, 4, 12, 18, 3 + 3 * SK_FRAME_RING_SLOTS, UINT32_MAX};
    struct sent_snapshots sent = make(true);
    (void)state;
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, 0), SK_ERR_RANGE);
    send_span(&sent, 3, 9);
    send_span(&sent, 15, 15);
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        assert_int_equal(sent_snapshots_on_ack(&sent, never[i], 0, 0), SK_ERR_RANGE);
    }
}

/* Two unacked ticks a multiple of the ring apart: a slow reader's, sent with a gap. */
static void test_sent_snapshots_ack_across_a_gap_is_known(void **state)
{
    enum { LATER = 6 + DIVISOR * SK_FRAME_RING_SLOTS };
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 9);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, 0), SK_OK);
    send_span(&sent, LATER, LATER);
    assert_int_equal(sent_snapshots_on_ack(&sent, 6, 0, 0), SK_OK);
    assert_int_equal(sent.unacked_count, 2);
    assert_int_equal(sent_snapshots_on_ack(&sent, LATER, 0, 0), SK_OK);
    assert_int_equal(sent.unacked_count, 0);
}

static void test_sent_snapshots_long_round_trip_allows_more_under_way(void **state)
{
    struct sent_snapshots sent = make(true);
    uint32_t count = 0;
    (void)state;
    send_span(&sent, 3, 3);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, INTERVAL_US + 990000), SK_OK);
    for (uint32_t tick = 6; sent_snapshots_may_send(&sent, time_of(sent.last_tick));
         tick += DIVISOR) {
        sent_snapshots_on_sent(&sent, tick, 0);
        count++;
    }
    assert_int_equal(count, 23); /* ceil(990.5 / 50) + 2 unacked, and one more */
}

static void test_sent_snapshots_endless_round_trip_stays_within_the_ring(void **state)
{
    struct sent_snapshots sent = make(true);
    uint32_t count = 0;
    (void)state;
    send_span(&sent, 3, 3);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, (uint64_t)3600 * 1000000), SK_OK);
    for (uint32_t tick = 6; sent_snapshots_may_send(&sent, time_of(sent.last_tick));
         tick += DIVISOR) {
        sent_snapshots_on_sent(&sent, tick, 0);
        count++;
    }
    assert_true(count < SK_FRAME_RING_SLOTS);
    assert_int_equal(sent_snapshots_on_ack(&sent, 6, 0, 0), SK_OK);
}

static void test_sent_snapshots_round_trip_is_smoothed(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 3);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, INTERVAL_US + 80000), SK_OK);
    assert_in_range(sent.rtt_us, 80000, 81000);
    send_span(&sent, 6, 6);
    assert_int_equal(sent_snapshots_on_ack(&sent, 6, 0, 2 * INTERVAL_US + 160000), SK_OK);
    assert_in_range(sent.rtt_us, 89000, 92000);
}

/* Sends whatever may be sent from a tick on for so many intervals, unacked; returns how many. */
static uint32_t send_into_the_void(struct sent_snapshots *sent, uint32_t first, uint32_t intervals)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < intervals; i++) {
        uint32_t tick = first + i * DIVISOR;
        if (sent_snapshots_may_send(sent, time_of(tick))) {
            sent_snapshots_on_sent(sent, tick, time_of(tick));
            count++;
        }
    }
    return count;
}

/* Nothing arrives for ten seconds: the client hears of the first snapshot behind them. */
static void test_outbox_outage_on_a_lossy_transport_ends(void **state)
{
    enum { INTERVALS = 200, END = 6 + INTERVALS * DIVISOR };
    struct sent_snapshots sent = make(false);
    (void)state;
    send_span(&sent, 3, 3);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, time_of(3) + 40000), SK_OK);
    assert_in_range(send_into_the_void(&sent, 6, INTERVALS), INTERVALS / 3, INTERVALS);
    assert_in_range(sent_snapshots_unacked_ms(&sent, time_of(END)), 9900, 10100);
    uint32_t last = sent.last_tick;
    assert_int_equal(sent_snapshots_on_ack(&sent, last, 0, time_of(END)), SK_OK);
    assert_int_equal(baseline_of(&sent, last), last);
    assert_int_equal(sent_snapshots_unacked_ms(&sent, time_of(END)), 0);
    assert_true(sent_snapshots_may_send(&sent, time_of(END)));
}

/* A second without a datagram either way: the stream goes on while it lasts and after it. */
static void test_outbox_lossy_sends_again_when_all_in_flight_were_lost(void **state)
{
    enum { INTERVALS = 20, END = 6 + INTERVALS * DIVISOR };
    struct sent_snapshots sent = make(false);
    (void)state;
    send_span(&sent, 3, 3);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, time_of(3) + 20000), SK_OK);
    assert_in_range(send_into_the_void(&sent, 6, INTERVALS), 8, INTERVALS);
    assert_in_range(send_into_the_void(&sent, END, 8), 2, 8);
}

static void test_sent_snapshots_knows_what_was_sent(void **state)
{
    enum { LATER = 15 + DIVISOR * SK_SENT_TICKS_KEPT };
    struct sent_snapshots sent = make(true);
    (void)state;
    send_span(&sent, 3, 9);
    send_span(&sent, 15, 15);
    assert_int_equal(sent_snapshots_on_ack(&sent, 15, 0, 0), SK_OK);
    assert_true(sent_snapshots_has_sent(&sent, 3));
    assert_true(sent_snapshots_has_sent(&sent, 15));
    assert_false(sent_snapshots_has_sent(&sent, 0));
    assert_false(sent_snapshots_has_sent(&sent, 10));
    assert_false(sent_snapshots_has_sent(&sent, 12));
    assert_false(sent_snapshots_has_sent(&sent, 18));
    send_span(&sent, LATER, LATER);
    assert_true(sent_snapshots_has_sent(&sent, 15));            /* nobody knows */
    assert_false(sent_snapshots_has_sent(&sent, 15 + DIVISOR)); /* a place used twice */
    assert_false(sent_snapshots_has_sent(&sent, LATER - DIVISOR));
}

static void test_sent_snapshots_lost_over_an_ordered_transport_is_nothing(void **state)
{
    struct sent_snapshots sent = make(true);
    (void)state;
    assert_int_equal(send_into_the_void(&sent, 3, 200), FIRST_LIMIT + 1);
}

static void test_sent_snapshots_late_ack_of_what_counted_as_lost_is_believed(void **state)
{
    enum { INTERVALS = 200 };
    struct sent_snapshots sent = make(false);
    (void)state;
    (void)send_into_the_void(&sent, 3, INTERVALS);
    uint32_t oldest = sent.ticks[sent.first_index];
    assert_true(oldest > 3);
    assert_int_equal(sent_snapshots_on_ack(&sent, 3, 0, time_of(3 * INTERVALS)), SK_OK);
    assert_int_equal(sent.acked_tick, 0);
    assert_int_equal(sent_snapshots_on_ack(&sent, oldest, 0, time_of(3 * INTERVALS)), SK_OK);
    assert_int_equal(sent.acked_tick, oldest);
    assert_int_equal(sent_snapshots_on_ack(&sent, oldest + 1, 0, 0), SK_ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sent_snapshots_first_snapshot_is_a_keyframe),
        cmocka_unit_test(test_sent_snapshots_ordered_builds_on_the_last_sent),
        cmocka_unit_test(test_sent_snapshots_lossy_builds_on_the_last_acked),
        cmocka_unit_test(test_sent_snapshots_lossy_may_build_on_what_was_applied_before),
        cmocka_unit_test(test_sent_snapshots_applied_and_never_sent_is_refused),
        cmocka_unit_test(test_sent_snapshots_ordered_looks_at_no_applied),
        cmocka_unit_test(test_sent_snapshots_baseline_that_left_the_ring_is_a_keyframe),
        cmocka_unit_test(test_sent_snapshots_wish_for_a_keyframe_lasts_until_one_is_sent),
        cmocka_unit_test(test_sent_snapshots_without_acks_stops_at_the_limit),
        cmocka_unit_test(test_sent_snapshots_ack_covers_all_before_it),
        cmocka_unit_test(test_sent_snapshots_old_or_repeated_ack_changes_nothing),
        cmocka_unit_test(test_sent_snapshots_ack_never_sent_is_refused),
        cmocka_unit_test(test_sent_snapshots_ack_across_a_gap_is_known),
        cmocka_unit_test(test_sent_snapshots_long_round_trip_allows_more_under_way),
        cmocka_unit_test(test_sent_snapshots_endless_round_trip_stays_within_the_ring),
        cmocka_unit_test(test_sent_snapshots_round_trip_is_smoothed),
        cmocka_unit_test(test_outbox_outage_on_a_lossy_transport_ends),
        cmocka_unit_test(test_outbox_lossy_sends_again_when_all_in_flight_were_lost),
        cmocka_unit_test(test_sent_snapshots_knows_what_was_sent),
        cmocka_unit_test(test_sent_snapshots_lost_over_an_ordered_transport_is_nothing),
        cmocka_unit_test(test_sent_snapshots_late_ack_of_what_counted_as_lost_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
