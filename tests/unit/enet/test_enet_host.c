/* test_enet_host.c - two hosts over a line in memory that may lose, by a clock of the test's. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enet/enet_filter.h"
#include "enet/enet_host.h"

enum { SESSION = 0x02000007, SERVER = 0, CLIENT = 1, STEP_MS = 4 };

struct pair;

struct end {
    struct pair *pair;
    struct sk_enet_host *host;
    ENetPeer *peer;
    uint32_t number;
    uint32_t connect_count;
    uint32_t message_count;
    uint32_t end_count;
    uint32_t end_data;
    uint8_t last[SK_ENET_RELIABLE_BYTES_MAX];
    size_t last_bytes;
    struct end *other;
    bool is_refusing;
};

struct pair {
    struct end ends[2];
    struct sk_enet_filter filter;
    uint32_t now_ms;
    uint32_t loss; /* of 65,536 datagrams */
    uint32_t random;
    uint32_t datagram_count;
    uint32_t refused_count;
};

static void *on_connect(void *context, uint32_t number, ENetPeer *peer)
{
    struct end *end = context;
    end->connect_count++;
    end->number = number;
    end->peer = peer;
    return end->is_refusing ? NULL : end;
}

static void on_message(void *user, const uint8_t *bytes, size_t size)
{
    struct end *end = user;
    assert_int_equal((uintptr_t)bytes % 8, 0);
    assert_true(size <= sizeof(end->last));
    end->message_count++;
    end->last_bytes = size;
    memcpy(end->last, bytes, size);
}

static void on_end(void *user, uint32_t data)
{
    struct end *end = user;
    end->end_count++;
    end->end_data = data;
    end->peer = NULL;
}

static void on_send(void *context, uint32_t number, const uint8_t *bytes, size_t size)
{
    struct end *end = context;
    struct pair *pair = end->pair;
    pair->datagram_count++;
    pair->random = pair->random * 1664525 + 1013904223;
    if (pair->random >> 16 < pair->loss) {
        return;
    }
    if (end == &pair->ends[CLIENT]) {
        ENetPeer *peer = end->other->peer;
        pair->filter.delivered = peer ? sk_enet_peer_delivered(peer) : 0;
        pair->refused_count += sk_enet_filter_check(&pair->filter, bytes, size) != SK_OK ? 1 : 0;
    }
    (void)sk_enet_host_push(end->other->host, number, bytes, size);
}

static const struct sk_enet_events events = {
    .on_connect = on_connect, .on_message = on_message, .on_end = on_end, .on_send = on_send};

static void run(struct pair *pair, uint32_t ms)
{
    for (uint32_t until_ms = pair->now_ms + ms; pair->now_ms != until_ms; pair->now_ms += STEP_MS) {
        sk_enet_host_service(pair->ends[CLIENT].host, pair->now_ms);
        sk_enet_host_service(pair->ends[SERVER].host, pair->now_ms);
    }
}

static int set_up(void **state)
{
    struct pair *pair = calloc(1, sizeof(*pair));
    assert_int_equal(sk_enet_prepare(), SK_OK);
    pair->now_ms = UINT32_MAX - 7999; /* the clock wraps, at once or under way */
    for (uint32_t i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        struct sk_enet_host_config config = {
            .peers_max = i == SERVER ? 4 : 1, .events = &events, .context = end};
        end->pair = pair;
        end->other = &pair->ends[1 - i];
        end->host = sk_enet_host_create(&config);
        assert_non_null(end->host);
    }
    *state = pair;
    return 0;
}

static int tear_down(void **state)
{
    struct pair *pair = *state;
    sk_enet_host_destroy(pair->ends[SERVER].host);
    sk_enet_host_destroy(pair->ends[CLIENT].host);
    free(pair);
    return 0;
}

static void connect_both(struct pair *pair)
{
    assert_int_equal(sk_enet_host_connect(pair->ends[CLIENT].host, SESSION), SK_OK);
    run(pair, 40);
    assert_int_equal(pair->ends[SERVER].connect_count, 1);
    assert_int_equal(pair->ends[CLIENT].connect_count, 1);
}

static void say(struct end *end, bool is_reliable, const void *bytes, size_t size)
{
    struct sk_enet_message message = {.is_reliable = is_reliable,
                                      .head = bytes,
                                      .head_bytes = size / 2,
                                      .body = (const uint8_t *)bytes + size / 2,
                                      .body_bytes = size - size / 2};
    sk_enet_peer_send(end->host, end->peer, &message);
}

static void test_enet_host_self_test_passes(void **state)
{
    (void)state;
    assert_int_equal(sk_enet_self_test(), SK_OK);
}

static uint32_t count_descriptors(void)
{
    uint32_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

static void test_enet_host_opens_no_descriptor(void **state)
{
    struct pair *pair = *state;
    uint32_t before = count_descriptors();
    struct sk_enet_host_config config = {
        .peers_max = 1, .events = &events, .context = &pair->ends[0]};
    struct sk_enet_host *host = sk_enet_host_create(&config);
    assert_non_null(host);
    assert_int_equal(count_descriptors(), before);
    sk_enet_host_destroy(host);
}

static void test_enet_host_messages_of_both_kinds_arrive(void **state)
{
    struct pair *pair = *state;
    struct end *server = &pair->ends[SERVER];
    struct end *client = &pair->ends[CLIENT];
    connect_both(pair);
    assert_int_equal(server->number, SESSION);
    say(client, true, "hello", 5);
    run(pair, 8);
    assert_int_equal(server->last_bytes, 5);
    assert_memory_equal(server->last, "hello", 5);
    say(server, false, "snapshot", 8);
    run(pair, 8);
    assert_int_equal(client->last_bytes, 8);
    assert_memory_equal(client->last, "snapshot", 8);
    assert_int_equal(pair->refused_count, 0);
}

static void test_enet_host_biggest_messages_arrive(void **state)
{
    struct pair *pair = *state;
    static uint8_t bytes[SK_ENET_RELIABLE_BYTES_MAX];
    memset(bytes, 7, sizeof(bytes));
    connect_both(pair);
    say(&pair->ends[SERVER], false, bytes, SK_ENET_MESSAGE_BYTES_MAX);
    run(pair, 8);
    assert_int_equal(pair->ends[CLIENT].last_bytes, SK_ENET_MESSAGE_BYTES_MAX);
    say(&pair->ends[SERVER], true, bytes, sizeof(bytes));
    run(pair, 400);
    assert_int_equal(pair->ends[CLIENT].last_bytes, sizeof(bytes));
}

static void test_enet_host_reliable_survives_loss(void **state)
{
    struct pair *pair = *state;
    connect_both(pair);
    pair->loss = 20000;
    for (uint8_t i = 0; i < 200; i++) {
        say(&pair->ends[CLIENT], true, &i, 1);
        run(pair, 20);
    }
    run(pair, 4000);
    assert_int_equal(pair->ends[SERVER].message_count, 200);
    assert_int_equal(pair->ends[SERVER].last[0], 199);
    assert_int_equal(pair->refused_count, 0);
    assert_int_equal(sk_enet_peer_unconfirmed(pair->ends[CLIENT].host, pair->ends[CLIENT].peer), 0);
}

/* ENet 1.3.17 hears a peer no longer once so many bytes wait, and goes on counting what it has
 * thrown away meanwhile: a peer that mixes messages that may be lost with reliable ones on one
 * channel is deaf after a while. */
static void test_enet_host_hears_after_four_times_what_may_wait(void **state)
{
    static const uint8_t bytes[1000];
    struct pair *pair = *state;
    connect_both(pair);
    struct end *server = &pair->ends[SERVER];
    struct end *client = &pair->ends[CLIENT];
    size_t count = 4 * server->peer->host->maximumWaitingData / sizeof(bytes);
    pair->loss = 6554; /* a tenth */
    for (size_t i = 0; i < count; i++) {
        say(client, false, bytes, sizeof(bytes));
        say(server, false, bytes, sizeof(bytes));
        say(client, true, bytes, sizeof(bytes));
        say(server, true, bytes, sizeof(bytes));
        run(pair, 2 * STEP_MS);
    }
    run(pair, 4000);
    pair->loss = 0;
    for (uint32_t i = 0; i < 2; i++) {
        struct end *end = &pair->ends[i];
        assert_int_equal(end->end_count, 0);
        assert_true(end->message_count > count + count * 8 / 10); /* all reliable, most others */
        end->message_count = 0;
        say(end->other, false, bytes, sizeof(bytes));
        say(end->other, true, bytes, sizeof(bytes));
    }
    run(pair, 40);
    assert_int_equal(server->message_count, 2);
    assert_int_equal(client->message_count, 2);
    assert_int_equal(pair->refused_count, 0);
}

/* The throttle of ENet would drop most of what goes out while round trips grow. */
static void test_enet_host_throttle_drops_nothing(void **state)
{
    struct pair *pair = *state;
    connect_both(pair);
    for (uint32_t i = 0; i < 400; i++) {
        say(&pair->ends[SERVER], false, "x", 1);
        sk_enet_host_service(pair->ends[SERVER].host, pair->now_ms);
        sk_enet_host_service(pair->ends[CLIENT].host, pair->now_ms + i % 200);
        pair->now_ms += 50;
    }
    run(pair, 40);
    assert_int_equal(pair->ends[CLIENT].message_count, 400);
}

static void test_enet_host_unconfirmed_bytes_are_counted(void **state)
{
    struct pair *pair = *state;
    static const uint8_t bytes[3000];
    connect_both(pair);
    say(&pair->ends[SERVER], true, bytes, sizeof(bytes));
    assert_int_equal(sk_enet_peer_unconfirmed(pair->ends[SERVER].host, pair->ends[SERVER].peer),
                     sizeof(bytes));
    run(pair, 40);
    assert_int_equal(sk_enet_peer_unconfirmed(pair->ends[SERVER].host, pair->ends[SERVER].peer), 0);
}

static void test_enet_host_close_tells_the_peer_after_what_was_sent(void **state)
{
    struct pair *pair = *state;
    connect_both(pair);
    say(&pair->ends[SERVER], true, "goodbye", 7);
    sk_enet_peer_close(pair->ends[SERVER].host, pair->ends[SERVER].peer, 17);
    run(pair, 80);
    assert_memory_equal(pair->ends[CLIENT].last, "goodbye", 7);
    assert_int_equal(pair->ends[CLIENT].end_count, 1);
    assert_int_equal(pair->ends[CLIENT].end_data, 17);
    assert_int_equal(pair->ends[SERVER].end_count, 1);
    assert_int_equal(pair->ends[SERVER].end_data, 0);
}

static void test_enet_host_silent_peer_ends(void **state)
{
    struct pair *pair = *state;
    connect_both(pair);
    pair->loss = 65536;
    run(pair, 40000);
    assert_int_equal(pair->ends[SERVER].end_count, 1);
    assert_int_equal(pair->ends[CLIENT].end_count, 1);
}

static void test_enet_host_dropped_peer_leaves_its_slot(void **state)
{
    struct pair *pair = *state;
    connect_both(pair);
    sk_enet_peer_drop(pair->ends[SERVER].host, pair->ends[SERVER].peer);
    sk_enet_peer_drop(pair->ends[CLIENT].host, pair->ends[CLIENT].peer);
    assert_int_equal(sk_enet_host_connect(pair->ends[CLIENT].host, SESSION), SK_OK);
    run(pair, 40);
    assert_int_equal(pair->ends[SERVER].connect_count, 2);
    assert_int_equal(pair->ends[SERVER].end_count, 0);
}

/* ENet is told of the peers in use and of some more: all that there are must still be had. */
static void test_enet_host_takes_as_many_peers_as_it_may(void **state)
{
    enum { MANY = 300 };
    struct pair *pair = *state;
    struct sk_enet_host_config config = {
        .peers_max = MANY, .events = &events, .context = &pair->ends[SERVER]};
    sk_enet_host_destroy(pair->ends[SERVER].host);
    sk_enet_host_destroy(pair->ends[CLIENT].host);
    pair->ends[SERVER].host = sk_enet_host_create(&config);
    config.context = &pair->ends[CLIENT];
    pair->ends[CLIENT].host = sk_enet_host_create(&config);
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(sk_enet_host_connect(pair->ends[CLIENT].host, i), SK_OK);
        run(pair, 8);
        pair->filter.connect_count = 0;
    }
    run(pair, 2000);
    assert_int_equal(pair->ends[SERVER].connect_count, MANY);
    assert_int_equal(pair->ends[CLIENT].connect_count, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        sk_enet_host_forget(pair->ends[SERVER].host, i);
        sk_enet_host_forget(pair->ends[CLIENT].host, i);
    }
    run(pair, 2000);
    assert_int_equal(sk_enet_host_connect(pair->ends[CLIENT].host, 7), SK_OK);
    run(pair, 100);
    assert_int_equal(pair->ends[SERVER].connect_count, MANY + 1);
}

static void test_enet_host_refused_peer_is_gone(void **state)
{
    struct pair *pair = *state;
    pair->ends[SERVER].is_refusing = true;
    assert_int_equal(sk_enet_host_connect(pair->ends[CLIENT].host, SESSION), SK_OK);
    run(pair, 100);
    assert_true(pair->ends[SERVER].connect_count > 0);
    assert_int_equal(pair->ends[SERVER].message_count, 0);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enet_host_self_test_passes),
        ROW(test_enet_host_opens_no_descriptor),
        ROW(test_enet_host_messages_of_both_kinds_arrive),
        ROW(test_enet_host_biggest_messages_arrive),
        ROW(test_enet_host_reliable_survives_loss),
        ROW(test_enet_host_hears_after_four_times_what_may_wait),
        ROW(test_enet_host_throttle_drops_nothing),
        ROW(test_enet_host_unconfirmed_bytes_are_counted),
        ROW(test_enet_host_close_tells_the_peer_after_what_was_sent),
        ROW(test_enet_host_silent_peer_ends),
        ROW(test_enet_host_dropped_peer_leaves_its_slot),
        ROW(test_enet_host_takes_as_many_peers_as_it_may),
        ROW(test_enet_host_refused_peer_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
