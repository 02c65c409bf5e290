/* test_client_commands.c - a client's commands over connections that are cut, with a server that
 * takes them as server/core/room_commands.c does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "client/client_commands.h"

static struct sk_client_commands commands;

static int reset(void **state)
{
    (void)state;
    commands = (struct sk_client_commands){0};
    return 0;
}

static uint32_t push(bool wants_answer)
{
    return sk_client_commands_push(&commands, 0, (const uint8_t *)"x", 1, wants_answer);
}

/* Sends all that may be sent; returns how many. */
static uint32_t send_all(void)
{
    uint32_t count = 0;
    while (sk_client_commands_next(&commands) != NULL) {
        sk_client_commands_on_sent(&commands);
        count++;
    }
    return count;
}

static void test_client_commands_are_numbered_from_1_and_sent_once(void **state)
{
    (void)state;
    assert_int_equal(push(false), 1);
    assert_int_equal(push(true), 2);
    assert_int_equal(sk_client_commands_next(&commands)->number, 1);
    assert_int_equal(send_all(), 2);
    assert_int_equal(push(false), 3);
    assert_int_equal(sk_client_commands_next(&commands)->number, 3);
    assert_int_equal(sk_client_commands_next(&commands)->bytes[0], 'x');
}

static void test_client_commands_that_wait_are_bounded(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SK_COMMANDS_WAITING_MAX; i++) {
        assert_int_equal(push(i % 2 == 0), i + 1);
    }
    assert_int_equal(push(false), 0);
    assert_int_equal(send_all(), SK_COMMANDS_WAITING_MAX);
    sk_client_commands_on_taken(&commands, 2); /* the first wants its answer still */
    assert_int_equal(push(false), SK_COMMANDS_WAITING_MAX + 1);
    assert_int_equal(push(false), 0);
    assert_true(sk_client_commands_on_answer(&commands, 1));
    assert_int_equal(push(false), SK_COMMANDS_WAITING_MAX + 2);
}

static void test_client_commands_come_again_after_a_drop_when_not_taken(void **state)
{
    (void)state;
    push(false);
    push(false);
    push(true);
    assert_int_equal(send_all(), 3);
    sk_client_commands_on_welcome(&commands, 1, true);
    assert_int_equal(sk_client_commands_next(&commands)->number, 2);
    assert_int_equal(send_all(), 2);
    sk_client_commands_on_welcome(&commands, 3, true);
    assert_int_equal(send_all(), 0);
    assert_int_equal(commands.count, 1); /* the answer is missing */
}

static void test_client_commands_answer_that_comes_again_is_not_new(void **state)
{
    (void)state;
    push(true);
    push(true);
    send_all();
    assert_true(sk_client_commands_on_answer(&commands, 1));
    sk_client_commands_on_welcome(&commands, 2, true);
    assert_false(sk_client_commands_on_answer(&commands, 1));
    assert_true(sk_client_commands_on_answer(&commands, 2));
    assert_int_equal(commands.answered_number, 2);
    assert_int_equal(commands.count, 0);
}

static void test_client_commands_hostile_numbers_are_passed_over(void **state)
{
    (void)state;
    push(true);
    send_all();
    sk_client_commands_on_taken(&commands, 200);
    assert_int_equal(commands.taken_number, 0);
    assert_false(sk_client_commands_on_answer(&commands, 2));
    assert_false(sk_client_commands_on_answer(&commands, 0));
    assert_int_equal(commands.count, 1);
    sk_client_commands_on_welcome(&commands, 1000, true);
    assert_int_equal(push(false), 1001);
}

static void test_client_commands_of_a_seat_that_was_lost_are_forgotten(void **state)
{
    (void)state;
    push(true);
    send_all();
    sk_client_commands_on_welcome(&commands, 0, false);
    assert_int_equal(commands.count, 0);
    assert_int_equal(push(true), 1);
}

/* Numbers pass 256, connections are cut at any point both ways: each is taken once, in order. */
static void test_client_commands_over_cuts_are_each_taken_once(void **state)
{
    enum { COMMANDS = 2000, SEED = 7 };
    uint32_t taken = 0;
    uint32_t answered = 0;
    uint32_t lost_answer = 0; /* the oldest that was made and did not arrive; 0: none */
    (void)state;
    for (uint32_t step = 0; answered < COMMANDS; step++) {
        uint32_t dice = (uint32_t)sk_mix(SEED + step);
        if (dice % 4 == 0 && commands.last_number < COMMANDS) {
            (void)push(true);
        }
        const struct sk_client_command *next = sk_client_commands_next(&commands);
        bool is_cut = dice >> 8 & 1;
        if (next && !(is_cut && dice >> 9 & 1)) {
            assert_int_equal(next->number, taken + 1); /* the server refuses any other */
            taken++;
            lost_answer = is_cut && lost_answer == 0 ? taken : lost_answer;
            if (!is_cut) {
                assert_true(sk_client_commands_on_answer(&commands, taken));
                answered = taken;
            }
        }
        if (next) {
            sk_client_commands_on_sent(&commands);
        }
        if (is_cut) {
            sk_client_commands_on_welcome(&commands, taken, true);
            for (uint32_t i = lost_answer; lost_answer > 0 && i <= taken; i++) {
                assert_true(sk_client_commands_on_answer(&commands, i));
                answered = i;
            }
            lost_answer = 0;
        } else {
            sk_client_commands_on_taken(&commands, (uint8_t)taken);
        }
        assert_int_equal(commands.taken_number, taken);
    }
    assert_int_equal(taken, COMMANDS);
    assert_int_equal(commands.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_client_commands_are_numbered_from_1_and_sent_once, reset),
        cmocka_unit_test_setup(test_client_commands_that_wait_are_bounded, reset),
        cmocka_unit_test_setup(test_client_commands_come_again_after_a_drop_when_not_taken, reset),
        cmocka_unit_test_setup(test_client_commands_answer_that_comes_again_is_not_new, reset),
        cmocka_unit_test_setup(test_client_commands_hostile_numbers_are_passed_over, reset),
        cmocka_unit_test_setup(test_client_commands_of_a_seat_that_was_lost_are_forgotten, reset),
        cmocka_unit_test_setup(test_client_commands_over_cuts_are_each_taken_once, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
