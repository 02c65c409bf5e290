/* test_client_enet.c - a client over ENet against a server in memory: silence, forgery, a lost
 * Welcome, WebSocket instead, joining again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client.h"
#include "support/dots.h"
#include "support/fake_enet.h"

enum { MS = 1000, SECOND = 1000 * MS, TICK_US = 16667 };

/* A client and its server, and the sockets between them. */
struct pair {
    struct client *client;
    struct fake_server server;
    struct fake_enet enet;
    uint64_t now_us;
    bool is_deaf; /* the client's datagrams are lost */
    bool is_mute; /* the server's are */
    uint32_t stream_opens;
    uint32_t datagram_opens;
    uint32_t drops;
    size_t sent_bytes_min; /* of the client's datagrams */
    size_t sent_bytes_max;
    size_t last_bytes; /* the newest datagram that came */
    uint8_t last[SK_SEALED_BYTES_MAX];
};

static void on_event(void *user, struct client *client, uint64_t now_us,
                     const struct client_event *event)
{
    struct pair *pair = user;
    (void)client;
    (void)now_us;
    pair->drops += event->kind == CLIENT_DROPPED;
}

static int setup_with(void **state, enum client_transport transport, bool predicts)
{
    static const struct sk_game *games[1];
    struct pair *pair = calloc(1, sizeof(*pair));
    const char *why = "";
    games[0] = dots_game();
    struct client_config config = {.url = "http://127.0.0.1:7777",
                                   .name = "Ada",
                                   .games = games,
                                   .game_count = 1,
                                   .seed = 1,
                                   .transport = transport,
                                   .predict = predicts,
                                   .on_event = on_event,
                                   .user = pair};
    fake_server_open(&pair->server);
    fake_enet_open(&pair->enet, &pair->server);
    pair->client = client_create(&config, &why);
    pair->now_us = SECOND;
    pair->sent_bytes_min = SK_SEALED_BYTES_MAX;
    *state = pair;
    return pair->client == NULL;
}

static int setup_enet(void **state)
{
    return setup_with(state, CLIENT_TRANSPORT_ENET, false);
}

static int setup_predicting(void **state)
{
    return setup_with(state, CLIENT_TRANSPORT_ENET, true);
}

static int setup_auto(void **state)
{
    return setup_with(state, CLIENT_TRANSPORT_AUTO, false);
}

static int teardown(void **state)
{
    struct pair *pair = *state;
    client_destroy(pair->client);
    fake_enet_close(&pair->enet);
    fake_server_close(&pair->server);
    free(pair);
    return 0;
}

/* ---- the sockets ------------------------------------------------------------------------- */

static void open_socket(struct pair *pair)
{
    if (client_is_datagram(pair->client)) {
        pair->datagram_opens++;
    } else {
        pair->stream_opens++;
        fake_server_connect(&pair->server);
        if (client_state(pair->client) == CLIENT_JOINING) {
            fake_enet_offer(&pair->enet, "127.0.0.1:7777");
        }
    }
    client_on_open(pair->client, pair->now_us);
}

static bool do_action(struct pair *pair)
{
    enum client_action action = client_poll(pair->client, pair->now_us);
    if (action == CLIENT_OPEN) {
        open_socket(pair);
    }
    return action != CLIENT_NOTHING;
}

static void note_sent(struct pair *pair, size_t size)
{
    pair->sent_bytes_min = size < pair->sent_bytes_min ? size : pair->sent_bytes_min;
    pair->sent_bytes_max = size > pair->sent_bytes_max ? size : pair->sent_bytes_max;
}

static bool carry_up(struct pair *pair)
{
    static uint8_t bytes[FAKE_SERVER_BYTES];
    size_t size;
    const uint8_t *output = client_output(pair->client, &size);
    if (size == 0) {
        return false;
    }
    memcpy(bytes, output, size);
    client_on_sent(pair->client, size);
    if (!client_is_datagram(pair->client)) {
        fake_server_take(&pair->server, bytes, size);
    } else {
        note_sent(pair, size);
        if (!pair->is_deaf) {
            fake_enet_take(&pair->enet, bytes, size, pair->now_us);
        }
    }
    return true;
}

static bool carry_stream_down(struct pair *pair)
{
    static uint8_t bytes[FAKE_SERVER_BYTES];
    size_t size = pair->server.out_bytes;
    memcpy(bytes, pair->server.out, size);
    pair->server.out_bytes = 0;
    client_on_bytes(pair->client, bytes, size, pair->now_us);
    return size > 0;
}

static bool carry_datagrams_down(struct pair *pair)
{
    uint32_t count = pair->enet.out_count;
    for (uint32_t i = 0; i < count; i++) {
        if (!pair->is_mute && client_is_datagram(pair->client)) {
            pair->last_bytes = pair->enet.out_bytes[i];
            memcpy(pair->last, pair->enet.out[i], pair->last_bytes);
            client_on_bytes(pair->client, pair->enet.out[i], pair->last_bytes, pair->now_us);
        }
    }
    pair->enet.out_count = 0;
    return count > 0;
}

static void settle(struct pair *pair)
{
    bool is_busy = true;
    fake_enet_poll(&pair->enet, pair->now_us);
    while (is_busy) {
        is_busy = do_action(pair);
        is_busy = carry_up(pair) || is_busy;
        bool is_stream = !client_is_datagram(pair->client);
        is_busy = (is_stream ? carry_stream_down(pair) : carry_datagrams_down(pair)) || is_busy;
    }
}

static void wait_for_us(struct pair *pair, uint64_t wait_us)
{
    uint64_t end_us = pair->now_us + wait_us;
    while (pair->now_us < end_us) {
        uint64_t left_us = end_us - pair->now_us;
        pair->now_us += left_us < 10 * MS ? left_us : 10 * MS;
        settle(pair);
    }
}

static void play_for_ticks(struct pair *pair, uint32_t ticks)
{
    for (uint32_t i = 0; i < ticks; i++) {
        struct sk_input input = {.buttons = i, .axes = {7}};
        pair->now_us += TICK_US;
        client_sample(pair->client, &input, pair->now_us);
        fake_server_step(&pair->server, 1);
        if (i % 3 == 2) {
            fake_server_snapshot(&pair->server);
        }
        settle(pair);
    }
}

static void join(struct pair *pair)
{
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_true(client_is_datagram(pair->client));
}

/* ---- tests ------------------------------------------------------------------------------- */

static void test_client_enet_plays_by_datagrams(void **state)
{
    struct pair *pair = *state;
    join(pair);
    play_for_ticks(pair, 300);
    assert_int_equal(pair->stream_opens, 1); /* the join call */
    assert_int_equal(pair->datagram_opens, 1);
    assert_int_equal(pair->drops, 0);
    assert_int_equal(client_view(pair->client)->newest_tick, 1300);
    assert_int_equal(pair->server.faults, 0);
    assert_int_equal(pair->enet.refused, 0);
}

static void test_client_enet_pads_its_datagrams_until_it_is_let_in(void **state)
{
    struct pair *pair = *state;
    pair->is_mute = true;
    settle(pair);
    wait_for_us(pair, SECOND);
    assert_int_equal(pair->sent_bytes_min, SK_SEALED_BYTES_MAX);
    assert_int_equal(pair->sent_bytes_max, SK_SEALED_BYTES_MAX);
    pair->is_mute = false;
    wait_for_us(pair, 3 * SECOND);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    pair->sent_bytes_max = 0;
    play_for_ticks(pair, 30);
    assert_true(pair->sent_bytes_max < 200);
}

static void test_client_enet_lost_welcome_comes_again(void **state)
{
    struct pair *pair = *state;
    while (client_state(pair->client) != CLIENT_GREETING) {
        (void)do_action(pair);
        carry_up(pair);
        (void)carry_stream_down(pair);
        (void)carry_datagrams_down(pair);
    }
    pair->is_mute = true;
    wait_for_us(pair, 100 * MS);
    assert_int_equal(client_state(pair->client), CLIENT_GREETING);
    pair->is_mute = false;
    wait_for_us(pair, 3 * SECOND);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(pair->datagram_opens, 1);
}

static void test_client_enet_two_seconds_of_silence_ask_for_the_seat_again(void **state)
{
    struct pair *pair = *state;
    join(pair);
    play_for_ticks(pair, 9);
    pair->is_mute = true;
    pair->server.resumed = true;
    wait_for_us(pair, 2 * SECOND - MS);
    assert_int_equal(pair->drops, 0);
    pair->is_mute = false;
    pair->enet.out_count = 0; /* nothing of that session comes any more */
    pair->now_us += MS;
    assert_true(client_next_us(pair->client) <= pair->now_us);
    settle(pair);
    wait_for_us(pair, SECOND);
    assert_int_equal(pair->drops, 1);
    assert_int_equal(pair->server.joins, 2); /* for new keys */
    assert_string_equal(pair->server.ticket, "ticket-1");
    assert_non_null(strstr((const char *)pair->server.in, "\"resume\":\"resume-1\""));
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(client_counts(pair->client).resumes, 1);
}

/* Datagrams that the session's other end did not seal, or that came before, show nothing. */
static void test_client_enet_forged_datagrams_do_not_keep_it_alive(void **state)
{
    struct pair *pair = *state;
    uint8_t forged[SK_SEALED_BYTES_MAX];
    join(pair);
    play_for_ticks(pair, 9);
    pair->is_mute = true;
    for (uint32_t i = 0; i < 21; i++) {
        size_t bytes = i % 3 == 0 ? pair->last_bytes / 2 : pair->last_bytes;
        memcpy(forged, pair->last, pair->last_bytes);
        forged[pair->last_bytes - 1] ^= i % 3 == 1; /* else it is cut, or came before */
        if (client_is_datagram(pair->client)) {
            client_on_bytes(pair->client, forged, bytes, pair->now_us);
        }
        wait_for_us(pair, 100 * MS);
    }
    assert_int_equal(pair->drops, 1);
}

static void test_client_enet_auto_falls_back_after_one_second(void **state)
{
    struct pair *pair = *state;
    pair->is_deaf = true;
    settle(pair);
    assert_int_equal(pair->datagram_opens, 1);
    pair->now_us += SECOND - 1;
    settle(pair);
    assert_true(client_is_datagram(pair->client));
    pair->now_us++;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_false(client_is_datagram(pair->client));
    assert_string_equal(pair->server.ticket, "ticket-1");
    assert_int_equal(pair->server.joins, 1);
}

/* Loses a connection by WebSocket so often that the join API is asked. */
static void lose_until_joined(struct pair *pair)
{
    uint32_t joins = pair->server.joins;
    while (pair->server.joins == joins) {
        client_on_lost(pair->client, pair->now_us);
        pair->now_us = client_next_us(pair->client);
        while (client_state(pair->client) == CLIENT_WAITING) {
            pair->stream_opens += client_poll(pair->client, pair->now_us) == CLIENT_OPEN;
        }
        if (client_state(pair->client) == CLIENT_JOINING) {
            open_socket(pair);
            settle(pair);
        }
    }
}

static void test_client_enet_auto_tries_datagrams_again_after_a_minute(void **state)
{
    struct pair *pair = *state;
    pair->is_deaf = true;
    settle(pair);
    pair->now_us += SECOND;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    pair->is_deaf = false;
    lose_until_joined(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_false(client_is_datagram(pair->client));
    for (uint32_t second = 0; second < 60; second++) {
        play_for_ticks(pair, 60);
    }
    lose_until_joined(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_true(client_is_datagram(pair->client));
}

static void test_client_enet_of_another_code_joins_again_for_new_keys(void **state)
{
    struct pair *pair = *state;
    pair->server.code_hash++;
    join(pair);
    assert_int_equal(pair->server.joins, 2);
    assert_int_equal(pair->datagram_opens, 2);
    assert_int_equal(pair->server.code_told, 0);
    assert_null(client_prediction(pair->client));
    assert_int_equal(client_counts(pair->client).join_retries, 0);
}

static void test_client_enet_counts_what_is_missing_and_sent_again(void **state)
{
    struct pair *pair = *state;
    join(pair);
    play_for_ticks(pair, 30);
    struct client_enet_figures figures = client_datagrams(pair->client);
    assert_int_equal(figures.missing, 0);
    assert_int_equal(figures.resends, 0);
    pair->is_mute = true;
    play_for_ticks(pair, 6); /* two snapshots, and what else the server says */
    assert_int_equal(client_command(pair->client, 0, NULL, 0), SK_OK);
    wait_for_us(pair, SECOND);
    pair->is_mute = false;
    play_for_ticks(pair, 6);
    figures = client_datagrams(pair->client);
    assert_true(figures.missing >= 2);
    assert_true(figures.resends >= 1);
    assert_int_equal(figures.queue_bytes, 0);
}

#define WITH_ENET(name)  cmocka_unit_test_setup_teardown(name, setup_enet, teardown)
#define WITH_AUTO(name)  cmocka_unit_test_setup_teardown(name, setup_auto, teardown)
#define PREDICTING(name) cmocka_unit_test_setup_teardown(name, setup_predicting, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ENET(test_client_enet_plays_by_datagrams),
        WITH_ENET(test_client_enet_pads_its_datagrams_until_it_is_let_in),
        WITH_ENET(test_client_enet_lost_welcome_comes_again),
        WITH_ENET(test_client_enet_two_seconds_of_silence_ask_for_the_seat_again),
        WITH_ENET(test_client_enet_forged_datagrams_do_not_keep_it_alive),
        WITH_AUTO(test_client_enet_auto_falls_back_after_one_second),
        WITH_AUTO(test_client_enet_auto_tries_datagrams_again_after_a_minute),
        WITH_ENET(test_client_enet_counts_what_is_missing_and_sent_again),
        PREDICTING(test_client_enet_of_another_code_joins_again_for_new_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
