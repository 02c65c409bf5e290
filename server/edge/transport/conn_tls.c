/* conn_tls.c - see conn_tls.h. */
#include "transport/conn_tls.h"

#include <time.h>

#include "base/assert.h"
#include "transport/conn_end.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

static uint64_t read_clock_ns(void)
{
    struct timespec now;
    int result = clock_gettime(CLOCK_MONOTONIC, &now);
    SK_ASSERT(result == 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool take_handshake(struct front_shared *shared)
{
    if (atomic_fetch_add(&shared->handshake_count, 1) < SK_TLS_HANDSHAKES_MAX) {
        return true;
    }
    atomic_fetch_sub(&shared->handshake_count, 1);
    return false;
}

static void begin_session(struct conn *conn)
{
    if (!take_handshake(conn->front->config.shared)) {
        conn_lose(conn, SK_REASON_TLS_BUSY);
        return;
    }
    conn->is_handshaking = true; /* conn_destroy() gives it back */
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
        if (kept_append(&conn->input, &conn->front->pool, bytes, size) != SK_OK) {
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

bool conn_may_handshake(struct conn *conn)
{
    struct front *front = conn->front;
    uint64_t turn_ns = loop_now_ns(front->config.loop);
    if (front->handshake_turn_ns != turn_ns) {
        front->handshake_turn_ns = turn_ns;
        front->handshake_ns = 0;
    }
    return front->handshake_ns < SK_TLS_HANDSHAKE_US_A_WAKE * 1000u;
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
        struct tls_io io = cork_open_tls(conn);
        io.in = front->receive + used;
        io.in_bytes = sealed_bytes - used;
        SK_ASSERT(room > 0);
        result = tls_receive(conn->tls, &io, front->plain + *plain_bytes, room);
        cork_close_tls(conn, &io);
        used += io.in_used;
        *plain_bytes += result > 0 ? (size_t)result : 0;
    }
    return result;
}

static void end_handshake(struct conn *conn)
{
    conn->is_handshaking = false;
    atomic_fetch_sub(&conn->front->config.shared->handshake_count, 1);
}

int conn_unseal(struct conn *conn, size_t sealed_bytes, size_t *plain_bytes)
{
    if (!conn->is_handshaking) {
        return unseal(conn, sealed_bytes, plain_bytes);
    }
    uint64_t began_ns = read_clock_ns();
    int result = unseal(conn, sealed_bytes, plain_bytes);
    conn->front->handshake_ns += read_clock_ns() - began_ns;
    if (tls_is_open(conn->tls)) {
        end_handshake(conn);
    }
    return result;
}
