/* test_player.c - a player's session over a transport that the test plays, in real rooms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/assert.h"
#include "player.h"
#include "support/toy_game.h"
#include "support/toy_room.h"
#include "tls/crypto.h"
#include "udp/udp_front.h"
#include "worker_commands.h"

enum {
    WORKERS = 2,
    ROOMS = 4,
    HERE = 1,  /* a room of worker 0 */
    THERE = 2, /* one of worker 1 */
    EPOCH = 7,
    SEAT = 0,
    NONCE = 42,
    NOT_MOVED = 99,
    MESSAGE_BYTES = 64 << 10
};

/* The client end of one connection. */
struct connection {
    bool is_crowded; /* its address has no place for another player */
    uint32_t admit_count;
    uint32_t moved_to;
    bool is_ending; /* it cannot move */
    uint32_t welcome_count;
    enum sk_reason goodbye;
    enum sk_reason closed_for;
};

static struct config config;
static struct catalog catalog;
static struct log no_log;
static struct server server;
static struct worker_parts workers[WORKERS];
static struct sk_encoder *client;
static struct connection connection;
static struct player player;

/* --- the transport ---------------------------------------------------------------------------- */

static void on_send(void *handle, const struct transport_message *message,
                    enum transport_delivery delivery)
{
    static _Alignas(8) uint8_t aligned[MESSAGE_BYTES];
    struct connection *to = handle;
    struct sk_server_message decoded;
    (void)delivery;
    if (to->closed_for != SK_REASON_NONE || sk_is_snapshot(message->head, message->head_bytes)) {
        return; /* nothing is sent when it is closing */
    }
    assert_true(message->head_bytes <= sizeof(aligned));
    memcpy(aligned, message->head, message->head_bytes);
    assert_int_equal(sk_server_message_decode(aligned, message->head_bytes, &decoded), SK_OK);
    to->welcome_count += decoded.type == SK_SERVER_WELCOME;
    if (decoded.type == SK_SERVER_GOODBYE) {
        to->goodbye = (enum sk_reason)decoded.goodbye.reason;
    }
}

static bool has_unsent(void *handle)
{
    (void)handle;
    return false;
}

static void on_close(void *handle, enum sk_reason reason)
{
    struct connection *to = handle;
    to->closed_for = to->closed_for != SK_REASON_NONE ? to->closed_for : reason;
}

static bool admit(void *handle)
{
    struct connection *to = handle;
    to->admit_count++;
    return !to->is_crowded;
}

static bool can_move(void *handle)
{
    const struct connection *to = handle;
    return !to->is_ending;
}

static void move(void *handle, uint32_t worker)
{
    struct connection *to = handle;
    to->moved_to = worker;
}

static const struct address *address_of(void *handle)
{
    static const struct address nowhere;
    (void)handle;
    return &nowhere;
}

static const struct player_transport transport = {.of_room = {.send = on_send,
                                                              .has_unsent = has_unsent,
                                                              .close = on_close,
                                                              .is_ordered = true,
                                                              .can_move = can_move,
                                                              .move = move},
                                                  .admit = admit,
                                                  .address = address_of};

/* --- a server without threads ----------------------------------------------------------------- */

static void on_event(void *control, const struct worker_event *event)
{
    (void)control;
    (void)event;
}

static void open_room(uint32_t room, uint32_t worker)
{
    struct worker_command *open = worker_command_create(WORKER_COMMAND_OPEN);
    struct worker_command *hold = worker_command_create(WORKER_COMMAND_HOLD);
    SK_ASSERT(open != NULL);
    SK_ASSERT(hold != NULL);
    open->event = room_event_create(&server.control_mailbox, room, EPOCH);
    SK_ASSERT(open->event != NULL);
    memcpy(open->code, "ABCDEF", SK_CODE_BYTES);
    open->room = hold->room = room;
    open->epoch = hold->epoch = EPOCH;
    open->players_max = 2;
    open->options[0] = 1;
    hold->seat = SEAT;
    hold->nonce = NONCE;
    hold->until_us = worker_parts_now_us(&workers[worker]) + 15000000;
    hold->name[0] = 'a';
    hold->name_bytes = 1;
    room_workers_set(&server.room_workers[room], EPOCH, worker);
    worker_commands_apply(workers[worker].rooms, open);
    worker_commands_apply(workers[worker].rooms, hold);
}

static uint64_t on_tick(void *context, uint64_t now_ns)
{
    const struct worker_parts *worker = context;
    return worker_rooms_step(worker->rooms, now_ns / 1000);
}

static void on_command(void *worker, struct worker_command *command)
{
    worker_commands_apply(((struct worker_parts *)worker)->rooms, command);
}

static void start_worker(uint32_t index)
{
    const char *why = NULL;
    struct worker_parts *worker = &workers[index];
    struct loop_config loop = {.on_tick = on_tick, .context = worker};
    *worker = (struct worker_parts){.server = &server, .index = index};
    worker->loop = loop_create(&loop, &why);
    worker->encoder = sk_encoder_create(MESSAGE_BYTES);
    SK_ASSERT(worker->loop != NULL);
    SK_ASSERT(worker->encoder != NULL);
    worker->rooms = worker_rooms_create(worker);
    SK_ASSERT(worker->rooms != NULL);
    server.workers[index].rooms = worker->rooms;
    server.workers[index].mailbox =
        (struct worker_mailbox){.loop = worker->loop, .worker = worker, .on_command = on_command};
}

static void start_server(void)
{
    config = (struct config){.rooms_max = ROOMS, .seat_seconds = 30};
    catalog = (struct catalog){.games = {{.game = &toy_game}}, .count = 1};
    log_init(&no_log, -1, (enum log_format)0, LOG_ERROR, NULL);
    server = (struct server){.config = &config,
                             .catalog = &catalog,
                             .log = &no_log,
                             .keys = toy_room_keys,
                             .worker_count = WORKERS};
    server.room_workers = calloc(ROOMS, sizeof(*server.room_workers));
    SK_ASSERT(server.room_workers != NULL);
    for (uint32_t i = 0; i < WORKERS; i++) {
        start_worker(i);
    }
    server.control_mailbox =
        (struct control_mailbox){.loop = workers[0].loop, .on_event = on_event};
}

static int set_up(void **state)
{
    const char *why = NULL;
    (void)state;
    assert_int_equal(crypto_start(&why), SK_OK);
    start_server();
    open_room(HERE, 0);
    open_room(THERE, 1);
    client = sk_encoder_create(MESSAGE_BYTES);
    assert_non_null(client);
    connection = (struct connection){.moved_to = NOT_MOVED};
    player_init(&player, &workers[0], &transport, &connection);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < WORKERS; i++) {
        worker_rooms_stop(workers[i].rooms);
    }
    for (uint32_t i = 0; i < WORKERS; i++) {
        loop_turn(workers[i].loop, 0); /* delivers what is under way */
    }
    loop_turn(workers[0].loop, 0); /* and the events of it */
    for (uint32_t i = 0; i < WORKERS; i++) {
        worker_rooms_destroy(workers[i].rooms);
        loop_destroy(workers[i].loop);
        sk_encoder_destroy(workers[i].encoder);
    }
    sk_encoder_destroy(client);
    free((void *)server.room_workers);
    return 0;
}

/* --- the client ------------------------------------------------------------------------------- */

static struct ticket ticket_for(uint32_t room)
{
    return (struct ticket){.role = TICKET_JOIN,
                           .seat = SEAT,
                           .room = room,
                           .epoch = EPOCH,
                           .expiry_s = UINT32_MAX,
                           .nonce = NONCE};
}

static void send_bytes(struct player *from, struct sk_bytes bytes)
{
    static _Alignas(8) uint8_t aligned[MESSAGE_BYTES];
    memcpy(aligned, bytes.bytes, bytes.size);
    player_on_message(from, aligned, bytes.size);
}

static void say_hello_on(struct player *from, const char *text, bool is_ordered)
{
    struct sk_hello hello = {.version = SK_WIRE_VERSION,
                             .ticket = {text, TICKET_TEXT_BYTES},
                             .layout_hash = 0,
                             .ordered = is_ordered};
    send_bytes(from, sk_encode_hello(client, &hello));
}

static void say_hello_with(struct player *from, const char *text)
{
    say_hello_on(from, text, true);
}

static void say_hello(struct player *from, const struct ticket *ticket)
{
    char text[TICKET_TEXT_BYTES];
    ticket_write(ticket, &toy_room_keys, text);
    say_hello_with(from, text);
}

static struct room *room_of(uint32_t room)
{
    uint32_t worker = room_workers_find(&server.room_workers[room]);
    return worker_rooms_find(workers[worker].rooms, room, EPOCH);
}

static void assert_refused(enum sk_reason reason)
{
    assert_string_equal(sk_reason_word(connection.goodbye), sk_reason_word(reason));
    assert_string_equal(sk_reason_word(connection.closed_for), sk_reason_word(reason));
    assert_int_equal(player.session.state, SESSION_GREETING);
    assert_int_equal(connection.welcome_count, 0);
}

static void assert_plays(uint32_t room)
{
    assert_int_equal(player.session.state, SESSION_PLAYING);
    assert_int_equal(connection.closed_for, SK_REASON_NONE);
    assert_int_equal(connection.admit_count, 1);
    assert_int_equal(connection.welcome_count, 1);
    assert_int_equal(room_connected_count(room_of(room)), 1);
}

static void join_here(void)
{
    struct ticket ticket = ticket_for(HERE);
    say_hello(&player, &ticket);
    assert_plays(HERE);
}

/* --- hello ------------------------------------------------------------------------------------ */

static void test_player_good_ticket_takes_its_seat(void **state)
{
    (void)state;
    join_here();
    assert_string_equal(player.label.name, "a");
    assert_int_equal(connection.moved_to, NOT_MOVED);
}

static void test_player_forged_ticket_is_refused(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    char text[TICKET_TEXT_BYTES];
    (void)state;
    ticket_write(&ticket, &toy_room_keys, text);
    text[sizeof(text) - 1] = text[sizeof(text) - 1] == '0' ? '1' : '0';
    say_hello_with(&player, text);
    assert_refused(ticket_reason(SK_ERR_FORGED));
    assert_null(room_of(HERE)); /* nobody has entered it */
}

static void test_player_hello_of_another_kind_of_transport_is_refused(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    char text[TICKET_TEXT_BYTES];
    (void)state;
    ticket_write(&ticket, &toy_room_keys, text);
    say_hello_on(&player, text, false);
    assert_refused(SK_REASON_MALFORMED);
    assert_null(room_of(HERE));
}

static void test_player_expired_ticket_is_refused(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    (void)state;
    ticket.expiry_s = 1;
    say_hello(&player, &ticket);
    assert_refused(ticket_reason(SK_ERR_CLOSED));
}

static void test_player_ticket_of_a_room_that_is_gone_is_refused(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    (void)state;
    ticket.epoch = EPOCH + 1;
    say_hello(&player, &ticket);
    assert_refused(SK_REASON_ROOM_UNKNOWN);
}

static void test_player_resume_into_a_room_that_is_gone_hears_of_its_seat(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    (void)state;
    ticket.epoch = EPOCH + 1;
    ticket.role = TICKET_RESUME;
    say_hello(&player, &ticket);
    assert_refused(SK_REASON_SEAT_GONE);
}

static void test_player_ticket_of_a_room_beyond_the_table_is_refused(void **state)
{
    struct ticket ticket = ticket_for(ROOMS);
    (void)state;
    say_hello(&player, &ticket);
    assert_refused(SK_REASON_ROOM_UNKNOWN);
}

static void test_player_of_a_crowded_address_leaves_the_seat_free(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    (void)state;
    connection.is_crowded = true;
    say_hello(&player, &ticket);
    assert_refused(SK_REASON_ADDRESS_LIMIT);
    assert_int_equal(room_player_count(room_of(HERE)), 0);
}

/* --- move ------------------------------------------------------------------------------------- */

static void test_player_of_another_workers_room_asks_to_move_and_plays_there(void **state)
{
    struct ticket ticket = ticket_for(THERE);
    (void)state;
    say_hello(&player, &ticket);
    assert_int_equal(connection.moved_to, 1);
    assert_int_equal(connection.admit_count, 0);
    assert_int_equal(connection.closed_for, SK_REASON_NONE);
    player_on_moved(&player, &workers[1]);
    assert_plays(THERE);
}

static void test_player_lost_on_its_way_takes_no_seat(void **state)
{
    struct ticket ticket = ticket_for(THERE);
    (void)state;
    say_hello(&player, &ticket);
    player_on_close(&player, &workers[1], SK_REASON_SERVER_FULL);
    assert_null(room_of(THERE));
}

static void test_player_whose_room_ends_under_way_is_refused_there(void **state)
{
    struct ticket ticket = ticket_for(THERE);
    struct worker_command *close = worker_command_create(WORKER_COMMAND_CLOSE);
    (void)state;
    assert_non_null(close);
    say_hello(&player, &ticket);
    close->room = THERE;
    close->epoch = EPOCH;
    worker_commands_apply(workers[1].rooms, close);
    for (uint32_t i = 0; i < 8 && connection.closed_for == SK_REASON_NONE; i++) {
        player_on_moved(&player, &workers[1]); /* it waits for a room that may be under way */
    }
    assert_refused(SK_REASON_ROOM_UNKNOWN);
}

/* --- a room moves ----------------------------------------------------------------------------- */

static struct worker_command *command_for(enum worker_command_kind kind, uint32_t room)
{
    struct worker_command *command = worker_command_create(kind);
    assert_non_null(command);
    command->room = room;
    command->epoch = EPOCH;
    return command;
}

/* The room HERE goes from worker 0 to 1, whose loop has not come to it yet. */
static void send_room_away(void)
{
    struct worker_command *command = command_for(WORKER_COMMAND_MOVE, HERE);
    command->target = 1;
    worker_commands_apply(workers[0].rooms, command);
}

static void test_player_goes_along_with_its_room(void **state)
{
    struct sk_inputs inputs = {.tick = 2, .count = 1};
    (void)state;
    join_here();
    send_room_away();
    assert_int_equal(connection.moved_to, 1);
    assert_null(worker_rooms_find(workers[0].rooms, HERE, EPOCH));
    loop_turn(workers[1].loop, 0);
    player_on_moved(&player, &workers[1]);
    assert_plays(HERE);
    send_bytes(&player, sk_encode_inputs(client, &(struct sk_received){0}, &inputs));
    assert_int_equal(connection.closed_for, SK_REASON_NONE);
    assert_int_equal(room_counts(room_of(HERE)).inputs_kept, 1);
    player_on_close(&player, &workers[1], SK_REASON_LEFT);
    assert_int_equal(room_player_count(room_of(HERE)), 0);
}

static void test_player_whose_room_ends_as_it_moves_is_told(void **state)
{
    (void)state;
    join_here();
    send_room_away();
    worker_commands_apply(workers[0].rooms, command_for(WORKER_COMMAND_CLOSE, HERE));
    loop_turn(workers[1].loop, 0); /* the room, and the command that was sent on behind it */
    player_on_moved(&player, &workers[1]);
    assert_int_equal(connection.goodbye, SK_REASON_ROOM_CLOSED);
}

static void test_player_hello_follows_a_room_that_moved(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    struct connection other = {.moved_to = NOT_MOVED};
    struct player late;
    (void)state;
    join_here();
    ticket.role = TICKET_RESUME;
    ticket.nonce = 1; /* not the one of its resume ticket */
    send_room_away();
    player_init(&late, &workers[0], &transport, &other);
    say_hello(&late, &ticket);
    assert_int_equal(other.moved_to, 1);
    other.moved_to = NOT_MOVED;
    player_on_moved(&late, &workers[1]); /* before the room is delivered there */
    assert_int_equal(other.moved_to, 1);
    loop_turn(workers[1].loop, 0);
    player_on_moved(&late, &workers[1]);
    assert_int_equal(other.closed_for, SK_REASON_TICKET_USED); /* the room has said so */
}

static void test_player_hello_gives_up_a_room_that_does_not_come(void **state)
{
    struct ticket ticket = ticket_for(THERE);
    (void)state;
    worker_commands_apply(workers[1].rooms, command_for(WORKER_COMMAND_CLOSE, THERE));
    say_hello(&player, &ticket);
    for (uint32_t i = 0; i < 8 && connection.closed_for == SK_REASON_NONE; i++) {
        player_on_moved(&player, &workers[1]);
    }
    assert_refused(SK_REASON_ROOM_UNKNOWN);
}

static void test_player_that_is_ending_keeps_its_room_here_until_it_is_gone(void **state)
{
    (void)state;
    join_here();
    connection.is_ending = true;
    send_room_away();
    assert_int_equal(connection.moved_to, NOT_MOVED);
    assert_non_null(worker_rooms_find(workers[0].rooms, HERE, EPOCH));
    player_on_close(&player, &workers[0], SK_REASON_LEFT);
    loop_turn(workers[0].loop, 0); /* the command comes again */
    assert_null(worker_rooms_find(workers[0].rooms, HERE, EPOCH));
    loop_turn(workers[1].loop, 0);
    assert_int_equal(room_player_count(room_of(HERE)), 0);
}

static void test_player_that_never_ends_keeps_its_room_here(void **state)
{
    (void)state;
    join_here();
    connection.is_ending = true;
    send_room_away();
    for (uint32_t i = 0; i < 20; i++) {
        loop_turn(workers[0].loop, 0);
    }
    connection.is_ending = false;
    loop_turn(workers[0].loop, 0); /* the command has been given up */
    assert_plays(HERE);
    assert_non_null(worker_rooms_find(workers[0].rooms, HERE, EPOCH));
}

/* --- messages --------------------------------------------------------------------------------- */

static void test_player_message_before_hello_ends_the_connection(void **state)
{
    (void)state;
    send_bytes(&player, sk_encode_ack(client, &(struct sk_received){0}));
    assert_refused(SK_REASON_HELLO_EXPECTED);
}

static void test_player_second_hello_ends_the_connection(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    (void)state;
    join_here();
    say_hello(&player, &ticket);
    assert_int_equal(connection.goodbye, SK_REASON_HELLO_TWICE);
    assert_int_equal(connection.closed_for, SK_REASON_HELLO_TWICE);
}

static void test_player_input_reaches_its_room(void **state)
{
    struct sk_inputs inputs = {.tick = 2, .count = 1};
    (void)state;
    join_here();
    send_bytes(&player, sk_encode_inputs(client, &(struct sk_received){0}, &inputs));
    assert_int_equal(connection.closed_for, SK_REASON_NONE);
    assert_int_equal(room_counts(room_of(HERE)).inputs_kept, 1);
}

static void test_player_message_after_its_room_ended_is_refused(void **state)
{
    (void)state;
    join_here();
    worker_rooms_close(workers[0].rooms, room_of(HERE), SK_REASON_ROOM_CLOSED);
    connection.closed_for = SK_REASON_NONE; /* as if its bytes were there before the close */
    send_bytes(&player, sk_encode_ack(client, &(struct sk_received){0}));
    assert_int_equal(connection.goodbye, SK_REASON_ROOM_CLOSED);
}

/* --- end -------------------------------------------------------------------------------------- */

static void test_player_that_leaves_frees_its_seat(void **state)
{
    (void)state;
    join_here();
    player_on_close(&player, &workers[0], SK_REASON_LEFT);
    assert_int_equal(room_player_count(room_of(HERE)), 0);
}

static void test_player_whose_connection_breaks_keeps_its_seat_away(void **state)
{
    (void)state;
    join_here();
    player_on_close(&player, &workers[0], SK_REASON_PEER_GONE);
    assert_int_equal(room_player_count(room_of(HERE)), 1);
    assert_int_equal(room_connected_count(room_of(HERE)), 0);
}

static void test_player_with_a_used_ticket_leaves_the_seat_to_its_owner(void **state)
{
    struct ticket ticket = ticket_for(HERE);
    struct connection other = {.moved_to = NOT_MOVED};
    struct player late;
    (void)state;
    join_here();
    send_bytes(&player, sk_encode_ack(client, &(struct sk_received){0}));
    player_init(&late, &workers[0], &transport, &other);
    say_hello(&late, &ticket);
    assert_int_equal(late.session.state, SESSION_GREETING);
    assert_int_not_equal(other.closed_for, SK_REASON_NONE);
    player_on_close(&late, &workers[0], other.closed_for);
    assert_plays(HERE);
}

#define IN_A_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* --- sessions of datagrams -------------------------------------------------------------------- */

static void order_session(uint32_t session)
{
    struct worker_command *command = command_for(WORKER_COMMAND_SESSION, HERE);
    command->session = session;
    worker_commands_apply(workers[0].rooms, command);
}

static void test_player_session_that_is_not_made_is_counted(void **state)
{
    static const struct udp_handler handler = {.on_batch = NULL};
    struct udp_config front = {.loop = workers[0].loop, .handler = &handler, .sessions_max = 2};
    (void)state;
    workers[0].udp = udp_front_create(&front);
    assert_non_null(workers[0].udp);
    const struct udp_counts *counts = udp_front_counts(workers[0].udp);
    order_session(0x100);
    assert_int_equal(counter_read(&counts->unopened), 0);
    order_session(0x100); /* its number is taken */
    assert_int_equal(counter_read(&counts->unopened), 1);
    order_session(0x201); /* its datagrams come to another worker */
    assert_int_equal(counter_read(&counts->unopened), 2);
    assert_int_equal(counter_read(&counts->sessions), 1);
    udp_front_destroy(workers[0].udp);
    workers[0].udp = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SERVER(test_player_good_ticket_takes_its_seat),
        IN_A_SERVER(test_player_forged_ticket_is_refused),
        IN_A_SERVER(test_player_hello_of_another_kind_of_transport_is_refused),
        IN_A_SERVER(test_player_expired_ticket_is_refused),
        IN_A_SERVER(test_player_ticket_of_a_room_that_is_gone_is_refused),
        IN_A_SERVER(test_player_resume_into_a_room_that_is_gone_hears_of_its_seat),
        IN_A_SERVER(test_player_ticket_of_a_room_beyond_the_table_is_refused),
        IN_A_SERVER(test_player_goes_along_with_its_room),
        IN_A_SERVER(test_player_whose_room_ends_as_it_moves_is_told),
        IN_A_SERVER(test_player_hello_follows_a_room_that_moved),
        IN_A_SERVER(test_player_hello_gives_up_a_room_that_does_not_come),
        IN_A_SERVER(test_player_that_is_ending_keeps_its_room_here_until_it_is_gone),
        IN_A_SERVER(test_player_that_never_ends_keeps_its_room_here),
        IN_A_SERVER(test_player_of_a_crowded_address_leaves_the_seat_free),
        IN_A_SERVER(test_player_of_another_workers_room_asks_to_move_and_plays_there),
        IN_A_SERVER(test_player_lost_on_its_way_takes_no_seat),
        IN_A_SERVER(test_player_whose_room_ends_under_way_is_refused_there),
        IN_A_SERVER(test_player_message_before_hello_ends_the_connection),
        IN_A_SERVER(test_player_second_hello_ends_the_connection),
        IN_A_SERVER(test_player_input_reaches_its_room),
        IN_A_SERVER(test_player_message_after_its_room_ended_is_refused),
        IN_A_SERVER(test_player_that_leaves_frees_its_seat),
        IN_A_SERVER(test_player_whose_connection_breaks_keeps_its_seat_away),
        IN_A_SERVER(test_player_with_a_used_ticket_leaves_the_seat_to_its_owner),
        IN_A_SERVER(test_player_session_that_is_not_made_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
