/* test_room_commands.c - commands of players to a room: each is taken once and answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/toy_room.h"

enum { DIVISOR = 3 };

static struct toy_room toy;

static int tear_down(void **state)
{
    (void)state;
    toy_room_close(&toy);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    toy_room_open(&toy, &(struct toy_room_config){0});
    return 0;
}

static void assert_reason(enum sk_reason is, enum sk_reason want)
{
    assert_string_equal(sk_reason_word(is), sk_reason_word(want));
}

static void join_one(void)
{
    assert_reason(toy_room_join(&toy, 0, 0), SK_REASON_NONE);
}

static struct sk_client_message move_to(const uint8_t *place)
{
    return (struct sk_client_message){
        .type = SK_CLIENT_COMMAND,
        .command = {.type = TOY_COMMAND_MOVE, .bytes = place, .size = 1}};
}

static void test_room_command_takes_effect_in_the_next_tick(void **state)
{
    uint8_t place = 100;
    struct sk_client_message message = move_to(&place);
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    assert_int_equal(toy_of(room_world(toy.room), 0)->x, 0);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->x, 101);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->x, 102);
}

static void test_room_command_that_cannot_be_is_refused(void **state)
{
    static const uint8_t bytes[TOY_COMMAND_BYTES_MAX + 1];
    static const struct sk_command faults[] = {
        {.type = TOY_COMMAND_ECHO + 1, .bytes = bytes, .size = 1},
        {.type = UINT16_MAX, .bytes = bytes, .size = 1},
        {.type = TOY_COMMAND_MOVE, .bytes = bytes, .size = sizeof(bytes)},
    };
    (void)state;
    join_one();
    for (size_t i = 0; i < 3; i++) {
        struct sk_client_message message = {.type = SK_CLIENT_COMMAND, .command = faults[i]};
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_COMMAND_REFUSED);
    }
    assert_reason(toy_room_join(&toy, 1, 16), SK_REASON_NONE);
    struct sk_client_message message = move_to(bytes);
    assert_reason(toy_room_send(&toy, 1, &message), SK_REASON_COMMAND_REFUSED);
}

static void test_room_command_that_the_game_refuses_is_told(void **state)
{
    struct sk_client_message message = {.type = SK_CLIENT_COMMAND};
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].answer_count, 1);
    assert_true(toy.peers[0].answer.is_refused);
    assert_int_equal(toy.peers[0].answer.number, 1);
    assert_true(toy.peers[0].answer.size > 0); /* in the host's words */
}

static void test_room_flood_of_commands_ends_who_sent_it_alone(void **state)
{
    uint8_t place = 100;
    struct sk_client_message message = move_to(&place);
    (void)state;
    for (uint16_t i = 0; i < 5; i++) {
        assert_reason(toy_room_join(&toy, i, i), SK_REASON_NONE);
    }
    for (uint32_t i = 0; i < 16; i++) {
        for (uint32_t peer = 0; peer < 4; peer++) {
            assert_reason(toy_room_send(&toy, peer, &message), SK_REASON_NONE);
        }
    }
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_RATE_LIMIT);
    assert_reason(toy_room_send(&toy, 4, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[4].refused_answer_count, 1);
    assert_int_equal(toy_of(room_world(toy.room), 4)->x, 1);
}

static void test_room_command_of_who_left_is_forgotten(void **state)
{
    uint8_t place = 100;
    struct sk_client_message message = move_to(&place);
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_drop(&toy, 0, SK_REASON_LEFT);
    assert_reason(toy_room_join(&toy, 1, 0), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->x, 1);
}

static struct sk_client_message request(const uint8_t *bytes, uint32_t size)
{
    return (struct sk_client_message){
        .type = SK_CLIENT_COMMAND,
        .command = {.type = TOY_COMMAND_ECHO, .wants_answer = true, .bytes = bytes, .size = size}};
}

static void confirm_answers(uint32_t answered)
{
    struct sk_client_message message = toy_room_inputs(&toy, 0, 0);
    message.answered = answered;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
}

static void come_back(void)
{
    struct ticket resume = toy.peers[0].resume;
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    assert_reason(toy_room_show(&toy, 0, &resume), SK_REASON_NONE);
}

static void test_room_request_is_answered_and_told_taken_once(void **state)
{
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_play(&toy, 4 * DIVISOR, 0);
    assert_int_equal(toy.peers[0].answer_count, 1);
    assert_int_equal(toy.peers[0].answer.number, 1);
    assert_int_equal(toy.peers[0].answer.size, 1);
    assert_int_equal(toy.peers[0].answer_byte, 42);
    assert_false(toy.peers[0].answer.is_refused);
    assert_int_equal(toy.peers[0].taken_count, 1);
    assert_int_equal(toy.peers[0].view.own.command_number, 0);
}

static void test_room_command_without_a_wish_is_not_answered(void **state)
{
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    message.command.wants_answer = false;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, DIVISOR);
    assert_int_equal(toy_of(room_world(toy.room), 0)->echoes, 1);
    assert_int_equal(toy.peers[0].answer_count, 0);
    assert_int_equal(toy.peers[0].view.own.command_number, 1);
}

static void test_room_command_sent_again_is_taken_once(void **state)
{
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    message.command.number = 1;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    come_back();
    assert_int_equal(toy.peers[0].command_number, 1);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 2);
    assert_int_equal(toy_of(room_world(toy.room), 0)->echoes, 1);
}

static void test_room_command_out_of_order_is_refused(void **state)
{
    static const uint32_t numbers[] = {3, UINT32_MAX};
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        message.command.number = numbers[i];
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_COMMAND_REFUSED);
    }
}

static void test_room_answer_waits_until_it_is_confirmed(void **state)
{
    uint8_t words[] = {41, 42};
    struct sk_client_message first = request(&words[0], 1);
    struct sk_client_message second = request(&words[1], 1);
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &first), SK_REASON_NONE);
    assert_reason(toy_room_send(&toy, 0, &second), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    come_back();
    assert_int_equal(toy.peers[0].answer_count, 2);
    confirm_answers(1);
    come_back();
    assert_int_equal(toy.peers[0].answer_count, 1);
    assert_int_equal(toy.peers[0].answer.number, 2);
    assert_int_equal(toy.peers[0].answer_byte, 42);
    confirm_answers(UINT32_MAX);
    come_back();
    assert_int_equal(toy.peers[0].answer_count, 0);
}

/* The connection is gone when the game answers. */
static void test_room_answer_to_who_is_away_is_kept(void **state)
{
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    struct ticket resume = toy.peers[0].resume;
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_drop(&toy, 0, SK_REASON_PEER_GONE);
    toy_room_step(&toy, 1);
    assert_reason(toy_room_show(&toy, 0, &resume), SK_REASON_NONE);
    assert_int_equal(toy.peers[0].answer_count, 1);
    assert_int_equal(toy.peers[0].answer_byte, 42);
}

/* Four of the largest fill what a seat may leave unread: the game is not asked for a fifth. */
static void test_room_request_with_no_space_for_its_answer_is_refused(void **state)
{
    enum { FIT = SK_ANSWERS_BYTES_MAX / SK_ANSWER_BYTES_MAX };
    static const uint8_t words[2];
    struct sk_client_message message = request(words, 2);
    (void)state;
    join_one();
    for (uint32_t i = 0; i < FIT + 1; i++) {
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    }
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[0].answer_count, FIT + 1);
    assert_int_equal(toy.peers[0].refused_answer_count, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->echoes, FIT);
    confirm_answers(FIT + 1);
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy_of(room_world(toy.room), 0)->echoes, FIT + 1);
}

static void test_room_requests_whose_answers_nobody_confirms_end_the_connection(void **state)
{
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    for (uint32_t i = 0; i < SK_COMMANDS_WAITING_MAX; i++) {
        assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
        toy_room_step(&toy, 1);
    }
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_RATE_LIMIT);
}

static void test_room_next_player_of_a_seat_gets_no_answer_of_the_one_before(void **state)
{
    uint8_t word = 42;
    struct sk_client_message message = request(&word, 1);
    (void)state;
    join_one();
    assert_reason(toy_room_send(&toy, 0, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    toy_room_drop(&toy, 0, SK_REASON_LEFT);
    assert_reason(toy_room_join(&toy, 1, 0), SK_REASON_NONE);
    assert_int_equal(toy.peers[1].answer_count, 0);
    assert_int_equal(toy.peers[1].command_number, 0);
    assert_reason(toy_room_send(&toy, 1, &message), SK_REASON_NONE);
    toy_room_step(&toy, 1);
    assert_int_equal(toy.peers[1].answer.number, 1);
}

#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_room_command_takes_effect_in_the_next_tick),
        ROOM_TEST(test_room_command_that_cannot_be_is_refused),
        ROOM_TEST(test_room_command_that_the_game_refuses_is_told),
        ROOM_TEST(test_room_flood_of_commands_ends_who_sent_it_alone),
        ROOM_TEST(test_room_command_of_who_left_is_forgotten),
        ROOM_TEST(test_room_request_is_answered_and_told_taken_once),
        ROOM_TEST(test_room_command_without_a_wish_is_not_answered),
        ROOM_TEST(test_room_command_sent_again_is_taken_once),
        ROOM_TEST(test_room_command_out_of_order_is_refused),
        ROOM_TEST(test_room_answer_waits_until_it_is_confirmed),
        ROOM_TEST(test_room_answer_to_who_is_away_is_kept),
        ROOM_TEST(test_room_request_with_no_space_for_its_answer_is_refused),
        ROOM_TEST(test_room_requests_whose_answers_nobody_confirms_end_the_connection),
        ROOM_TEST(test_room_next_player_of_a_seat_gets_no_answer_of_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
