/* test_conn_limits.c - peers that are slow, silent, too many or do not read: each gets its word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cmocka.h>

#include "support/echo_pair.h"
#include "support/ws_peer.h"

enum { ENOUGH_BYTES = 40 << 20 }; /* more than the kernel keeps for two sockets */

static void expect_status(struct ws_peer *peer, const char *status)
{
    char got[13] = "";
    ws_peer_read(peer, got, 12);
    assert_memory_equal(got, "HTTP/1.1 ", 9);
    assert_string_equal(got + 9, status);
}

static void wait_closed(enum sk_reason reason, uint64_t count)
{
    echo_pair_wait(&echo_pair_counts(0)->closed[reason], count);
}

static void test_conn_head_that_never_ends_is_head_timeout(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.head_timeout_ms = 300};
    echo_pair_start(&profile, false, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    ws_peer_send(&peer, "GET / HT", 8);
    expect_status(&peer, "408");
    ws_peer_close(&peer);
    wait_closed(SK_REASON_HEAD_TIMEOUT, 1);
    echo_pair_stop();
}

static void test_conn_silent_tls_peer_is_head_timeout(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.head_timeout_ms = 300};
    echo_pair_start(&profile, true, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    wait_closed(SK_REASON_HEAD_TIMEOUT, 1);
    ws_peer_close(&peer);
    echo_pair_stop();
}

static void test_conn_plain_bytes_on_a_tls_port_make_no_session(void **state)
{
    (void)state;
    static const struct conn_profile profile = {0};
    echo_pair_start(&profile, true, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    ws_peer_send(&peer, "GET / HTTP/1.1\r\n\r\n", 18);
    wait_closed(SK_REASON_TLS, 1);
    ws_peer_close(&peer);
    echo_pair_stop();
}

static void test_conn_silent_peer_is_pinged_then_idle(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.idle_timeout_ms = 1000, .ping_interval_ms = 400};
    echo_pair_start(&profile, false, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&peer);
    ws_peer_expect(&peer, 0x89, "", 0);
    ws_peer_send_frame(&peer, 0x8a, "", 0); /* heard: it starts anew */
    ws_peer_expect(&peer, 0x89, "", 0);
    ws_peer_expect(&peer, 0x89, "", 0);
    ws_peer_expect_close(&peer, 4009, "idle");
    ws_peer_close(&peer);
    wait_closed(SK_REASON_IDLE, 1);
    echo_pair_stop();
}

static void test_conn_upgraded_but_never_admitted_is_head_timeout(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.admit_timeout_ms = 300, .text_allowed = true};
    echo_pair_start(&profile, false, 0);
    struct ws_peer admitted = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&admitted);
    ws_peer_send_frame(&admitted, 0x81, "admit", 5);
    ws_peer_expect(&admitted, 0x81, "admit", 5);
    struct ws_peer late = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&late);
    ws_peer_expect_close(&late, 4001, "head_timeout");
    ws_peer_close(&late);
    ws_peer_send_frame(&admitted, 0x81, "still here", 10);
    ws_peer_expect(&admitted, 0x81, "still here", 10);
    ws_peer_close(&admitted);
    echo_pair_stop();
}

static void test_conn_reader_that_stops_is_slow_reader(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.send_low_water_bytes = 4096};
    echo_pair_start(&profile, false, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&peer);
    ws_peer_send_frame(&peer, 0x82, "flood:20000", 11);
    wait_closed(SK_REASON_SLOW_READER, 1);
    ws_peer_close(&peer);
    echo_pair_stop();
}

/* Requests without end and nobody who reads the answers: the server stops reading too. */
static void test_conn_requests_behind_each_other_pile_nothing_up(void **state)
{
    (void)state;
    static const struct conn_profile profile = {0};
    static char requests[64000];
    static const char one[] = "GET / HTTP/1.1\r\nHost: aaaaa\r\n\r\n";
    echo_pair_start(&profile, false, 0);
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    for (size_t at = 0; at + sizeof(one) - 1 <= sizeof(requests); at += sizeof(one) - 1) {
        memcpy(requests + at, one, sizeof(one) - 1);
    }
    struct timeval timeout = {.tv_sec = 2};
    assert_int_equal(setsockopt(peer.fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)), 0);
    size_t whole = sizeof(requests) / (sizeof(one) - 1) * (sizeof(one) - 1);
    size_t taken = 0;
    ssize_t sent = 1;
    while (sent > 0 && taken < ENOUGH_BYTES) {
        size_t at = taken % whole;
        sent = send(peer.fd, requests + at, whole - at, MSG_NOSIGNAL);
        taken += sent > 0 ? (size_t)sent : 0;
    }
    assert_true(taken < ENOUGH_BYTES);
    assert_int_equal(counter_read(&echo_pair_counts(0)->open), 1);
    ws_peer_close(&peer);
    echo_pair_stop();
}

static void test_conn_address_has_a_limit_of_unadmitted(void **state)
{
    (void)state;
    static const struct conn_profile profile = {
        .unadmitted_max = 2, .limits_loopback = true, .text_allowed = true};
    echo_pair_start(&profile, false, 0);
    struct ws_peer first = ws_peer_open(echo_pair_port(), false);
    struct ws_peer second = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&first);
    ws_peer_upgrade(&second);
    struct ws_peer third = ws_peer_open(echo_pair_port(), false);
    expect_status(&third, "429");
    wait_closed(SK_REASON_ADDRESS_LIMIT, 1);
    ws_peer_send_frame(&first, 0x81, "admit", 5);
    ws_peer_expect(&first, 0x81, "admit", 5);
    struct ws_peer fourth = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&fourth);
    ws_peer_close(&first);
    ws_peer_close(&second);
    ws_peer_close(&third);
    ws_peer_close(&fourth);
    echo_pair_stop();
}

/* Asks, reads the whole answer, and stays. */
static struct ws_peer ask_and_rest(void)
{
    static const char request[] = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
    char got[1024];
    struct ws_peer peer = ws_peer_open(echo_pair_port(), false);
    ws_peer_send(&peer, request, sizeof(request) - 1);
    size_t size = 0;
    do {
        assert_true(size < sizeof(got));
        ws_peer_read(&peer, got + size++, 1);
    } while (size < 4 || memcmp(got + size - 4, "\r\n\r\n", 4) != 0);
    assert_memory_equal(got, "HTTP/1.1 426", 12);
    return peer;
}

static void test_conn_at_rest_does_not_count_for_its_address(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.unadmitted_max = 2, .limits_loopback = true};
    echo_pair_start(&profile, false, 0);
    struct ws_peer resting[5];
    for (int i = 0; i < 5; i++) {
        resting[i] = ask_and_rest();
    }
    ws_peer_send(&resting[0], "G", 1); /* two requests begin, and each takes its place */
    ws_peer_send(&resting[1], "G", 1);
    echo_pair_wait(&echo_pair_counts(0)->stream.reads, 7);
    ws_peer_send(&resting[2], "G", 1);
    expect_status(&resting[2], "429");
    wait_closed(SK_REASON_ADDRESS_LIMIT, 1);
    for (int i = 0; i < 5; i++) {
        ws_peer_close(&resting[i]);
    }
    echo_pair_stop();
}

static void test_conn_at_rest_gives_way_to_a_newcomer(void **state)
{
    (void)state;
    static const struct conn_profile profile = {0};
    echo_pair_start(&profile, false, 2);
    struct ws_peer peers[6];
    for (int i = 0; i < 6; i++) {
        peers[i] = ask_and_rest();
    }
    assert_int_equal(counter_read(&echo_pair_counts(0)->closed[SK_REASON_SERVER_FULL]), 0);
    for (int i = 0; i < 6; i++) {
        ws_peer_close(&peers[i]);
    }
    echo_pair_stop();
}

static void test_conn_at_rest_stays_while_there_is_room(void **state)
{
    (void)state;
    static const struct conn_profile profile = {0};
    echo_pair_start(&profile, false, 8);
    struct ws_peer peers[4];
    for (int i = 0; i < 4; i++) {
        peers[i] = ask_and_rest();
    }
    ws_peer_send(&peers[0], "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
    expect_status(&peers[0], "426");
    for (int i = 0; i < 4; i++) {
        ws_peer_close(&peers[i]);
    }
    echo_pair_stop();
}

static void test_conn_address_has_a_limit_of_admitted(void **state)
{
    (void)state;
    static const struct conn_profile profile = {
        .admitted_max = 1, .limits_loopback = true, .text_allowed = true};
    echo_pair_start(&profile, false, 0);
    struct ws_peer first = ws_peer_open(echo_pair_port(), false);
    struct ws_peer second = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&first);
    ws_peer_upgrade(&second);
    ws_peer_send_frame(&first, 0x81, "admit", 5);
    ws_peer_expect(&first, 0x81, "admit", 5);
    ws_peer_send_frame(&second, 0x81, "admit", 5);
    ws_peer_expect_close(&second, 4007, "address_limit");
    ws_peer_close(&first);
    wait_closed(SK_REASON_PEER_GONE, 1);
    struct ws_peer third = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&third);
    ws_peer_send_frame(&third, 0x81, "admit", 5);
    ws_peer_expect(&third, 0x81, "admit", 5);
    ws_peer_close(&second);
    ws_peer_close(&third);
    echo_pair_stop();
}

static void test_conn_front_that_is_full_refuses(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.text_allowed = true};
    echo_pair_start(&profile, false, 1);
    struct ws_peer first = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&first);
    struct ws_peer second = ws_peer_open(echo_pair_port(), false);
    expect_status(&second, "503");
    ws_peer_send_frame(&first, 0x81, "mine", 4);
    ws_peer_expect(&first, 0x81, "mine", 4);
    ws_peer_close(&first);
    ws_peer_close(&second);
    echo_pair_stop();
}

static void test_conn_text_or_a_long_message_has_its_word(void **state)
{
    (void)state;
    static const struct conn_profile profile = {.fragments_max = 2};
    static const uint8_t long_message[SK_MESSAGE_BYTES_MAX + 1];
    echo_pair_start(&profile, false, 0);
    struct ws_peer text = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&text);
    ws_peer_send_frame(&text, 0x81, "text", 4);
    ws_peer_expect_close(&text, 1003, "ws_unsupported");
    struct ws_peer big = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&big);
    ws_peer_send_frame(&big, 0x82, long_message, sizeof(long_message));
    ws_peer_expect_close(&big, 1009, "ws_too_big");
    struct ws_peer cut = ws_peer_open(echo_pair_port(), false);
    ws_peer_upgrade(&cut);
    ws_peer_send(&cut, "\x02\x80\0\0\0\0\x00\x80\0\0\0\0\x80\x80\0\0\0\0", 18);
    ws_peer_expect_close(&cut, 1008, "ws_fragments");
    ws_peer_close(&text);
    ws_peer_close(&big);
    ws_peer_close(&cut);
    echo_pair_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conn_head_that_never_ends_is_head_timeout),
        cmocka_unit_test(test_conn_silent_tls_peer_is_head_timeout),
        cmocka_unit_test(test_conn_plain_bytes_on_a_tls_port_make_no_session),
        cmocka_unit_test(test_conn_silent_peer_is_pinged_then_idle),
        cmocka_unit_test(test_conn_upgraded_but_never_admitted_is_head_timeout),
        cmocka_unit_test(test_conn_reader_that_stops_is_slow_reader),
        cmocka_unit_test(test_conn_requests_behind_each_other_pile_nothing_up),
        cmocka_unit_test(test_conn_address_has_a_limit_of_unadmitted),
        cmocka_unit_test(test_conn_at_rest_does_not_count_for_its_address),
        cmocka_unit_test(test_conn_at_rest_gives_way_to_a_newcomer),
        cmocka_unit_test(test_conn_at_rest_stays_while_there_is_room),
        cmocka_unit_test(test_conn_address_has_a_limit_of_admitted),
        cmocka_unit_test(test_conn_front_that_is_full_refuses),
        cmocka_unit_test(test_conn_text_or_a_long_message_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
