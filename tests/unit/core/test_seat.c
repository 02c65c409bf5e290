/* test_seat.c - which ticket gives a seat in which state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "seat.h"

enum { UNTIL = 90 };

static enum sk_reason check(const struct seat *seat, enum ticket_role role, uint64_t nonce)
{
    return seat_check(seat, role, nonce);
}

static struct seat held(void)
{
    struct seat seat = {0};
    seat_hold(&seat, 7, sk_text_of("Ada"), UNTIL);
    return seat;
}

static struct seat taken(void)
{
    struct seat seat = held();
    seat_claim(&seat, 7, 20);
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
    seat_hold(&seat, 9, sk_text_of("Bo"), UNTIL);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_JOIN, 9), SK_REASON_NONE);
    assert_string_equal(seat.name, "Bo");
}

static void test_seat_join_ticket_works_once(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_confirm(&seat);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
    seat_leave(&seat, 100);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
}

/* Its Welcome may be lost, or another transport be quicker. */
static void test_seat_join_ticket_is_good_until_confirmed(void **state)
{
    struct seat seat = taken();
    (void)state;
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_JOIN, 8), SK_REASON_TICKET_USED);
    seat_leave(&seat, 100);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_NONE);
    seat_claim(&seat, 7, 30);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_TICKET_USED);
    seat_claim(&seat, 30, 40); /* the newest one came, then */
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
    seat_free(&seat);
    assert_int_equal(check(&seat, TICKET_JOIN, 7), SK_REASON_TICKET_USED);
}

static void test_seat_resume_ticket_works_taken_and_away(void **state)
{
    struct seat seat = taken();
    (void)state;
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_NONE);
    assert_int_equal(check(&seat, TICKET_RESUME, 21), SK_REASON_TICKET_USED);
    seat_leave(&seat, 100);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_NONE);
}

static void test_seat_shown_ticket_is_good_until_the_next_surely_arrived(void **state)
{
    struct seat seat = taken();
    (void)state;
    seat_claim(&seat, 20, 30);
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
    seat_claim(&seat, 20, 30);
    seat_leave(&seat, 100);
    seat_free(&seat);
    seat_hold(&seat, 40, sk_text_of("Bo"), UNTIL);
    seat_claim(&seat, 40, 50);
    assert_int_equal(check(&seat, TICKET_RESUME, 20), SK_REASON_TICKET_USED);
    assert_int_equal(check(&seat, TICKET_RESUME, 30), SK_REASON_TICKET_USED);
}

static void test_seat_of_each_state_is_sound_until_one_member_is_not(void **state)
{
    struct seat seats[] = {{0}, held(), taken(), taken(), {.is_bot = true}};
    (void)state;
    seat_leave(&seats[3], 9);
    for (size_t i = 0; i < sizeof(seats) / sizeof(seats[0]); i++) {
        assert_true(seat_is_sound(&seats[i]));
        struct seat faults[] = {seats[i], seats[i], seats[i], seats[i], seats[i]};
        faults[0].state = SEAT_STATE_COUNT;
        faults[1].join_nonce = faults[1].join_nonce == 0;
        faults[2].resume_nonce = faults[2].resume_nonce == 0;
        faults[3].name_bytes = SK_NAME_BYTES_MAX + 1;
        faults[4].is_bot = 1;
        faults[4].is_spectator = 1;
        for (size_t j = 0; j < sizeof(faults) / sizeof(faults[0]); j++) {
            assert_false(seat_is_sound(&faults[j]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seat_free_takes_no_ticket),
        cmocka_unit_test(test_seat_held_takes_its_own_join_ticket_alone),
        cmocka_unit_test(test_seat_held_again_forgets_the_ticket_before),
        cmocka_unit_test(test_seat_join_ticket_works_once),
        cmocka_unit_test(test_seat_join_ticket_is_good_until_confirmed),
        cmocka_unit_test(test_seat_resume_ticket_works_taken_and_away),
        cmocka_unit_test(test_seat_shown_ticket_is_good_until_the_next_surely_arrived),
        cmocka_unit_test(test_seat_freed_takes_no_ticket_of_before),
        cmocka_unit_test(test_seat_of_each_state_is_sound_until_one_member_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
