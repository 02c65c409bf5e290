/* conn_tls.c - see conn_tls.h. */
#include "transport/conn_tls.h"

#include "base/assert.h"
#include "transport/conn_deadline.h"
#include "transport/conn_end.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

static void begin_session(struct conn *conn)
{
    handshake_take_place(conn);
    conn->tls = tls_create(conn->profile->tls);
    if (conn->tls == NULL) {
        conn_lose(conn, SK_REASON_SERVER_FULL);
        return;
    }
    conn->state = CONN_HEAD;
}

bool conn_begin_tls(struct conn *conn, const uint8_t *bytes, size_t size)
{
    int result = tls_check_first_record(conn->profile->tls, bytes, size);
    if (result > 0) {
        if (byte_queue_push(&conn->input, &conn->front->pool, bytes, size) != SK_OK) {
            conn_lose(conn, SK_REASON_SERVER_FULL);
        }
        return false;
    }
    if (result < 0) {
        conn_lose(conn, SK_REASON_TLS);
        return false;
    }
    begin_session(conn);
    return conn->state == CONN_HEAD;
}

static int unseal(struct conn *conn, size_t sealed_bytes, size_t *plain_bytes)
{
    struct front *front = conn->front;
    size_t used = 0;
    int result = SK_OK;
    while (result >= 0 || result == SK_ERR_FULL) {
        if (result == SK_ERR_FULL) {
            cork_flush_conn(conn);
        }
        size_t room = sizeof(front->plain) - *plain_bytes;
        struct sk_tls_io io = cork_open_tls(conn);
        io.in = front->receive + used;
        io.in_bytes = sealed_bytes - used;
        SK_ASSERT(room > 0);
        result = sk_tls_receive(conn->tls, &io, front->plain + *plain_bytes, room);
        cork_close_tls(conn, &io);
        used += io.in_used;
        *plain_bytes += result > 0 ? (size_t)result : 0;
    }
    return result;
}

/* The request begins, with a time of its own. */
static void end_handshake(struct conn *conn)
{
    handshake_leave(conn);
    conn->is_handshaking = false;
    conn->request = (struct conn_request){0};
    conn_set_deadline(conn, conn_or_default(conn->profile->head_timeout_ms, SK_HEAD_TIMEOUT_MS));
}

int conn_unseal(struct conn *conn, size_t sealed_bytes, size_t *plain_bytes)
{
    int result = unseal(conn, sealed_bytes, plain_bytes);
    if (conn->is_handshaking && conn->state < CONN_CLOSING && sk_tls_is_open(conn->tls)) {
        end_handshake(conn);
    }
    return result;
}
