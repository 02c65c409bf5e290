/* test_room_sending.c - who is sent which snapshot, and at what price. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/toy_room.h"

enum { DIVISOR = 3, PLAYERS = 16, SNAPSHOTS_A_SECOND = 20 };

static struct toy_room toy;

/* The linker puts these around malloc (see CMakeLists.txt). */
void *__real_malloc(size_t size);
/* Counts, then allocates. */
void *__wrap_malloc(size_t size);
static uint64_t malloc_count;

void *__wrap_malloc(size_t size)
{
    malloc_count++;
    return __real_malloc(size);
}

static void assert_reason(enum sk_reason is, enum sk_reason want)
{
    assert_string_equal(sk_reason_word(is), sk_reason_word(want));
}

static void join_all(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_reason(toy_room_join(&toy, i, (uint16_t)i), SK_REASON_NONE);
    }
}

static int set_up(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){.players_max = PLAYERS});
    join_all(PLAYERS);
    return 0;
}

static int set_up_lossy(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){.players_max = PLAYERS, .is_lossy = true});
    join_all(PLAYERS);
    return 0;
}

static int set_up_huge(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){.rocks = SK_ENTITIES_MAX});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    toy_room_close(&toy);
    return 0;
}

/* Plays so many snapshots. */
static void play(uint32_t snapshots)
{
    toy_room_play(&toy, snapshots * DIVISOR, TOY_PRESS);
}

/* --- what is sent ----------------------------------------------------------------------------- */

static void test_room_sends_a_keyframe_then_deltas(void **state)
{
    (void)state;
    play(10);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        assert_int_equal(toy.peers[i].snapshot_count, 10);
        assert_int_equal(toy.peers[i].keyframe_count, 1);
        assert_int_equal(toy.peers[i].baseline_ticks, DIVISOR);
        assert_int_equal(toy.peers[i].refused_count, 0);
    }
}

static void test_room_sends_what_the_world_holds(void **state)
{
    (void)state;
    play(10);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        const struct toy *sent = toy_of(toy.peers[3].view.world, i);
        const struct toy *real = toy_of(room_world(toy.room), i);
        assert_int_equal(sent->x, real->x);
        assert_int_equal(sent->presses, i == 3 ? real->presses : 0); /* the owner's alone */
    }
}

static void test_room_sends_each_event_once_to_everybody(void **state)
{
    struct sk_event event;
    uint32_t count = 0;
    (void)state;
    toy_room_play(&toy, DIVISOR, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 5, TOY_PRESS);
    assert_reason(toy_room_send(&toy, 5, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    message = toy_room_inputs(&toy, 5, 0);
    assert_reason(toy_room_send(&toy, 5, &message), SK_REASON_NONE);
    toy_room_play(&toy, 4 * DIVISOR, 0);
    while (sk_view_take_event(&toy.peers[0].view, toy_room_tick(&toy), &event)) {
        assert_int_equal(event.values[0], 5);
        count++;
    }
    assert_int_equal(count, 1);
}

static void test_room_sends_an_own_event_to_its_player_alone(void **state)
{
    struct sk_event event;
    (void)state;
    toy_room_play(&toy, DIVISOR, 0);
    struct sk_client_message message = toy_room_inputs(&toy, 5, TOY_FEEL);
    assert_reason(toy_room_send(&toy, 5, &message), SK_REASON_NONE);
    toy_room_step(&toy, 2 * DIVISOR);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        bool has_event = sk_view_take_event(&toy.peers[i].view, toy_room_tick(&toy), &event);
        assert_int_equal(has_event, i == 5);
        assert_true(!has_event || event.type == TOY_FELT);
    }
}

static void test_room_event_is_not_sent_again_over_an_ordered_transport(void **state)
{
    (void)state;
    toy_room_play(&toy, 1, TOY_PRESS); /* a count of 0 takes fewer bytes: have one first */
    toy_room_play(&toy, 4 * DIVISOR - 1, 0);
    size_t quiet_bytes = toy.peers[0].snapshot_bytes;
    toy_room_play(&toy, 1, TOY_PRESS);
    toy_room_play(&toy, DIVISOR - 1, 0);
    assert_true(toy.peers[0].snapshot_bytes > quiet_bytes + PLAYERS);
    toy_room_play(&toy, DIVISOR, 0);
    assert_in_range(toy.peers[0].snapshot_bytes, 1, quiet_bytes + 2);
}

static void test_room_asked_for_a_keyframe_sends_one(void **state)
{
    struct sk_client_message wish = {.type = SK_CLIENT_KEYFRAME_REQUEST};
    (void)state;
    play(3);
    assert_reason(toy_room_send(&toy, 2, &wish), SK_REASON_NONE);
    play(2);
    assert_int_equal(toy.peers[2].keyframe_count, 2);
    assert_int_equal(toy.peers[2].baseline_ticks, DIVISOR);
    assert_int_equal(toy.peers[1].keyframe_count, 1);
}

static void test_room_over_a_lossy_transport_builds_on_the_acked(void **state)
{
    (void)state;
    play(3);
    toy_room_step(&toy, 2 * DIVISOR); /* nobody acks */
    assert_int_equal(toy.peers[0].baseline_ticks, 3 * DIVISOR);
    assert_int_equal(toy.peers[0].view_result, SK_OK);
    assert_int_equal(toy.peers[0].keyframe_count, 1);
}

/* --- what it costs ---------------------------------------------------------------------------- */

static void test_room_clients_with_one_baseline_share_one_encode(void **state)
{
    (void)state;
    play(2);
    uint64_t before = room_counts(toy.room).bodies_encoded;
    play(10);
    assert_int_equal(room_counts(toy.room).bodies_encoded - before, 10);
    for (uint32_t i = 1; i < PLAYERS; i++) {
        assert_ptr_equal(toy.peers[i].body, toy.peers[0].body);
    }
}

/* Six laggards in the lowest seats, each with a baseline of its own. */
static void test_room_encodes_four_deltas_and_a_keyframe_at_most(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        play(1);
        toy.peers[i].has_unsent = true;
    }
    play(1);
    for (uint32_t i = 0; i < 6; i++) {
        toy.peers[i].has_unsent = false;
    }
    uint64_t before = room_counts(toy.room).bodies_encoded;
    play(1);
    assert_int_equal(room_counts(toy.room).bodies_encoded - before,
                     SK_BASELINES_A_SNAPSHOT_MAX + 1);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        assert_int_equal(toy.peers[i].view_result, SK_OK);
    }
    for (uint32_t i = 6; i < PLAYERS; i++) { /* who kept up does not pay for it */
        assert_int_equal(toy.peers[i].baseline_ticks, DIVISOR);
    }
}

static void test_no_allocation_a_message_in_steady_state(void **state)
{
    (void)state;
    play(2);
    uint64_t before = malloc_count;
    toy_room_play(&toy, 1000, TOY_PRESS);
    assert_int_equal(malloc_count, before);
    assert_int_equal(toy.block_count, 1);
    assert_true(room_counts(toy.room).snapshots_sent > PLAYERS * 300);
}

/* --- slow readers ----------------------------------------------------------------------------- */

static void test_at_most_one_unsent_snapshot(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < PLAYERS; i += 2) {
        toy.peers[i].fills_up = true;
    }
    for (uint32_t round = 0; round < 50; round++) {
        play(3);
        for (uint32_t i = 0; i < PLAYERS; i += 4) {
            toy.peers[i].has_unsent = false;
        }
    }
    for (uint32_t i = 0; i < PLAYERS; i++) {
        assert_int_equal(toy.peers[i].unsent_max_count, 0);
        assert_int_equal(toy.peers[i].refused_count, 0);
    }
    assert_int_equal(toy.peers[2].snapshot_count, 1);
    assert_int_equal(toy.peers[4].snapshot_count, 50);
}

static void test_a_reader_that_stops_for_20_s(void **state)
{
    struct peer *slow = &toy.peers[0];
    (void)state;
    play(5);
    slow->has_unsent = true;
    uint32_t sent = slow->snapshot_count;
    uint64_t before = malloc_count;
    play(20 * SNAPSHOTS_A_SECOND);
    assert_int_equal(slow->snapshot_count, sent);
    assert_int_equal(malloc_count, before);
    for (uint32_t i = 1; i < PLAYERS; i++) {
        assert_int_equal(toy.peers[i].snapshot_count, 5 + 20 * SNAPSHOTS_A_SECOND);
        assert_int_equal(toy.peers[i].keyframe_count, 1);
    }
    slow->has_unsent = false;
    play(1);
    assert_int_equal(slow->snapshot_count, sent + 1);
    assert_int_equal(slow->view.newest_tick, toy_room_tick(&toy));
    assert_int_equal(slow->view_result, SK_OK);
    play(1);
    assert_int_equal(slow->baseline_ticks, DIVISOR);
}

static void test_a_reader_that_stops_for_1_s_gets_one_delta(void **state)
{
    (void)state;
    play(5);
    toy.peers[0].has_unsent = true;
    play(SNAPSHOTS_A_SECOND);
    toy.peers[0].has_unsent = false;
    play(1);
    assert_int_equal(toy.peers[0].snapshot_count, 6);
    assert_int_equal(toy.peers[0].keyframe_count, 1);
    assert_int_equal(toy.peers[0].baseline_ticks, (SNAPSHOTS_A_SECOND + 1) * DIVISOR);
    assert_int_equal(toy.peers[0].view_result, SK_OK);
}

static void test_a_client_that_never_acks_is_sent_no_more(void **state)
{
    (void)state;
    toy_room_step(&toy, 100 * DIVISOR);
    assert_int_equal(toy.peers[0].snapshot_count, 8); /* ceil(250 ms / 50 ms) + 2, and one */
    struct sk_client_message ack = {.type = SK_CLIENT_ACK, .ack = toy.peers[0].view.newest_tick};
    assert_reason(toy_room_send(&toy, 0, &ack), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[0].snapshot_count, 9);
    assert_int_equal(toy.peers[0].view_result, SK_OK);
}

/* Acks of all that was read at once: none of them may be forgotten. */
static void test_a_burst_of_late_acks_is_believed(void **state)
{
    (void)state;
    toy_room_step(&toy, 8 * DIVISOR);
    toy_room_step(&toy, (SK_FRAME_RING_SLOTS - 7) * DIVISOR);
    for (uint32_t tick = DIVISOR; tick <= 8 * DIVISOR; tick += DIVISOR) {
        struct sk_client_message ack = {.type = SK_CLIENT_ACK, .ack = tick};
        assert_reason(toy_room_send(&toy, 0, &ack), SK_REASON_NONE);
        toy_room_step(&toy, DIVISOR);
        assert_int_equal(toy.peers[0].view_result, SK_OK);
    }
}

static void test_a_world_too_large_for_a_snapshot_fails_the_room_once(void **state)
{
    (void)state;
    join_all(2);
    assert_null(room_failure(toy.room));
    toy_room_step(&toy, 2 * DIVISOR);
    assert_string_equal(room_failure(toy.room), "its world does not fit a snapshot");
    assert_int_equal(toy_room_tick(&toy), DIVISOR);
    assert_true(room_due_us(toy.room) == UINT64_MAX);
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(toy.peers[i].is_open); /* its worker closes them all, for one reason */
    }
    assert_reason(toy_room_show(&toy, 2, &toy.peers[0].resume), SK_REASON_ROOM_FAILED);
}

#define SENDING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SENDING_TEST(test_room_sends_a_keyframe_then_deltas),
        SENDING_TEST(test_room_sends_what_the_world_holds),
        SENDING_TEST(test_room_sends_each_event_once_to_everybody),
        SENDING_TEST(test_room_sends_an_own_event_to_its_player_alone),
        SENDING_TEST(test_room_event_is_not_sent_again_over_an_ordered_transport),
        SENDING_TEST(test_room_asked_for_a_keyframe_sends_one),
        cmocka_unit_test_setup_teardown(test_room_over_a_lossy_transport_builds_on_the_acked,
                                        set_up_lossy, tear_down),
        SENDING_TEST(test_room_clients_with_one_baseline_share_one_encode),
        SENDING_TEST(test_room_encodes_four_deltas_and_a_keyframe_at_most),
        SENDING_TEST(test_no_allocation_a_message_in_steady_state),
        SENDING_TEST(test_at_most_one_unsent_snapshot),
        SENDING_TEST(test_a_reader_that_stops_for_20_s),
        SENDING_TEST(test_a_reader_that_stops_for_1_s_gets_one_delta),
        SENDING_TEST(test_a_client_that_never_acks_is_sent_no_more),
        SENDING_TEST(test_a_burst_of_late_acks_is_believed),
        cmocka_unit_test_setup_teardown(test_a_world_too_large_for_a_snapshot_fails_the_room_once,
                                        set_up_huge, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
