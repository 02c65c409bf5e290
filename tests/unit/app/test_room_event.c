/* test_room_event.c - what a room tells arrives, once or the newest of several, to the last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

#include "room_event.h"

enum { ROOM = 5, EPOCH = 77, SENDS = 100000 };
static const uint64_t SECOND_NS = 1000000000;

static struct loop *loop;
static struct control_mailbox control;
static struct worker_event told; /* the newest */
static uint32_t told_count;
static uint32_t gone_count;
static uint64_t claims_before;

static void on_event(void *context, const struct worker_event *event)
{
    (void)context;
    assert_int_equal(gone_count, 0);
    assert_int_equal(event->room, ROOM);
    assert_int_equal(event->epoch, EPOCH);
    assert_true(event->state.occupancy.claim_count >= claims_before); /* never an older one */
    claims_before = event->state.occupancy.claim_count;
    told = *event;
    told_count++;
    gone_count += event->is_gone;
}

static int set_up(void **state)
{
    const char *why = NULL;
    struct loop_config config = {0};
    loop = loop_create(&config, &why);
    control = (struct control_mailbox){.loop = loop, .on_event = on_event};
    told_count = 0;
    gone_count = 0;
    claims_before = 0;
    *state = room_event_create(&control, ROOM, EPOCH);
    return loop && *state ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    loop_destroy(loop);
    return 0;
}

static struct lobby_room_state state_of(uint64_t claims)
{
    struct lobby_room_state state = {.is_heavy = claims % 2 != 0};
    state.occupancy.claim_count = claims;
    state.occupancy.bot_count = (uint32_t)claims;
    for (uint32_t i = 0; i < ROOM_OCCUPANCY_WORDS; i++) {
        state.occupancy.in_use[i] = claims * (i + 1);
    }
    return state;
}

static void tell(struct room_event *event, uint64_t claims)
{
    struct lobby_room_state state = state_of(claims);
    room_event_send(event, &state);
}

static void assert_told(uint64_t claims)
{
    struct lobby_room_state want = state_of(claims);
    assert_int_equal(told.state.is_heavy, want.is_heavy);
    assert_int_equal(told.state.occupancy.bot_count, want.occupancy.bot_count);
    assert_int_equal(told.state.occupancy.claim_count, want.occupancy.claim_count);
    assert_memory_equal(told.state.occupancy.in_use, want.occupancy.in_use,
                        sizeof(want.occupancy.in_use));
}

static void test_room_event_tells_the_newest_of_several_once(void **state)
{
    struct room_event *event = *state;
    tell(event, 1);
    tell(event, 2);
    tell(event, 3);
    loop_turn(loop, 0);
    assert_int_equal(told_count, 1);
    assert_told(3);
    tell(event, 4);
    loop_turn(loop, 0);
    assert_int_equal(told_count, 2);
    assert_told(4);
    room_event_send_gone(event);
    loop_turn(loop, 0);
    assert_int_equal(gone_count, 1);
}

static void test_room_event_gone_goes_with_what_is_under_way(void **state)
{
    struct room_event *event = *state;
    tell(event, 1);
    room_event_send_gone(event);
    loop_turn(loop, 0);
    assert_int_equal(told_count, 1);
    assert_int_equal(gone_count, 1);
    loop_turn(loop, 0);
    assert_int_equal(told_count, 1);
}

static void test_room_event_of_a_room_that_never_was_is_destroyed(void **state)
{
    room_event_destroy(*state);
    loop_turn(loop, 0);
    assert_int_equal(told_count, 0);
}

static void *send_all(void *context)
{
    for (uint64_t i = 1; i <= SENDS; i++) {
        tell(context, i);
    }
    return NULL;
}

static void *send_gone(void *context)
{
    room_event_send_gone(context);
    return NULL;
}

static void test_room_event_from_another_thread_ends_with_the_last(void **state)
{
    pthread_t worker;
    assert_int_equal(pthread_create(&worker, NULL, send_all, *state), 0);
    while (claims_before < SENDS) {
        loop_turn(loop, SECOND_NS);
    }
    assert_int_equal(pthread_join(worker, NULL), 0);
    loop_turn(loop, 0); /* a word that came when some of it had been read already */
    assert_told(SENDS);
    assert_int_equal(pthread_create(&worker, NULL, send_gone, *state), 0);
    while (gone_count == 0) {
        loop_turn(loop, SECOND_NS);
    }
    assert_int_equal(pthread_join(worker, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_room_event_tells_the_newest_of_several_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_room_event_gone_goes_with_what_is_under_way, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_room_event_of_a_room_that_never_was_is_destroyed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_room_event_from_another_thread_ends_with_the_last,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
