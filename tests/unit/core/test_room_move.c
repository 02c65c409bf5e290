/* test_room_move.c - a room changes its worker: nobody hears of it, and nobody is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "room_move.h"
#include "support/toy_room.h"

enum { DIVISOR = 3, WORKER = 7, INTERVAL_US = 1000000 / 60, LOST_TICKS = 120 };

static struct toy_room toy;
static struct sk_encoder *encoder; /* the other worker's */

/* Two play. */
static int open_two(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){0});
    encoder = sk_encoder_create(32 << 10);
    assert_int_equal(toy_room_join(&toy, 0, 0), SK_REASON_NONE);
    assert_int_equal(toy_room_join(&toy, 1, 1), SK_REASON_NONE);
    toy_room_play(&toy, 2 * DIVISOR, 1);
    return 0;
}

static int close_room(void **state)
{
    (void)state;
    toy_room_close(&toy);
    sk_encoder_destroy(encoder);
    return 0;
}

static void move(void)
{
    assert_true(room_can_move(toy.room));
    room_depart(toy.room, WORKER);
    room_arrive(toy.room, encoder, &toy, toy.now_us);
}

static void assert_reattached(uint16_t peer)
{
    assert_int_equal(room_reattach(toy.room, peer, &toy.peers[peer]), SK_REASON_NONE);
}

static void test_room_move_sends_every_connection(void **state)
{
    (void)state;
    move();
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(toy.peers[i].move_count, 1);
        assert_int_equal(toy.peers[i].moved_to, WORKER);
    }
    assert_int_equal(room_connected_count(toy.room), 2);
}

static void test_room_move_is_not_seen_by_who_plays(void **state)
{
    (void)state;
    uint32_t keyframes = toy.peers[0].keyframe_count;
    uint32_t snapshots = toy.peers[0].snapshot_count;
    uint32_t roster = toy.peers[0].roster_messages;
    uint64_t repeated = room_counts(toy.room).inputs_repeated;
    move();
    assert_reattached(0);
    assert_reattached(1);
    toy_room_play(&toy, 4 * DIVISOR, 1);
    assert_int_equal(toy.peers[0].snapshot_count, snapshots + 4);
    assert_int_equal(toy.peers[0].keyframe_count, keyframes);
    assert_int_equal(toy.peers[0].refused_count, 0);
    assert_int_equal(toy.peers[0].welcome_count, 1);
    assert_int_equal(toy.peers[0].roster_messages, roster);
    assert_int_equal(room_counts(toy.room).inputs_repeated, repeated);
    assert_int_equal(room_counts(toy.room).inputs_dropped, 0);
}

static void test_room_move_waits_for_connections_a_tick_long(void **state)
{
    (void)state;
    uint32_t tick = toy_room_tick(&toy);
    move();
    assert_int_equal(room_due_us(toy.room), toy.now_us + INTERVAL_US);
    room_step(toy.room, toy.now_us + INTERVAL_US - 1);
    assert_int_equal(toy_room_tick(&toy), tick);
    assert_reattached(0);
    assert_true(room_is_waiting(toy.room, toy.now_us));
    toy_room_step(&toy, 1);
    assert_true(toy_room_tick(&toy) > tick);
    assert_reattached(1);
}

static void test_room_move_waits_for_nobody_when_all_came(void **state)
{
    (void)state;
    uint64_t due_us = room_due_us(toy.room);
    toy.now_us = due_us - 1000;
    move();
    assert_true(room_due_us(toy.room) > due_us);
    assert_reattached(0);
    assert_reattached(1);
    assert_int_equal(room_due_us(toy.room), due_us);
}

static void test_room_move_sends_nothing_to_who_is_under_way(void **state)
{
    (void)state;
    move();
    assert_reattached(0);
    uint32_t snapshots = toy.peers[1].snapshot_count;
    uint32_t keyframes = toy.peers[1].keyframe_count;
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[1].snapshot_count, snapshots);
    assert_reattached(1);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy.peers[1].snapshot_count, snapshots + 1);
    assert_int_equal(toy.peers[1].keyframe_count, keyframes);
    assert_int_equal(toy.peers[1].refused_count, 0);
}

/* One answer was sent before, one is made while its connection is under way. */
static void test_room_move_brings_a_late_one_its_answers_once(void **state)
{
    uint8_t word = 42;
    struct sk_client_message request = {
        .type = SK_CLIENT_COMMAND,
        .command = {.type = TOY_COMMAND_ECHO, .wants_answer = true, .bytes = &word, .size = 1}};
    (void)state;
    assert_int_equal(toy_room_send(&toy, 0, &request), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].answer_count, 1);
    assert_int_equal(toy_room_send(&toy, 0, &request), SK_REASON_NONE);
    move();
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].answer_count, 1);
    assert_reattached(0);
    assert_int_equal(toy.peers[0].answer_count, 2);
    assert_int_equal(toy.peers[0].answer.number, 2);
}

static void test_room_move_tells_a_late_one_who_left_meanwhile(void **state)
{
    (void)state;
    move();
    assert_reattached(0);
    toy_room_drop(&toy, 0, SK_REASON_LEFT);
    toy_room_step(&toy, 2);
    uint32_t messages = toy.peers[1].roster_messages;
    assert_reattached(1);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[1].roster_messages, messages + 1);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[1].roster_messages, messages + 1);
}

static void test_room_move_gives_up_a_connection_that_does_not_come(void **state)
{
    (void)state;
    move();
    assert_reattached(0);
    toy_room_step(&toy, 1);
    toy_room_step(&toy, LOST_TICKS - 3);
    assert_int_equal(room_connected_count(toy.room), 2);
    toy_room_step(&toy, 3);
    assert_int_equal(room_connected_count(toy.room), 1);
    assert_int_equal(room_player_count(toy.room), 2);
    assert_int_equal(room_reattach(toy.room, 1, &toy.peers[1]), SK_REASON_DISPLACED);
    assert_int_equal(toy_room_show(&toy, 2, &toy.peers[1].resume), SK_REASON_NONE);
}

static void test_room_move_drops_a_connection_that_ends_on_arrival(void **state)
{
    (void)state;
    move();
    toy_room_drop(&toy, 1, SK_REASON_SERVER_FULL);
    assert_reattached(0);
    assert_int_equal(room_connected_count(toy.room), 1);
    assert_false(room_is_waiting(toy.room, toy.now_us));
}

static void test_room_move_of_a_displaced_connection_ends_it(void **state)
{
    (void)state;
    move();
    assert_int_equal(toy_room_show(&toy, 2, &toy.peers[1].resume), SK_REASON_NONE);
    assert_int_equal(room_reattach(toy.room, 1, &toy.peers[1]), SK_REASON_DISPLACED);
    toy_room_drop(&toy, 1, SK_REASON_DISPLACED);
    assert_int_equal(room_connected_count(toy.room), 2);
    assert_true(toy.peers[2].is_open);
}

static void test_room_move_is_not_ended_by_one_that_was_displaced_before(void **state)
{
    (void)state;
    assert_int_equal(toy_room_show(&toy, 2, &toy.peers[1].resume), SK_REASON_NONE);
    move();
    toy_room_drop(&toy, 1, SK_REASON_DISPLACED);
    assert_int_equal(room_reattach(toy.room, 1, &toy.peers[2]), SK_REASON_NONE);
    assert_reattached(0);
    assert_int_equal(room_connected_count(toy.room), 2);
}

static void test_room_move_takes_a_newcomer_under_way(void **state)
{
    (void)state;
    move();
    assert_int_equal(toy_room_join(&toy, 2, 2), SK_REASON_NONE);
    assert_reattached(0);
    assert_reattached(1);
    uint32_t messages = toy.peers[0].roster_messages;
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].roster_messages, messages + 1);
    assert_int_equal(room_connected_count(toy.room), 3);
}

static void test_room_move_waits_while_a_connection_ends(void **state)
{
    (void)state;
    toy.peers[1].is_ending = true;
    assert_false(room_can_move(toy.room));
    toy_room_drop(&toy, 1, SK_REASON_PEER_GONE);
    assert_true(room_can_move(toy.room));
}

static void test_room_move_of_a_closed_room_ends_the_late_ones(void **state)
{
    (void)state;
    move();
    assert_reattached(0);
    room_close(toy.room, SK_REASON_ROOM_CLOSED);
    assert_true(toy.peers[0].is_closed);
    assert_int_equal(room_reattach(toy.room, 1, &toy.peers[1]), SK_REASON_ROOM_CLOSED);
    assert_false(room_can_move(toy.room));
}

int main(void)
{
#define MOVE_TEST(name) cmocka_unit_test_setup_teardown(name, open_two, close_room)
    const struct CMUnitTest tests[] = {
        MOVE_TEST(test_room_move_sends_every_connection),
        MOVE_TEST(test_room_move_is_not_seen_by_who_plays),
        MOVE_TEST(test_room_move_waits_for_connections_a_tick_long),
        MOVE_TEST(test_room_move_waits_for_nobody_when_all_came),
        MOVE_TEST(test_room_move_sends_nothing_to_who_is_under_way),
        MOVE_TEST(test_room_move_brings_a_late_one_its_answers_once),
        MOVE_TEST(test_room_move_tells_a_late_one_who_left_meanwhile),
        MOVE_TEST(test_room_move_gives_up_a_connection_that_does_not_come),
        MOVE_TEST(test_room_move_drops_a_connection_that_ends_on_arrival),
        MOVE_TEST(test_room_move_of_a_displaced_connection_ends_it),
        MOVE_TEST(test_room_move_is_not_ended_by_one_that_was_displaced_before),
        MOVE_TEST(test_room_move_takes_a_newcomer_under_way),
        MOVE_TEST(test_room_move_waits_while_a_connection_ends),
        MOVE_TEST(test_room_move_of_a_closed_room_ends_the_late_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
