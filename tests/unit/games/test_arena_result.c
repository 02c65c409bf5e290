/* test_arena_result.c - what a player is told at a round's end, and the rank over rounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "built_in.h"
#include "support/arena_match_kit.h"

static const char map_text[] = "map First\n"
                               "#######\n"
                               "#S...S#\n"
                               "#######\n"
                               "map Second\n"
                               "#####\n"
                               "#S.S#\n"
                               "#####\n";
static const uint32_t options[SK_OPTIONS_MAX] = {20, 0, 30, 1, 0, ARENA_FREE_FOR_ALL};
/* Rows of the event, in its order. */
enum { PLACE, COUNT, BEST_STREAK, ACCURACY, RANK, GAINED, MISSING };

static struct arena_kit kit;

static int start_kit(void **state)
{
    (void)state;
    arena_kit_start(&kit, map_text, 4, options);
    for (uint32_t i = 0; i < 3; i++) {
        arena_kit_join_at(&kit, i, arena_kit_at(1 + 2 * (int32_t)i), arena_kit_at(1), 0);
    }
    return 0;
}

static int end_kit(void **state)
{
    (void)state;
    arena_kit_end(&kit);
    return 0;
}

static void end_phase(void)
{
    kit.world->match.left_ticks = 1;
    arena_kit_step(&kit);
}

/* What `player` alone was told in the last step. */
static const struct sk_event *result_of(uint32_t player)
{
    for (uint32_t i = 0; i < kit.events.count; i++) {
        if (kit.kept[i].type == ARENA_EVENT_RESULT && kit.kept[i].audience == player) {
            return &kit.kept[i];
        }
    }
    return NULL;
}

static void test_arena_result_tells_each_its_own(void **state)
{
    (void)state;
    kit.world->players[1].score = 6;
    kit.world->players[1].best_streak = 4;
    kit.world->players[1].shots = 40;
    kit.world->players[1].hits = 13;
    kit.world->players[2].score = 1;
    end_phase();
    const struct sk_event *first = result_of(1);
    assert_non_null(first);
    assert_int_equal(first->values[PLACE], 1);
    assert_int_equal(first->values[COUNT], 3);
    assert_int_equal(first->values[BEST_STREAK], 4);
    assert_int_equal(first->values[ACCURACY], 32);
    assert_int_equal(first->values[GAINED], 6 + 10);
    assert_int_equal(first->values[RANK], 1);
    assert_int_equal(first->values[MISSING], 4);
    assert_int_equal(result_of(2)->values[PLACE], 2);
    assert_int_equal(result_of(2)->values[GAINED], 1);
    assert_int_equal(result_of(0)->values[PLACE], 3);
    assert_null(result_of(3));
}

static void test_arena_result_rank_grows_over_rounds(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 5; round++) {
        kit.world->players[0].score = 15;
        end_phase();
        end_phase();
        assert_int_equal(kit.world->players[0].score, 0);
        assert_int_equal(kit.world->players[0].points, 25 * (round + 1));
    }
    assert_int_equal(kit.world->players[0].rank, ARENA_RANK_COUNT - 1);
    end_phase();
    assert_int_equal(result_of(0)->values[MISSING], 0);
    assert_int_equal(kit.world->players[1].rank, 0);
}

static void test_arena_result_next_map_is_known(void **state)
{
    (void)state;
    assert_int_equal(kit.world->match.map, 0);
    assert_int_equal(kit.world->match.next_map, 1);
    end_phase();
    end_phase();
    assert_int_equal(kit.world->match.map, 1);
    assert_int_equal(kit.world->match.next_map, 0);
}

static void test_arena_result_shots_and_hits_are_counted(void **state)
{
    (void)state;
    kit.inputs[0].buttons = ARENA_FIRE;
    arena_kit_step(&kit);
    kit.inputs[0].buttons = 0;
    for (uint32_t tick = 0; tick < 60; tick++) {
        arena_kit_step(&kit);
    }
    assert_int_equal(kit.world->players[0].shots, 1);
    assert_int_equal(kit.world->players[0].hits, 1);
    end_phase();
    assert_int_equal(result_of(0)->values[ACCURACY], 100);
}

int main(void)
{
#define IN_A_MATCH(test) cmocka_unit_test_setup_teardown(test, start_kit, end_kit)
    const struct CMUnitTest tests[] = {
        IN_A_MATCH(test_arena_result_tells_each_its_own),
        IN_A_MATCH(test_arena_result_rank_grows_over_rounds),
        IN_A_MATCH(test_arena_result_next_map_is_known),
        IN_A_MATCH(test_arena_result_shots_and_hits_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
