/* test_client_predict.c - prediction by the game's own code: exact while nothing interferes, and
 * corrected at once and shown softly when something does.
 *
 * The authority is a world of the dots game that uses the player's inputs `way` ticks after they
 * were made; its snapshots come as many ticks later.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena/arena_world.h"
#include "base/hash.h"
#include "built_in.h"
#include "client/client_predict.h"
#include "support/dots.h"

enum { PLAYERS = 4, ME = 1, TICK_US = 16667, DIVISOR = 3, INPUTS = 1024, WAY = 9 };

struct fixture {
    struct sk_plan plan;
    struct sk_view view; /* only what prediction reads of it */
    struct sk_client_predict predict;
    uint8_t *server;    /* the authority's world */
    uint8_t *snapshots; /* copies of it, by tick % INPUTS */
    struct sk_input inputs[INPUTS];
    uint32_t tick; /* of the newest input */
    uint64_t now_us;
    void *block;
    double drawn_x;
    uint32_t drawn_count;
};

static struct fixture fixture;

static const struct sk_world *head_of(const void *world)
{
    return world;
}

static int32_t *x_of(void *world)
{
    const struct sk_place *place = &fixture.plan.schema.places[0];
    const struct sk_kind *kind = &fixture.plan.schema.kinds[0];
    uint8_t *dot = (uint8_t *)world + place->offset_bytes + (size_t)ME * kind->stride_bytes;
    return (int32_t *)(void *)(dot + sizeof(struct sk_entity));
}

static int start(void **state)
{
    (void)state;
    struct sk_arena arena;
    memset(&fixture, 0, sizeof(fixture));
    assert_int_equal(sk_plan_init(&fixture.plan, dots_game(), PLAYERS, NULL), SK_OK);
    size_t bytes = sk_client_predict_cost(&fixture.plan);
    fixture.block = aligned_alloc(16, (bytes + 15) & ~(size_t)15);
    fixture.server = calloc(1, fixture.plan.world_bytes);
    fixture.snapshots = calloc(INPUTS, fixture.plan.world_bytes);
    sk_arena_init(&arena, fixture.block, bytes);
    assert_int_equal(sk_client_predict_init(&fixture.predict, &fixture.plan, NULL, ME, &arena),
                     SK_OK);
    sk_world_start(&fixture.plan, fixture.server, NULL, 1, 2);
    dots_game()->join(fixture.server, NULL, ME, false);
    fixture.view.plan = &fixture.plan;
    fixture.now_us = 1000000;
    fixture.tick = WAY;
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(fixture.block);
    free(fixture.server);
    free(fixture.snapshots);
    return 0;
}

/* Snapshots whose own state was not as predicted. */
static uint64_t corrected(void)
{
    const struct sk_drift_counts *counts = &fixture.predict.drift.counts;
    return counts->late + counts->touched + counts->diverging;
}

/* The authority makes its next tick, `is_missing` without the player's input. */
static void serve(bool is_missing)
{
    struct sk_events events = {.schema = &fixture.plan.schema};
    struct sk_input inputs[PLAYERS] = {{0}};
    uint32_t tick = head_of(fixture.server)->tick + 1;
    if (!is_missing) {
        inputs[ME] = fixture.inputs[tick % INPUTS];
    }
    sk_world_step(&fixture.plan, fixture.server, NULL, inputs, &events);
    memcpy(fixture.snapshots + tick % INPUTS * fixture.plan.world_bytes, fixture.server,
           fixture.plan.world_bytes);
}

static void take_snapshot(uint32_t tick)
{
    fixture.view.newest_tick = tick;
    fixture.view.world = fixture.snapshots + tick % INPUTS * fixture.plan.world_bytes;
    sk_client_predict_on_snapshot(&fixture.predict, &fixture.view, fixture.now_us);
}

static struct sk_input make_input(uint32_t tick)
{
    return (struct sk_input){.axes = {(int16_t)(sk_random(3, tick / 5, 0, 0) % 200), 7}};
}

/* One tick of everybody: an input, the authority `WAY` behind, now and then a snapshot. */
static void play(bool is_missing)
{
    struct sk_input input = make_input(++fixture.tick);
    fixture.now_us += TICK_US;
    fixture.inputs[fixture.tick % INPUTS] = input;
    sk_client_predict_on_input(&fixture.predict, fixture.tick, &input);
    serve(is_missing);
    if (head_of(fixture.server)->tick % DIVISOR == 0) {
        take_snapshot(head_of(fixture.server)->tick);
    }
}

static void note_x(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                   const double *values)
{
    (void)context;
    assert_int_equal(kind, 0);
    assert_int_equal(slot, ME);
    assert_int_equal(owner, ME);
    fixture.drawn_x = values[0];
    fixture.drawn_count++;
}

static double draw(uint8_t fraction)
{
    fixture.drawn_count = 0;
    struct sk_predict_moment moment = {.now_us = fixture.now_us, .others = 0, .fraction = fraction};
    sk_client_predict_draw(&fixture.predict, &moment, note_x, NULL);
    assert_int_equal(fixture.drawn_count, 1);
    return fixture.drawn_x;
}

static void test_client_predict_alone_is_exact_at_every_tick(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        play(false);
    }
    assert_true(fixture.predict.drift.counts.matched > 60);
    assert_int_equal(corrected(), 0);
    assert_int_equal(fixture.predict.tick, fixture.tick);
    int32_t predicted = *x_of(fixture.predict.world);
    for (int i = 0; i < WAY; i++) {
        serve(false);
    }
    assert_int_equal(head_of(fixture.server)->tick, fixture.tick);
    assert_int_equal(predicted, *x_of(fixture.server));
    assert_int_equal(head_of(fixture.predict.world)->tick, fixture.tick);
}

static void test_client_predict_draws_between_two_ticks(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    double before = *x_of(fixture.predict.before);
    double now = *x_of(fixture.predict.world);
    assert_true(now > before);
    assert_true(fabs(draw(0) - before) < 1e-9);
    assert_true(fabs(draw(128) - (before + now) / 2) < 1e-9);
}

static void test_client_predict_correction_is_drawn_softly(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    double drawn = draw(255);
    *x_of(fixture.server) += 500; /* somebody pushed */
    uint64_t wrong = corrected();
    uint64_t pushed_us = fixture.now_us;
    while (corrected() == wrong) {
        drawn = draw(255);
        play(false);
    }
    double state_x = *x_of(fixture.predict.world);
    assert_true(fabs(state_x - draw(255)) > 350); /* the state is right, drawing is on its way */
    assert_true(fabs(draw(255) - drawn) < 250);   /* and has moved no further than a tick does */
    double range = 65535;
    assert_true(fabs(sk_client_predict_offset(&fixture.predict) * range - 500) < 150);
    fixture.now_us = pushed_us + 1000000;
    assert_true(fabs(draw(255) - state_x) < 2);
    assert_true(sk_client_predict_offset(&fixture.predict) * range < 2);
}

static void test_client_predict_jump_is_drawn_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    *x_of(fixture.server) += 5000;
    struct sk_entity *entity = (void *)((uint8_t *)x_of(fixture.server) - sizeof(struct sk_entity));
    entity->jump++;
    for (int i = 0; i < DIVISOR; i++) {
        play(false);
    }
    assert_true(fabs(draw(255) - *x_of(fixture.predict.world)) < 250);
}

static void test_client_predict_missing_input_is_told_from_a_push(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    fixture.view.own.repeated = 1;
    for (int i = 0; i < DIVISOR; i++) {
        play(true);
    }
    assert_int_equal(fixture.predict.drift.counts.late, 1);
    assert_int_equal(corrected(), 1);
}

static void test_client_predict_waits_beyond_its_bound(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    uint32_t snapshot_tick = fixture.predict.snapshot_tick;
    for (int i = 0; i < 100; i++) {
        struct sk_input input = make_input(++fixture.tick);
        fixture.inputs[fixture.tick % INPUTS] = input;
        sk_client_predict_on_input(&fixture.predict, fixture.tick, &input);
    }
    assert_true(sk_client_predict_is_held(&fixture.predict));
    assert_int_equal(fixture.predict.tick, snapshot_tick + 45);
    while (head_of(fixture.server)->tick < fixture.tick - 20) {
        serve(false);
    }
    take_snapshot(head_of(fixture.server)->tick);
    assert_false(sk_client_predict_is_held(&fixture.predict));
    assert_int_equal(fixture.predict.tick, fixture.tick);
}

static void test_client_predict_snapshot_ahead_is_adopted(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    while (head_of(fixture.server)->tick < fixture.tick + 20) {
        serve(true);
    }
    take_snapshot(head_of(fixture.server)->tick);
    assert_int_equal(fixture.predict.tick, fixture.tick + 20);
    assert_int_equal(*x_of(fixture.predict.world), *x_of(fixture.server));
}

static void test_client_predict_dropped_ticks_move_the_inputs(void **state)
{
    (void)state;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    uint64_t wrong = corrected();
    sk_client_predict_on_dropped(&fixture.predict, 4);
    for (uint32_t tick = 5; tick <= fixture.tick; tick++) { /* the authority has them earlier too */
        fixture.inputs[tick - 4] = fixture.inputs[tick];
    }
    fixture.tick -= 4;
    for (int i = 0; i < 30; i++) {
        play(false);
    }
    assert_int_equal(corrected(), wrong);
    assert_int_equal(fixture.predict.tick, fixture.tick);
}

/* A pickup is told by its quantised rows alone, so it would be drawn as everybody sees it. */
static void test_client_predict_covers_own_kinds_with_exact_rows_alone(void **state)
{
    (void)state;
    struct sk_plan plan;
    struct sk_client_predict predict = {.plan = &plan, .player = ME};
    assert_int_equal(sk_plan_init(&plan, &arena_game, PLAYERS, NULL), SK_OK);
    sk_client_own_init(&predict.own, &plan, ME);
    assert_true(sk_client_predict_covers(&predict, ARENA_KIND_PLAYER, ME));
    assert_false(sk_client_predict_covers(&predict, ARENA_KIND_PLAYER, ME + 1));
    assert_true(sk_client_predict_covers(&predict, ARENA_KIND_PROJECTILE, ME));
    assert_false(sk_client_predict_covers(&predict, ARENA_KIND_PICKUP, ME));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_client_predict_alone_is_exact_at_every_tick, start,
                                        end),
        cmocka_unit_test_setup_teardown(test_client_predict_draws_between_two_ticks, start, end),
        cmocka_unit_test_setup_teardown(test_client_predict_correction_is_drawn_softly, start, end),
        cmocka_unit_test_setup_teardown(test_client_predict_jump_is_drawn_at_once, start, end),
        cmocka_unit_test_setup_teardown(test_client_predict_missing_input_is_told_from_a_push,
                                        start, end),
        cmocka_unit_test_setup_teardown(test_client_predict_waits_beyond_its_bound, start, end),
        cmocka_unit_test_setup_teardown(test_client_predict_snapshot_ahead_is_adopted, start, end),
        cmocka_unit_test(test_client_predict_covers_own_kinds_with_exact_rows_alone),
        cmocka_unit_test_setup_teardown(test_client_predict_dropped_ticks_move_the_inputs, start,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
