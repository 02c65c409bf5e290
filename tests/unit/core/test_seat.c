/* test_seat.c - which ticket gives a seat in which state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seat.h"

static const struct transport transport = {.is_ordered = true};
static int connection;

static enum sk_reason check(const struct seat *seat, enum ticket_role role, uint64_t nonce)
{
    struct ticket ticket = {.role = (uint8_t)role, .nonce = nonce};
    return seat_check(seat, &ticket);
}

static struct seat held(void)
{
    struct seat seat = {0};
    seat_hold(&seat, 7, "Ada", 3);
    return seat;
}

static struct seat taken(void)
{
    struct seat seat = held();
    seat_claim(&seat, &connection, &transport, 0);
    seat_renew(&seat, 0, 20);
    return seat;
}

static void test_seat_free_takes_no_ticket(void **state)
{
    struct seat seat = {0};
    (void)state;
    assert_int_equal(check(&seat, TICKET_JOIN, 0), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_RESUME, 0), SK_REASON_SEAT_GONE);
}

static void test_seat_held_takes_its_own_join_ticket_alone(void **state)
{
    struct seat seat = held();
    (void)state;
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_JOIN, 8), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_RESUME, 7), SK_REASON_SEAT_GONE);
}

static void test_seat_held_again_forgets_the_ticket_before(void **state)
{
    struct seat seat = held();
    (void)state;
    seat_hold(&seat, 9, "Bo", 2);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_JOIN, 9), SK_REASON_NONE);
    assert_string_equal(seat.name, "Bo");
}

static void test_seat_unheld_is_free_for_its_own_ticket_alone(void **state)
{
    struct seat seat = held();
    (void)state;
    seat_unhold(&seat, 8);
    assert_int_equal(seat.state, SEAT_HELD);
    seat_unhold(&seat, 7);
    assert_int_equal(seat.state, SEAT_FREE);
    assert_int_equal(seat.name_bytes, 0);
}

static void test_seat_taken_is_not_unheld(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_unhold(&seat, 7);
    seat_unhold(&seat, 0);
    assert_int_equal(seat.state, SEAT_TAKEN);
}

static void test_seat_join_ticket_works_once(void **state)
{
    struct seat seat = taken();
    (void)state;
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
    seat_lose(&seat, 100);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
}

static void test_seat_resume_ticket_works_taken_and_away(void **state)
{
    struct seat seat = taken();
    (void)state;
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_RESUME, 21), SK_REASON_TICKET_USED);
    seat_lose(&seat, 100);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_NONE);
}

static void test_seat_shown_ticket_is_good_until_the_next_surely_arrived(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_renew(&seat, 20, 30);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_RESUME, 30), SK_REASON_NONE);
    seat_confirm(&seat);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_RESUME, 30), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_RESUME, 0), SK_REASON_TICKET_USED);
}

static void test_seat_freed_takes_no_ticket_of_before(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_renew(&seat, 20, 30);
    seat_lose(&seat, 100);
    seat_free(&seat);
    seat_hold(&seat, 40, "Bo", 2);
    seat_claim(&seat, &connection, &transport, 0);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_RESUME, 30), SK_REASON_TICKET_USED);
}

static void test_seat_margin_is_the_smallest_since_last_taken(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_add_margin(&seat, 30);
    seat_add_margin(&seat, -5);
    seat_add_margin(&seat, 12);
    assert_int_equal(seat_take_margin(&seat), -5);
    assert_int_equal(seat_take_margin(&seat), 0);
    seat_add_margin(&seat, 12);
    assert_int_equal(seat_take_margin(&seat), 12);
}

static void test_seat_margin_beyond_its_range_is_clamped(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_add_margin(&seat, INT64_MAX);
    assert_int_equal(seat_take_margin(&seat), INT16_MAX - 1);
    seat_add_margin(&seat, INT64_MIN);
    assert_int_equal(seat_take_margin(&seat), -(INT16_MAX - 1));
}

static void test_seat_change_that_others_see_is_marked(void **state)
{
    struct seat seat = held();
    (void)state;
    assert_false(seat.is_changed);
    seat_unhold(&seat, 7);
    assert_false(seat.is_changed);
    seat = taken();
    assert_true(seat.is_changed);
    seat.is_changed = false;
    seat_lose(&seat, 100);
    assert_true(seat.is_changed);
    seat.is_changed = false;
    seat_free(&seat);
    assert_true(seat.is_changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seat_free_takes_no_ticket),
        cmocka_unit_test(test_seat_held_takes_its_own_join_ticket_alone),
        cmocka_unit_test(test_seat_held_again_forgets_the_ticket_before),
        cmocka_unit_test(test_seat_unheld_is_free_for_its_own_ticket_alone),
        cmocka_unit_test(test_seat_taken_is_not_unheld),
        cmocka_unit_test(test_seat_join_ticket_works_once),
        cmocka_unit_test(test_seat_resume_ticket_works_taken_and_away),
        cmocka_unit_test(test_seat_shown_ticket_is_good_until_the_next_surely_arrived),
        cmocka_unit_test(test_seat_freed_takes_no_ticket_of_before),
        cmocka_unit_test(test_seat_margin_is_the_smallest_since_last_taken),
        cmocka_unit_test(test_seat_margin_beyond_its_range_is_clamped),
        cmocka_unit_test(test_seat_change_that_others_see_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
