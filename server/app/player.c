/* player.c - see player.h. */
#include "player.h"

#include "base/assert.h"
#include "base/fetch.h"
#include "log/log.h"
#include "platform.h"
#include "room_move.h"
#include "worker_rooms.h"

/* A room rests for seconds after a move, and a hello is under way for a moment. */
enum { MOVES_MAX = 3 };
enum {
    PROBE_US = 900000,     /* between two: a timer of a second may be a little fast */
    DIVERGED_US = 10000000 /* likewise */
};

static void send_bytes(const struct player *player, struct sk_bytes bytes)
{
    struct transport_message message = {bytes.bytes, bytes.size, NULL, 0};
    player->transport->of_room.send(player->connection, &message, TRANSPORT_RELIABLE);
}

/* Last words, then the close with the same one. */
static void dismiss(const struct player *player, enum sk_reason reason)
{
    const struct transport *transport = &player->transport->of_room;
    send_bytes(player, sk_encode_goodbye(player->worker->encoder, (uint16_t)reason));
    transport->close(player->connection, reason);
}

static struct room *find_room(const struct player *player)
{
    return worker_rooms_find(player->worker->rooms, player->ticket.room, player->ticket.epoch);
}

static void log_event(const struct player *player, const char *event, enum sk_reason reason)
{
    player_label_log(&player->label, player->worker->server->log, event,
                     player->transport->address(player->connection), reason);
}

/* --- hello ------------------------------------------------------------------------------------ */

static void start(struct player *player, const struct room *room)
{
    const struct ticket *ticket = &player->ticket;
    session_start(&player->session, ticket->seat, room_tick_hz(room));
    player_label_fill(&player->label, room, ticket->seat);
    player->seat_memory = room_seat_memory(room, ticket->seat, &player->seat_bytes);
    log_event(player, ticket->role == TICKET_RESUME ? "player came back" : "player joined",
              SK_REASON_NONE);
}

/* Sends the connection to another worker.  One that cannot go is ended with a reason that brings
 * its client back by the join API, which knows where the room is. */
static enum sk_reason move_to(const struct player *player, uint32_t worker)
{
    const struct transport *transport = &player->transport->of_room;
    if (!transport->move) {
        return SK_REASON_SERVER_BUSY;
    }
    transport->move(player->connection, worker);
    return SK_REASON_NONE;
}

/* Sends the connection after its room; SK_REASON_ROOM_UNKNOWN when there is no such room, or it
 * was after it in vain. */
static enum sk_reason follow(struct player *player)
{
    const struct ticket *ticket = &player->ticket;
    const _Atomic uint32_t *row = &player->worker->server->room_workers[ticket->room];
    if (!room_workers_has(row, ticket->epoch) || player->move_count == MOVES_MAX) {
        return SK_REASON_ROOM_UNKNOWN;
    }
    player->move_count++;
    return move_to(player, room_workers_find(row));
}

static enum sk_reason show_ticket(struct player *player, struct room *room)
{
    struct worker_rooms *rooms = player->worker->rooms;
    const struct ticket *ticket = &player->ticket;
    if (!player->transport->admit(player->connection)) {
        return SK_REASON_ADDRESS_LIMIT;
    }
    enum sk_reason reason =
        room_admit(room, ticket, &player->build, player->connection, &player->transport->of_room,
                   worker_parts_now_us(player->worker));
    if (worker_rooms_end_failed(rooms, room)) {
        return SK_REASON_ROOM_FAILED;
    }
    worker_rooms_expect_tick(rooms, room);
    if (reason == SK_REASON_NONE) {
        start(player, room);
    }
    return reason;
}

/* SK_REASON_NONE when the player is admitted, or on its way after a room that has moved. */
static enum sk_reason admit(struct player *player)
{
    const struct ticket *ticket = &player->ticket;
    struct room *room = NULL;
    enum sk_reason reason =
        worker_rooms_enter(player->worker->rooms, ticket->room, ticket->epoch, &room);
    if (reason == SK_REASON_ROOM_UNKNOWN) {
        reason = follow(player);
        bool is_gone = reason == SK_REASON_ROOM_UNKNOWN && ticket->role == TICKET_RESUME;
        return is_gone ? SK_REASON_SEAT_GONE : reason;
    }
    return reason == SK_REASON_NONE ? show_ticket(player, room) : reason;
}

/* SK_REASON_NONE when the player is admitted or on its way to the room's worker. */
static enum sk_reason on_hello(struct player *player, const struct sk_hello *hello)
{
    const struct worker_parts *worker = player->worker;
    const struct server *server = worker->server;
    if (hello->ordered != player->transport->of_room.is_ordered) {
        return SK_REASON_MALFORMED;
    }
    int result = ticket_read(&player->ticket, &server->keys, hello->ticket.bytes,
                             hello->ticket.size, platform_wall_s(NULL));
    if (result != SK_OK) {
        return ticket_reason(result);
    }
    player->build = (struct room_client_build){hello->layout_hash, hello->code_hash};
    if (player->ticket.room >= server->config->rooms_max) {
        return SK_REASON_ROOM_UNKNOWN;
    }
    /* a ticket comes after the mail that opened its room, so what is read here is that or newer */
    uint32_t target = room_workers_find(&server->room_workers[player->ticket.room]);
    if (target == worker->index) {
        return admit(player);
    }
    return move_to(player, target);
}

/* --- messages --------------------------------------------------------------------------------- */

/* A probe costs more than other messages, and who shows figures needs them once a second. */
static void on_probe(struct player *player, const struct room *room)
{
    uint64_t now_us = worker_parts_now_us(player->worker);
    struct sk_encoder *encoder = player->worker->encoder;
    struct sk_probed probed = {0};
    if (player->probed_us != 0 && now_us - player->probed_us < PROBE_US) {
        struct sk_notice notice = {.kind = SK_NOTICE_TEXT,
                                   .text = sk_text_of("one may probe once a second")};
        send_bytes(player, sk_encode_notice(encoder, &notice));
        return;
    }
    player->probed_us = now_us;
    room_probe(room, player->session.seat, &probed);
    worker_rooms_probe(player->worker->rooms, room, &probed);
    send_bytes(player, sk_encode_probed(encoder, &probed));
}

/* A bug of the game's, or a client that lies: counted, with a line, now and then. */
static void on_diverged(struct player *player, const struct room *room,
                        const struct sk_diverged *diverged)
{
    const struct sk_game *game = room_game(room);
    uint64_t now_us = worker_parts_now_us(player->worker);
    bool is_soon = player->diverged_us != 0 && now_us - player->diverged_us < DIVERGED_US;
    if (is_soon || diverged->kind >= game->kind_count ||
        diverged->row >= game->kinds[diverged->kind].field_count) {
        return;
    }
    const struct sk_kind *kind = &game->kinds[diverged->kind];
    player->diverged_us = now_us;
    worker_rooms_count_diverged(player->worker->rooms, room);
    log_write(player->worker->server->log, LOG_WARN, "prediction diverged",
              LOG_FIELDS(log_text("room", player->label.room),
                         log_number("seat", player->label.seat), log_number("tick", diverged->tick),
                         log_text("kind", kind->name), log_number("slot", diverged->slot),
                         log_text("row", kind->fields[diverged->row].name)));
}

static enum sk_reason play(struct player *player, const struct sk_client_message *message)
{
    struct room *room = find_room(player);
    if (!room) {
        return SK_REASON_ROOM_CLOSED;
    }
    if (message->type == SK_CLIENT_PROBE) {
        on_probe(player, room);
    } else if (message->type == SK_CLIENT_DIVERGED) {
        on_diverged(player, room, &message->diverged);
    }
    return room_on_message(room, player->session.seat, message,
                           worker_parts_now_us(player->worker));
}

void player_on_message(struct player *player, const uint8_t *bytes, size_t size)
{
    struct sk_client_message message;
    enum sk_reason reason = session_decode(&player->session, bytes, size,
                                           worker_parts_now_us(player->worker), &message);
    if (reason == SK_REASON_NONE) {
        bool is_greeting = player->session.state == SESSION_GREETING;
        reason = is_greeting ? on_hello(player, &message.hello) : play(player, &message);
    }
    if (reason != SK_REASON_NONE) {
        dismiss(player, reason);
    }
}

void player_fetch_seat(const struct player *player)
{
    sk_fetch(player->seat_memory, player->seat_bytes);
}

void player_fetch_input(const struct player *player)
{
    const struct room *room = player->seat_memory ? find_room(player) : NULL;
    if (room) {
        room_fetch_input(room, player->session.seat);
    }
}

/* --- begin, move, end ------------------------------------------------------------------------- */

void player_init(struct player *player, const struct worker_parts *worker,
                 const struct player_transport *transport, void *connection)
{
    *player = (struct player){.worker = worker, .transport = transport, .connection = connection};
    session_init(&player->session);
}

/* It came with its room, or rather behind it. */
static enum sk_reason reattach(const struct player *player)
{
    struct room *room = find_room(player);
    if (!room) {
        return SK_REASON_ROOM_CLOSED;
    }
    enum sk_reason reason = room_reattach(room, player->session.seat, player->connection);
    worker_rooms_expect_tick(player->worker->rooms, room);
    return reason;
}

void player_on_moved(struct player *player, const struct worker_parts *worker)
{
    player->worker = worker;
    bool is_greeting = player->session.state == SESSION_GREETING;
    enum sk_reason reason = is_greeting ? admit(player) : reattach(player);
    if (reason != SK_REASON_NONE) {
        dismiss(player, reason);
    }
}

/* Who never got in is an event of the network, which may come often and is not worth a line. */
static void log_end(const struct player *player, enum sk_reason reason)
{
    if (player->session.state == SESSION_PLAYING) {
        log_event(player, "player left", reason);
    } else {
        log_write(player->worker->server->log, LOG_DEBUG, "player closed",
                  LOG_FIELDS(log_text("reason", sk_reason_word(reason))));
    }
}

void player_on_close(struct player *player, const struct worker_parts *worker,
                     enum sk_reason reason)
{
    player->worker = worker;
    struct room *room = find_room(player);
    if (room && player->session.state == SESSION_PLAYING) {
        room_drop(room, player->session.seat, player->connection, reason);
        (void)worker_rooms_end_failed(worker->rooms, room);
    }
    log_end(player, reason);
}
