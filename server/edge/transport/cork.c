/* cork.c - see cork.h.
 *
 * Invariants between calls:
 *   1. cork.owner is NULL exactly when plain and sealed are empty, but for an owner without bytes.
 *   2. Bytes leave in the order of the calls: unsent before sealed before plain.
 */
#include "transport/cork.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "transport/conn_end.h"
#include "transport/front_struct.h"

/* Keeps what the kernel did not take. */
static void keep(struct conn *conn, const struct iovec *parts, int count, size_t skip)
{
    for (int i = 0; i < count; i++) {
        size_t skipped = skip < parts[i].iov_len ? skip : parts[i].iov_len;
        const uint8_t *rest = (const uint8_t *)parts[i].iov_base + skipped;
        skip -= skipped;
        if (byte_queue_push(&conn->unsent, &conn->front->pool, rest, parts[i].iov_len - skipped) !=
            SK_OK) {
            conn_lose(conn, SK_REASON_SLOW_READER);
            return;
        }
    }
}

static void count_write(struct conn *conn, size_t bytes)
{
    count_add(&conn->front->counts.writes, 1);
    count_add(&conn->front->counts.bytes_out, bytes);
}

/* One system call.  Returns the bytes taken, 0 for none, or SK_ERR_CLOSED. */
static ssize_t write_once(struct conn *conn, const struct iovec *parts, int count)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    ssize_t taken = count == 1 ? send(conn->fd, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                               : sendmsg(conn->fd, &message, MSG_NOSIGNAL);
    if (taken < 0) {
        return errno == EAGAIN || errno == EINTR ? 0 : SK_ERR_CLOSED;
    }
    count_write(conn, (size_t)taken);
    return taken;
}

static size_t size_of(const struct iovec *parts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }
    return size;
}

/* Hands bytes to the kernel, or keeps them behind those that wait already. */
static void write_or_keep(struct conn *conn, const struct iovec *parts, int count)
{
    if (conn->state == CONN_GONE) {
        return;
    }
    ssize_t taken = byte_queue_size(&conn->unsent) > 0 ? 0 : write_once(conn, parts, count);
    if (taken < 0) {
        conn_lose(conn, SK_REASON_PEER_GONE);
        return;
    }
    if ((size_t)taken < size_of(parts, count)) {
        keep(conn, parts, count, (size_t)taken);
        conn_watch(conn);
    }
}

static void write_sealed(struct conn *conn)
{
    struct cork *cork = &conn->front->cork;
    if (cork->sealed_bytes > 0) {
        struct iovec part = {cork->sealed, cork->sealed_bytes};
        cork->sealed_bytes = 0;
        write_or_keep(conn, &part, 1);
    }
}

/* Makes records of what is in the cork. */
static void seal(struct conn *conn)
{
    struct cork *cork = &conn->front->cork;
    size_t bytes = cork->bytes;
    cork->bytes = 0;
    if (bytes == 0 || conn->tls_failed) {
        return;
    }
    if (sk_tls_sealed_bytes(conn->tls, bytes) > sizeof(cork->sealed) - cork->sealed_bytes) {
        write_sealed(conn);
    }
    struct sk_tls_io io = cork_open_tls(conn);
    if (sk_tls_send(conn->tls, &io, cork->plain, bytes) != SK_OK) {
        conn->tls_failed = true;
        conn_lose(conn, SK_REASON_TLS);
        return;
    }
    cork_close_tls(conn, &io);
}

void cork_flush(struct front *front)
{
    struct cork *cork = &front->cork;
    struct conn *conn = cork->owner;
    if (conn == NULL) {
        return;
    }
    cork->owner = NULL;
    if (conn->tls != NULL) {
        seal(conn);
        write_sealed(conn);
    } else if (cork->bytes > 0) {
        struct iovec part = {cork->plain, cork->bytes};
        write_or_keep(conn, &part, 1);
    }
    cork->owner = NULL; /* seal() may have taken it again */
    cork->bytes = 0;
    cork->sealed_bytes = 0;
}

void cork_flush_conn(struct conn *conn)
{
    if (conn->front->cork.owner == conn) {
        cork_flush(conn->front);
    }
}

void cork_forget(struct conn *conn)
{
    struct cork *cork = &conn->front->cork;
    if (cork->owner == conn) {
        cork->owner = NULL;
        cork->bytes = 0;
        cork->sealed_bytes = 0;
    }
}

static struct cork *take(struct conn *conn)
{
    struct front *front = conn->front;
    if (front->cork.owner != conn) {
        cork_flush(front);
        front->cork.owner = conn;
        loop_defer(front->config.loop, &front->flush_task);
    }
    return &front->cork;
}

struct sk_tls_io cork_open_tls(struct conn *conn)
{
    struct cork *cork = take(conn);
    return (struct sk_tls_io){.out = cork->sealed + cork->sealed_bytes,
                              .out_capacity = sizeof(cork->sealed) - cork->sealed_bytes};
}

void cork_close_tls(struct conn *conn, const struct sk_tls_io *io)
{
    struct cork *cork = &conn->front->cork;
    SK_ASSERT(io->out_bytes <= sizeof(cork->sealed) - cork->sealed_bytes);
    cork->sealed_bytes += io->out_bytes;
}

void cork_put(struct conn *conn, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        struct cork *cork = take(conn);
        size_t room = sizeof(cork->plain) - cork->bytes;
        size_t part = size < room ? size : room;
        memcpy(cork->plain + cork->bytes, from, part);
        cork->bytes += part;
        from += part;
        size -= part;
        if (cork->bytes == sizeof(cork->plain)) {
            cork_flush(conn->front);
        }
    }
}

/* Writes cork and parts in one call, without copying. */
static void put_direct(struct conn *conn, const struct iovec *parts, int count)
{
    struct cork *cork = take(conn);
    struct iovec all[2 + CONN_PARTS_MAX] = {{cork->plain, cork->bytes}};
    SK_ASSERT(count + 1 <= (int)(sizeof(all) / sizeof(all[0])));
    for (int i = 0; i < count; i++) {
        all[1 + i] = parts[i];
    }
    write_or_keep(conn, all, count + 1);
    cork->bytes = 0;
}

/* For parts that fit: one look at the cork for all of them. */
static void put_small(struct cork *cork, const struct iovec *parts, int count)
{
    uint8_t *to = cork->plain + cork->bytes;
    for (int i = 0; i < count; i++) {
        memcpy(to, parts[i].iov_base, parts[i].iov_len);
        to += parts[i].iov_len;
    }
    cork->bytes = (size_t)(to - cork->plain);
}

void cork_put_parts(struct conn *conn, const struct iovec *parts, int count)
{
    size_t size = size_of(parts, count);
    if (conn->tls == NULL && size >= FRONT_PUT_DIRECT_BYTES) {
        put_direct(conn, parts, count);
        return;
    }
    struct cork *cork = take(conn);
    if (size < sizeof(cork->plain) - cork->bytes) {
        put_small(cork, parts, count);
        return;
    }
    for (int i = 0; i < count; i++) {
        cork_put(conn, parts[i].iov_base, parts[i].iov_len);
    }
}

static void write_unsent(struct conn *conn)
{
    size_t size = byte_queue_size(&conn->unsent);
    if (size == 0) {
        return;
    }
    struct iovec part = {byte_queue_bytes(&conn->unsent), size};
    ssize_t taken = write_once(conn, &part, 1);
    if (taken < 0) {
        conn_lose(conn, SK_REASON_PEER_GONE);
        return;
    }
    byte_queue_pop(&conn->unsent, &conn->front->pool, (size_t)taken);
}

static void write_static(struct conn *conn)
{
    while (conn->static_left > 0 && byte_queue_size(&conn->unsent) == 0 &&
           conn->state != CONN_GONE) {
        size_t part = conn->static_left < FRONT_CORK_BYTES ? conn->static_left : FRONT_CORK_BYTES;
        cork_put(conn, conn->static_bytes, part);
        conn->static_bytes += part;
        conn->static_left -= part;
        cork_flush_conn(conn);
    }
}

void cork_resume(struct conn *conn)
{
    write_unsent(conn);
    write_static(conn);
}
