/* test_arena_infer.c - what a bot over the wire makes up is near to what the authority knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "built_in.h"
#include "support/arena_match_kit.h"

enum {
    PLAYERS = 6,
    SELF = 2,
    TICKS = 30 * ARENA_TICK_HZ,
    SPEED_ERROR =
        4 * ARENA_STEP, /* a position's step over a snapshot's ticks, and a change of mind */
    GRID = 2 * ARENA_STEP,
};

static const char map_text[] = "map Test\n"
                               "################\n"
                               "#S....#....H..S#\n"
                               "#..##.#..##....#\n"
                               "#..#......#..R.#\n"
                               "#....##.......##\n"
                               "#R.......#.#...#\n"
                               "#S...#..H..#..S#\n"
                               "################\n";

static struct arena_kit kit;
static struct sk_frame frame;
static void *frame_bytes;
static struct arena_world *client;
static struct arena_world *older;

static int start(void **state)
{
    (void)state;
    struct sk_arena arena;
    arena_kit_start(&kit, map_text, PLAYERS, NULL);
    size_t cost = sk_frame_cost(&kit.plan.schema);
    frame_bytes = aligned_alloc(16, (cost + 15) & ~(size_t)15);
    client = calloc(1, kit.plan.world_bytes);
    older = calloc(1, kit.plan.world_bytes);
    sk_arena_init(&arena, frame_bytes, cost);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        arena_game.join(kit.world, kit.content, i, true);
    }
    return client && older ? sk_frame_init(&frame, &kit.plan.schema, &arena) : -1;
}

static int end(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    free(frame_bytes);
    free(client);
    free(older);
    return 0;
}

/* Plays to the next snapshot, which the client then holds. */
static void next_snapshot(void)
{
    for (uint32_t tick = 0; tick < ARENA_SNAPSHOT_DIVISOR; tick++) {
        for (uint32_t i = 0; i < PLAYERS; i++) {
            arena_game.think(kit.world, kit.content, i, &kit.inputs[i]);
        }
        arena_kit_step(&kit);
    }
    struct arena_world *spare = older;
    older = client;
    client = spare;
    arena_kit_replicate(&kit, &frame, SELF, client);
    arena_game.infer(client, older, SELF);
}

static bool is_walking(const struct arena_player *player)
{
    return player->health > 0 && player->dash_ticks == 0 && player->dash_wait_ticks < 60;
}

static void test_arena_infer_speeds_of_others_are_near(void **state)
{
    (void)state;
    uint32_t near_count = 0;
    uint32_t count = 0;
    for (uint32_t tick = 0; tick < TICKS; tick += ARENA_SNAPSHOT_DIVISOR) {
        next_snapshot();
        for (uint32_t i = 0; i < PLAYERS; i++) {
            const struct arena_player *real = &kit.world->players[i];
            const struct arena_player *seen = &client->players[i];
            if (i != SELF && is_walking(real) && (real->speed_x != 0 || real->speed_y != 0)) {
                near_count += abs(seen->speed_x - real->speed_x) <= SPEED_ERROR &&
                              abs(seen->speed_y - real->speed_y) <= SPEED_ERROR;
                count++;
            }
        }
        assert_int_equal(client->players[SELF].speed_x, kit.world->players[SELF].speed_x);
        assert_int_equal(client->players[SELF].speed_y, kit.world->players[SELF].speed_y);
    }
    print_message("  %u of %u speeds are near\n", near_count, count);
    assert_true(count > 500);
    assert_true(near_count * 10 > count * 8);
}

static void test_arena_infer_ring_holds_where_everybody_was(void **state)
{
    (void)state;
    uint32_t found_count = 0;
    struct sk_rewind rewind = arena_rewind_of(PLAYERS);
    for (uint32_t tick = 0; tick < TICKS; tick += ARENA_SNAPSHOT_DIVISOR) {
        next_snapshot();
        /* A tick that was a snapshot's: the ring of the authority has it to the step. */
        struct sk_moment then = {.tick = client->head.tick - 6 * ARENA_SNAPSHOT_DIVISOR};
        for (uint32_t i = 0; i < PLAYERS && client->head.tick > 36; i++) {
            struct arena_player real = kit.world->players[i];
            struct arena_player seen = client->players[i];
            bool is_known = sk_rewind_restore(&rewind, kit.world->rewind, i, &then, &real);
            assert_int_equal(sk_rewind_restore(&rewind, client->rewind, i, &then, &seen), is_known);
            assert_in_range(abs(real.x - seen.x), 0, is_known ? GRID : INT32_MAX);
            assert_in_range(abs(real.y - seen.y), 0, is_known ? GRID : INT32_MAX);
            found_count += is_known;
        }
    }
    assert_true(found_count > 1000);
}

/* The bot of the wire does mostly what the server's would: same seed, same seat. */
static void test_arena_infer_client_thinks_as_the_server_does(void **state)
{
    (void)state;
    uint32_t alike_count = 0;
    uint32_t count = 0;
    for (uint32_t tick = 0; tick < TICKS; tick += ARENA_SNAPSHOT_DIVISOR) {
        struct sk_input real;
        struct sk_input seen;
        next_snapshot();
        client->head.secret_seed = kit.world->head.secret_seed;
        arena_game.think(kit.world, kit.content, SELF, &real);
        arena_game.think(client, kit.content, SELF, &seen);
        alike_count += real.buttons == seen.buttons &&
                       abs((int16_t)(real.axes[2] - seen.axes[2])) < 65536 * 5 / 360;
        count++;
    }
    print_message("  %u of %u inputs are alike\n", alike_count, count);
    assert_true(alike_count * 10 > count * 8);
}

int main(void)
{
#define IN_A_MATCH(test) cmocka_unit_test_setup_teardown(test, start, end)
    const struct CMUnitTest tests[] = {
        IN_A_MATCH(test_arena_infer_speeds_of_others_are_near),
        IN_A_MATCH(test_arena_infer_ring_holds_where_everybody_was),
        IN_A_MATCH(test_arena_infer_client_thinks_as_the_server_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
