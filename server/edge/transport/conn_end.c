/* conn_end.c - see conn_end.h. */
#include "transport/conn_end.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "transport/conn_deadline.h"
#include "transport/conn_input.h"
#include "transport/conn_life.h"
#include "transport/conn_move.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

enum {
    CLOSING_MS = 5000, /* for what was sent to go out */
    DRAINING_MS = 1000 /* for the peer to shut its side */
};

/* It waits for nothing any more. */
static void leave_lists(struct conn *conn)
{
    if (conn->is_handshaking) {
        handshake_leave(conn);
        conn->is_handshaking = false;
    } else if (conn->state < CONN_OPEN) {
        conn_list_remove(conn);
    }
}

void conn_begin_end(struct conn *conn, enum sk_reason reason)
{
    if (conn->state >= CONN_CLOSING) {
        return;
    }
    leave_lists(conn);
    conn->state = CONN_CLOSING;
    conn->reason = (uint16_t)reason;
    byte_queue_clear(&conn->input, &conn->front->pool);
    byte_queue_clear(&conn->message, &conn->front->pool);
    conn_set_deadline(conn, CLOSING_MS);
    conn_defer(conn);
}

void conn_lose(struct conn *conn, enum sk_reason reason)
{
    if (conn->state == CONN_GONE) {
        return;
    }
    if (conn->state < CONN_CLOSING) {
        conn->reason = (uint16_t)reason;
    }
    leave_lists(conn);
    conn->state = CONN_GONE;
    wheel_disarm(&conn->timer);
    conn_watch(conn);
    conn_defer(conn);
}

static void shut_our_side(struct conn *conn)
{
    if (conn->tls != NULL && !conn->tls_failed) {
        struct sk_tls_io io = cork_open_tls(conn);
        sk_tls_close(conn->tls, &io);
        cork_close_tls(conn, &io);
        conn->tls_failed = true; /* nothing may follow */
        cork_flush_conn(conn);
    }
}

void conn_go_on_ending(struct conn *conn)
{
    cork_flush_conn(conn);
    if (conn->state != CONN_CLOSING || conn_has_unsent(conn)) {
        return;
    }
    shut_our_side(conn);
    if (conn->state != CONN_CLOSING || conn_has_unsent(conn)) {
        return; /* the close_notify has to wait too, or the peer is gone */
    }
    if (shutdown(conn->fd, SHUT_WR) != 0) {
        conn_lose(conn, SK_REASON_PEER_GONE);
        return;
    }
    conn->state = CONN_DRAINING;
    conn_set_deadline(conn, DRAINING_MS);
    conn_watch(conn);
}

void conn_drain(struct conn *conn)
{
    struct front *front = conn->front;
    ssize_t received = recv(conn->fd, front->receive, SK_RECEIVE_BYTES_A_WAKE, 0);
    bool is_open = received > 0 || (received < 0 && (errno == EAGAIN || errno == EINTR));
    if (!is_open) {
        conn_lose(conn, (enum sk_reason)conn->reason);
    }
}

void conn_on_end_of_input(struct conn *conn)
{
    if (conn->state >= CONN_CLOSING) {
        return; /* what is still to be sent may be taken */
    }
    if (conn->state == CONN_HEAD && !conn->is_handshaking) {
        conn_begin_end(conn, SK_REASON_NONE); /* what we still owe is sent */
    } else {
        conn_lose(conn, SK_REASON_PEER_GONE);
    }
}

static void tell_owner(struct conn *conn)
{
    if (conn->was_announced && !conn->was_told) {
        conn->was_told = true;
        conn->profile->handler->on_close(conn, (enum sk_reason)conn->reason);
    }
}

void conn_drop(struct conn *conn, enum sk_reason reason)
{
    if (conn->state < CONN_CLOSING) {
        conn->reason = (uint16_t)reason;
    }
    leave_lists(conn);
    conn->state = CONN_GONE;
    tell_owner(conn);
    cork_forget(conn);
    conn_destroy(conn);
}

static void free_if_gone(struct conn *conn)
{
    if (conn->state == CONN_GONE && !conn->task.is_queued) {
        cork_forget(conn);
        conn_leave(conn);
        conn_destroy(conn);
    }
}

/* Whether it must wait for the next turn, for it has had its share of this one. */
static bool is_put_off(struct conn *conn)
{
    struct loop *loop = conn->front->config.loop;
    if (conn->is_spent && conn->work_turn == loop_turn_number(loop)) {
        loop_defer_next(loop, &conn->task);
        return true;
    }
    conn->is_spent = false;
    return false;
}

void conn_run_task(struct loop_task *task)
{
    struct conn *conn = (struct conn *)((char *)task - offsetof(struct conn, task));
    if (conn->state < CONN_CLOSING) {
        if (conn->move_to != NULL) {
            conn_depart(conn);
        } else if (!is_put_off(conn)) {
            conn_look_again(conn);
        }
        return;
    }
    tell_owner(conn);
    if (conn->state == CONN_CLOSING) {
        conn_go_on_ending(conn);
    }
    free_if_gone(conn);
}
