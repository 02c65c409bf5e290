/* test_pending_rooms.c - what is kept of a room until somebody enters it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pending_rooms.h"

enum { ROOMS = 4, ROOM = 2, EPOCH = 9, SEATS = 3 };

static int set_up(void **state)
{
    *state = pending_rooms_create(ROOMS);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    pending_rooms_destroy(*state);
    return 0;
}

static struct worker_command *command_for(enum worker_command_kind kind, uint64_t epoch)
{
    struct worker_command *command = worker_command_create(kind);
    assert_non_null(command);
    command->room = ROOM;
    command->epoch = epoch;
    return command;
}

static void open_room(struct pending_rooms *rooms)
{
    pending_rooms_open(rooms, command_for(WORKER_COMMAND_OPEN, EPOCH));
}

static void hold(struct pending_rooms *rooms, uint16_t seat, uint64_t nonce)
{
    struct worker_command *command = command_for(WORKER_COMMAND_HOLD, EPOCH);
    command->seat = seat;
    command->nonce = nonce;
    assert_true(pending_rooms_apply(rooms, command));
}

/* Takes the room out; its holds must be these, in order. */
static void assert_holds(struct pending_rooms *rooms, const uint64_t *nonces, uint32_t count)
{
    struct worker_command *open = pending_rooms_take(rooms, ROOM, EPOCH);
    assert_non_null(open);
    struct worker_command *at = open->next;
    worker_command_destroy(open);
    for (uint32_t i = 0; i < count; i++) {
        assert_non_null(at);
        assert_int_equal(at->nonce, nonces[i]);
        struct worker_command *next = at->next;
        worker_command_destroy(at);
        at = next;
    }
    assert_null(at);
}

static void test_pending_rooms_give_a_room_out_once_with_its_holds(void **state)
{
    static const uint64_t nonces[] = {10, 11, 12};
    open_room(*state);
    hold(*state, 0, 10);
    hold(*state, 1, 11);
    hold(*state, 2, 12);
    assert_holds(*state, nonces, 3);
    assert_null(pending_rooms_take(*state, ROOM, EPOCH));
}

/* Nobody comes, and again and again somebody asks: no more is kept than there are seats. */
static void test_pending_rooms_keep_the_newest_hold_of_a_seat(void **state)
{
    static const uint64_t nonces[] = {301, 302, 300};
    open_room(*state);
    for (uint64_t nonce = 1; nonce <= 302; nonce++) {
        hold(*state, (uint16_t)(nonce == 300 ? 0 : 1 + nonce % 2), nonce);
    }
    hold(*state, 0, 300);
    assert_holds(*state, nonces, SEATS);
}

static void test_pending_rooms_leave_commands_of_others_alone(void **state)
{
    struct worker_command *other = command_for(WORKER_COMMAND_CLOSE, EPOCH + 1);
    assert_false(pending_rooms_apply(*state, other));
    open_room(*state);
    assert_false(pending_rooms_apply(*state, other));
    other->room = ROOMS;
    assert_false(pending_rooms_apply(*state, other));
    assert_null(pending_rooms_take(*state, ROOM, EPOCH + 1));
    worker_command_destroy(other);
    assert_holds(*state, NULL, 0);
}

static void test_pending_rooms_forget_a_closed_room(void **state)
{
    open_room(*state);
    hold(*state, 0, 10);
    assert_true(pending_rooms_apply(*state, command_for(WORKER_COMMAND_CLOSE, EPOCH)));
    assert_null(pending_rooms_take(*state, ROOM, EPOCH));
    open_room(*state); /* the slot is free again, and its end frees what is left */
    hold(*state, 0, 11);
}

int main(void)
{
#define PENDING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        PENDING_TEST(test_pending_rooms_give_a_room_out_once_with_its_holds),
        PENDING_TEST(test_pending_rooms_keep_the_newest_hold_of_a_seat),
        PENDING_TEST(test_pending_rooms_leave_commands_of_others_alone),
        PENDING_TEST(test_pending_rooms_forget_a_closed_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
