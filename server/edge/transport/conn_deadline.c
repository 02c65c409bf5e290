/* conn_deadline.c - see conn_deadline.h. */
#include "transport/conn_deadline.h"

#include <stddef.h>

#include "base/assert.h"
#include "transport/conn_end.h"
#include "transport/conn_http.h"
#include "transport/conn_ws.h"
#include "transport/front_struct.h"

static uint64_t now_ms(const struct conn *conn)
{
    return loop_now_ms(conn->front->config.loop);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When silence is worth a look, for a connection that was heard or looked at at `from_ms`. */
static uint64_t silence_due_ms(const struct conn *conn, uint64_t from_ms)
{
    uint32_t ping_ms = conn->profile->ping_interval_ms;
    uint32_t idle_ms = conn->profile->idle_timeout_ms;
    uint64_t ping_due_ms = ping_ms != 0 ? from_ms + ping_ms : UINT64_MAX;
    uint64_t idle_due_ms = idle_ms != 0 ? conn->heard_ms + idle_ms : UINT64_MAX;
    return least(ping_due_ms, idle_due_ms);
}

static void arm_for(struct conn *conn, uint64_t due_ms)
{
    if (due_ms == UINT64_MAX) {
        wheel_disarm(&conn->timer);
    } else {
        loop_arm(conn->front->config.loop, &conn->timer, due_ms);
    }
}

void conn_arm(struct conn *conn)
{
    uint64_t due_ms = conn->deadline_ms;
    if (conn->state == CONN_OPEN) {
        due_ms = least(due_ms, silence_due_ms(conn, conn->heard_ms));
    }
    arm_for(conn, due_ms);
}

void conn_set_deadline(struct conn *conn, uint32_t timeout_ms)
{
    conn->deadline_ms = timeout_ms != 0 ? now_ms(conn) + timeout_ms : UINT64_MAX;
    conn_arm(conn);
}

static uint32_t head_timeout_ms(const struct conn *conn)
{
    return conn_or_default(conn->profile->head_timeout_ms, SK_HEAD_TIMEOUT_MS);
}

/* The peer is still taking the answer: it may go on as long as it takes some of it. */
static void judge_reader(struct conn *conn)
{
    uint32_t left = (uint32_t)(conn->static_left + byte_queue_size(&conn->unsent));
    if (left == conn->request.left_seen) {
        conn_lose(conn, SK_REASON_SLOW_READER);
        return;
    }
    conn->request.left_seen = left;
    conn_set_deadline(conn, head_timeout_ms(conn));
}

static void on_head_due(struct conn *conn)
{
    bool is_between = conn->was_announced && byte_queue_size(&conn->input) == 0;
    if (conn->static_left > 0 || byte_queue_size(&conn->unsent) > 0) {
        judge_reader(conn);
    } else if (conn->is_handshaking && handshake_is_queued(conn)) {
        conn_set_deadline(conn, head_timeout_ms(conn)); /* it is we who are late */
    } else if (conn->is_handshaking) {
        conn_lose(conn, SK_REASON_HEAD_TIMEOUT);
    } else if (is_between) {
        conn_begin_end(conn, SK_REASON_NONE); /* kept alive, and not used again */
    } else {
        conn_fail_http(conn, SK_REASON_HEAD_TIMEOUT, 0);
    }
}

static void on_open_due(struct conn *conn)
{
    uint64_t now = now_ms(conn);
    uint64_t silent_ms = now - conn->heard_ms;
    uint32_t ping_ms = conn->profile->ping_interval_ms;
    uint32_t idle_ms = conn->profile->idle_timeout_ms;
    if (now >= conn->deadline_ms) {
        conn_close(conn, SK_REASON_HEAD_TIMEOUT); /* not admitted in time */
        return;
    }
    if (idle_ms != 0 && silent_ms >= idle_ms) {
        conn_close(conn, SK_REASON_IDLE);
        return;
    }
    bool pings = ping_ms != 0 && silent_ms >= ping_ms;
    if (pings && !conn_has_unsent(conn)) {
        conn_ping(conn);
    }
    arm_for(conn, least(conn->deadline_ms, silence_due_ms(conn, pings ? now : conn->heard_ms)));
}

void conn_on_due(struct wheel_timer *timer)
{
    struct conn *conn = (struct conn *)((char *)timer - offsetof(struct conn, timer));
    switch ((enum conn_state)conn->state) {
    case CONN_FIRST:
    case CONN_HEAD:
        on_head_due(conn);
        return;
    case CONN_REQUEST:
        return; /* the owner owes the answer; the next head gets a deadline of its own */
    case CONN_OPEN:
        on_open_due(conn);
        return;
    case CONN_CLOSING:
    case CONN_DRAINING:
        conn_lose(conn, (enum sk_reason)conn->reason);
        return;
    case CONN_GONE:
        break;
    }
    SK_UNREACHABLE("a connection that is gone has no timer");
}
