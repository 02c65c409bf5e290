/* test_arena_bots.c - bots find each other, fight, and live a little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "built_in.h"
#include "support/arena_match_kit.h"

enum { MINUTE_TICKS = 60 * ARENA_TICK_HZ };

static const char map_text[] = "map Test\n"
                               "################\n"
                               "#S....#....H..S#\n"
                               "#..##.#..##....#\n"
                               "#..#..#...#..R.#\n"
                               "#....##.......##\n"
                               "#R.......#.#...#\n"
                               "#S...#..H..#..S#\n"
                               "################\n";

static uint32_t play(struct arena_kit *kit, uint32_t bots, uint32_t ticks, uint16_t type)
{
    uint32_t count = 0;
    for (uint32_t tick = 0; tick < ticks; tick++) {
        for (uint32_t i = 0; i < bots; i++) {
            arena_game.think(kit->world, kit->content, i, &kit->inputs[i]);
        }
        arena_kit_step(kit);
        count += arena_kit_find_event(kit, type) != NULL;
    }
    return count;
}

static void test_arena_bots_kill_and_take_pickups(void **state)
{
    (void)state;
    const uint32_t options[SK_OPTIONS_MAX] = {1800, 0, 60, 2, 0};
    struct arena_kit kit;
    arena_kit_start(&kit, map_text, 4, options);
    for (uint32_t i = 0; i < 4; i++) {
        arena_game.join(kit.world, kit.content, i, true);
    }
    uint32_t kills = play(&kit, 4, 2 * MINUTE_TICKS, ARENA_EVENT_KILL);
    uint32_t pickups = play(&kit, 4, 2 * MINUTE_TICKS, ARENA_EVENT_PICKUP);
    print_message("  %u kills, %u pickups in two minutes each\n", kills, pickups);
    assert_in_range(kills, 10, 400);
    assert_in_range(pickups, 5, 400);
    arena_kit_end(&kit);
}

static void test_arena_bots_play_in_teams(void **state)
{
    (void)state;
    const uint32_t options[SK_OPTIONS_MAX] = {1800, 0, 60, 2, 0, ARENA_TEAMS};
    struct arena_kit kit;
    uint32_t kills = 0;
    arena_kit_start(&kit, map_text, 6, options);
    for (uint32_t i = 0; i < 6; i++) {
        arena_game.join(kit.world, kit.content, i, true);
    }
    for (uint32_t tick = 0; tick < 2 * MINUTE_TICKS; tick++) {
        (void)play(&kit, 6, 1, ARENA_EVENT_KILL);
        const struct sk_event *kill = arena_kit_find_event(&kit, ARENA_EVENT_KILL);
        if (kill) {
            const struct arena_player *killer = &kit.world->players[kill->values[0] - 1];
            const struct arena_player *victim = &kit.world->players[kill->values[1]];
            assert_int_not_equal(killer->team, victim->team);
            kills++;
        }
    }
    print_message("  %u kills, %u to %u\n", kills, kit.world->match.team_1_score,
                  kit.world->match.team_2_score);
    assert_true(kit.world->match.team_1_score >= 5);
    assert_true(kit.world->match.team_2_score >= 5);
    arena_kit_end(&kit);
}

/* From behind a wall, without anybody to see: the way leads to the hurt one's health. */
static void test_arena_bots_hurt_one_walks_to_health(void **state)
{
    (void)state;
    struct arena_kit kit;
    arena_kit_start(&kit, map_text, 2, NULL);
    arena_kit_join_at(&kit, 0, arena_kit_at(1), arena_kit_at(1), 0);
    kit.world->players[0].health = 20;
    uint32_t taken = play(&kit, 1, 8 * ARENA_TICK_HZ, ARENA_EVENT_PICKUP);
    assert_true(taken > 0);
    assert_in_range(kit.world->players[0].health, 60, 100);
    arena_kit_end(&kit);
}

static void test_arena_bots_dead_one_holds_still(void **state)
{
    (void)state;
    struct arena_kit kit;
    arena_kit_start(&kit, map_text, 2, NULL);
    arena_kit_join_at(&kit, 0, arena_kit_at(1), arena_kit_at(1), 0);
    kit.world->players[0].health = 0;
    arena_game.think(kit.world, kit.content, 0, &kit.inputs[0]);
    assert_int_equal(kit.inputs[0].buttons, 0);
    assert_int_equal(kit.inputs[0].axes[0], 0);
    arena_kit_end(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_bots_kill_and_take_pickups),
        cmocka_unit_test(test_arena_bots_play_in_teams),
        cmocka_unit_test(test_arena_bots_hurt_one_walks_to_health),
        cmocka_unit_test(test_arena_bots_dead_one_holds_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
