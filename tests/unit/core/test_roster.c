/* test_roster.c - who is told of, whole and by changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "roster.h"

enum { SEATS = 6 };

static struct seat seats[SEATS];
static struct seat_link links[SEATS];
static const struct roster_seats table = {seats, links, SEATS};
static struct sk_seat rows[SEATS];

/* Free, held, taken, away, a bot, free. */
static int set_up(void **state)
{
    static const enum seat_state states[SEATS] = {SEAT_FREE, SEAT_HELD, SEAT_TAKEN,
                                                  SEAT_AWAY, SEAT_FREE, SEAT_FREE};
    (void)state;
    for (uint32_t i = 0; i < SEATS; i++) {
        links[i] = (struct seat_link){0};
        seats[i] = (struct seat){.state = (uint8_t)states[i], .name = "Ada", .name_bytes = 3};
    }
    seats[4].is_bot = true;
    return 0;
}

static void test_roster_whole_names_those_in_use(void **state)
{
    (void)state;
    assert_int_equal(roster_fill(&table, true, rows), 3);
    assert_int_equal(rows[0].player, 2);
    assert_int_equal(rows[0].state, SK_SEAT_HERE);
    assert_int_equal(rows[0].name.size, 3);
    assert_memory_equal(rows[0].name.bytes, "Ada", 3);
    assert_int_equal(rows[1].player, 3);
    assert_int_equal(rows[1].state, SK_SEAT_AWAY);
    assert_int_equal(rows[2].player, 4);
    assert_true(rows[2].bot);
}

static void test_roster_bot_has_a_call_sign_of_its_seat(void **state)
{
    (void)state;
    roster_fill(&table, true, rows);
    struct sk_text name = rows[2].name;
    assert_true(name.size > 0);
    roster_fill(&table, true, rows);
    assert_ptr_equal(rows[2].name.bytes, name.bytes);
}

static void test_roster_changes_are_told_once(void **state)
{
    (void)state;
    assert_int_equal(roster_fill(&table, false, rows), 0);
    links[0].is_changed = true;
    links[3].is_changed = true;
    assert_int_equal(roster_fill(&table, false, rows), 2);
    assert_int_equal(rows[0].player, 0);
    assert_int_equal(rows[0].state, SK_SEAT_EMPTY);
    assert_int_equal(rows[1].player, 3);
    assert_int_equal(roster_fill(&table, false, rows), 0);
}

static void test_roster_whole_leaves_changes_for_the_others(void **state)
{
    (void)state;
    links[2].is_changed = true;
    roster_fill(&table, true, rows);
    assert_int_equal(roster_fill(&table, false, rows), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_roster_whole_names_those_in_use, set_up),
        cmocka_unit_test_setup(test_roster_bot_has_a_call_sign_of_its_seat, set_up),
        cmocka_unit_test_setup(test_roster_changes_are_told_once, set_up),
        cmocka_unit_test_setup(test_roster_whole_leaves_changes_for_the_others, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
