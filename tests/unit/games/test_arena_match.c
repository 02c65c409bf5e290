/* test_arena_match.c - shots, what the shooter saw, pickups, death and rounds, in whole ticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena/arena_combat.h"
#include "built_in.h"
#include "sim/audit.h"
#include "support/arena_match_kit.h"

static const char map_text[] = "map Test\n"
                               "############\n"
                               "#S........S#\n"
                               "#..........#\n"
                               "#....##....#\n"
                               "#..........#\n"
                               "#H........R#\n"
                               "############\n"
                               "map Second\n"
                               "#####\n"
                               "#S.S#\n"
                               "#####\n";
static const uint32_t options[SK_OPTIONS_MAX] = {20, 3, 30, 1, 0};

static struct arena_kit kit;

static int start_kit(void **state)
{
    (void)state;
    arena_kit_start(&kit, map_text, 4, options);
    arena_kit_join_at(&kit, 0, arena_kit_at(2), arena_kit_at(1), 0);
    arena_kit_join_at(&kit, 1, arena_kit_at(6), arena_kit_at(1), 0);
    return 0;
}

static int end_kit(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    return 0;
}

static void fire_rail_at(uint32_t player, const struct sk_moment *seen)
{
    struct arena_player *shooter = &kit.world->players[player];
    shooter->slugs = 5;
    shooter->cooldown_ticks = 0;
    kit.inputs[player].buttons = ARENA_FIRE | ARENA_TAKE_RAIL;
    kit.inputs[player].view_tick = seen->tick;
    kit.inputs[player].view_fraction = seen->fraction;
    kit.inputs[player].view_interval = (uint8_t)seen->interval;
    arena_kit_step(&kit);
    kit.inputs[player].buttons = 0;
}

static void fire_rail(uint32_t player, uint32_t view_tick)
{
    fire_rail_at(player, &(struct sk_moment){view_tick, ARENA_SNAPSHOT_DIVISOR, 255});
}

static void test_arena_match_blaster_hits_whom_it_reaches(void **state)
{
    (void)state;
    kit.inputs[0].buttons = ARENA_FIRE;
    arena_kit_step(&kit);
    kit.inputs[0].buttons = 0;
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_SHOT));
    uint32_t tick = 0;
    while (!arena_kit_find_event(&kit, ARENA_EVENT_HIT) && tick++ < 60) {
        arena_kit_step(&kit);
    }
    const struct sk_event *hit = arena_kit_find_event(&kit, ARENA_EVENT_HIT);
    assert_non_null(hit);
    assert_int_equal(hit->audience, 0);
    assert_int_equal(hit->values[0], 1);
    assert_int_equal(arena_kit_find_event(&kit, ARENA_EVENT_HURT)->audience, 1);
    assert_int_equal(kit.world->players[1].health, ARENA_HEALTH_MAX - hit->values[1]);
    assert_int_equal(kit.world->projectiles[0].entity.alive, 0);
}

static void test_arena_match_wall_stops_a_projectile(void **state)
{
    (void)state;
    kit.world->players[0].y = arena_kit_at(3);
    kit.world->players[1].x = arena_kit_at(8);
    kit.world->players[1].y = arena_kit_at(3);
    kit.inputs[0].buttons = ARENA_FIRE;
    arena_kit_step(&kit);
    kit.inputs[0].buttons = 0;
    for (uint32_t tick = 0; tick < 60; tick++) {
        arena_kit_step(&kit);
    }
    assert_int_equal(kit.world->players[1].health, ARENA_HEALTH_MAX);
    assert_int_equal(kit.world->projectiles[0].entity.alive, 0);
}

/* Player 1 runs from row 1 to row 4; player 0 aims along row 1, where it saw him 20 ticks ago. */
static uint32_t run_away(void)
{
    for (uint32_t tick = 0; tick < 6; tick++) {
        arena_kit_step(&kit);
    }
    uint32_t seen_tick = kit.world->head.tick;
    kit.inputs[1].axes[1] = INT16_MAX;
    for (uint32_t tick = 0; tick < 20; tick++) {
        arena_kit_step(&kit);
    }
    kit.inputs[1].axes[1] = 0;
    return seen_tick;
}

static void test_arena_match_rail_hits_where_the_shooter_saw(void **state)
{
    (void)state;
    fire_rail(0, run_away());
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_BEAM));
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
}

/* The snapshots between the two were lost: he is where he was drawn, and not where he had been in
 * one that nobody saw. */
static void test_arena_match_rail_hits_between_snapshots_far_apart(void **state)
{
    (void)state;
    uint32_t seen_tick = run_away();
    fire_rail_at(0, &(struct sk_moment){seen_tick + 18, 18, 0});
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
}

static void test_arena_match_rail_without_a_view_hits_the_present(void **state)
{
    (void)state;
    (void)run_away();
    fire_rail(0, 0);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_BEAM));
    assert_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
}

/* He who shot is told why, and nobody else. */
static void test_arena_match_rail_is_explained_to_the_shooter(void **state)
{
    (void)state;
    (void)run_away();
    fire_rail(0, 0);
    const struct sk_event *missed = arena_kit_find_event(&kit, ARENA_EVENT_JUDGED);
    assert_non_null(missed);
    assert_int_equal(missed->audience, 0);
    assert_int_equal(missed->values[0], 1 + 1);
    assert_true(missed->values[1] > 8192 / 128); /* past him: more than 0 */
    assert_int_equal(missed->values[2], 0);
    assert_int_equal(missed->values[4], 0);
    uint32_t tick = kit.world->head.tick - 20;
    fire_rail_at(0, &(struct sk_moment){tick, 3, 64});
    const struct sk_event *hit = arena_kit_find_event(&kit, ARENA_EVENT_JUDGED);
    assert_true(hit->values[1] <= 8192 / 128);
    assert_true(hit->values[2] > 0);
    assert_int_equal(hit->values[4], 21);
    assert_int_equal(hit->values[5], 3);
    assert_int_equal(hit->values[6], 64);
}

/* Fires a bolt from so many tiles before the place where the other was seen; returns whether it
 * hits. */
static bool bolt_hits(int32_t tiles, uint32_t seen_tick)
{
    struct arena_player *shooter = &kit.world->players[0];
    shooter->x = kit.world->players[1].x - tiles * ARENA_TILE;
    shooter->cooldown_ticks = 0;
    kit.inputs[0].buttons = ARENA_FIRE;
    kit.inputs[0].view_tick = seen_tick;
    arena_kit_step(&kit);
    kit.inputs[0].buttons = 0;
    bool hits = arena_kit_find_event(&kit, ARENA_EVENT_HIT);
    for (uint32_t i = 0; i < 40 && !hits; i++) {
        arena_kit_step(&kit);
        hits = arena_kit_find_event(&kit, ARENA_EVENT_HIT);
    }
    return hits;
}

static void test_arena_match_bolt_hits_at_first_where_the_shooter_saw(void **state)
{
    (void)state;
    uint32_t seen_tick = run_away();
    assert_true(bolt_hits(1, seen_tick));
}

static void test_arena_match_bolt_hits_nobody_where_he_was_seen_once(void **state)
{
    (void)state;
    (void)run_away();
    assert_false(bolt_hits(1, 0));
}

static void test_arena_match_bolt_from_afar_hits_the_present(void **state)
{
    (void)state;
    uint32_t seen_tick = run_away();
    assert_false(bolt_hits(5, seen_tick));
}

/* Also when its moment lies behind the newest snapshot, and the next is still to come. */
static void test_arena_match_bolt_of_any_age_hits_who_stands(void **state)
{
    (void)state;
    (void)run_away();
    for (uint16_t age = 0; age < 10 * SK_FRACTION_ONE; age = (uint16_t)(age + 100)) {
        arena_kit_step(&kit);
        struct arena_player *target = &kit.world->players[1];
        target->health = ARENA_HEALTH_MAX;
        kit.world->projectiles[0] = (struct arena_projectile){
            .entity = {.alive = 1, .owner = 0},
            .x = target->x - ARENA_RADIUS,
            .y = target->y,
            .view_age = age,
            .key = (uint8_t)(kit.world->head.tick + 1),
        };
        arena_kit_step(&kit);
        assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
    }
}

/* The one shot that was explained since a bolt was fired, when it ends. */
static struct sk_audit bolt_audit(int32_t tiles, uint32_t seen_tick)
{
    struct sk_audits audits = {0};
    kit.events.audits = &audits;
    (void)bolt_hits(tiles, seen_tick);
    for (uint32_t i = 0; i < 60; i++) {
        arena_kit_step(&kit); /* a hit ends it, else a wall or its age */
    }
    kit.events.audits = NULL;
    assert_int_equal(audits.count, 1);
    assert_int_equal(audits.audits[0].shooter, 0);
    return audits.audits[0];
}

static void test_arena_match_bolt_that_hits_is_explained_to_the_operator(void **state)
{
    (void)state;
    uint32_t seen_tick = run_away();
    kit.inputs[0].view_limit = SK_VIEW_OLD;
    struct sk_audit audit = bolt_audit(1, seen_tick);
    assert_int_equal(audit.judged.target, 1);
    assert_true(audit.judged.missed <= 0);
    assert_true(audit.judged.moved > ARENA_TILE);
    assert_in_range(audit.moment.tick, seen_tick, seen_tick + 3 * ARENA_SNAPSHOT_DIVISOR);
    assert_int_equal(audit.limit, SK_VIEW_OLD);
}

/* Past him in the present, in which he has stepped aside: it tells of when it was nearest. */
static void test_arena_match_bolt_that_misses_is_explained_to_the_operator(void **state)
{
    (void)state;
    (void)run_away();
    kit.world->players[1].y = kit.world->players[0].y + ARENA_RADIUS + 3000;
    struct sk_audit audit = bolt_audit(1, 0);
    assert_int_equal(audit.judged.target, 1);
    assert_in_range(audit.judged.missed, 1, 3000);
    assert_int_equal(audit.judged.moved, 0);
    assert_int_equal(audit.moment.tick, 0);
    assert_int_equal(audit.limit, SK_VIEW_FREE);
}

static void test_arena_match_bolt_near_nobody_is_explained_too(void **state)
{
    (void)state;
    kit.world->players[1].y = arena_kit_at(5);
    struct sk_audit audit = bolt_audit(2, 0);
    assert_int_equal(audit.judged.target, SK_NO_OWNER);
    assert_int_equal(audit.judged.missed, 0);
}

/* Whom the shooter can tell that a bolt hits that was launched so many ticks ago, as it is in a
 * snapshot: without what he saw then. */
static uint32_t victim_known(int32_t y, uint32_t flown_ticks, uint32_t seen_tick)
{
    const struct arena_projectile bolt = {
        .entity = {.alive = 1, .owner = 0},
        .x = kit.world->players[1].x - ARENA_RADIUS,
        .y = y,
        .key = (uint8_t)(kit.world->head.tick - flown_ticks),
    };
    return arena_combat_find_known(kit.world, &bolt, &(struct sk_input){.view_tick = seen_tick});
}

static void test_arena_match_bolt_is_marked_while_its_moment_is_known(void **state)
{
    (void)state;
    uint32_t seen_tick = run_away();
    const struct arena_player *players = kit.world->players;
    assert_int_equal(victim_known(players[0].y, 0, seen_tick), 1);
    assert_int_equal(victim_known(players[0].y, ARENA_TICK_HZ / 4, seen_tick), 4);
    assert_int_equal(victim_known(players[1].y, ARENA_TICK_HZ / 4, seen_tick), 4);
    assert_int_equal(victim_known(players[1].y, 0, 0), 4);
}

static void test_arena_match_bolt_that_grazes_is_not_marked(void **state)
{
    (void)state;
    uint32_t seen_tick = run_away();
    int32_t y = kit.world->players[0].y;
    assert_int_equal(victim_known(y - 5000, 0, seen_tick), 1);
    assert_int_equal(victim_known(y - 7200, 0, seen_tick), 4);
}

/* The host honours nothing that is older; a game that is told of it all the same goes on. */
static void test_arena_match_rail_at_a_moment_that_is_forgotten_hits_nobody(void **state)
{
    (void)state;
    for (uint32_t tick = 0; tick < 2 * ARENA_REWIND_TICKS; tick++) {
        arena_kit_step(&kit);
    }
    fire_rail(0, kit.world->head.tick - ARENA_REWIND_TICKS);
    assert_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
    fire_rail(0, kit.world->head.tick - ARENA_REWIND_TICKS + 1 + ARENA_SNAPSHOT_DIVISOR);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_HIT));
}

static void test_arena_match_killed_player_comes_back_after_the_delay(void **state)
{
    (void)state;
    kit.world->players[1].health = 10;
    fire_rail(0, 0);
    const struct sk_event *kill = arena_kit_find_event(&kit, ARENA_EVENT_KILL);
    assert_non_null(kill);
    assert_int_equal(kill->values[0], 0 + 1);
    assert_int_equal(kill->values[1], 1);
    assert_int_equal(kill->values[2], ARENA_RAIL);
    assert_int_equal(kit.world->players[0].score, 1);
    assert_int_equal(kit.world->players[1].deaths, 1);
    uint8_t jump = kit.world->players[1].entity.jump;
    uint32_t ticks = 0;
    while (!arena_kit_find_event(&kit, ARENA_EVENT_SPAWN)) {
        assert_int_equal(kit.world->players[1].health, 0);
        arena_kit_step(&kit);
        ticks++;
    }
    assert_int_equal(ticks, options[ARENA_OPTION_RESPAWN_TICKS] + 1);
    assert_int_equal(kit.world->players[1].health, ARENA_HEALTH_MAX);
    assert_int_equal(kit.world->players[1].entity.jump, jump + 1);
    assert_int_equal(kit.world->players[1].shielded, 1);
}

static void test_arena_match_shield_protects_until_one_shoots(void **state)
{
    (void)state;
    kit.world->players[1].shield_ticks = 60;
    fire_rail(0, 0);
    assert_int_equal(kit.world->players[1].health, ARENA_HEALTH_MAX);
    kit.inputs[1].buttons = ARENA_FIRE;
    arena_kit_step(&kit);
    assert_int_equal(kit.world->players[1].shielded, 0);
}

static void test_arena_match_pickup_heals_and_comes_back(void **state)
{
    (void)state;
    struct arena_pickup *pickup = &kit.world->pickups[0];
    kit.world->players[0].health = 30;
    kit.world->players[0].x = pickup->x;
    kit.world->players[0].y = pickup->y;
    arena_kit_step(&kit);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_PICKUP));
    assert_int_equal(kit.world->players[0].health, 70);
    assert_int_equal(pickup->ready, 0);
    kit.world->players[0].x = arena_kit_at(5);
    uint32_t wait_ticks = pickup->wait_ticks;
    for (uint32_t tick = 0; tick < wait_ticks; tick++) {
        assert_int_equal(pickup->ready, 0);
        arena_kit_step(&kit);
    }
    assert_int_equal(pickup->ready, 1);
}

static void test_arena_match_pickup_without_use_is_left(void **state)
{
    (void)state;
    kit.world->players[0].x = kit.world->pickups[0].x;
    kit.world->players[0].y = kit.world->pickups[0].y;
    arena_kit_step(&kit);
    assert_int_equal(kit.world->pickups[0].ready, 1);
}

/* Kills until the score limit; then the pause; then the next round on the next map. */
static void test_arena_match_score_limit_ends_the_round(void **state)
{
    (void)state;
    kit.world->players[0].score = 2;
    kit.world->players[1].health = 1;
    fire_rail(0, 0);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_KILL));
    arena_kit_step(&kit);
    const struct sk_event *end = arena_kit_find_event(&kit, ARENA_EVENT_ROUND_END);
    assert_non_null(end);
    assert_int_equal(end->values[1], 0 + 1);
    assert_int_equal(kit.world->match.state, ARENA_PAUSE);
    uint32_t ticks = 0;
    while (!arena_kit_find_event(&kit, ARENA_EVENT_ROUND_START) && ticks++ < 1000) {
        arena_kit_step(&kit);
    }
    assert_int_equal(kit.world->match.state, ARENA_PLAYING);
    assert_int_equal(kit.world->match.map, 1);
    assert_int_equal(kit.world->match.round, 1);
    assert_int_equal(kit.world->players[0].score, 0);
    assert_true(kit.world->players[1].x < 5 * ARENA_TILE);
    assert_int_equal(kit.world->pickups[0].entity.alive, 0);
}

static void test_arena_match_clock_ends_the_round_and_equals_have_no_winner(void **state)
{
    (void)state;
    kit.world->players[0].score = 1;
    kit.world->players[1].score = 1;
    kit.world->match.left_ticks = 1;
    arena_kit_step(&kit);
    const struct sk_event *end = arena_kit_find_event(&kit, ARENA_EVENT_ROUND_END);
    assert_non_null(end);
    assert_int_equal(end->values[1], ARENA_NOBODY);
}

static void test_arena_match_nothing_hurts_in_the_pause(void **state)
{
    (void)state;
    kit.world->match.left_ticks = 1;
    arena_kit_step(&kit);
    fire_rail(0, 0);
    assert_non_null(arena_kit_find_event(&kit, ARENA_EVENT_BEAM));
    assert_int_equal(kit.world->players[1].health, ARENA_HEALTH_MAX);
}

static bool command(uint16_t type, const uint8_t *bytes, size_t size)
{
    struct sk_command command = {.type = type, .number = 1, .bytes = bytes, .size = size};
    struct sk_answer answer = {0};
    return arena_game.command(kit.world, kit.content, 0, &command, &answer);
}

static void test_arena_match_colour_command_is_checked(void **state)
{
    (void)state;
    assert_true(command(ARENA_COMMAND_COLOUR, (const uint8_t[]){7}, 1));
    assert_int_equal(kit.world->players[0].colour, 7);
    assert_false(command(ARENA_COMMAND_COLOUR, (const uint8_t[]){8}, 1));
    assert_false(command(ARENA_COMMAND_COLOUR, NULL, 0));
    assert_false(command(ARENA_COMMAND_COLOUR + 1, (const uint8_t[]){1}, 1));
    assert_int_equal(kit.world->players[0].colour, 7);
}

int main(void)
{
#define IN_A_MATCH(test) cmocka_unit_test_setup_teardown(test, start_kit, end_kit)
    const struct CMUnitTest tests[] = {
        IN_A_MATCH(test_arena_match_blaster_hits_whom_it_reaches),
        IN_A_MATCH(test_arena_match_wall_stops_a_projectile),
        IN_A_MATCH(test_arena_match_rail_hits_where_the_shooter_saw),
        IN_A_MATCH(test_arena_match_rail_hits_between_snapshots_far_apart),
        IN_A_MATCH(test_arena_match_rail_without_a_view_hits_the_present),
        IN_A_MATCH(test_arena_match_rail_is_explained_to_the_shooter),
        IN_A_MATCH(test_arena_match_bolt_hits_at_first_where_the_shooter_saw),
        IN_A_MATCH(test_arena_match_bolt_hits_nobody_where_he_was_seen_once),
        IN_A_MATCH(test_arena_match_bolt_from_afar_hits_the_present),
        IN_A_MATCH(test_arena_match_bolt_of_any_age_hits_who_stands),
        IN_A_MATCH(test_arena_match_bolt_that_hits_is_explained_to_the_operator),
        IN_A_MATCH(test_arena_match_bolt_that_misses_is_explained_to_the_operator),
        IN_A_MATCH(test_arena_match_bolt_near_nobody_is_explained_too),
        IN_A_MATCH(test_arena_match_bolt_is_marked_while_its_moment_is_known),
        IN_A_MATCH(test_arena_match_bolt_that_grazes_is_not_marked),
        IN_A_MATCH(test_arena_match_rail_at_a_moment_that_is_forgotten_hits_nobody),
        IN_A_MATCH(test_arena_match_killed_player_comes_back_after_the_delay),
        IN_A_MATCH(test_arena_match_shield_protects_until_one_shoots),
        IN_A_MATCH(test_arena_match_pickup_heals_and_comes_back),
        IN_A_MATCH(test_arena_match_pickup_without_use_is_left),
        IN_A_MATCH(test_arena_match_score_limit_ends_the_round),
        IN_A_MATCH(test_arena_match_clock_ends_the_round_and_equals_have_no_winner),
        IN_A_MATCH(test_arena_match_nothing_hurts_in_the_pause),
        IN_A_MATCH(test_arena_match_colour_command_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
