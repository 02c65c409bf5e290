/* test_seat_link.c - what starts anew with a connection, and its margins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seat_link.h"

static const struct transport transport = {.is_ordered = true};
static int connection;

static struct seat_link attached(void)
{
    struct seat_link link = {.is_confirmed = true, .margin_sixteenths = -7, .repeated = 1};
    seat_link_attach(&link, &connection, &transport, 5);
    return link;
}

static void test_seat_link_attached_starts_anew(void **state)
{
    struct seat_link link = attached();
    (void)state;
    assert_ptr_equal(link.connection, &connection);
    assert_int_equal(link.claimed_us, 5);
    assert_int_equal(link.repeated, 0xffff);
    assert_false(link.is_confirmed);
    assert_int_equal(seat_link_pop_margin(&link), 0);
}

static void test_seat_link_margin_is_the_smallest_since_last_taken(void **state)
{
    struct seat_link link = attached();
    (void)state;
    seat_link_add_margin(&link, 30, true);
    seat_link_add_margin(&link, -5, false);
    seat_link_add_margin(&link, 12, true);
    assert_int_equal(link.newest_sixteenths, 12);
    assert_int_equal(seat_link_pop_margin(&link), -5);
    assert_int_equal(seat_link_pop_margin(&link), 12);
    seat_link_add_margin(&link, 14, true);
    assert_int_equal(seat_link_pop_margin(&link), 14);
}

static void test_seat_link_margin_beyond_its_range_is_clamped(void **state)
{
    struct seat_link link = attached();
    (void)state;
    seat_link_add_margin(&link, INT64_MAX, true);
    assert_int_equal(seat_link_pop_margin(&link), INT16_MAX - 1);
    seat_link_add_margin(&link, INT64_MIN, true);
    assert_int_equal(seat_link_pop_margin(&link), -(INT16_MAX - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seat_link_attached_starts_anew),
        cmocka_unit_test(test_seat_link_margin_is_the_smallest_since_last_taken),
        cmocka_unit_test(test_seat_link_margin_beyond_its_range_is_clamped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
