/* test_skirmish_client.c - the face of libskirmish: events as data, structs of other sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "skirmish.h"
#include "support/dots.h"
#include "support/fake_server.h"

struct pair {
    struct sk_client *client;
    struct fake_server server;
    uint64_t now_us;
};

static int setup(void **state)
{
    static const struct sk_game *games[1];
    struct pair *pair = calloc(1, sizeof(*pair));
    const char *why = "";
    games[0] = dots_game();
    struct sk_client_config config = {.struct_size = sizeof(config),
                                      .flags = SK_CLIENT_BLACK_BOX,
                                      .url = "http://127.0.0.1:7777",
                                      .name = "Ada",
                                      .games = games,
                                      .game_count = 1};
    fake_server_open(&pair->server);
    pair->client = sk_client_create(&config, &why);
    pair->now_us = 1000000;
    *state = pair;
    return pair->client == NULL;
}

static int teardown(void **state)
{
    struct pair *pair = *state;
    sk_client_destroy(pair->client);
    fake_server_close(&pair->server);
    free(pair);
    return 0;
}

static bool carry(struct pair *pair)
{
    static uint8_t bytes[FAKE_SERVER_BYTES];
    size_t size;
    const uint8_t *output = sk_client_output(pair->client, &size);
    memcpy(bytes, output, size);
    sk_client_on_sent(pair->client, size);
    fake_server_take(&pair->server, bytes, size);
    size_t down = pair->server.out_bytes;
    memcpy(bytes, pair->server.out, down);
    pair->server.out_bytes = 0;
    sk_client_on_bytes(pair->client, bytes, down, pair->now_us);
    return size + down > 0;
}

static void settle(struct pair *pair)
{
    bool is_busy = true;
    while (is_busy) {
        uint32_t action = sk_client_poll(pair->client, pair->now_us);
        is_busy = action != SK_CLIENT_ACTION_NONE;
        if (action == SK_CLIENT_ACTION_OPEN) {
            fake_server_connect(&pair->server);
            sk_client_on_open(pair->client, pair->now_us);
        }
        is_busy = carry(pair) || is_busy;
    }
}

static void play(struct pair *pair, uint32_t ticks)
{
    struct sk_client_input input = {.struct_size = sizeof(input), .axes = {7}};
    for (uint32_t i = 0; i < ticks; i++) {
        pair->now_us += 16667;
        sk_client_sample(pair->client, &input, pair->now_us);
        fake_server_step(&pair->server, 1);
        if (i % 3 == 2) {
            fake_server_snapshot(&pair->server);
        }
        settle(pair);
    }
}

static struct sk_client_event next_event(struct pair *pair)
{
    struct sk_client_event event = {.struct_size = sizeof(event)};
    int result = sk_client_next_event(pair->client, &event);
    assert_true(result == 1 || event.kind == SK_CLIENT_EVENT_NONE);
    return event;
}

static void test_skirmish_client_tells_what_became_of_it_in_order(void **state)
{
    struct pair *pair = *state;
    assert_int_equal(next_event(pair).kind, SK_CLIENT_EVENT_NONE);
    settle(pair);
    struct sk_client_event event = next_event(pair);
    assert_int_equal(event.kind, SK_CLIENT_EVENT_WELCOME);
    assert_string_equal(event.word, "dots");
    assert_string_equal(event.text, "ABCDEF");
    for (uint32_t player = 0; player < 2; player++) {
        event = next_event(pair);
        assert_int_equal(event.kind, SK_CLIENT_EVENT_SEAT);
        assert_int_equal(event.player, player);
    }
    assert_int_equal(next_event(pair).kind, SK_CLIENT_EVENT_NONE);
    sk_client_leave(pair->client, pair->now_us);
    event = next_event(pair);
    assert_int_equal(event.kind, SK_CLIENT_EVENT_ENDED);
    assert_string_equal(event.word, "left");
    assert_string_equal(event.text, "you left the match");
}

static void test_skirmish_client_another_code_is_told_as_an_event(void **state)
{
    struct pair *pair = *state;
    struct sk_client_stats stats = {.struct_size = sizeof(stats)};
    pair->server.code_hash++;
    settle(pair);
    assert_int_equal(next_event(pair).kind, SK_CLIENT_EVENT_WELCOME);
    assert_int_equal(next_event(pair).kind, SK_CLIENT_EVENT_UNPREDICTED);
    assert_int_equal(sk_client_stats(pair->client, pair->now_us, &stats), SK_CLIENT_OK);
    assert_int_equal(stats.is_predicted, 0);
}

static void test_skirmish_client_events_that_nobody_takes_give_way(void **state)
{
    struct pair *pair = *state;
    struct sk_client_stats stats = {.struct_size = sizeof(stats)};
    settle(pair);
    for (uint32_t i = 0; i < 30; i++) {
        struct sk_notice notice = {.seconds = i, .text = {"words", 5}};
        struct sk_bytes message = sk_encode_notice(pair->server.encoder, &notice);
        fake_server_send(&pair->server, SK_WS_OP_BINARY, message.bytes, message.size);
        settle(pair);
    }
    struct sk_client_event event = next_event(pair);
    assert_int_equal(event.kind, SK_CLIENT_EVENT_NOTICE);
    assert_int_equal(event.seconds, 30 - 24);
    assert_string_equal(event.text, "words");
    assert_int_equal(sk_client_stats(pair->client, pair->now_us, &stats), SK_CLIENT_OK);
    assert_int_equal(stats.events_lost, 1 + 30 - 24); /* the welcome, too */
}

static void test_skirmish_client_draws_no_more_than_there_is_space_for(void **state)
{
    struct pair *pair = *state;
    struct sk_client_entity entities[3] = {{.struct_size = sizeof(entities[0])}};
    settle(pair);
    play(pair, 30);
    entities[1].slot = 99;
    assert_int_equal(sk_client_draw(pair->client, pair->now_us, entities, 1), 2);
    assert_int_equal(entities[1].slot, 99);
    assert_int_equal(sk_client_draw(pair->client, pair->now_us, entities, 3), 2);
    assert_int_equal(entities[0].owner, 1); /* others first */
    assert_int_equal(entities[0].flags, 0);
    assert_int_equal(entities[1].owner, 0);
    assert_int_equal(entities[1].flags, SK_CLIENT_ENTITY_PREDICTED);
    assert_int_equal(entities[1].value_count, 2);
    assert_true(entities[1].values[0] > 7 * 30);
    assert_string_equal(sk_client_kind_name(pair->client, 0), "dot");
    assert_string_equal(sk_client_row_name(pair->client, 0, 1), "y");
    assert_null(sk_client_row_name(pair->client, 0, 2)); /* exact rows are not drawn */
    assert_null(sk_client_kind_name(pair->client, 1));
}

/* A program of an earlier version, and one of a later. */
static void test_skirmish_client_structs_of_other_sizes_are_filled_as_far_as_known(void **state)
{
    struct pair *pair = *state;
    union {
        struct sk_client_seat seat;
        uint8_t bytes[sizeof(struct sk_client_seat) + 16];
    } given;
    settle(pair);
    memset(&given, 0xee, sizeof(given));
    given.seat.struct_size = offsetof(struct sk_client_seat, is_bot);
    assert_int_equal(sk_client_seat(pair->client, 1, &given.seat), SK_CLIENT_OK);
    assert_int_equal(given.seat.state, SK_CLIENT_SEAT_HERE);
    assert_int_equal(given.seat.is_bot, 0xeeeeeeee);
    given.seat.struct_size = sizeof(given);
    assert_int_equal(sk_client_seat(pair->client, 1, &given.seat), SK_CLIENT_OK);
    assert_string_equal(given.seat.name, "Bot");
    assert_int_equal(given.bytes[sizeof(given) - 1], 0);
    assert_int_equal(given.seat.struct_size, sizeof(given));
    given.seat.struct_size = 0;
    assert_int_equal(sk_client_seat(pair->client, 1, &given.seat), SK_CLIENT_BAD_SIZE);
    assert_int_equal(sk_client_seat(pair->client, 4, &given.seat), SK_CLIENT_NONE);
}

static void test_skirmish_client_settings_of_an_earlier_version_do(void **state)
{
    (void)state;
    const char *why = "";
    const struct sk_game *games[] = {dots_game()};
    struct sk_client_config config = {.struct_size = offsetof(struct sk_client_config, seed),
                                      .url = "http://127.0.0.1:7777",
                                      .name = "Ada",
                                      .games = games,
                                      .game_count = 1};
    struct sk_client *client = sk_client_create(&config, &why);
    assert_non_null(client);
    assert_string_equal(why, ""); /* is for what went wrong */
    sk_client_destroy(client);
    config.struct_size = 0;
    assert_null(sk_client_create(&config, &why));
    assert_string_equal(why, "struct_size of the settings is not set");
}

static void test_skirmish_client_figures_and_box_are_there_while_it_plays(void **state)
{
    struct pair *pair = *state;
    struct sk_client_stats stats = {.struct_size = sizeof(stats)};
    struct sk_client_server server = {.struct_size = sizeof(server)};
    static uint8_t box[2 << 20];
    settle(pair);
    play(pair, 60);
    assert_int_equal(sk_client_server(pair->client, &server), SK_CLIENT_AGAIN);
    assert_int_equal(sk_client_probe(pair->client, pair->now_us), SK_CLIENT_OK);
    settle(pair);
    assert_int_equal(sk_client_server(pair->client, &server), SK_CLIENT_OK);
    assert_int_equal(server.tick, 1060);
    assert_int_equal(sk_client_stats(pair->client, pair->now_us, &stats), SK_CLIENT_OK);
    assert_int_equal(stats.tick, 1060);
    assert_int_equal(stats.snapshots, 21);
    assert_int_equal(stats.is_predicted, 1);
    assert_true(stats.drift_matched > 10);
    assert_int_equal(stats.snapshots_lost, 0);
    assert_true(stats.bytes_in > stats.snapshots);
    assert_true(sk_client_box(pair->client, box, sizeof(box)) > 1000);
    assert_memory_equal(box, "SKBOX", 5);
    fake_server_step(&pair->server, 9); /* two were not sent: by WebSocket none is lost */
    fake_server_snapshot(&pair->server);
    settle(pair);
    assert_int_equal(sk_client_stats(pair->client, pair->now_us, &stats), SK_CLIENT_OK);
    assert_int_equal(stats.snapshots_lost, 0);
}

#define WITH_PAIR(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PAIR(test_skirmish_client_tells_what_became_of_it_in_order),
        WITH_PAIR(test_skirmish_client_another_code_is_told_as_an_event),
        WITH_PAIR(test_skirmish_client_events_that_nobody_takes_give_way),
        WITH_PAIR(test_skirmish_client_draws_no_more_than_there_is_space_for),
        WITH_PAIR(test_skirmish_client_structs_of_other_sizes_are_filled_as_far_as_known),
        cmocka_unit_test(test_skirmish_client_settings_of_an_earlier_version_do),
        WITH_PAIR(test_skirmish_client_figures_and_box_are_there_while_it_plays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
