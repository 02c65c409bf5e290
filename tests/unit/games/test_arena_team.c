/* test_arena_team.c - sides, friendly fire, bases and the score of a team. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena/arena_team.h"
#include "built_in.h"
#include "support/arena_match_kit.h"

static const char map_text[] = "map Bases\n"
                               "##########\n"
                               "#A......B#\n"
                               "#........#\n"
                               "#...S....#\n"
                               "#A......B#\n"
                               "##########\n";
static const uint32_t team_options[SK_OPTIONS_MAX] = {20, 3, 30, 1, 0, ARENA_TEAMS};
static const uint32_t free_options[SK_OPTIONS_MAX] = {20, 3, 30, 1, 0, ARENA_FREE_FOR_ALL};

static struct arena_kit kit;

static int start_teams(void **state)
{
    (void)state;
    arena_kit_start(&kit, map_text, 8, team_options);
    return 0;
}

static int start_free(void **state)
{
    (void)state;
    arena_kit_start(&kit, map_text, 8, free_options);
    return 0;
}

static int end_kit(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    return 0;
}

/* A player in row 2, where nothing stands between two, facing east. */
static void join(uint32_t player, int32_t column)
{
    arena_kit_join_at(&kit, player, arena_kit_at(column), arena_kit_at(2), 0);
}

static void rail(uint32_t player)
{
    kit.world->players[player].slugs = 5;
    kit.world->players[player].cooldown_ticks = 0;
    kit.inputs[player].buttons = ARENA_FIRE | ARENA_TAKE_RAIL;
    arena_kit_step(&kit);
    kit.inputs[player].buttons = 0;
}

static void test_arena_team_newcomers_go_to_the_smaller(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        join(i, 2);
    }
    assert_int_equal(kit.world->players[0].team, 1);
    assert_int_equal(kit.world->players[1].team, 2);
    assert_int_equal(kit.world->players[2].team, 1);
    assert_int_equal(kit.world->players[3].team, 2);
}

static void test_arena_team_people_are_spread_before_bots(void **state)
{
    (void)state;
    join(0, 2);
    arena_game.join(kit.world, kit.content, 1, true);
    join(2, 3);
    assert_int_equal(kit.world->players[1].team, 2);
    assert_int_equal(kit.world->players[2].team, 2);
}

static void test_arena_team_free_for_all_has_none(void **state)
{
    (void)state;
    join(0, 2);
    join(1, 5);
    assert_int_equal(kit.world->players[0].team, ARENA_NO_TEAM);
    rail(0);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
}

static void test_arena_team_shots_pass_friends_and_hit_enemies(void **state)
{
    (void)state;
    join(0, 2);
    join(1, 6);
    join(2, 4);
    assert_false(arena_team_is_enemy(kit.world, 0, 2));
    assert_true(arena_team_is_enemy(kit.world, 0, 1));
    rail(0);
    const struct sk_event *hit = arena_kit_find_event(&kit, ARENA_EVENT_HIT);
    assert_non_null(hit);
    assert_int_equal(hit->values[0], 1);
    kit.inputs[0].buttons = ARENA_FIRE | ARENA_TAKE_BLASTER;
    for (uint32_t tick = 0; tick < 90; tick++) {
        arena_kit_step(&kit);
    }
    assert_int_equal(kit.world->players[2].health, ARENA_HEALTH_MAX);
}

static void test_arena_team_appears_in_its_base(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        arena_game.join(kit.world, kit.content, i, false);
        const struct arena_player *player = &kit.world->players[i];
        assert_int_equal(player->x / ARENA_TILE, player->team == 1 ? 1 : 8);
    }
}

static void test_arena_team_score_ends_the_round(void **state)
{
    (void)state;
    join(0, 2);
    join(1, 5);
    join(2, 3);
    kit.world->match.team_1_score = 2; /* of somebody who has left */
    kit.world->players[1].health = 1;
    rail(0);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_KILL));
    assert_int_equal(kit.world->match.team_1_score, 3);
    assert_int_equal(kit.world->players[0].score, 1);
    arena_kit_step(&kit);
    const struct sk_event *end = arena_kit_find_event(&kit, ARENA_EVENT_ROUND_END);
    assert_non_null(end);
    assert_int_equal(end->values[1], 1);
    assert_int_equal(kit.world->match.winner, 1);
}

static void test_arena_team_next_round_balances(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 8; i++) {
        arena_game.join(kit.world, kit.content, i, i == 4);
    }
    for (uint32_t i = 1; i < 8; i += 2) {
        arena_game.leave(kit.world, kit.content, i); /* all of team 2 */
    }
    kit.world->players[0].points = 9;
    kit.world->players[2].points = 1;
    kit.world->players[6].points = 5;
    kit.world->match.left_ticks = 1;
    arena_kit_step(&kit);
    kit.world->match.left_ticks = 1;
    arena_kit_step(&kit);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_ROUND_START));
    assert_int_equal(kit.world->players[0].team, 1);
    assert_int_equal(kit.world->players[2].team, 2); /* the fewest points of the people */
    assert_int_equal(kit.world->players[4].team, 2); /* the bot */
    assert_int_equal(kit.world->players[6].team, 1);
    assert_int_equal(kit.world->match.team_1_score, 0);
}

static void test_arena_team_bots_leave_friends_alone(void **state)
{
    (void)state;
    struct sk_input input;
    join(0, 2);
    join(1, 8);
    join(2, 4);
    kit.world->players[1].y = arena_kit_at(4);
    arena_game.leave(kit.world, kit.content, 1);
    for (uint32_t tick = 0; tick < 600; tick++) {
        arena_game.think(kit.world, kit.content, 0, &input);
        assert_int_equal(input.buttons & ARENA_FIRE, 0);
        arena_kit_step(&kit);
    }
}

int main(void)
{
#define IN_TEAMS(test) cmocka_unit_test_setup_teardown(test, start_teams, end_kit)
    const struct CMUnitTest tests[] = {
        IN_TEAMS(test_arena_team_newcomers_go_to_the_smaller),
        IN_TEAMS(test_arena_team_people_are_spread_before_bots),
        cmocka_unit_test_setup_teardown(test_arena_team_free_for_all_has_none, start_free, end_kit),
        IN_TEAMS(test_arena_team_shots_pass_friends_and_hit_enemies),
        IN_TEAMS(test_arena_team_appears_in_its_base),
        IN_TEAMS(test_arena_team_score_ends_the_round),
        IN_TEAMS(test_arena_team_next_round_balances),
        IN_TEAMS(test_arena_team_bots_leave_friends_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
