/* player_ws.c - see player_ws.h. */
#include "player_ws.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/fetch.h"
#include "player.h"

struct player_ws {
    struct player player;
    struct conn *conn;
};

static const struct worker_parts *worker_of(const struct conn *conn)
{
    return front_user(conn_front(conn));
}

/* --- transport -------------------------------------------------------------------------------- */

/* All go one way: TCP loses none and keeps their order. */
static void send_message(void *connection, const struct transport_message *message,
                         enum transport_delivery delivery)
{
    const struct player_ws *ws = connection;
    (void)delivery;
    /* writev() does not write through iov_base */
    struct iovec parts[] = {{(void *)(uintptr_t)message->head, message->head_bytes},
                            {(void *)(uintptr_t)message->body, message->body_bytes}};
    conn_send(ws->conn, SK_WS_OP_BINARY, parts, message->body_bytes > 0 ? 2 : 1);
}

static bool has_unsent(void *connection)
{
    const struct player_ws *ws = connection;
    return conn_has_unsent(ws->conn);
}

static void close_connection(void *connection, enum sk_reason reason)
{
    const struct player_ws *ws = connection;
    conn_close(ws->conn, reason);
}

static bool admit(void *connection)
{
    const struct player_ws *ws = connection;
    return conn_admit(ws->conn);
}

static bool can_move(void *connection)
{
    const struct player_ws *ws = connection;
    return conn_find(conn_front(ws->conn), conn_id_of(ws->conn)) != NULL;
}

static void move(void *connection, uint32_t worker)
{
    const struct player_ws *ws = connection;
    conn_move(ws->conn, ws->player.worker->server->workers[worker].front);
}

static const struct address *address_of(void *connection)
{
    const struct player_ws *ws = connection;
    return conn_address(ws->conn);
}

static const struct player_transport ws_transport = {.of_room = {.send = send_message,
                                                                 .has_unsent = has_unsent,
                                                                 .close = close_connection,
                                                                 .is_ordered = true,
                                                                 .can_move = can_move,
                                                                 .move = move},
                                                     .admit = admit,
                                                     .address = address_of};

/* --- handlers --------------------------------------------------------------------------------- */

static struct player_ws *player_ws_create(struct conn *conn)
{
    struct player_ws *ws = calloc(1, sizeof(*ws));
    if (ws) {
        ws->conn = conn;
        player_init(&ws->player, worker_of(conn), &ws_transport, ws);
    }
    return ws;
}

static void player_ws_destroy(struct player_ws *ws)
{
    free(ws);
}

void player_ws_open(struct conn *conn)
{
    struct player_ws *ws = player_ws_create(conn);
    if (!ws) {
        conn_close(conn, SK_REASON_SERVER_FULL);
        return;
    }
    conn_set_user(conn, ws);
}

/* The bytes lie behind a frame's head, anywhere; decoding wants them aligned. */
void player_ws_on_message(struct conn *conn, const struct conn_message *message)
{
    struct player_ws *ws = conn_user(conn);
    uint8_t *aligned = ws->player.worker->scratch;
    SK_ASSERT(message->size <= SK_MESSAGE_BYTES_MAX);
    memcpy(aligned, message->bytes, message->size);
    player_on_message(&ws->player, aligned, message->size);
}

void player_ws_on_ahead(const struct conn *conn, enum loop_distance distance)
{
    const struct player_ws *ws = conn_user(conn);
    if (!ws) {
        return;
    }
    switch (distance) {
    case LOOP_FAR:
        sk_fetch(ws, sizeof(*ws));
        return;
    case LOOP_NEAR:
        player_fetch_seat(&ws->player);
        return;
    case LOOP_NEXT:
        player_fetch_input(&ws->player);
        return;
    }
}

void player_ws_on_moved(struct conn *conn)
{
    struct player_ws *ws = conn_user(conn);
    ws->conn = conn;
    player_on_moved(&ws->player, worker_of(conn));
}

void player_ws_on_close(struct conn *conn, enum sk_reason reason)
{
    struct player_ws *ws = conn_user(conn);
    if (!ws) {
        return; /* a request that never became a player */
    }
    player_on_close(&ws->player, worker_of(conn), reason);
    conn_set_user(conn, NULL);
    player_ws_destroy(ws);
}
