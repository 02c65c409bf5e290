/* test_predict.c - what a player is shown of his own doing: at once, once, and taken back when the
 * authority does not have it.
 *
 * The authority is a world of the sparks game that uses the player's inputs `WAY` ticks after they
 * were made; its snapshots come at once, with the events since the one before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "client/client_predict.h"
#include "support/sparks.h"

enum { PLAYERS = 4, ME = 1, OTHER = 2, TICK_US = 16667, INPUTS = 256, WAY = 9, EVENTS = 32 };
enum { APART_TICKS = SK_EVENTS_APART_MS * 60 / 1000 };

struct fixture {
    struct sk_plan plan;
    struct sk_view view; /* only what prediction reads of it */
    struct sk_client_predict predict;
    struct sparks_world *server;
    struct sk_event events[EVENTS]; /* of the ticks since the newest snapshot, in the view */
    struct sk_input inputs[INPUTS]; /* the player's, by tick */
    struct sk_input others[PLAYERS];
    uint32_t tick; /* of the newest input */
    uint64_t now_us;
    void *block;
    uint32_t told[SK_EVENT_UNDONE + 1]; /* how often */
    struct sk_event newest;             /* that was told */
};

static struct fixture fixture;

static int start(void **state)
{
    (void)state;
    struct sk_arena arena;
    memset(&fixture, 0, sizeof(fixture));
    assert_int_equal(sk_plan_init(&fixture.plan, sparks_game(), PLAYERS, NULL), SK_OK);
    size_t bytes = sk_client_predict_cost(&fixture.plan);
    fixture.block = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    fixture.server = calloc(1, fixture.plan.world_bytes);
    sk_arena_init(&arena, fixture.block, bytes);
    assert_int_equal(sk_client_predict_init(&fixture.predict, &fixture.plan, NULL, ME, &arena),
                     SK_OK);
    sk_world_start(&fixture.plan, fixture.server, NULL, 1, 2);
    sparks_game()->join(fixture.server, NULL, ME, false);
    sparks_game()->join(fixture.server, NULL, OTHER, false);
    fixture.view = (struct sk_view){
        .plan = &fixture.plan,
        .world = fixture.server,
        .events = {fixture.events, EVENTS, 0, 0, 0, &fixture.plan.schema},
    };
    fixture.now_us = 1000000;
    fixture.tick = WAY;
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(fixture.block);
    free(fixture.server);
    return 0;
}

/* Takes what is told. */
static void listen(void)
{
    enum sk_event_told told;
    while ((told = sk_client_events_take(&fixture.predict.events, &fixture.newest)) !=
           SK_EVENT_NONE) {
        fixture.told[told]++;
    }
}

/* The player's next input, of which the authority hears later. */
static void act(uint32_t buttons)
{
    struct sk_input input = {.buttons = buttons, .axes = {(int16_t)(fixture.tick % 7)}};
    fixture.now_us += TICK_US;
    fixture.inputs[++fixture.tick % INPUTS] = input;
    sk_client_predict_on_input(&fixture.predict, fixture.tick, &input);
    listen();
}

/* The authority's next tick; the snapshot of it comes when `is_told`. */
static void serve(bool is_told)
{
    struct sk_input inputs[PLAYERS];
    uint32_t tick = fixture.server->head.tick + 1;
    memcpy(inputs, fixture.others, sizeof(inputs));
    inputs[ME] = fixture.inputs[tick % INPUTS];
    sk_world_step(&fixture.plan, fixture.server, NULL, inputs, &fixture.view.events);
    if (is_told) {
        fixture.view.newest_tick = tick;
        sk_client_predict_on_snapshot(&fixture.predict, &fixture.view, fixture.now_us);
        listen();
    }
}

static void play(uint32_t ticks, uint32_t buttons)
{
    for (uint32_t i = 0; i < ticks; i++) {
        act(buttons);
        serve(true);
    }
}

static void test_predict_event_replayed_is_shown_once(void **state)
{
    (void)state;
    play(20, 0);
    act(SPARKS_FIRE);
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 1); /* in the very tick of the press */
    assert_int_equal(fixture.newest.tick, fixture.tick);
    serve(true);
    play(WAY - 1, 0); /* as many replays */
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 1);
    assert_int_equal(fixture.told[SK_EVENT_CONFIRMED], 0);
    play(2, 0);
    assert_int_equal(fixture.told[SK_EVENT_CONFIRMED], 1);
    play(60, 0);
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 1);
    assert_int_equal(fixture.told[SK_EVENT_CONFIRMED], 1);
    assert_int_equal(fixture.told[SK_EVENT_UNDONE], 0);
    assert_int_equal(fixture.view.events.count, 0); /* nor does drawing time tell it */
}

static void test_predict_event_moved_by_a_correction_is_the_same(void **state)
{
    (void)state;
    play(20, 0);
    play(1, SPARKS_FIRE);
    fixture.server->dots[ME].x += 1000; /* somebody pushed: `x` of the event is another one */
    play(60, 0);
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 1);
    assert_int_equal(fixture.told[SK_EVENT_CONFIRMED], 1);
    assert_int_equal(fixture.told[SK_EVENT_UNDONE], 0);
}

static void test_predict_event_that_never_comes_is_undone(void **state)
{
    (void)state;
    play(20, 0);
    fixture.server->dots[ME].wait_ticks = 200; /* nobody told the player */
    play(1, SPARKS_FIRE);
    play(WAY + APART_TICKS - 1, 0);
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 1);
    assert_int_equal(fixture.told[SK_EVENT_UNDONE], 0);
    play(2, 0);
    assert_int_equal(fixture.told[SK_EVENT_UNDONE], 1);
    play(60, 0);
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 1);
    assert_int_equal(fixture.told[SK_EVENT_UNDONE], 1);
}

static void test_predict_event_of_another_player_confirms_nothing(void **state)
{
    (void)state;
    play(20, 0);
    fixture.others[OTHER].buttons = SPARKS_FIRE;
    serve(false);
    fixture.others[OTHER].buttons = 0;
    play(1, SPARKS_FIRE);
    play(2, 0);
    assert_int_equal(fixture.told[SK_EVENT_CONFIRMED], 0);
    assert_int_equal(fixture.view.events.count, 1);
    assert_int_equal(fixture.view.events.events[0].values[0], OTHER);
}

static void test_predict_events_of_a_burst_are_each_told(void **state)
{
    (void)state;
    play(20, 0);
    for (uint32_t i = 0; i < 40 * SPARKS_APART_TICKS; i++) {
        act(SPARKS_FIRE);
        serve(true);
    }
    assert_int_equal(fixture.told[SK_EVENT_PREDICTED], 40);
    assert_in_range(fixture.told[SK_EVENT_CONFIRMED], 37, 40);
    assert_int_equal(fixture.told[SK_EVENT_UNDONE], 0);
}

#define PLAYED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAYED(test_predict_event_replayed_is_shown_once),
        PLAYED(test_predict_event_moved_by_a_correction_is_the_same),
        PLAYED(test_predict_event_that_never_comes_is_undone),
        PLAYED(test_predict_event_of_another_player_confirms_nothing),
        PLAYED(test_predict_events_of_a_burst_are_each_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
