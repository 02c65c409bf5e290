/* test_arena_foreseen.c - a client predicts a whole match of arena among bots: what it shows at
 * once is what the authority has, and nothing diverges.
 *
 * The authority uses the player's inputs WAY ticks after they were made; snapshots come each
 * ARENA_SNAPSHOT_DIVISOR ticks, and others are drawn DELAY ticks before the newest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "built_in.h"
#include "client/client_predict.h"
#include "support/arena_match_kit.h"

enum { PLAYERS = 6, ME = 1, WAY = 12, DELAY = 6, TICKS = 60 * 60, RING = 64, TICK_US = 16667 };
enum { EVENTS = 256 };

static const char map_text[] = "map Test\n"
                               "################\n"
                               "#S....#....H..S#\n"
                               "#..##.#..##....#\n"
                               "#..#......#..R.#\n"
                               "#....##.......##\n"
                               "#R.......#.#...#\n"
                               "#S...#..H..#..S#\n"
                               "################\n";
static const uint32_t options[SK_OPTIONS_MAX] = {20, 0, 20, 2, 0};

static struct arena_kit kit;
static struct sk_frame frame;
static struct sk_client_predict predict;
static struct sk_view view; /* only what prediction reads of it */
static struct sk_event events[EVENTS];
static struct sk_input inputs[RING];
static uint32_t tick; /* of the newest input */
static uint64_t now_us = 1000000;
static uint32_t told[ARENA_EVENT_COUNT][SK_EVENT_UNDONE + 1];
static void *frame_bytes;
static void *predict_bytes;

static int start(void **state)
{
    (void)state;
    struct sk_arena arena;
    arena_kit_start(&kit, map_text, PLAYERS, options);
    size_t cost = sk_frame_cost(&kit.plan.schema);
    frame_bytes = aligned_alloc(16, (cost + 15) & ~(size_t)15);
    sk_arena_init(&arena, frame_bytes, cost);
    assert_int_equal(sk_frame_init(&frame, &kit.plan.schema, &arena), SK_OK);
    cost = sk_client_predict_cost(&kit.plan);
    predict_bytes = aligned_alloc(16, (cost + 15) & ~(size_t)15);
    sk_arena_init(&arena, predict_bytes, cost);
    assert_int_equal(sk_client_predict_init(&predict, &kit.plan, kit.content, ME, &arena), SK_OK);
    predict.is_guarded = true;
    view = (struct sk_view){.plan = &kit.plan, .world = calloc(1, kit.plan.world_bytes)};
    view.events =
        (struct sk_events){.events = events, .capacity = EVENTS, .schema = &kit.plan.schema};
    for (uint32_t i = 0; i < PLAYERS; i++) {
        arena_game.join(kit.world, kit.content, i, i != ME);
    }
    tick = WAY;
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    free(frame_bytes);
    free(predict_bytes);
    free(view.world);
    return 0;
}

static void listen(void)
{
    struct sk_event event;
    enum sk_event_told how;
    while ((how = sk_client_events_take(&predict.events, &event)) != SK_EVENT_NONE) {
        told[event.type][how]++;
    }
}

/* Plays as a bot would that sees the authority's world as of now, but for a whim now and then. */
static void act(void)
{
    struct sk_input input = {0};
    arena_game.think(kit.world, kit.content, ME, &input);
    if (sk_random(5, tick / 30, 0, 0) % 3 == 0) {
        input.buttons = sk_random(5, tick / 7, 0, 1) & (ARENA_BUTTONS);
        input.axes[0] = (int16_t)sk_random(5, tick / 9, 0, 2);
        input.axes[1] = (int16_t)sk_random(5, tick / 9, 0, 3);
    }
    input.view_tick = 0;
    if (view.newest_tick > DELAY) {
        input.view_tick = view.newest_tick - DELAY + DELAY % ARENA_SNAPSHOT_DIVISOR;
        input.view_interval = ARENA_SNAPSHOT_DIVISOR;
        input.view_fraction = (uint8_t)(sk_random(5, tick, 0, 4) % 256);
    }
    now_us += TICK_US;
    inputs[++tick % RING] = input;
    sk_client_predict_on_input(&predict, tick, &input);
    listen();
}

/* Those of the last step that this player is told. */
static void note_events(void)
{
    for (uint32_t i = 0; i < kit.events.count && view.events.count < EVENTS; i++) {
        if (kit.kept[i].audience == SK_TO_ALL || kit.kept[i].audience == ME) {
            events[view.events.count++] = kit.kept[i];
        }
    }
}

static void serve(void)
{
    uint32_t next = kit.world->head.tick + 1;
    for (uint32_t i = 0; i < PLAYERS; i++) {
        arena_game.think(kit.world, kit.content, i, &kit.inputs[i]);
    }
    kit.inputs[ME] = inputs[next % RING];
    arena_kit_step(&kit);
    note_events();
    if (next % ARENA_SNAPSHOT_DIVISOR == 0) {
        arena_kit_replicate(&kit, &frame, ME, view.world);
        view.newest_tick = next;
        sk_client_predict_on_snapshot(&predict, &view, now_us);
        listen();
        view.events.count = 0;
    }
}

static void print_told(const char *name, uint32_t type)
{
    print_message("  %s: %u at once, %u confirmed, %u undone\n", name,
                  told[type][SK_EVENT_PREDICTED], told[type][SK_EVENT_CONFIRMED],
                  told[type][SK_EVENT_UNDONE]);
}

static void test_arena_foreseen_match_never_diverges(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < TICKS; i++) {
        act();
        serve();
        if (predict.drift.counts.diverging > 0) {
            const struct sk_drift_place *place = &predict.drift.newest;
            fail_msg("%s of kind %u, slot %u at tick %u: %f, and not %f", place->field->name,
                     place->kind, place->slot, place->tick, place->told, place->predicted);
        }
    }
    const struct sk_drift_counts *counts = &predict.drift.counts;
    print_message("  %u snapshots as predicted, %u touched by others\n", (uint32_t)counts->matched,
                  (uint32_t)counts->touched);
    print_message("  spawns: %u bound, %u undone\n", (uint32_t)predict.spawns.bound_count,
                  (uint32_t)predict.spawns.undone_count);
    print_told("shots", ARENA_EVENT_SHOT);
    print_told("beams", ARENA_EVENT_BEAM);
    print_told("hits", ARENA_EVENT_HIT);
    print_told("pickups", ARENA_EVENT_PICKUP);
    assert_null(predict.fault.what);
    assert_true(counts->matched > 5 * counts->touched);
    assert_true(told[ARENA_EVENT_SHOT][SK_EVENT_PREDICTED] > 50);
    assert_true(told[ARENA_EVENT_PICKUP][SK_EVENT_CONFIRMED] > 0);
    assert_true(told[ARENA_EVENT_HIT][SK_EVENT_CONFIRMED] > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_arena_foreseen_match_never_diverges, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
