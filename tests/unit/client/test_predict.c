/* test_predict.c - what a player is shown of his own doing: at once, once, and taken back when the
 * authority does not have it.
 *
 * The authority is a world of the sparks game that uses the player's inputs `WAY` ticks after they
 * were made; its snapshots come at once, with the events since the one before.
 */
#include <math.h>
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

enum {
    PLAYERS = 4,
    FIRST = 0,
    ME = 1,
    OTHER = 2,
    TICK_US = 16667,
    INPUTS = 256,
    WAY = 9,
    EVENTS = 32
};
enum { APART_TICKS = SK_EVENTS_APART_MS * 60 / 1000 };

struct fixture {
    struct sk_plan plan;
    struct sk_view view; /* only what prediction reads of it */
    struct sk_client_predict predict;
    struct sparks_world *server;
    struct sk_event events[EVENTS]; /* of the ticks since the newest snapshot, in the view */
    struct sk_input inputs[INPUTS]; /* the player's, by tick */
    struct sk_input others[PLAYERS];
    uint32_t tick;       /* of the newest input */
    uint32_t back_ticks; /* how old what the player sees is; 0: nobody says */
    uint64_t now_us;
    void *block;
    uint32_t told[SK_EVENT_UNDONE + 1]; /* how often */
    struct sk_event newest;             /* that was told */
    uint32_t drawn_count;               /* sparks, in the last look */
    uint32_t drawn_slot;                /* of the last of them */
    double drawn_x;
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
    sparks_game()->join(fixture.server, NULL, FIRST, false);
    sparks_game()->join(fixture.server, NULL, OTHER, false);
    fixture.view = (struct sk_view){
        .plan = &fixture.plan,
        .world = fixture.server,
        .events = {.events = fixture.events, .capacity = EVENTS, .schema = &fixture.plan.schema},
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
    input.view_tick = fixture.back_ticks > 0 ? fixture.tick + 1 - fixture.back_ticks : 0;
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

static void note_spark(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                       const double *values)
{
    (void)context;
    assert_int_equal(owner, ME);
    if (kind == SPARKS_KIND_SPARK) {
        fixture.drawn_count++;
        fixture.drawn_slot = slot;
        fixture.drawn_x = values[0];
    }
}

/* Looks at the player's sparks while others are drawn so many ticks behind the newest input.
 * Returns how many are drawn. */
static uint32_t look_back(uint32_t ticks)
{
    struct sk_predict_moment moment = {
        .now_us = fixture.now_us,
        .others = (uint64_t)(fixture.tick - ticks) * SK_FRACTION_ONE + SK_FRACTION_ONE / 2,
        .fraction = 255,
    };
    fixture.drawn_count = 0;
    sk_client_predict_draw(&fixture.predict, &moment, note_spark, NULL);
    return fixture.drawn_count;
}

static uint32_t look(void)
{
    return look_back(0);
}

static const struct spark_dot *predicted_dot(void)
{
    return &((const struct sparks_world *)fixture.predict.world)->dots[ME];
}

static void play(uint32_t ticks, uint32_t buttons)
{
    for (uint32_t i = 0; i < ticks; i++) {
        act(buttons);
        serve(true);
    }
}

/* --- events -------------------------------------------------------------------------------- */

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

/* --- state --------------------------------------------------------------------------------- */

static void test_predict_bit_equal_after_replay(void **state)
{
    (void)state;
    struct spark_dot predicted[INPUTS];
    for (uint32_t i = 0; i < 240; i++) {
        act(sk_random(7, i / 3, 0, 0) % 4 == 0 ? SPARKS_FIRE : 0);
        predicted[fixture.tick % INPUTS] = *predicted_dot();
        serve(sk_random(7, i, 1, 0) % 3 == 0);
        uint32_t tick = fixture.server->head.tick;
        if (tick > WAY + 12) { /* by then it has heard where it is */
            assert_memory_equal(&predicted[tick % INPUTS], &fixture.server->dots[ME],
                                sizeof(predicted[0]));
        }
    }
    assert_true(fixture.predict.drift.counts.matched > 40);
    assert_int_equal(fixture.predict.drift.counts.touched, 0);
    assert_int_equal(fixture.predict.drift.counts.diverging, 0);
    assert_int_equal(fixture.predict.spawns.undone_count, 0);
}

static void test_predict_snapshot_ahead_of_local_tick_is_adopted(void **state)
{
    (void)state;
    play(30, 0);
    while (fixture.server->head.tick < fixture.tick + 20) {
        serve(false);
    }
    serve(true);
    assert_int_equal(fixture.predict.tick, fixture.tick + 21);
    assert_int_equal(predicted_dot()->x, fixture.server->dots[ME].x);
    uint64_t judged = fixture.predict.drift.counts.matched;
    fixture.tick += 40; /* the clock follows */
    act(0);
    assert_int_equal(fixture.predict.tick, fixture.tick);
    serve(true);
    assert_int_equal(fixture.predict.drift.counts.matched, judged + 1);
    assert_int_equal(fixture.predict.drift.counts.diverging, 0);
}

static void test_predict_snapshot_missing(void **state)
{
    (void)state;
    play(30, 0);
    for (uint32_t i = 0; i < 40; i++) {
        act(i % 16 == 0 ? SPARKS_FIRE : 0);
        serve(i == 7 || i == 39); /* the others are lost */
    }
    assert_int_equal(fixture.predict.tick, fixture.tick);
    assert_int_equal(fixture.predict.drift.counts.matched, 31);
    assert_int_equal(fixture.predict.drift.counts.diverging, 0);
    while (fixture.server->head.tick < fixture.tick) {
        serve(false);
    }
    assert_memory_equal(predicted_dot(), &fixture.server->dots[ME], sizeof(struct spark_dot));
}

static void test_predict_late_input_is_not_drift(void **state)
{
    (void)state;
    play(30, 0);
    fixture.inputs[(fixture.server->head.tick + 2) % INPUTS].axes[0] = 77; /* what it used */
    act(0);
    serve(true);
    fixture.view.own.repeated = 1;
    act(0);
    serve(true);
    assert_int_equal(fixture.predict.drift.counts.late, 1);
    fixture.view.own.repeated = 2; /* told once more, of the tick before */
    play(1, 0);
    fixture.view.own.repeated = 0;
    play(30, 0);
    assert_int_equal(fixture.predict.drift.counts.late, 1);
    assert_int_equal(fixture.predict.drift.counts.touched, 0);
    assert_int_equal(fixture.predict.drift.counts.diverging, 0);
}

static void test_predict_row_that_others_change_is_not_drift(void **state)
{
    (void)state;
    play(30, 0);
    fixture.server->dots[ME].wait_ticks = 50;
    play(30, 0);
    assert_int_equal(fixture.predict.drift.counts.touched, 1);
    assert_int_equal(fixture.predict.drift.counts.diverging, 0);
}

static void test_predict_other_code_is_named(void **state)
{
    (void)state;
    play(30, 0);
    fixture.server->dots[ME].x += 3; /* as an authority of another code would have it */
    play(30, 0);
    const struct sk_drift_place *place = &fixture.predict.drift.newest;
    assert_int_equal(fixture.predict.drift.counts.diverging, 1);
    assert_int_equal(place->tick, 31);
    assert_int_equal(place->kind, SPARKS_KIND_DOT);
    assert_int_equal(place->slot, ME);
    assert_string_equal(place->field->name, "x");
    assert_true(place->told - place->predicted == 3);
}

static void test_predict_tick_and_seed_are_the_authoritys(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 30; i++) {
        play(1, i == 20 ? SPARKS_FIRE : 0);
        const struct sk_world *head = fixture.predict.world;
        assert_int_equal(head->tick, fixture.tick);
        assert_int_equal(head->seed, fixture.server->head.seed);
    }
    assert_int_equal(fixture.told[SK_EVENT_CONFIRMED], 1); /* the spark's key is of that tick */
    assert_int_equal(fixture.predict.spawns.bound_count, 1);
}

/* --- spawns -------------------------------------------------------------------------------- */

static void test_predict_spawn_bound_by_key(void **state)
{
    (void)state;
    play(20, 0);
    fixture.others[FIRST].buttons = SPARKS_FIRE; /* takes slots that the player thinks are free */
    act(SPARKS_FIRE);
    assert_int_equal(look(), 1);
    uint32_t slot = fixture.drawn_slot;
    assert_true(slot >= SPARKS_MAX);
    double x = fixture.drawn_x;
    serve(true);
    for (uint32_t i = 1; i < SPARKS_LIFE_TICKS - 1; i++) {
        play(1, 0);
        assert_int_equal(look(), 1);
        assert_int_equal(fixture.drawn_slot, slot);
        assert_true(fixture.drawn_x - x > SPARKS_SPEED - 2); /* it flies on, at each tick */
        assert_true(fixture.drawn_x - x < SPARKS_SPEED + 2);
        x = fixture.drawn_x;
    }
    assert_int_equal(fixture.predict.spawns.bound_count, 1);
    play(1, 0);
    assert_int_equal(look(), 0);
    play(60, 0);
    assert_int_equal(look(), 0);
    assert_int_equal(fixture.predict.spawns.undone_count, 0);
    assert_int_equal(fixture.predict.drift.counts.touched, 0);
}

/* A spark is judged where the player saw others when he fired, and 250 ms later where they are. */
static void test_predict_spawn_is_drawn_to_meet_others(void **state)
{
    (void)state;
    enum { BACK = 15, PAST_TICKS = 15 };
    fixture.back_ticks = BACK;
    play(30, 0);
    play(1, SPARKS_FIRE);
    uint32_t launch_tick = fixture.tick;
    assert_int_equal(look_back(BACK), 1);
    double muzzle = fixture.drawn_x;
    double before = muzzle;
    for (uint32_t passed = 1; passed < SPARKS_LIFE_TICKS + BACK - 2; passed++) {
        play(1, 0);
        assert_int_equal(look_back(BACK), 1);
        assert_true(fixture.drawn_x > before);
        double flown = (fixture.drawn_x - muzzle) / SPARKS_SPEED + 0.5; /* half a tick is judged */
        double left = flown < PAST_TICKS ? BACK * (1 - flown / PAST_TICKS) : 0;
        double others = fixture.tick - BACK + 0.5 - launch_tick;
        assert_true(passed < 3 || fabs(flown - left - others) < 0.1);
        before = fixture.drawn_x;
    }
    assert_true(fixture.predict.tick > launch_tick + SPARKS_LIFE_TICKS); /* there it is over */
    play(2, 0);
    assert_int_equal(look_back(BACK), 0);
    assert_int_equal(fixture.predict.spawns.undone_count, 0);
}

static void test_predict_spawn_refused_is_undone(void **state)
{
    (void)state;
    play(20, 0);
    fixture.server->dots[ME].wait_ticks = 200; /* nobody told the player */
    act(SPARKS_FIRE);
    assert_int_equal(look(), 1);
    serve(true); /* now it is told, so the input does not spawn any more */
    assert_int_equal(look(), 0);
    play(WAY - 1, 0);
    assert_int_equal(fixture.predict.spawns.undone_count, 0);
    play(1, 0); /* the server has used the input */
    assert_int_equal(fixture.predict.spawns.undone_count, 1);
    play(60, 0);
    assert_int_equal(fixture.predict.spawns.undone_count, 1);
    assert_int_equal(fixture.predict.spawns.bound_count, 0);
}

static void test_predict_spawn_that_ended_does_not_come_back(void **state)
{
    (void)state;
    play(20, 0);
    play(1, SPARKS_FIRE);
    play(10, 0);
    assert_int_equal(look(), 1);
    for (uint32_t i = 0; i < SPARKS_MAX; i++) { /* it ends in the predicted world alone */
        struct spark *spark = &((struct sparks_world *)fixture.predict.world)->sparks[i];
        *spark = spark->entity.owner == ME ? (struct spark){0} : *spark;
    }
    act(0);
    assert_int_equal(look(), 0);
    for (uint32_t i = 0; i < WAY + 5; i++) {
        serve(true); /* it lives on there */
        act(0);
        assert_int_equal(look(), 0);
    }
    serve(true);
    play(5, 0); /* not a few ticks too long, but for good */
    assert_int_equal(look(), 1);
}

static void test_predict_what_is_anothers_is_a_fault(void **state)
{
    (void)state;
    fixture.predict.is_guarded = true;
    play(20, SPARKS_FIRE);
    assert_null(fixture.predict.fault.what);
    act(SPARKS_CHEAT);
    assert_string_equal(fixture.predict.fault.what, "predict() writes what is not its player's");
    assert_string_equal(fixture.predict.fault.kind, "dot");
    assert_string_equal(fixture.predict.fault.field, "x");
    assert_int_equal(fixture.predict.fault.slot, OTHER);
    assert_int_equal(fixture.predict.fault.tick, fixture.tick);
}

#define PLAYED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAYED(test_predict_bit_equal_after_replay),
        PLAYED(test_predict_snapshot_ahead_of_local_tick_is_adopted),
        PLAYED(test_predict_snapshot_missing),
        PLAYED(test_predict_late_input_is_not_drift),
        PLAYED(test_predict_row_that_others_change_is_not_drift),
        PLAYED(test_predict_other_code_is_named),
        PLAYED(test_predict_tick_and_seed_are_the_authoritys),
        PLAYED(test_predict_spawn_bound_by_key),
        PLAYED(test_predict_spawn_is_drawn_to_meet_others),
        PLAYED(test_predict_spawn_refused_is_undone),
        PLAYED(test_predict_spawn_that_ended_does_not_come_back),
        PLAYED(test_predict_what_is_anothers_is_a_fault),
        PLAYED(test_predict_event_replayed_is_shown_once),
        PLAYED(test_predict_event_moved_by_a_correction_is_the_same),
        PLAYED(test_predict_event_that_never_comes_is_undone),
        PLAYED(test_predict_event_of_another_player_confirms_nothing),
        PLAYED(test_predict_events_of_a_burst_are_each_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
