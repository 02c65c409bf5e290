/* test_room_cost.c - a room is heavy when its ticks are, not when one of them was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "room_cost.h"

static uint32_t changes(struct room_cost *cost, uint64_t step_us, uint32_t count)
{
    uint32_t changed = 0;
    for (uint32_t i = 0; i < count; i++) {
        changed += room_cost_add(cost, step_us);
    }
    return changed;
}

static void test_room_cost_one_slow_step_changes_nothing(void **state)
{
    (void)state;
    struct room_cost cost = {0};
    assert_int_equal(changes(&cost, 50, 100), 0);
    assert_int_equal(changes(&cost, 20000, 1), 0);
    assert_false(cost.is_heavy);
}

static void test_room_cost_slow_steps_make_it_heavy_once(void **state)
{
    (void)state;
    struct room_cost cost = {0};
    assert_int_equal(changes(&cost, ROOM_COST_HEAVY_US + 100, 200), 1);
    assert_true(cost.is_heavy);
}

static void test_room_cost_between_the_bounds_stays_as_it_was(void **state)
{
    (void)state;
    struct room_cost light = {0};
    struct room_cost heavy = {0};
    assert_int_equal(changes(&light, 1500, 200), 0);
    assert_false(light.is_heavy);
    assert_int_equal(changes(&heavy, 3000, 200), 1);
    assert_int_equal(changes(&heavy, 1500, 200), 0);
    assert_true(heavy.is_heavy);
    assert_int_equal(changes(&heavy, 500, 200), 1);
    assert_false(heavy.is_heavy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room_cost_one_slow_step_changes_nothing),
        cmocka_unit_test(test_room_cost_slow_steps_make_it_heavy_once),
        cmocka_unit_test(test_room_cost_between_the_bounds_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
