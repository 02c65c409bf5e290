/* conn.c - see conn.h: what an owner asks of a connection in any state. */
#include "transport/conn.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/conn_http.h"
#include "transport/conn_ws.h"
#include "transport/front_struct.h"

bool conn_has_unsent(const struct conn *conn)
{
    return byte_queue_size(&conn->unsent) > 0 || conn->static_left > 0;
}

/* Whether the peer must first take what was sent: a whole answer of HTTP, so that requests behind
 * each other pile nothing up, or what the profile allows of WebSocket. */
static bool is_behind(const struct conn *conn)
{
    uint32_t pause_bytes = conn->profile->read_pause_bytes;
    if (conn->state == CONN_HEAD) {
        return conn_has_unsent(conn);
    }
    return pause_bytes != 0 && byte_queue_size(&conn->unsent) > pause_bytes;
}

bool conn_is_paused(const struct conn *conn)
{
    return conn->state == CONN_REQUEST || conn->state >= CONN_CLOSING || conn->move_to != NULL ||
           conn->is_spent || (conn->is_handshaking && handshake_is_queued(conn)) || is_behind(conn);
}

static uint32_t wanted_interest(const struct conn *conn)
{
    uint32_t wanted = conn_has_unsent(conn) ? EPOLLOUT : 0;
    if (conn->state == CONN_GONE) {
        return 0;
    }
    if (conn->state == CONN_DRAINING || !conn_is_paused(conn)) {
        wanted |= EPOLLIN;
    }
    return wanted;
}

/* What an admitted player sends is for the next tick; all others wait for an answer. */
static bool may_wait(const struct conn *conn, uint32_t interest)
{
    return conn->is_admitted && conn->state == CONN_OPEN && (interest & EPOLLOUT) == 0 &&
           loop_has_window(conn->front->config.loop);
}

void conn_watch(struct conn *conn)
{
    struct loop *loop = conn->front->config.loop;
    uint32_t wanted = wanted_interest(conn);
    bool is_patient = may_wait(conn, wanted);
    if (is_patient != conn->source.is_patient) {
        loop_change_patience(loop, conn->fd, wanted, &conn->source, is_patient);
    } else if (wanted != conn->interest) {
        loop_change(loop, conn->fd, wanted, &conn->source);
    }
    conn->interest = wanted;
}

void conn_defer(struct conn *conn)
{
    loop_defer(conn->front->config.loop, &conn->task);
}

void conn_count_work(struct conn *conn, uint16_t units)
{
    struct loop *loop = conn->front->config.loop;
    uint32_t turn = loop_turn_number(loop);
    conn->work = conn->work_turn == turn ? (uint16_t)(conn->work + units) : units;
    conn->work_turn = turn;
    if (conn->work >= SK_WORK_A_WAKE) {
        conn->is_spent = true;
        loop_defer_next(loop, &conn->task); /* one queued for this turn puts it off itself */
    }
}

void conn_close(struct conn *conn, enum sk_reason reason)
{
    switch ((enum conn_state)conn->state) {
    case CONN_FIRST:
    case CONN_HEAD:
        conn_begin_end(conn, reason);
        return;
    case CONN_REQUEST:
        conn_fail_http(conn, reason, 0);
        return;
    case CONN_OPEN:
        conn_send_close(conn, reason);
        conn_begin_end(conn, reason);
        return;
    case CONN_CLOSING:
    case CONN_DRAINING:
    case CONN_GONE:
        return;
    }
    SK_UNREACHABLE("a state is one of these");
}

void conn_move(struct conn *conn, struct front *to)
{
    SK_ASSERT(conn->profile->handler->on_moved != NULL);
    SK_ASSERT(conn->move_to == NULL);
    if (conn->state < CONN_CLOSING) {
        conn->move_to = to;
        conn_defer(conn);
    }
}

struct front *conn_front(const struct conn *conn)
{
    return conn->front;
}

struct conn_id conn_id_of(const struct conn *conn)
{
    return (struct conn_id){conn->slot, conn->front->slots[conn->slot].generation};
}

struct conn *conn_find(struct front *front, struct conn_id id)
{
    if (id.index >= front->config.connections_max) {
        return NULL;
    }
    const struct front_slot *slot = &front->slots[id.index];
    bool is_there = slot->conn != NULL && slot->generation == id.generation &&
                    slot->conn->state < CONN_CLOSING && slot->conn->move_to == NULL;
    return is_there ? slot->conn : NULL;
}

void conn_set_user(struct conn *conn, void *user)
{
    conn->user = user;
}

void *conn_user(const struct conn *conn)
{
    return conn->user;
}

const struct address *conn_address(const struct conn *conn)
{
    return &conn->address;
}
