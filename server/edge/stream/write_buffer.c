/* write_buffer.c - see write_buffer.h.
 *
 * Invariants between calls:
 *   1. owner is NULL only when plain and sealed are empty.
 *   2. Bytes leave in the order of the calls: unsent before sealed before plain.
 *   3. A flush makes records and writes them; nothing that it calls puts or flushes (is_flushing).
 */
#include "stream/write_buffer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "stream/stream_hub.h"

/* --- the socket ------------------------------------------------------------------------------- */

/* Queues what the kernel did not take. */
static void queue_rest(struct stream *stream, const struct iovec *parts, int count, size_t taken)
{
    for (int i = 0; i < count; i++) {
        size_t skipped = taken < parts[i].iov_len ? taken : parts[i].iov_len;
        const uint8_t *rest = (const uint8_t *)parts[i].iov_base + skipped;
        taken -= skipped;
        if (byte_queue_push(&stream->unsent, &stream->hub->pool, rest,
                            parts[i].iov_len - skipped) != SK_OK) {
            stream_drop(stream, SK_REASON_SLOW_READER);
            return;
        }
    }
    stream_watch(stream);
}

/* One system call.  Returns the bytes taken, 0 for none, or SK_ERR_CLOSED. */
static ssize_t write_once(struct stream *stream, const struct iovec *parts, int count)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    ssize_t taken = count == 1 ? send(stream->fd, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL)
                               : sendmsg(stream->fd, &message, MSG_NOSIGNAL);
    if (taken < 0) {
        return errno == EAGAIN || errno == EINTR ? 0 : SK_ERR_CLOSED;
    }
    counter_add(&stream->hub->counts->writes, 1);
    counter_add(&stream->hub->counts->bytes_out, (uint64_t)taken);
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

/* Hands bytes to the kernel, or queues them behind those that wait already. */
static void write_parts(struct stream *stream, const struct iovec *parts, int count)
{
    if (stream->state == STREAM_GONE) {
        return;
    }
    ssize_t taken = stream_has_unsent(stream) ? 0 : write_once(stream, parts, count);
    if (taken < 0) {
        stream_drop(stream, SK_REASON_PEER_GONE);
        return;
    }
    if ((size_t)taken < size_of(parts, count)) {
        queue_rest(stream, parts, count, (size_t)taken);
    }
}

static void write_bytes(struct stream *stream, const uint8_t *bytes, size_t size)
{
    struct iovec part = {(void *)bytes, size};
    if (size > 0) {
        write_parts(stream, &part, 1);
    }
}

/* --- records ---------------------------------------------------------------------------------- */

static struct sk_tls_io free_space(struct write_buffer *buffer)
{
    return (struct sk_tls_io){.out = buffer->sealed + buffer->sealed_bytes,
                              .out_capacity = sizeof(buffer->sealed) - buffer->sealed_bytes};
}

static void write_sealed(struct stream *stream, struct write_buffer *buffer)
{
    size_t size = buffer->sealed_bytes;
    buffer->sealed_bytes = 0;
    write_bytes(stream, buffer->sealed, size);
}

/* Makes records of what is in plain[]; what does not fit behind earlier ones has these written. */
static void seal(struct stream *stream, struct write_buffer *buffer)
{
    size_t size = buffer->plain_bytes;
    buffer->plain_bytes = 0;
    if (size == 0 || stream->tls_stage != STREAM_TLS_OPEN) {
        return;
    }
    if (sk_tls_sealed_bytes(stream->tls, size) > free_space(buffer).out_capacity) {
        write_sealed(stream, buffer);
    }
    struct sk_tls_io io = free_space(buffer);
    if (sk_tls_send(stream->tls, &io, buffer->plain, size) != SK_OK) {
        stream->tls_stage = STREAM_TLS_SHUT;
        stream_drop(stream, SK_REASON_TLS);
        return;
    }
    buffer->sealed_bytes += io.out_bytes;
}

/* --- the owner -------------------------------------------------------------------------------- */

static void write_all(struct stream *stream, struct write_buffer *buffer)
{
    if (stream->tls_stage != STREAM_TLS_PLAIN) {
        seal(stream, buffer);
        write_sealed(stream, buffer);
    } else {
        size_t size = buffer->plain_bytes;
        buffer->plain_bytes = 0;
        write_bytes(stream, buffer->plain, size);
    }
}

void write_buffer_flush(struct stream_hub *hub)
{
    struct write_buffer *buffer = &hub->write;
    SK_ASSERT(!buffer->is_flushing);
    if (buffer->owner == NULL) {
        SK_ASSERT(buffer->plain_bytes + buffer->sealed_bytes == 0);
        return;
    }
    buffer->is_flushing = true;
    write_all(buffer->owner, buffer);
    buffer->is_flushing = false;
    buffer->owner = NULL;
    SK_ASSERT(buffer->plain_bytes + buffer->sealed_bytes == 0);
}

void write_buffer_flush_own(struct stream *stream)
{
    if (stream->hub->write.owner == stream) {
        write_buffer_flush(stream->hub);
    }
}

void write_buffer_forget(struct stream *stream)
{
    struct write_buffer *buffer = &stream->hub->write;
    if (buffer->owner == stream) {
        buffer->owner = NULL;
        buffer->plain_bytes = 0;
        buffer->sealed_bytes = 0;
    }
}

/* Makes `stream` the owner. */
static struct write_buffer *acquire(struct stream *stream)
{
    struct stream_hub *hub = stream->hub;
    SK_ASSERT(!hub->write.is_flushing);
    if (hub->write.owner != stream) {
        write_buffer_flush(hub);
        hub->write.owner = stream;
        loop_defer(hub->loop, &hub->flush_task);
    }
    return &hub->write;
}

struct sk_tls_io write_buffer_begin_records(struct stream *stream)
{
    return free_space(acquire(stream));
}

void write_buffer_end_records(struct stream *stream, const struct sk_tls_io *io)
{
    struct write_buffer *buffer = &stream->hub->write;
    SK_ASSERT(buffer->owner == stream);
    SK_ASSERT(io->out_bytes <= sizeof(buffer->sealed) - buffer->sealed_bytes);
    buffer->sealed_bytes += io->out_bytes;
}

void write_buffer_put(struct stream *stream, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        struct write_buffer *buffer = acquire(stream);
        size_t space = sizeof(buffer->plain) - buffer->plain_bytes;
        size_t part = size < space ? size : space;
        memcpy(buffer->plain + buffer->plain_bytes, from, part);
        buffer->plain_bytes += part;
        from += part;
        size -= part;
        if (buffer->plain_bytes == sizeof(buffer->plain)) {
            write_buffer_flush(stream->hub);
        }
    }
}

/* Writes buffer and parts in one call, without copying. */
static void put_direct(struct stream *stream, const struct iovec *parts, int count)
{
    struct write_buffer *buffer = acquire(stream);
    struct iovec all[1 + WRITE_BUFFER_PARTS_MAX] = {{buffer->plain, buffer->plain_bytes}};
    SK_ASSERT(count <= WRITE_BUFFER_PARTS_MAX);
    for (int i = 0; i < count; i++) {
        all[1 + i] = parts[i];
    }
    buffer->plain_bytes = 0;
    write_parts(stream, all, count + 1);
}

void write_buffer_put_parts(struct stream *stream, const struct iovec *parts, int count)
{
    if (stream->tls_stage == STREAM_TLS_PLAIN &&
        size_of(parts, count) >= WRITE_BUFFER_DIRECT_BYTES) {
        put_direct(stream, parts, count);
        return;
    }
    for (int i = 0; i < count; i++) {
        write_buffer_put(stream, parts[i].iov_base, parts[i].iov_len);
    }
}

uint8_t *write_buffer_reserve(struct stream *stream, size_t size)
{
    struct write_buffer *buffer = acquire(stream);
    SK_ASSERT(size < sizeof(buffer->plain));
    if (size >= sizeof(buffer->plain) - buffer->plain_bytes) {
        write_buffer_flush(stream->hub);
        buffer = acquire(stream);
    }
    return buffer->plain + buffer->plain_bytes;
}

void write_buffer_commit(struct stream *stream, size_t size)
{
    struct write_buffer *buffer = &stream->hub->write;
    SK_ASSERT(buffer->owner == stream);
    SK_ASSERT(size < sizeof(buffer->plain) - buffer->plain_bytes);
    buffer->plain_bytes += size;
}

void write_buffer_resume(struct stream *stream)
{
    struct iovec part = {byte_queue_bytes(&stream->unsent), byte_queue_size(&stream->unsent)};
    if (part.iov_len == 0) {
        return;
    }
    ssize_t taken = write_once(stream, &part, 1);
    if (taken < 0) {
        stream_drop(stream, SK_REASON_PEER_GONE);
        return;
    }
    byte_queue_pop(&stream->unsent, &stream->hub->pool, (size_t)taken);
}
