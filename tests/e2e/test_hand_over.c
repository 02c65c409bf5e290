/* test_hand_over.c - a connection goes to another thread in any state and loses nothing.
 *
 * Run it under TSan too: the mailbox alone orders the two threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "support/echo_pair.h"
#include "support/ws_peer.h"

enum { BINARY = 0x82, BINARY_OPEN = 0x02, MORE = 0x00, LAST = 0x80, MESSAGE_BYTES = 3000 };

static const struct conn_profile profile = {
    .message_bytes_max = 1 << 20, .text_allowed = true, .send_queue_bytes_max = 64 << 20};

static int start_plain(void **state)
{
    (void)state;
    echo_pair_start(&profile, false, 0);
    return 0;
}

static int start_secure(void **state)
{
    static const bool secure = true;
    *state = (void *)&secure;
    echo_pair_start(&profile, true, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    echo_pair_stop();
    return 0;
}

static struct ws_peer open_peer(void **state)
{
    struct ws_peer peer = ws_peer_open(echo_pair_port(), *state != NULL);
    ws_peer_upgrade(&peer);
    return peer;
}

static void fill(uint8_t *bytes, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)sk_random(seed, (uint32_t)i, 0, 0);
    }
}

/* Half a fragment is on this side, the rest comes to the other. */
static void test_hand_over_mid_fragment(void **state)
{
    uint8_t message[MESSAGE_BYTES];
    struct ws_peer peer = open_peer(state);
    fill(message, sizeof(message), 1);
    ws_peer_send_frame(&peer, BINARY_OPEN, message, 1000);
    ws_peer_send_frame(&peer, 0x89, "seen", 4);
    ws_peer_expect(&peer, 0x8a, "seen", 4);
    uint8_t head_and_half[] = {MORE, 0x80 | 100, 0, 0, 0, 0}; /* the mask is zero */
    ws_peer_send(&peer, head_and_half, sizeof(head_and_half));
    uint64_t before = counter_read(&echo_pair_counts(0)->stream.reads);
    ws_peer_send(&peer, message + 1000, 40);
    echo_pair_wait(&echo_pair_counts(0)->stream.reads, before + 1);
    echo_pair_move();
    ws_peer_send(&peer, message + 1040, 60);
    ws_peer_send_frame(&peer, LAST, message + 1100, sizeof(message) - 1100);
    ws_peer_expect(&peer, BINARY, message, sizeof(message));
    assert_int_equal(counter_read(&echo_pair_counts(1)->moved_in), 1);
    assert_int_equal(counter_read(&echo_pair_counts(1)->messages_in), 1);
    ws_peer_close(&peer);
}

/* The peer does not read, the kernel takes no more: what waits goes along and arrives in order. */
static void test_hand_over_with_unsent_bytes(void **state)
{
    static const uint8_t payload[ECHO_FLOOD_BYTES] = {0x5a};
    struct ws_peer peer = open_peer(state);
    ws_peer_send_frame(&peer, BINARY, "flood:2000", 10);
    echo_pair_wait(&echo_pair_counts(0)->messages_out, 2000);
    assert_true(echo_pair_has_unsent(0));
    echo_pair_move();
    assert_true(echo_pair_has_unsent(1));
    for (int i = 0; i < 2000; i++) {
        ws_peer_expect(&peer, BINARY, payload, sizeof(payload));
    }
    ws_peer_send_frame(&peer, BINARY, "end", 3);
    ws_peer_expect(&peer, BINARY, "end", 3);
    ws_peer_close(&peer);
}

/* To and fro while a fragmented conversation goes on, cut at random (also inside TLS records, which
 * the peer writes one a piece). */
static void test_hand_over_to_and_fro_loses_nothing(void **state)
{
    uint8_t message[MESSAGE_BYTES];
    struct ws_peer peer = open_peer(state);
    for (uint32_t round = 0; round < 300; round++) {
        size_t size = 1 + sk_random(7, round, 0, 0) % MESSAGE_BYTES;
        size_t cut = sk_random(7, round, 0, 1) % (size + 1);
        fill(message, size, round);
        ws_peer_send_frame(&peer, BINARY_OPEN, message, cut);
        echo_pair_move();
        ws_peer_send_frame(&peer, LAST, message + cut, size - cut);
        ws_peer_expect(&peer, BINARY, message, size);
    }
    assert_true(counter_read(&echo_pair_counts(0)->moved_in) >= 140);
    ws_peer_close(&peer);
}

/* The peer has gone: wherever the connection is, it ends, and is counted where it is. */
static void test_hand_over_of_a_lost_connection_ends_there(void **state)
{
    struct ws_peer peer = open_peer(state);
    uint64_t before = counter_read(&echo_pair_counts(1)->closed[SK_REASON_PEER_GONE]);
    echo_pair_move();
    ws_peer_close(&peer);
    echo_pair_wait(&echo_pair_counts(1)->closed[SK_REASON_PEER_GONE], before + 1);
    assert_int_equal(counter_read(&echo_pair_counts(0)->open), 0);
    assert_int_equal(counter_read(&echo_pair_counts(1)->open), 0);
}

#define BOTH(test)                                                                                 \
    {#test "_ws", test, start_plain, stop, NULL},                                                  \
    {                                                                                              \
#test "_wss", test, start_secure, stop, NULL                                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_hand_over_mid_fragment),
        BOTH(test_hand_over_with_unsent_bytes),
        BOTH(test_hand_over_to_and_fro_loses_nothing),
        BOTH(test_hand_over_of_a_lost_connection_ends_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
