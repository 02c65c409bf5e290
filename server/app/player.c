/* player.c - see player.h.  The room is found by id and epoch each time: it may end before the
 * connection does. */
#include "player.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "log/log.h"
#include "platform.h"
#include "player_label.h"
#include "session.h"
#include "worker_rooms.h"

struct player {
    struct session session;
    struct player_label label; /* once it plays */
    struct conn *conn;
    struct ticket ticket; /* of the hello: names the room */
    uint64_t layout_hash; /* of the hello */
};

static const struct worker_parts *worker_of(const struct conn *conn)
{
    return front_user(conn_front(conn));
}

static struct player *player_create(struct conn *conn)
{
    struct player *player = calloc(1, sizeof(*player));
    if (player) {
        player->conn = conn;
        session_init(&player->session);
    }
    return player;
}

static void player_destroy(struct player *player)
{
    free(player);
}

/* --- transport -------------------------------------------------------------------------------- */

static void send_message(void *connection, const struct transport_message *message)
{
    struct player *player = connection;
    /* writev() does not write through iov_base */
    struct iovec parts[] = {{(void *)(uintptr_t)message->head, message->head_bytes},
                            {(void *)(uintptr_t)message->body, message->body_bytes}};
    conn_send(player->conn, SK_WS_OP_BINARY, parts, message->body_bytes > 0 ? 2 : 1);
}

static bool has_unsent(void *connection)
{
    const struct player *player = connection;
    return conn_has_unsent(player->conn);
}

static void close_connection(void *connection, enum sk_reason reason)
{
    const struct player *player = connection;
    conn_close(player->conn, reason);
}

static const struct transport ws_transport = {send_message, has_unsent, close_connection, true};

/* Last words, then the close frame with the same one. */
static void dismiss(struct player *player, enum sk_reason reason)
{
    struct sk_encoder *encoder = worker_of(player->conn)->encoder;
    struct sk_bytes goodbye = sk_encode_goodbye(encoder, (uint16_t)reason);
    struct transport_message message = {goodbye.bytes, goodbye.size, NULL, 0};
    send_message(player, &message);
    conn_close(player->conn, reason);
}

/* --- hello ------------------------------------------------------------------------------------ */

static enum sk_reason admit(struct player *player)
{
    const struct worker_parts *worker = worker_of(player->conn);
    const struct ticket *ticket = &player->ticket;
    struct room *room = NULL;
    enum sk_reason reason = worker_rooms_enter(worker->rooms, ticket->room, ticket->epoch, &room);
    if (reason != SK_REASON_NONE) {
        bool is_gone = reason == SK_REASON_ROOM_UNKNOWN && ticket->role == TICKET_RESUME;
        return is_gone ? SK_REASON_SEAT_GONE : reason;
    }
    if (!conn_admit(player->conn)) {
        return SK_REASON_ADDRESS_LIMIT;
    }
    reason = room_admit(room, ticket, player->layout_hash, player, &ws_transport,
                        worker_parts_now_us(worker));
    if (worker_rooms_end_failed(worker->rooms, room)) {
        return SK_REASON_ROOM_FAILED;
    }
    worker_rooms_expect_tick(worker->rooms, room);
    if (reason == SK_REASON_NONE) {
        session_start(&player->session, ticket->seat, room_tick_hz(room));
        player_label_fill(&player->label, room, ticket->seat);
        player_label_log(&player->label, worker->server->log,
                         ticket->role == TICKET_RESUME ? "player came back" : "player joined",
                         player->conn, SK_REASON_NONE);
    }
    return reason;
}

/* SK_REASON_NONE when the player is admitted or on its way to the room's worker. */
static enum sk_reason on_hello(struct player *player, const struct sk_hello *hello)
{
    const struct worker_parts *worker = worker_of(player->conn);
    struct server *server = worker->server;
    uint64_t now_s = platform_wall_s(NULL);
    int result =
        ticket_read(&player->ticket, &server->keys, hello->ticket.bytes, hello->ticket.size, now_s);
    if (result != SK_OK) {
        return ticket_reason(result);
    }
    player->layout_hash = hello->layout_hash;
    if (player->ticket.room >= server->config->rooms_max) {
        return SK_REASON_ROOM_UNKNOWN;
    }
    /* a ticket comes after the mail that opened its room, so what is read here is that or newer */
    uint32_t target =
        atomic_load_explicit(&server->room_workers[player->ticket.room], memory_order_relaxed);
    if (target == worker->index) {
        return admit(player);
    }
    conn_move(player->conn, server->workers[target].front);
    return SK_REASON_NONE;
}

/* --- handlers --------------------------------------------------------------------------------- */

void player_open(struct conn *conn)
{
    struct player *player = player_create(conn);
    if (!player) {
        conn_close(conn, SK_REASON_SERVER_FULL);
        return;
    }
    conn_set_user(conn, player);
}

static enum sk_reason play(struct player *player, const struct sk_client_message *message)
{
    const struct worker_parts *worker = worker_of(player->conn);
    struct room *room = worker_rooms_find(worker->rooms, player->ticket.room, player->ticket.epoch);
    if (!room) {
        return SK_REASON_ROOM_CLOSED;
    }
    return room_on_message(room, player->session.seat, message, worker_parts_now_us(worker));
}

void player_on_message(struct conn *conn, const struct conn_message *message)
{
    struct player *player = conn_user(conn);
    const struct worker_parts *worker = worker_of(conn);
    struct sk_client_message decoded;
    SK_ASSERT(message->size <= SK_MESSAGE_BYTES_MAX);
    memcpy(worker->scratch, message->bytes, message->size);
    enum sk_reason reason = session_take(&player->session, worker->scratch, message->size,
                                         worker_parts_now_us(worker), &decoded);
    if (reason == SK_REASON_NONE) {
        bool is_greeting = player->session.state == SESSION_GREETING;
        reason = is_greeting ? on_hello(player, &decoded.hello) : play(player, &decoded);
    }
    if (reason != SK_REASON_NONE) {
        dismiss(player, reason);
    }
}

void player_on_moved(struct conn *conn)
{
    struct player *player = conn_user(conn);
    player->conn = conn;
    enum sk_reason reason = admit(player);
    if (reason != SK_REASON_NONE) {
        dismiss(player, reason);
    }
}

/* Who never got in is an event of the network, which may come often, and not worth a line. */
static void log_end(const struct player *player, enum sk_reason reason)
{
    struct log *log = worker_of(player->conn)->server->log;
    if (player->session.state == SESSION_PLAYING) {
        player_label_log(&player->label, log, "player left", player->conn, reason);
    } else {
        log_write(log, LOG_DEBUG, "player closed",
                  LOG_FIELDS(log_text("reason", sk_reason_word(reason))));
    }
}

void player_on_close(struct conn *conn, enum sk_reason reason)
{
    struct player *player = conn_user(conn);
    if (!player) {
        return; /* a request that never became a player */
    }
    const struct worker_parts *worker = worker_of(conn);
    struct room *room = worker_rooms_find(worker->rooms, player->ticket.room, player->ticket.epoch);
    if (room && player->session.state == SESSION_PLAYING) {
        room_drop(room, player->session.seat, player, reason);
        (void)worker_rooms_end_failed(worker->rooms, room);
    }
    log_end(player, reason);
    conn_set_user(conn, NULL);
    player_destroy(player);
}
