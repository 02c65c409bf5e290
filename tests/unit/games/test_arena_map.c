/* test_arena_map.c - maps are read as written, a bad one is refused, walls stop sight and ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena/arena_map.h"
#include "support/end_of_page.h"

static const char good[] = "; a comment\n"
                           "map Small\n"
                           "########\n"
                           "#S.#..H#\n"
                           "#..#...#\r\n"
                           "#....RS#\n"
                           "########\n"
                           "\n"
                           "map Next\n"
                           "#####\n"
                           "#S.S#\n"
                           "#####\n";

#define A_MAP "map A\n#####\n#S.S#\n#####\n"

static struct arena_content *content;

static int make_content(void **state)
{
    (void)state;
    content = calloc(1, sizeof(*content));
    return content ? 0 : -1;
}

static int free_content(void **state)
{
    (void)state;
    free(content);
    return 0;
}

static int parse(const char *text)
{
    return arena_content_parse((const uint8_t *)text, strlen(text), content, sizeof(*content));
}

static void test_arena_map_good_text_is_read(void **state)
{
    (void)state;
    assert_int_equal(arena_content_parse(NULL, 0, NULL, 0), sizeof(*content));
    assert_int_equal(parse(good), sizeof(*content));
    assert_int_equal(content->map_count, 2);
    const struct arena_map *map = &content->maps[0];
    assert_string_equal(map->name, "Small");
    assert_int_equal(map->width, 8);
    assert_int_equal(map->height, 5);
    assert_int_equal(map->spawn_count, 2);
    assert_int_equal(map->pickup_count, 2);
    assert_int_equal(map->pickups[0].type, ARENA_PICKUP_HEALTH);
    assert_int_equal(map->pickups[1].column, 5);
    assert_true(arena_map_is_wall(map, 3, 1));
    assert_false(arena_map_is_wall(map, 3, 3));
    assert_true(arena_map_is_wall(map, -1, 3));
    assert_true(arena_map_is_wall(map, 3, 5));
    assert_int_equal(map->distances[0][1 * 8 + 6], 5 + 2 + 2); /* round the wall */
}

/* Any beginning of a good text gives an answer, and nothing behind its end is read. */
static void test_arena_map_cut_anywhere_is_safe(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof(good); size++) {
        struct end_of_page page = end_of_page_copy(good, size);
        int result = arena_content_parse(page.bytes, size, content, sizeof(*content));
        assert_true(result == (int)sizeof(*content) || result < 0);
        end_of_page_free(&page);
    }
}

/* Each text is a good one but for one fault. */
static void test_arena_map_one_fault_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        int want;
        const char *text;
    } rows[] = {
        {"no map", SK_ERR_CONFIG, "; nothing\n"},
        {"a row before a map", SK_ERR_CONFIG, "#####\nmap A\n#####\n#S.S#\n#####\n"},
        {"no name", SK_ERR_CONFIG, "map \n#####\n#S.S#\n#####\n"},
        {"a long name", SK_ERR_CONFIG, "map AAAAAAAAAAAAAAAAAAAAAAAA\n#####\n#S.S#\n#####\n"},
        {"another width", SK_ERR_CONFIG, "map A\n#####\n#S.S\n#####\n"},
        {"unknown letter", SK_ERR_RANGE, "map A\n#####\n#S?S#\n#####\n"},
        {"one spawn", SK_ERR_CONFIG, "map A\n#####\n#S..#\n#####\n"},
        {"open top", SK_ERR_CONFIG, "map A\n##.##\n#S.S#\n#####\n"},
        {"open bottom", SK_ERR_CONFIG, "map A\n#####\n#S.S#\n##.##\n"},
        {"open left", SK_ERR_CONFIG, "map A\n#####\n.S.S#\n#####\n"},
        {"open right", SK_ERR_CONFIG, "map A\n#####\n#S.S.\n#####\n"},
        {"no bottom", SK_ERR_CONFIG, "map A\n#####\n#S.S#\n"},
        {"a cage", SK_ERR_CONFIG, "map A\n#######\n#S.S#.#\n#######\n"},
        {"seventeen spawns", SK_ERR_TOO_BIG,
         "map A\n###################\n#SSSSSSSSSSSSSSSSS#\n###################\n"},
        {"65 columns", SK_ERR_TOO_BIG,
         "map A\n#################################################################\n"},
        {"nine maps", SK_ERR_TOO_BIG, A_MAP A_MAP A_MAP A_MAP A_MAP A_MAP A_MAP A_MAP A_MAP},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        assert_int_equal(parse(rows[i].text), rows[i].want);
    }
    assert_int_equal(
        arena_content_parse((const uint8_t *)good, sizeof(good) - 1, content, sizeof(*content) - 1),
        SK_ERR_FULL);
}

static void test_arena_map_49_rows_are_refused(void **state)
{
    (void)state;
    char text[49 * 6 + 16] = "map A\n";
    for (uint32_t row = 0; row < 49; row++) {
        strcat(text, row == 1 ? "#S.S#\n" : "#####\n");
    }
    assert_int_equal(parse(text), SK_ERR_TOO_BIG);
    text[6 + 48 * 6] = 0;
    assert_int_equal(parse(text), sizeof(*content));
}

static void test_arena_map_walls_stop_rays_and_sight(void **state)
{
    (void)state;
    assert_int_equal(parse(good), sizeof(*content));
    const struct arena_map *map = &content->maps[0];
    int32_t x = ARENA_TILE * 3 / 2;
    int32_t y = ARENA_TILE * 3 / 2;
    int32_t ray = arena_map_ray(map, x, y, 0, 10 * ARENA_TILE);

    assert_in_range(ray, ARENA_TILE * 11 / 8, ARENA_TILE * 3 / 2); /* the wall is 1.5 tiles away */
    assert_int_equal(arena_map_ray(map, x, y, 0, ARENA_TILE), ARENA_TILE);
    assert_false(arena_map_sees(map, x, y, x + 4 * ARENA_TILE, y));
    assert_true(arena_map_sees(map, x, y, x, y + 2 * ARENA_TILE));
    assert_true(arena_map_sees(map, x, y, x, y));
}

/* Is a point of this type at this tile?  Of a base, of the other team. */
static bool has_point(const struct arena_point *points, uint32_t count, int32_t column, int32_t row,
                      uint8_t type)
{
    for (uint32_t i = 0; i < count; i++) {
        if (points[i].column == column && points[i].row == row && points[i].type == type) {
            return true;
        }
    }
    return false;
}

/* Turned by half, walls lie on walls, pickups on their like and each base on the other. */
static void check_fair(const struct arena_map *map)
{
    static const uint8_t turned_teams[] = {0, 2, 1};
    int32_t right = map->width - 1;
    int32_t bottom = map->height - 1;
    for (int32_t tile = 0; tile < map->width * map->height; tile++) {
        assert_int_equal(map->walls[tile], map->walls[map->width * map->height - 1 - tile]);
    }
    for (uint32_t i = 0; i < map->spawn_count; i++) {
        const struct arena_point *point = &map->spawns[i];
        assert_true(has_point(map->spawns, map->spawn_count, right - point->column,
                              bottom - point->row, turned_teams[point->type]));
    }
    for (uint32_t i = 0; i < map->pickup_count; i++) {
        const struct arena_point *point = &map->pickups[i];
        assert_true(has_point(map->pickups, map->pickup_count, right - point->column,
                              bottom - point->row, point->type));
    }
}

static void test_arena_map_shipped_ones_are_reachable_and_fair(void **state)
{
    (void)state;
    static char text[64 * 1024];
    uint32_t base_count = 0; /* places in bases of team 1 */
    FILE *file = fopen(SK_MAPS_PATH, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    assert_int_equal(parse(text), sizeof(*content)); /* which checks that all is reachable */
    assert_int_equal(content->map_count, 7);
    for (uint32_t i = 0; i < content->map_count; i++) {
        const struct arena_map *map = &content->maps[i];
        print_message("  %s\n", map->name);
        check_fair(map);
        assert_true(map->pickup_count >= 4);
        for (uint32_t j = 0; j < map->spawn_count; j++) {
            base_count += map->spawns[j].type == 1;
        }
    }
    assert_true(base_count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_map_good_text_is_read),
        cmocka_unit_test(test_arena_map_cut_anywhere_is_safe),
        cmocka_unit_test(test_arena_map_one_fault_is_refused),
        cmocka_unit_test(test_arena_map_49_rows_are_refused),
        cmocka_unit_test(test_arena_map_walls_stop_rays_and_sight),
        cmocka_unit_test(test_arena_map_shipped_ones_are_reachable_and_fair),
    };
    return cmocka_run_group_tests(tests, make_content, free_content);
}
