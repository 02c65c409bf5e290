/* test_client.c - a client against a server in memory: joining, playing, acks, drops, malice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client.h"
#include "client/client_retry.h"
#include "support/dots.h"
#include "support/fake_server.h"

static size_t allocation_count;

/* The linker sends each allocation of this program's objects here (CMakeLists.txt). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
    allocation_count++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    allocation_count++;
    return __real_calloc(count, size);
}

/* A client and its server, and the socket between them. */
struct pair {
    struct client *client;
    struct fake_server server;
    uint64_t now_us;
    size_t piece_bytes; /* how much arrives at once */
    bool socket_full;   /* the client's bytes stay where they are */
    uint32_t opens;
    uint32_t closes;
    uint32_t event[CLIENT_OVER + 1];
    enum sk_reason last_reason;
    bool resumed;
    char words[128]; /* of the last UNPREDICTED */
};

static void on_event(void *user, struct client *client, uint64_t now_us,
                     const struct client_event *event)
{
    struct pair *pair = user;
    assert_int_equal(now_us, pair->now_us);
    assert_non_null(client);
    pair->event[event->kind]++;
    pair->last_reason = event->reason;
    if (event->kind == CLIENT_WELCOMED) {
        pair->resumed = event->welcome->resumed;
    } else if (event->kind == CLIENT_UNPREDICTED) {
        snprintf(pair->words, sizeof(pair->words), "%s", event->words);
    }
}

static int build_content(const uint8_t *source, size_t size, void *content, size_t capacity)
{
    if (content != NULL && capacity >= size) {
        memcpy(content, source, size);
    }
    return (int)size;
}

/* Dots, but a game that has content when the server says so. */
static const struct sk_game *dots_with_content(void)
{
    static struct sk_game game;
    game = *dots_game();
    game.content_name = "dots.txt";
    game.content = build_content;
    return &game;
}

static int setup_game(void **state, const struct sk_game *game, bool predicts)
{
    static const struct sk_game *games[1];
    games[0] = game;
    struct pair *pair = calloc(1, sizeof(*pair));
    const char *why = "";
    struct client_config config = {.url = "http://127.0.0.1:7777",
                                   .name = "Ada",
                                   .games = games,
                                   .game_count = 1,
                                   .seed = 1,
                                   .predict = predicts,
                                   .has_box = predicts,
                                   .on_event = on_event,
                                   .user = pair};
    fake_server_open(&pair->server);
    pair->client = client_create(&config, &why);
    pair->now_us = 1000000;
    pair->piece_bytes = FAKE_SERVER_BYTES;
    *state = pair;
    return pair->client == NULL;
}

static int setup_with(void **state, bool predicts)
{
    return setup_game(state, dots_game(), predicts);
}

static int setup_content(void **state)
{
    return setup_game(state, dots_with_content(), true);
}

static int setup(void **state)
{
    return setup_with(state, false);
}

static int setup_predicting(void **state)
{
    return setup_with(state, true);
}

static int teardown(void **state)
{
    struct pair *pair = *state;
    client_destroy(pair->client);
    fake_server_close(&pair->server);
    free(pair);
    return 0;
}

/* Carries the client's bytes over.  Returns whether there were any. */
static bool carry_up(struct pair *pair)
{
    static uint8_t bytes[FAKE_SERVER_BYTES];
    size_t size;
    const uint8_t *output = client_output(pair->client, &size);
    if (size == 0 || pair->socket_full) {
        return false;
    }
    memcpy(bytes, output, size);
    client_on_sent(pair->client, size);
    fake_server_take(&pair->server, bytes, size);
    return true;
}

/* Carries the server's bytes over, piece by piece. */
static bool carry_down(struct pair *pair)
{
    static uint8_t bytes[FAKE_SERVER_BYTES];
    size_t size = pair->server.out_bytes;
    memcpy(bytes, pair->server.out, size);
    pair->server.out_bytes = 0;
    for (size_t at = 0; at < size; at += pair->piece_bytes) {
        size_t left = size - at;
        client_on_bytes(pair->client, bytes + at,
                        left < pair->piece_bytes ? left : pair->piece_bytes, pair->now_us);
    }
    return size > 0;
}

static bool do_actions(struct pair *pair)
{
    switch (client_poll(pair->client, pair->now_us)) {
    case CLIENT_OPEN:
        pair->opens++;
        fake_server_connect(&pair->server);
        client_on_open(pair->client, pair->now_us);
        return true;
    case CLIENT_CLOSE:
        pair->closes++;
        carry_up(pair);
        return true;
    case CLIENT_NOTHING:
        break;
    }
    return false;
}

static void settle(struct pair *pair)
{
    bool busy = true;
    while (busy) {
        busy = do_actions(pair);
        busy = carry_up(pair) || busy;
        busy = carry_down(pair) || busy;
    }
}

static void play_for_ticks(struct pair *pair, uint32_t ticks)
{
    for (uint32_t i = 0; i < ticks; i++) {
        struct sk_input input = {.buttons = i, .axes = {7}}; /* as the server has it */
        pair->now_us += 16667;
        client_sample(pair->client, &input, pair->now_us);
        fake_server_step(&pair->server, 1);
        if (i % 3 == 2) {
            fake_server_snapshot(&pair->server);
        }
        settle(pair);
    }
}

static void test_client_joins_greets_and_plays(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(pair->opens, 2); /* the join call and the WebSocket */
    assert_int_equal(pair->closes, 1);
    assert_string_equal(pair->server.ticket, "ticket-1");
    assert_int_equal(pair->event[CLIENT_WELCOMED], 1);
    assert_int_equal(pair->event[CLIENT_ROSTER], 2);
    assert_int_equal(pair->event[CLIENT_SNAPSHOT], 1);
    assert_int_equal(client_player(pair->client), 0);
    assert_int_equal(client_seat(pair->client, 1).state, SK_SEAT_HERE);
    assert_true(client_seat(pair->client, 1).bot);
    assert_memory_equal(client_seat(pair->client, 0).name.bytes, "Ada", 3);
    assert_int_equal(client_seat(pair->client, 2).state, SK_SEAT_EMPTY);
}

static void test_client_snapshots_are_the_servers_world(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    play_for_ticks(pair, 60);
    struct sk_view *view = client_view(pair->client);
    assert_int_equal(view->newest_tick, 1060);
    assert_int_equal(view->frames[view->newest].hash, pair->server.sent.hash);
    assert_int_equal(client_counts(pair->client).snapshots, 21);
    assert_int_equal(client_counts(pair->client).mismatches, 0);
    assert_int_equal(pair->server.faults, 0);
}

static void test_client_bytes_cut_anywhere_give_the_same(void **state)
{
    struct pair *pair = *state;
    for (pair->piece_bytes = 1; pair->piece_bytes < 8; pair->piece_bytes++) {
        settle(pair);
        play_for_ticks(pair, 6);
    }
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(client_counts(pair->client).snapshots, 1 + 7 * 2);
    assert_int_equal(pair->server.faults, 0);
}

static void test_client_inputs_are_stamped_ahead_and_without_gaps(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    play_for_ticks(pair, 1);
    uint32_t first = pair->server.inputs.tick;
    assert_true(first > 1001);
    play_for_ticks(pair, 31); /* no snapshot came after the last message */
    assert_int_equal(pair->server.inputs.tick, first + 31);
    assert_int_equal(pair->server.ack, client_view(pair->client)->newest_tick);
    assert_true(pair->server.inputs.inputs[0].view_tick > 1000);
}

static void
test_client_unsent_bytes_hold_the_next_message_which_carries_the_last_inputs(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    play_for_ticks(pair, 1);
    uint32_t messages = pair->server.input_messages;
    pair->socket_full = true;
    play_for_ticks(pair, 1);
    size_t held_bytes;
    client_output(pair->client, &held_bytes);
    play_for_ticks(pair, 5);
    size_t bytes;
    client_output(pair->client, &bytes);
    assert_int_equal(bytes, held_bytes); /* nothing was queued behind */
    pair->socket_full = false;
    settle(pair); /* what waited goes out in one message as soon as it can */
    assert_int_equal(pair->server.input_messages, messages + 2);
    assert_int_equal(pair->server.inputs.count, 5);
    assert_int_equal(client_counts(pair->client).inputs_dropped, 0);
}

static void test_client_long_block_keeps_the_newest_inputs(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    pair->socket_full = true;
    play_for_ticks(pair, 40);
    pair->socket_full = false;
    settle(pair);
    assert_int_equal(pair->server.inputs.count, SK_INPUTS_A_MESSAGE_MAX);
    assert_true(client_counts(pair->client).inputs_dropped > 0);
}

static void test_client_without_inputs_acks_ten_times_a_second(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    for (uint32_t i = 0; i < 1000; i++) {
        pair->now_us += 1000;
        settle(pair);
    }
    assert_int_equal(pair->server.acks, 10);
    assert_int_equal(pair->server.ack, 1000);
}

static void test_client_sampling_late_does_not_add_acks(void **state)
{
    struct pair *pair = *state;
    struct sk_input input = {0};
    settle(pair);
    pair->now_us += 5000000;
    settle(pair);
    uint32_t acks = pair->server.acks;
    for (uint64_t due_us = pair->now_us - 2000000; due_us < pair->now_us; due_us += 16667) {
        client_sample(pair->client, &input, due_us);
        settle(pair);
    }
    assert_int_equal(pair->server.acks, acks);
    assert_true(pair->server.input_messages > 100);
}

static void test_client_ping_is_answered(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    fake_server_send(&pair->server, SK_WS_OP_PING, "abc", 3);
    settle(pair);
    assert_int_equal(pair->server.pongs, 1);
}

static void test_client_refused_join_ends_with_the_servers_word(void **state)
{
    struct pair *pair = *state;
    pair->server.join_answer = "HTTP/1.1 409 Conflict\r\nContent-Length: 43\r\n\r\n"
                               "{\"error\":\"room_full\",\"message\":\"come back\"}";
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_ROOM_FULL);
    assert_string_equal(client_sentence(pair->client), "come back");
    assert_int_equal(pair->event[CLIENT_OVER], 1);
    assert_int_equal(pair->closes, 1);
    assert_true(client_next_us(pair->client) == UINT64_MAX);
}

static void test_client_answer_that_is_no_offer_ends(void **state)
{
    struct pair *pair = *state;
    pair->server.join_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_MALFORMED);
}

static void test_client_silent_server_is_asked_again_after_ten_seconds(void **state)
{
    struct pair *pair = *state;
    pair->socket_full = true;
    settle(pair);
    pair->now_us += 9999000;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_JOINING);
    pair->now_us += 1000;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_WAITING);
    assert_int_equal(client_reason(pair->client), SK_REASON_HEAD_TIMEOUT);
    pair->socket_full = false;
    pair->now_us += 500000;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(client_counts(pair->client).join_retries, 1);
}

/* Lets time pass in small steps; returns how many seconds until the client plays or has ended. */
static double wait_for_the_end(struct pair *pair)
{
    uint64_t begin_us = pair->now_us;
    settle(pair);
    while (client_state(pair->client) != CLIENT_PLAYING &&
           client_state(pair->client) != CLIENT_ENDED) {
        pair->now_us += 10000;
        settle(pair);
    }
    return (double)(pair->now_us - begin_us) / 1e6;
}

static void test_client_busy_server_is_asked_again_until_it_lets_in(void **state)
{
    struct pair *pair = *state;
    pair->server.join_answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 23\r\n\r\n"
                               "{\"error\":\"server_busy\"}";
    settle(pair);
    assert_int_equal(pair->server.joins, 1); /* not again at once */
    assert_int_equal(client_state(pair->client), CLIENT_WAITING);
    assert_int_equal(client_reason(pair->client), SK_REASON_SERVER_BUSY);
    for (uint32_t i = 0; i < 1000; i++) {
        pair->now_us += 10000;
        settle(pair);
    }
    assert_in_range(pair->server.joins, 4, 16); /* in ten seconds, doubling */
    pair->server.join_answer = NULL;
    assert_true(wait_for_the_end(pair) <= 8);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(client_counts(pair->client).join_retries, pair->server.joins - 1);
    assert_int_equal(pair->event[CLIENT_DROPPED], 0);
}

static void test_client_waits_as_long_as_the_server_asks(void **state)
{
    struct pair *pair = *state;
    pair->server.join_answer = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n"
                               "Content-Length: 21\r\n\r\n{\"error\":\"join_rate\"}";
    settle(pair);
    pair->server.join_answer = NULL;
    pair->now_us += 6999000;
    settle(pair);
    assert_int_equal(pair->server.joins, 1);
    assert_true(wait_for_the_end(pair) < 0.5);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
}

static void test_client_server_that_asks_for_too_long_a_wait_is_final(void **state)
{
    struct pair *pair = *state;
    pair->server.join_answer = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 99999999999\r\n"
                               "Content-Length: 21\r\n\r\n{\"error\":\"join_rate\"}";
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_JOIN_RATE);
}

/* Nobody listens there: the host says so at once, each time. */
static void refuse_connections(struct pair *pair)
{
    while (client_state(pair->client) != CLIENT_ENDED) {
        if (client_poll(pair->client, pair->now_us) == CLIENT_OPEN) {
            pair->opens++;
            client_on_lost(pair->client, pair->now_us);
        }
        pair->now_us += 10000;
    }
}

static void test_client_refused_connection_is_tried_again_for_half_a_minute(void **state)
{
    struct pair *pair = *state;
    uint64_t begin_us = pair->now_us;
    refuse_connections(pair);
    assert_int_equal(client_reason(pair->client), SK_REASON_PEER_GONE);
    assert_in_range(pair->now_us - begin_us, 20000000, 30010000);
    assert_in_range(pair->opens, 6, 30);
    assert_int_equal(pair->event[CLIENT_OVER], 1);
}

static void test_client_upgrade_refused_by_a_limit_asks_for_another_seat(void **state)
{
    struct pair *pair = *state;
    pair->server.upgrade_answer = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 25\r\n\r\n"
                                  "{\"error\":\"address_limit\"}";
    pair->piece_bytes = 7;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_WAITING);
    assert_int_equal(client_reason(pair->client), SK_REASON_ADDRESS_LIMIT);
    pair->server.upgrade_answer = NULL;
    wait_for_the_end(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(pair->server.joins, 2);
}

static void test_client_upgrade_refused_for_good_ends_with_the_servers_word(void **state)
{
    struct pair *pair = *state;
    pair->server.upgrade_answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 18\r\n\r\n"
                                  "{\"error\":\"origin\"}";
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_ORIGIN);
}

/* Lets the client ask for the WebSocket; the answer has not reached it yet. */
static void reach_upgrade(struct pair *pair)
{
    while (!pair->server.upgraded) {
        do_actions(pair);
        carry_up(pair);
        if (!pair->server.upgraded) {
            carry_down(pair);
        }
    }
}

static void test_client_lost_before_welcome_asks_for_another_seat(void **state)
{
    struct pair *pair = *state;
    reach_upgrade(pair);
    client_on_lost(pair->client, pair->now_us);
    assert_int_equal(client_state(pair->client), CLIENT_WAITING);
    wait_for_the_end(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(pair->server.joins, 2);
    assert_int_equal(client_counts(pair->client).drops, 0);
}

/* Each of the server's words, as the answer to a join. */
static void test_client_join_is_tried_again_for_passing_words_alone(void **state)
{
    static const enum sk_reason passing[] = {SK_REASON_PEER_GONE,      SK_REASON_HEAD_TIMEOUT,
                                             SK_REASON_SERVER_BUSY,    SK_REASON_JOIN_RATE,
                                             SK_REASON_TLS_BUSY,       SK_REASON_ADDRESS_LIMIT,
                                             SK_REASON_TICKET_EXPIRED, SK_REASON_SEAT_GONE};
    char answer[256];
    for (int i = SK_REASON_LEFT; i < SK_REASON_COUNT; i++) {
        const char *word = sk_reason_word((enum sk_reason)i);
        bool is_passing = false;
        for (size_t k = 0; k < sizeof(passing) / sizeof(passing[0]); k++) {
            is_passing = is_passing || (int)passing[k] == i;
        }
        assert_int_equal(setup(state), 0);
        struct pair *pair = *state;
        snprintf(answer, sizeof(answer),
                 "HTTP/1.1 400 Bad Request\r\nContent-Length: %zu\r\n\r\n{\"error\":\"%s\"}",
                 strlen(word) + 12, word);
        pair->server.join_answer = answer;
        settle(pair);
        assert_int_equal(client_reason(pair->client), i);
        assert_int_equal(client_state(pair->client), is_passing ? CLIENT_WAITING : CLIENT_ENDED);
        teardown(state);
    }
}

static void test_client_drop_comes_back_at_once_with_the_resume_ticket(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    play_for_ticks(pair, 9);
    pair->server.resumed = true;
    client_on_lost(pair->client, pair->now_us);
    assert_int_equal(client_state(pair->client), CLIENT_WAITING);
    assert_int_equal(pair->event[CLIENT_DROPPED], 1);
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_string_equal(pair->server.ticket, "resume-1");
    assert_int_equal(pair->server.joins, 1); /* not asked again */
    assert_true(pair->resumed);
    assert_int_equal(client_counts(pair->client).resumes, 1);
    play_for_ticks(pair, 9);
    assert_int_equal(client_counts(pair->client).mismatches, 0);
}

static void note_own_x(void *context, uint32_t kind, uint32_t slot, uint32_t owner,
                       const double *values)
{
    (void)kind;
    (void)slot;
    if (owner == 0) {
        *(double *)context = values[0];
    }
}

static void test_client_predicts_by_the_servers_own_code(void **state)
{
    struct pair *pair = *state;
    double x = 0;
    settle(pair);
    play_for_ticks(pair, 120);
    const struct sk_client_predict *prediction = client_prediction(pair->client);
    assert_non_null(prediction);
    assert_true(prediction->drift.counts.matched > 30);
    assert_int_equal(prediction->drift.counts.diverging, 0);
    client_draw(pair->client, pair->now_us, note_own_x, &x);
    assert_true(x > 7 * 120); /* ahead of the server, and not behind it */
    uint32_t tick = client_core(pair->client)->render_tick;
    pair->server.resumed = true;
    client_on_lost(pair->client, pair->now_us);
    settle(pair);
    assert_int_equal(client_view(pair->client)->told_tick, tick);
    play_for_ticks(pair, 60);
    assert_non_null(client_prediction(pair->client));
}

static void test_client_does_not_predict_another_code(void **state)
{
    struct pair *pair = *state;
    double x = 0;
    pair->server.code_hash++;
    settle(pair);
    play_for_ticks(pair, 120);
    assert_null(client_prediction(pair->client));
    assert_int_equal(pair->server.code_told, 0); /* the second time, with the same ticket */
    assert_int_equal(pair->opens, 3);
    assert_int_equal(pair->server.joins, 1);
    assert_int_equal(pair->event[CLIENT_UNPREDICTED], 1);
    assert_string_equal(pair->words, "the server runs other code of the game than this program");
    client_draw(pair->client, pair->now_us, note_own_x, &x);
    assert_true(x > 7 * 100);
    assert_true(x < 7 * 120);
}

static void test_client_hello_tells_the_code_that_it_predicts_by(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    assert_int_equal(pair->server.code_told, dots_game()->code_hash);
    assert_int_equal(pair->event[CLIENT_UNPREDICTED], 0);
}

/* Loses the connection until the client asks the join API again. */
static void lose_thrice(struct pair *pair)
{
    for (uint32_t failure = 0; failure < 3; failure++) {
        client_on_lost(pair->client, pair->now_us);
        pair->now_us += 8000000;
        while (failure < 2 && client_poll(pair->client, pair->now_us) != CLIENT_OPEN) {
        }
    }
    settle(pair);
    assert_int_equal(pair->server.joins, 2);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
}

static void test_client_fetches_the_content_that_it_predicts_with(void **state)
{
    struct pair *pair = *state;
    pair->server.content = "a map of some kind";
    pair->piece_bytes = 11;
    settle(pair);
    assert_int_equal(pair->server.fetches, 1);
    assert_int_equal(pair->server.code_told, dots_game()->code_hash);
    assert_non_null(client_prediction(pair->client));
    assert_memory_equal(client_prediction(pair->client)->content, "a map of some kind", 18);
    lose_thrice(pair);
    assert_int_equal(pair->server.fetches, 1); /* it has that of this path */
    assert_non_null(client_prediction(pair->client));
}

static void test_client_without_the_content_plays_unpredicted_and_says_so(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_null(client_prediction(pair->client));
    assert_int_equal(pair->server.code_told, 0);
    assert_string_equal(pair->words, "the game's content is not at hand");
}

static void play_pushed(struct pair *pair, uint32_t seconds)
{
    for (uint32_t i = 0; i < seconds * 10; i++) {
        fake_server_push_y(&pair->server);
        play_for_ticks(pair, 6);
    }
}

/* The server's dot moves where the game says that only its player moves it. */
static void test_client_tells_the_server_of_divergence_every_ten_seconds(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    play_for_ticks(pair, 60);
    assert_int_equal(pair->server.divergences, 0);
    play_pushed(pair, 9);
    assert_int_equal(pair->server.divergences, 1);
    assert_int_equal(pair->server.diverged.kind, 0);
    assert_int_equal(pair->server.diverged.slot, 0);
    assert_int_equal(pair->server.diverged.row, 3); /* the exact row of y */
    play_pushed(pair, 3);
    assert_int_equal(pair->server.divergences, 2);
    assert_int_equal(pair->server.faults, 0);
}

static void test_client_probes_once_a_second(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(client_probe(pair->client, pair->now_us), SK_ERR_AGAIN);
    settle(pair);
    assert_int_equal(client_probe(pair->client, pair->now_us), SK_OK);
    settle(pair);
    assert_int_equal(client_probe(pair->client, pair->now_us + 999999), SK_ERR_AGAIN);
    assert_int_equal(pair->server.probes, 1);
    assert_int_equal(pair->event[CLIENT_PROBED], 1);
    assert_int_equal(client_probe(pair->client, pair->now_us + 1000000), SK_OK);
    settle(pair);
    assert_int_equal(pair->server.probes, 2);
}

static void test_client_has_a_black_box_of_its_match(void **state)
{
    struct pair *pair = *state;
    size_t bytes;
    assert_null(client_box_part(pair->client, 0, &bytes));
    settle(pair);
    play_for_ticks(pair, 30);
    const uint8_t *head = client_box_part(pair->client, 0, &bytes);
    assert_true(bytes > 8);
    assert_memory_equal(head, SK_BOX_MAGIC, 8);
}

static void test_client_third_try_asks_the_join_api(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    lose_thrice(pair);
}

static void test_client_gives_up_when_the_seats_time_is_over(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    client_on_lost(pair->client, pair->now_us);
    while (client_state(pair->client) != CLIENT_ENDED) {
        pair->now_us += 1000000;
        if (client_poll(pair->client, pair->now_us) == CLIENT_OPEN) {
            client_on_lost(pair->client, pair->now_us);
        }
        assert_true(pair->now_us < 60000000);
    }
    assert_int_equal(client_reason(pair->client), SK_REASON_SEAT_GONE);
    assert_true(pair->now_us > 30000000);
}

static void send_message(struct pair *pair, struct sk_bytes message)
{
    fake_server_send(&pair->server, SK_WS_OP_BINARY, message.bytes, message.size);
}

static void say_goodbye(struct pair *pair, enum sk_reason reason)
{
    uint16_t code = sk_reason_ws_code(reason);
    uint8_t close[2] = {(uint8_t)(code >> 8), (uint8_t)code};
    send_message(pair, sk_encode_goodbye(pair->server.encoder, (uint16_t)reason));
    fake_server_send(&pair->server, SK_WS_OP_CLOSE, close, sizeof(close));
    settle(pair);
}

static void test_client_kicked_does_not_come_back(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    say_goodbye(pair, SK_REASON_KICKED);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_string_equal(client_sentence(pair->client), sk_reason_sentence(SK_REASON_KICKED));
    assert_int_equal(client_reason(pair->client), SK_REASON_KICKED);
}

static void test_client_closed_for_the_same_each_time_ends_with_the_word(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    for (uint32_t i = 1; i < SK_RETRY_BLAMES_MAX; i++) {
        say_goodbye(pair, SK_REASON_RATE_LIMIT);
        pair->now_us += 1000000;
        settle(pair);
        assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    }
    say_goodbye(pair, SK_REASON_RATE_LIMIT);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_RATE_LIMIT);
}

/* The server was started anew and knows neither the ticket nor the seat. */
static void test_client_refused_resume_ticket_is_final(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    client_on_lost(pair->client, pair->now_us);
    pair->server.upgrade_answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 25\r\n\r\n"
                                  "{\"error\":\"ticket_forged\"}";
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_TICKET_FORGED);
}

static void test_client_close_without_goodbye_is_known_by_its_code(void **state)
{
    struct pair *pair = *state;
    uint16_t code = sk_reason_ws_code(SK_REASON_DISPLACED);
    uint8_t close[2] = {(uint8_t)(code >> 8), (uint8_t)code};
    settle(pair);
    fake_server_send(&pair->server, SK_WS_OP_CLOSE, close, sizeof(close));
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_DISPLACED);
    assert_int_equal(pair->server.closes, 1); /* answered */
}

static void test_client_stopping_server_is_tried_again(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    say_goodbye(pair, SK_REASON_SERVER_STOPPING);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(client_counts(pair->client).drops, 1);
}

static void test_client_missing_baseline_asks_for_one_keyframe_and_recovers(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    fake_server_step(&pair->server, 3);
    fake_server_snapshot(&pair->server);
    pair->server.out_bytes = 0; /* lost on the way, which no ordered transport does */
    pair->socket_full = true;   /* so that the answer does not come before both are there */
    for (int i = 0; i < 2; i++) {
        fake_server_step(&pair->server, 3);
        fake_server_snapshot(&pair->server);
    }
    settle(pair);
    assert_int_equal(client_counts(pair->client).mismatches, 2);
    pair->socket_full = false;
    settle(pair);
    assert_int_equal(pair->server.keyframe_requests, 1);
    fake_server_snapshot(&pair->server);
    settle(pair);
    assert_int_equal(client_view(pair->client)->newest_tick, 1009);
}

static void test_client_keyframe_is_not_asked_for_again_at_once(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    fake_server_step(&pair->server, 3);
    fake_server_snapshot(&pair->server);
    pair->server.out_bytes = 0; /* lost on the way */
    for (int i = 0; i < 5; i++) {
        fake_server_step(&pair->server, 3);
        fake_server_snapshot(&pair->server);
        settle(pair);
        pair->server.keyframe_due = false; /* a slow server */
    }
    assert_int_equal(client_counts(pair->client).mismatches, 5);
    assert_int_equal(pair->server.keyframe_requests, 1);
    pair->now_us += 600000; /* the round trip is not measured yet */
    fake_server_step(&pair->server, 3);
    fake_server_snapshot(&pair->server);
    settle(pair);
    assert_int_equal(pair->server.keyframe_requests, 2);
}

static void test_client_frame_right_behind_the_upgrade_is_read(void **state)
{
    struct pair *pair = *state;
    reach_upgrade(pair);
    fake_server_send(&pair->server, SK_WS_OP_PING, "abc", 3);
    settle(pair);
    assert_int_equal(pair->server.pongs, 1);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
}

static void test_client_malformed_message_drops_the_connection(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    fake_server_send(&pair->server, SK_WS_OP_BINARY, "\0\1\2\3", 4);
    carry_down(pair);
    assert_int_equal(client_state(pair->client), CLIENT_WAITING);
    assert_int_equal(pair->last_reason, SK_REASON_MALFORMED);
}

/* As on a transport where a quicker message overtakes. */
static void test_client_snapshot_before_welcome_is_dropped(void **state)
{
    struct pair *pair = *state;
    struct sk_seat seat = {.player = 1, .state = SK_SEAT_HERE, .name = sk_text_of("Bob")};
    struct sk_notice notice = {.kind = SK_NOTICE_TEXT, .text = sk_text_of("soon")};
    reach_upgrade(pair);
    pair->server.keyframe_due = true;
    fake_server_snapshot(&pair->server);
    send_message(pair, sk_encode_roster(pair->server.encoder, &seat, 1));
    send_message(pair, sk_encode_notice(pair->server.encoder, &notice));
    carry_down(pair);
    assert_int_equal(client_state(pair->client), CLIENT_GREETING);
    assert_int_equal(pair->event[CLIENT_SNAPSHOT], 0);
    assert_int_equal(pair->event[CLIENT_ROSTER], 0);
    assert_int_equal(pair->event[CLIENT_NOTICE], 0);
    settle(pair);
    assert_int_equal(client_state(pair->client), CLIENT_PLAYING);
    assert_int_equal(pair->event[CLIENT_SNAPSHOT], 1);
}

static void test_client_ticket_before_welcome_is_refused(void **state)
{
    struct pair *pair = *state;
    reach_upgrade(pair);
    send_message(pair, sk_encode_resume(pair->server.encoder, sk_text_of("resume-2")));
    carry_down(pair);
    assert_int_equal(client_state(pair->client), CLIENT_ENDED);
    assert_int_equal(client_reason(pair->client), SK_REASON_MALFORMED);
}

static void test_client_leave_tells_the_server_and_ends(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    client_leave(pair->client, pair->now_us);
    settle(pair);
    assert_int_equal(pair->server.leaves, 1);
    assert_int_equal(pair->server.closes, 1);
    assert_int_equal(client_reason(pair->client), SK_REASON_LEFT);
    assert_int_equal(pair->closes, 2);
}

static void test_client_playing_allocates_nothing(void **state)
{
    struct pair *pair = *state;
    settle(pair);
    play_for_ticks(pair, 30);
    size_t before = allocation_count;
    assert_true(before > 0);
    play_for_ticks(pair, 300);
    assert_int_equal(allocation_count, before);
}

static void test_client_with_impossible_config_is_refused(void **state)
{
    (void)state;
    const char *why = "";
    struct client_config config = {.url = "http://127.0.0.1:7777", .name = NULL};
    assert_null(client_create(&config, &why));
    assert_string_equal(why, "a text is missing or too long");
    config.name = "Ada";
    config.url = "gopher://127.0.0.1";
    assert_null(client_create(&config, &why));
    assert_string_equal(why, "the URL is not http(s)://HOST:PORT");
    config.url = "https://127.0.0.1";
    assert_null(client_create(&config, &why));
    assert_string_equal(why, "https needs a context");
}

#define WITH_PAIR(name)    cmocka_unit_test_setup_teardown(name, setup, teardown)
#define WITH_CONTENT(name) cmocka_unit_test_setup_teardown(name, setup_content, teardown)
#define PREDICTING(name)   cmocka_unit_test_setup_teardown(name, setup_predicting, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAIR(test_client_joins_greets_and_plays),
        WITH_PAIR(test_client_snapshots_are_the_servers_world),
        WITH_PAIR(test_client_bytes_cut_anywhere_give_the_same),
        WITH_PAIR(test_client_inputs_are_stamped_ahead_and_without_gaps),
        WITH_PAIR(test_client_unsent_bytes_hold_the_next_message_which_carries_the_last_inputs),
        WITH_PAIR(test_client_long_block_keeps_the_newest_inputs),
        WITH_PAIR(test_client_without_inputs_acks_ten_times_a_second),
        WITH_PAIR(test_client_sampling_late_does_not_add_acks),
        WITH_PAIR(test_client_ping_is_answered),
        WITH_PAIR(test_client_refused_join_ends_with_the_servers_word),
        WITH_PAIR(test_client_answer_that_is_no_offer_ends),
        WITH_PAIR(test_client_silent_server_is_asked_again_after_ten_seconds),
        WITH_PAIR(test_client_busy_server_is_asked_again_until_it_lets_in),
        WITH_PAIR(test_client_waits_as_long_as_the_server_asks),
        WITH_PAIR(test_client_server_that_asks_for_too_long_a_wait_is_final),
        WITH_PAIR(test_client_refused_connection_is_tried_again_for_half_a_minute),
        WITH_PAIR(test_client_upgrade_refused_by_a_limit_asks_for_another_seat),
        WITH_PAIR(test_client_upgrade_refused_for_good_ends_with_the_servers_word),
        WITH_PAIR(test_client_lost_before_welcome_asks_for_another_seat),
        WITH_PAIR(test_client_closed_for_the_same_each_time_ends_with_the_word),
        cmocka_unit_test(test_client_join_is_tried_again_for_passing_words_alone),
        WITH_PAIR(test_client_drop_comes_back_at_once_with_the_resume_ticket),
        PREDICTING(test_client_predicts_by_the_servers_own_code),
        PREDICTING(test_client_does_not_predict_another_code),
        PREDICTING(test_client_hello_tells_the_code_that_it_predicts_by),
        WITH_CONTENT(test_client_fetches_the_content_that_it_predicts_with),
        WITH_CONTENT(test_client_without_the_content_plays_unpredicted_and_says_so),
        PREDICTING(test_client_tells_the_server_of_divergence_every_ten_seconds),
        PREDICTING(test_client_probes_once_a_second),
        PREDICTING(test_client_has_a_black_box_of_its_match),
        WITH_PAIR(test_client_third_try_asks_the_join_api),
        WITH_PAIR(test_client_gives_up_when_the_seats_time_is_over),
        WITH_PAIR(test_client_kicked_does_not_come_back),
        WITH_PAIR(test_client_refused_resume_ticket_is_final),
        WITH_PAIR(test_client_close_without_goodbye_is_known_by_its_code),
        WITH_PAIR(test_client_stopping_server_is_tried_again),
        WITH_PAIR(test_client_missing_baseline_asks_for_one_keyframe_and_recovers),
        WITH_PAIR(test_client_keyframe_is_not_asked_for_again_at_once),
        WITH_PAIR(test_client_frame_right_behind_the_upgrade_is_read),
        WITH_PAIR(test_client_malformed_message_drops_the_connection),
        WITH_PAIR(test_client_snapshot_before_welcome_is_dropped),
        WITH_PAIR(test_client_ticket_before_welcome_is_refused),
        WITH_PAIR(test_client_leave_tells_the_server_and_ends),
        WITH_PAIR(test_client_playing_allocates_nothing),
        cmocka_unit_test(test_client_with_impossible_config_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
