/* conn_input.c - see conn_input.h.
 *
 *   recv -> front.receive --[sk_tls_receive]--> front.plain -> HTTP or WebSocket, in place
 *
 * One recv a wake, of at most SK_RECEIVE_BYTES_A_WAKE, before the upgrade of
 * SK_REQUEST_BYTES_A_WAKE; and of what it brings at most SK_WORK_A_WAKE is done before the others
 * had their turn.  Bytes that cannot be used yet (half a request, anything after a request that is
 * not answered, the rest of too much work) are kept in a block and stand in front of what the next
 * recv brings; half a WebSocket frame never is, its reader remembers instead.
 */
#include "transport/conn_input.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "address/proxy_header.h"
#include "base/assert.h"
#include "native/clock.h"
#include "transport/conn_end.h"
#include "transport/conn_http.h"
#include "transport/conn_place.h"
#include "transport/conn_tls.h"
#include "transport/conn_ws.h"
#include "transport/cork.h"
#include "transport/front_struct.h"

static size_t read_some(struct conn *conn, uint8_t *bytes, size_t size)
{
    return conn->state == CONN_OPEN ? conn_read_ws(conn, bytes, size)
                                    : conn_read_http(conn, bytes, size);
}

/* Keeps bytes that cannot be used yet. */
static void keep_input(struct conn *conn, const uint8_t *bytes, size_t size)
{
    if (byte_queue_push(&conn->input, &conn->front->pool, bytes, size) != SK_OK) {
        conn_lose(conn, SK_REASON_SERVER_FULL);
    }
}

/* Uses what can be used and keeps the rest. */
static void consume(struct conn *conn, uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && !conn_is_paused(conn)) {
        size_t eaten = read_some(conn, bytes + at, size - at);
        if (eaten == 0) {
            break;
        }
        at += eaten;
    }
    if (conn->state < CONN_CLOSING) {
        keep_input(conn, bytes + at, size - at);
    }
}

/* Moves what was kept to the start of `to`, where there is room for it.  Returns its size. */
static size_t unkeep(struct conn *conn, uint8_t *to)
{
    size_t size = byte_queue_size(&conn->input);
    SK_ASSERT(size <= SK_RECEIVE_BUFFER_BYTES);
    if (size > 0) {
        memcpy(to, byte_queue_bytes(&conn->input), size);
        byte_queue_clear(&conn->input, &conn->front->pool);
    }
    return size;
}

static void on_plain(struct conn *conn, size_t kept, size_t received)
{
    uint8_t *bytes = conn->front->receive;
    size_t unkept = unkeep(conn, bytes);
    SK_ASSERT(unkept == kept);
    consume(conn, bytes, kept + received);
}

static void on_sealed(struct conn *conn, size_t kept, size_t received)
{
    struct front *front = conn->front;
    size_t sealed = received;
    if (conn->state == CONN_FIRST) {
        sealed += unkeep(conn, front->receive);
        if (!conn_begin_tls(conn, front->receive, sealed)) {
            return;
        }
        kept = 0;
    } else {
        kept = unkeep(conn, front->plain);
    }
    size_t plain = kept;
    int result = conn_unseal(conn, sealed, &plain);
    if (plain > 0) {
        consume(conn, front->plain, plain);
    }
    if (result == SK_ERR_CLOSED) {
        conn_on_end_of_input(conn);
    } else if (result != SK_ERR_AGAIN) {
        conn->tls_failed = true;
        conn_begin_end(conn, SK_REASON_TLS); /* behind the alert that is in the cork */
    }
}

/* Takes the proxy's header off the front of the receive buffer, of which *size bytes are filled.
 * Returns whether it is off and the rest may be looked at; else the connection is lost, or waits.
 */
static bool take_proxy_header(struct conn *conn, size_t *size)
{
    struct front *front = conn->front;
    struct address address = conn->address;
    int used = proxy_header_parse(front->receive, *size, &address);
    if (used == SK_ERR_AGAIN) {
        keep_input(conn, front->receive, *size);
        return false;
    }
    if (used < 0) {
        conn_lose(conn, SK_REASON_HTTP_MALFORMED);
        return false;
    }
    conn->awaits_proxy = false;
    conn->is_proxied = false; /* it is the client's from here on */
    conn->address = address;
    if (conn_place_take(conn) != SK_OK) {
        conn_lose(conn, SK_REASON_ADDRESS_LIMIT);
        return false;
    }
    *size -= (size_t)used;
    memmove(front->receive, front->receive + used, *size);
    return *size > 0;
}

/* The fresh bytes follow those kept, but under TLS, where what is kept is plaintext. */
static size_t waiting_before_fresh(const struct conn *conn)
{
    bool is_sealed = conn->profile->tls != NULL && conn->state != CONN_FIRST;
    return is_sealed ? 0 : byte_queue_size(&conn->input);
}

static void use_received(struct conn *conn, size_t kept, size_t received)
{
    if (conn->awaits_proxy) {
        received += unkeep(conn, conn->front->receive);
        kept = 0;
        if (!take_proxy_header(conn, &received)) {
            return;
        }
    }
    if (conn->profile->tls != NULL) {
        on_sealed(conn, kept, received);
    } else {
        on_plain(conn, kept, received);
    }
}

static size_t receive_bytes_max(const struct conn *conn)
{
    return conn->state == CONN_OPEN ? SK_RECEIVE_BYTES_A_WAKE : SK_REQUEST_BYTES_A_WAKE;
}

static void receive(struct conn *conn)
{
    struct front *front = conn->front;
    size_t kept = waiting_before_fresh(conn);
    SK_ASSERT(byte_queue_size(&conn->input) <= FRONT_KEPT_INPUT_BYTES_MAX);
    ssize_t received = recv(conn->fd, front->receive + kept, receive_bytes_max(conn), 0);
    if (received < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            conn_lose(conn, SK_REASON_PEER_GONE);
        }
        return;
    }
    if (received == 0) {
        conn_on_end_of_input(conn);
        return;
    }
    count_add(&front->counts.reads, 1);
    count_add(&front->counts.bytes_in, (uint64_t)received);
    conn->heard_ms = loop_now_ms(front->config.loop);
    use_received(conn, kept, (size_t)received);
}

static void receive_handshake(struct conn *conn)
{
    uint64_t began_ns = sk_clock_ns();
    receive(conn);
    handshake_note_spent(conn->front, sk_clock_ns() - began_ns);
    if (conn->is_handshaking && conn->state < CONN_CLOSING) {
        handshake_await_peer(conn);
    }
}

void conn_go_on_with_handshake(struct conn *conn)
{
    receive_handshake(conn);
    cork_flush_conn(conn);
    conn_watch(conn);
}

static void on_readable(struct conn *conn)
{
    if (!conn->is_handshaking) {
        receive(conn);
    } else if (handshake_may_run(conn)) {
        receive_handshake(conn);
    }
}

void conn_look_again(struct conn *conn)
{
    if (conn->state == CONN_FIRST || conn->state >= CONN_CLOSING || conn_is_paused(conn)) {
        return;
    }
    size_t size = unkeep(conn, conn->front->plain);
    if (size > 0) {
        consume(conn, conn->front->plain, size);
    }
    conn_rest(conn);
    conn_watch(conn);
}

static void on_writable(struct conn *conn)
{
    cork_flush_conn(conn);
    cork_resume(conn);
    if (conn_has_unsent(conn)) {
        return;
    }
    if (conn->state == CONN_CLOSING) {
        conn_go_on_ending(conn);
    } else if (conn->state == CONN_OPEN && conn->move_to == NULL &&
               conn->profile->handler->on_writable != NULL) {
        conn->profile->handler->on_writable(conn);
    }
    conn_look_again(conn);
}

void conn_on_ready(struct loop_source *source, uint32_t events)
{
    struct conn *conn = (struct conn *)source;
    if ((events & EPOLLOUT) != 0) {
        on_writable(conn);
    }
    bool is_readable = (events & EPOLLIN) != 0 && (conn->interest & EPOLLIN) != 0;
    if (conn->state == CONN_DRAINING) {
        conn_drain(conn);
    } else if (is_readable && conn->state < CONN_CLOSING && !conn_is_paused(conn)) {
        on_readable(conn);
    } else if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        conn_lose(conn, SK_REASON_PEER_GONE);
    }
    cork_flush_conn(conn);
    conn_watch(conn);
}
