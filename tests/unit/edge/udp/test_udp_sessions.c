/* test_udp_sessions.c - who has a slot, where he is, and what he may be sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "udp/udp_sessions.h"

enum { MAX = 3, WORKER = 2 };

/* The number of session `i` of a worker. */
static uint32_t number_of(uint32_t i)
{
    return i << 8 | WORKER;
}

static struct udp_datagram datagram_from(uint16_t port, size_t bytes)
{
    struct udp_datagram datagram;
    memset(&datagram, 0, sizeof(datagram));
    datagram.place.address.sin6_port = port;
    datagram.place.bytes = sizeof(datagram.place.address);
    datagram.bytes = bytes;
    return datagram;
}

static void test_udp_sessions_are_found_by_their_number_alone(void **state)
{
    struct udp_sessions table;
    uint32_t slot = 0;
    (void)state;
    assert_int_equal(udp_sessions_create(&table, MAX), SK_OK);
    assert_int_equal(udp_sessions_open(&table, number_of(7), 0, &slot), SK_OK);
    assert_int_equal(udp_sessions_find(&table, number_of(7)), slot);
    assert_int_equal(udp_sessions_find(&table, number_of(8)), UDP_NO_SLOT);
    assert_int_equal(udp_sessions_find(&table, number_of(7) + 1), UDP_NO_SLOT); /* worker */
    assert_int_equal(udp_sessions_find(&table, number_of(7 + 65536)), UDP_NO_SLOT);
    udp_sessions_destroy(&table);
}

static void test_udp_sessions_full_table_refuses_and_takes_again(void **state)
{
    struct udp_sessions table;
    uint32_t slots[MAX];
    uint32_t slot = 0;
    (void)state;
    assert_int_equal(udp_sessions_create(&table, MAX), SK_OK);
    for (uint32_t i = 0; i < MAX; i++) {
        assert_int_equal(udp_sessions_open(&table, number_of(i), 0, &slots[i]), SK_OK);
        assert_true(slots[i] < MAX);
    }
    assert_int_equal(udp_sessions_open(&table, number_of(9), 0, &slot), SK_ERR_FULL);
    udp_sessions_close(&table, slots[1]);
    assert_int_equal(udp_sessions_find(&table, number_of(1)), UDP_NO_SLOT);
    assert_int_equal(udp_sessions_open(&table, number_of(9), 0, &slot), SK_OK);
    assert_int_equal(slot, slots[1]);
    assert_int_equal(table.count, MAX);
    udp_sessions_destroy(&table);
}

static void test_udp_sessions_number_of_a_taken_place_is_refused(void **state)
{
    struct udp_sessions table;
    uint32_t first = 0;
    uint32_t slot = 0;
    (void)state;
    assert_int_equal(udp_sessions_create(&table, MAX), SK_OK);
    assert_int_equal(udp_sessions_open(&table, number_of(5), 0, &first), SK_OK);
    assert_int_equal(udp_sessions_open(&table, number_of(5), 0, &slot), SK_ERR_RANGE);
    assert_int_equal(udp_sessions_open(&table, number_of(5 + 65536), 0, &slot), SK_ERR_RANGE);
    udp_sessions_close(&table, first);
    assert_int_equal(udp_sessions_open(&table, number_of(5 + 65536), 0, &slot), SK_OK);
    udp_sessions_destroy(&table);
}

static void test_udp_session_is_not_sent_more_than_it_sent_before_admission(void **state)
{
    struct udp_session session = {0};
    struct udp_datagram datagram = datagram_from(1, 100);
    (void)state;
    assert_false(udp_session_may_send(&session, 0)); /* it is nowhere */
    udp_session_receive(&session, &datagram, true, 0);
    assert_true(udp_session_may_send(&session, 100));
    assert_false(udp_session_may_send(&session, 101));
    session.bytes_out = 60;
    assert_true(udp_session_may_send(&session, 40));
    assert_false(udp_session_may_send(&session, 41));
    session.is_admitted = true;
    assert_true(udp_session_may_send(&session, 1000));
}

static void test_udp_session_is_where_the_newest_came_from(void **state)
{
    struct udp_session session = {0};
    struct udp_datagram first = datagram_from(1, 100);
    struct udp_datagram second = datagram_from(2, 100);
    (void)state;
    udp_session_receive(&session, &first, true, 10);
    assert_int_equal(session.place.address.sin6_port, 1);
    udp_session_receive(&session, &second, true, 20);
    assert_int_equal(session.place.address.sin6_port, 2);
    udp_session_receive(&session, &first, false, 30); /* overtaken on the way */
    assert_int_equal(session.place.address.sin6_port, 2);
    assert_int_equal(session.heard_ms, 30);
    assert_int_equal(session.bytes_in, 300);
}

static void test_udp_session_four_changes_a_second_are_followed(void **state)
{
    struct udp_session session = {0};
    (void)state;
    for (uint16_t i = 1; i <= 10; i++) { /* the first is no change */
        struct udp_datagram datagram = datagram_from(i, 1);
        udp_session_receive(&session, &datagram, true, 5000 + i);
        assert_int_equal(session.place.address.sin6_port, i <= 5 ? i : 5);
    }
    struct udp_datagram later = datagram_from(11, 1);
    udp_session_receive(&session, &later, true, 6001);
    assert_int_equal(session.place.address.sin6_port, 5);
    udp_session_receive(&session, &later, true, 6002); /* a second after the first change */
    assert_int_equal(session.place.address.sin6_port, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_sessions_are_found_by_their_number_alone),
        cmocka_unit_test(test_udp_sessions_full_table_refuses_and_takes_again),
        cmocka_unit_test(test_udp_sessions_number_of_a_taken_place_is_refused),
        cmocka_unit_test(test_udp_session_is_not_sent_more_than_it_sent_before_admission),
        cmocka_unit_test(test_udp_session_is_where_the_newest_came_from),
        cmocka_unit_test(test_udp_session_four_changes_a_second_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
