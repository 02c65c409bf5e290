/* test_shot_log.c - a room's last shots, and no other room's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shot_log.h"

enum { ROOMS = 20, EPOCH = 700 };

static struct shot_log *shots;
static struct sk_audit found[SHOT_LOG_KEPT];

static int set_up(void **state)
{
    (void)state;
    shots = shot_log_create(ROOMS);
    return shots ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    shot_log_destroy(shots);
    return 0;
}

static void add(uint32_t room, uint64_t epoch, uint32_t tick)
{
    shot_log_add(shots, room, epoch, &(struct sk_audit){.tick = tick, .shooter = room});
}

static void test_shot_log_without_shots_is_empty(void **state)
{
    (void)state;
    assert_int_equal(shot_log_read(shots, 0, EPOCH, found), 0);
}

static void test_shot_log_keeps_rooms_apart(void **state)
{
    (void)state;
    add(3, EPOCH, 10);
    add(19, EPOCH + 1, 11);
    add(3, EPOCH, 12);
    assert_int_equal(shot_log_read(shots, 3, EPOCH, found), 2);
    assert_int_equal(found[0].tick, 10);
    assert_int_equal(found[1].tick, 12);
    assert_int_equal(shot_log_read(shots, 19, EPOCH + 1, found), 1);
    assert_int_equal(found[0].shooter, 19);
}

static void test_shot_log_of_the_room_before_is_gone(void **state)
{
    (void)state;
    add(3, EPOCH, 10);
    assert_int_equal(shot_log_read(shots, 3, EPOCH + 1, found), 0);
    add(3, EPOCH + 1, 20);
    assert_int_equal(shot_log_read(shots, 3, EPOCH + 1, found), 1);
    assert_int_equal(shot_log_read(shots, 3, EPOCH, found), 0);
}

static void test_shot_log_full_drops_the_oldest(void **state)
{
    (void)state;
    for (uint32_t tick = 1; tick <= SHOT_LOG_KEPT + 5; tick++) {
        add(0, EPOCH, tick);
    }
    assert_int_equal(shot_log_read(shots, 0, EPOCH, found), SHOT_LOG_KEPT);
    assert_int_equal(found[0].tick, 6);
    assert_int_equal(found[SHOT_LOG_KEPT - 1].tick, SHOT_LOG_KEPT + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shot_log_without_shots_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shot_log_keeps_rooms_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shot_log_of_the_room_before_is_gone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_shot_log_full_drops_the_oldest, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
