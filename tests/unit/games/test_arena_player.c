/* test_arena_player.c - walls hold whatever the input, and one's own moves come out as promised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena/arena_player.h"
#include "base/hash.h"
#include "base/trig.h"
#include "support/arena_match_kit.h"

static const char map_text[] = "map Test\n"
                               "##########\n"
                               "#S.......#\n"
                               "#........#\n"
                               "#..##.#..#\n"
                               "#..#.....#\n"
                               "#.......S#\n"
                               "##########\n";

static struct arena_kit kit;

static int start_kit(void **state)
{
    (void)state;
    arena_kit_start(&kit, map_text, 2, NULL);
    return 0;
}

static int end_kit(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    return 0;
}

static struct arena_player player_at(int32_t column, int32_t row)
{
    return (struct arena_player){
        .entity = {.alive = 1},
        .x = arena_kit_at(column),
        .y = arena_kit_at(row),
        .health = ARENA_HEALTH_MAX,
    };
}

/* How far inside of a wall the player's circle is, in units; rounding may leave a few. */
static int32_t overlap_of(const struct arena_player *player)
{
    int32_t worst = 0;
    for (int32_t tile = 0; tile < 10 * 7; tile++) {
        int32_t left = tile % 10 * ARENA_TILE;
        int32_t top = tile / 10 * ARENA_TILE;
        if (!arena_map_is_wall(&kit.content->maps[0], tile % 10, tile / 10)) {
            continue;
        }
        int32_t right = left + ARENA_TILE;
        int32_t bottom = top + ARENA_TILE;
        int32_t off_x =
            player->x < left ? left - player->x : (player->x > right ? player->x - right : 0);
        int32_t off_y =
            player->y < top ? top - player->y : (player->y > bottom ? player->y - bottom : 0);
        int32_t overlap = ARENA_RADIUS - (int32_t)sk_distance(off_x, off_y);
        worst = overlap > worst ? overlap : worst;
    }
    return worst;
}

static void test_arena_player_never_enters_a_wall(void **state)
{
    (void)state;
    struct arena_player player = player_at(1, 1);
    for (uint32_t tick = 0; tick < 200000; tick++) {
        struct sk_input input = {
            .buttons = sk_random(3, tick / 20, 0, 0),
            .axes = {(int16_t)sk_random(3, tick / 9, 0, 1), (int16_t)sk_random(3, tick / 9, 0, 2)},
        };
        (void)arena_player_advance(&player, &kit.content->maps[0], &input);
        assert_in_range(overlap_of(&player), 0, 8);
    }
}

static void test_arena_player_slides_along_a_row_of_tiles(void **state)
{
    (void)state;
    struct arena_player player = player_at(1, 1);
    const struct sk_input input = {.axes = {20000, -20000}}; /* into the upper wall */
    int32_t before = 0;
    for (uint32_t tick = 0; tick < 60; tick++) {
        before = player.x;
        (void)arena_player_advance(&player, &kit.content->maps[0], &input);
        assert_true(player.x > before);
    }
    assert_int_equal(player.y, ARENA_TILE + ARENA_RADIUS);
}

static void test_arena_player_is_no_faster_on_the_diagonal(void **state)
{
    (void)state;
    struct arena_player straight = player_at(1, 2);
    struct arena_player diagonal = player_at(5, 1);
    const struct sk_input right = {.axes = {INT16_MAX, 0}};
    const struct sk_input corner = {.axes = {INT16_MIN, INT16_MAX}};
    for (uint32_t tick = 0; tick < 20; tick++) {
        (void)arena_player_advance(&straight, &kit.content->maps[0], &right);
        (void)arena_player_advance(&diagonal, &kit.content->maps[0], &corner);
    }
    int32_t speed = (int32_t)sk_distance(diagonal.speed_x, diagonal.speed_y);
    assert_in_range(speed, straight.speed_x - 8, straight.speed_x);
}

static void test_arena_player_dash_is_fast_and_needs_a_rest(void **state)
{
    (void)state;
    struct arena_player player = player_at(1, 1);
    const struct sk_input input = {.buttons = ARENA_DASH, .axes = {INT16_MAX, 0}};
    uint32_t dashes = 0;
    for (uint32_t tick = 0; tick < 180; tick++) {
        bool was_dashing = player.dash_ticks > 0;
        player.x = arena_kit_at(1);
        (void)arena_player_advance(&player, &kit.content->maps[0], &input);
        dashes += !was_dashing && player.dash_ticks > 0;
    }
    assert_int_equal(dashes, 2);
}

static void test_arena_player_fires_once_a_cooldown(void **state)
{
    (void)state;
    struct arena_player player = player_at(1, 1);
    const struct sk_input input = {.buttons = ARENA_FIRE};
    uint32_t shots = 0;
    for (uint32_t tick = 0; tick < 90; tick++) {
        shots += arena_player_advance(&player, &kit.content->maps[0], &input) == ARENA_BLASTER;
    }
    assert_int_equal(shots, 10);
}

static void test_arena_player_rail_needs_slugs(void **state)
{
    (void)state;
    struct arena_player player = player_at(1, 1);
    const struct sk_input input = {.buttons = ARENA_FIRE | ARENA_TAKE_RAIL};
    player.slugs = 1;
    assert_int_equal(arena_player_advance(&player, &kit.content->maps[0], &input), ARENA_RAIL);
    assert_int_equal(player.slugs, 0);
    assert_int_equal(player.weapon, ARENA_BLASTER);
    player.cooldown_ticks = 0;
    assert_int_equal(arena_player_advance(&player, &kit.content->maps[0], &input), ARENA_BLASTER);
    assert_int_equal(player.slugs, 0);
}

static void test_arena_player_dead_does_nothing(void **state)
{
    (void)state;
    struct arena_player player = player_at(1, 1);
    const struct sk_input input = {.buttons = ARENA_FIRE, .axes = {INT16_MAX, 0}};
    player.health = 0;
    assert_int_equal(arena_player_advance(&player, &kit.content->maps[0], &input), ARENA_NO_SHOT);
    assert_int_equal(player.x, arena_kit_at(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_player_never_enters_a_wall),
        cmocka_unit_test(test_arena_player_slides_along_a_row_of_tiles),
        cmocka_unit_test(test_arena_player_is_no_faster_on_the_diagonal),
        cmocka_unit_test(test_arena_player_dash_is_fast_and_needs_a_rest),
        cmocka_unit_test(test_arena_player_fires_once_a_cooldown),
        cmocka_unit_test(test_arena_player_rail_needs_slugs),
        cmocka_unit_test(test_arena_player_dead_does_nothing),
    };
    return cmocka_run_group_tests(tests, start_kit, end_kit);
}
