/* test_arena_spawn.c - where players appear on the maps that ship, and which way they look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/trig.h"
#include "built_in.h"
#include "support/arena_match_kit.h"

enum { ENEMIES = 7, CROWDS = 300, MAPS = 7, SOURCE_BYTES_MAX = 1 << 16 };

static struct arena_kit kit;

static int start_kit(void **state)
{
    (void)state;
    static char text[SOURCE_BYTES_MAX];
    FILE *file = fopen(SK_MAPS_PATH, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    arena_kit_start(&kit, text, ARENA_PLAYERS_MAX, NULL);
    return kit.content->map_count == MAPS ? 0 : -1;
}

static int end_kit(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    return 0;
}

/* Puts the enemies on random floor of a map. */
static const struct arena_map *scatter(uint32_t seed)
{
    const struct arena_map *map = &kit.content->maps[seed % MAPS];
    kit.world->match.map = (uint8_t)(seed % MAPS);
    for (uint32_t i = 1; i <= ENEMIES; i++) {
        uint32_t tile = sk_random(seed, 0, i, 0) % ((uint32_t)map->width * map->height);
        while (map->walls[tile]) {
            tile = (tile + 1) % ((uint32_t)map->width * map->height);
        }
        arena_kit_join_at(&kit, i, arena_kit_at((int32_t)(tile % map->width)),
                          arena_kit_at((int32_t)(tile / map->width)), 0);
    }
    return map;
}

static void clear(void)
{
    for (uint32_t i = 1; i <= ENEMIES; i++) {
        arena_game.leave(kit.world, kit.content, i);
    }
}

/* The newcomer of seat 0. */
static const struct arena_player *appear(void)
{
    if (kit.world->players[0].entity.alive) {
        arena_game.leave(kit.world, kit.content, 0);
    }
    arena_game.join(kit.world, kit.content, 0, false);
    return &kit.world->players[0];
}

static uint32_t tiles_to_nearest(const struct arena_player *start)
{
    uint32_t nearest = UINT32_MAX;
    for (uint32_t i = 1; i <= ENEMIES; i++) {
        const struct arena_player *enemy = &kit.world->players[i];
        uint32_t distance = sk_distance(enemy->x - start->x, enemy->y - start->y);
        nearest = distance < nearest ? distance : nearest;
    }
    return nearest / ARENA_TILE;
}

static void test_arena_spawn_faces_open_floor(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < CROWDS; seed++) {
        const struct arena_map *map = scatter(seed);
        const struct arena_player *start = appear();
        assert_true(arena_map_ray(map, start->x, start->y, start->aim, 4 * ARENA_TILE) ==
                    4 * ARENA_TILE);
        clear();
    }
}

static void test_arena_spawn_alone_faces_the_inside_of_the_map(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < CROWDS; seed++) {
        const struct arena_map *map = &kit.content->maps[seed % MAPS];
        kit.world->match.map = (uint8_t)(seed % MAPS);
        kit.world->head.tick = seed; /* another point first */
        const struct arena_player *start = appear();
        uint16_t inside = sk_atan2(map->height * ARENA_TILE / 2 - start->y,
                                   map->width * ARENA_TILE / 2 - start->x);
        assert_in_range(abs((int16_t)(start->aim - inside)), 0, 90 * 65536 / 360);
        assert_true(arena_map_ray(map, start->x, start->y, start->aim, 4 * ARENA_TILE) ==
                    4 * ARENA_TILE);
    }
}

static void test_arena_spawn_is_near_to_somebody_but_not_beside_him(void **state)
{
    (void)state;
    uint32_t near_count = 0;
    for (uint32_t seed = 0; seed < CROWDS; seed++) {
        (void)scatter(seed);
        const struct arena_player *start = appear();
        assert_true(tiles_to_nearest(start) >= 5);
        near_count += tiles_to_nearest(start) <= 13;
        clear();
    }
    print_message("  %u of %u with an enemy within 13 tiles\n", near_count, (uint32_t)CROWDS);
    assert_true(near_count >= CROWDS * 9 / 10);
}

int main(void)
{
#define ON_THE_MAPS(test) cmocka_unit_test_setup_teardown(test, start_kit, end_kit)
    const struct CMUnitTest tests[] = {
        ON_THE_MAPS(test_arena_spawn_faces_open_floor),
        ON_THE_MAPS(test_arena_spawn_alone_faces_the_inside_of_the_map),
        ON_THE_MAPS(test_arena_spawn_is_near_to_somebody_but_not_beside_him),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
