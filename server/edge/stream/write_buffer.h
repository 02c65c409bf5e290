/* write_buffer.h - everything that leaves a stream: gathered, sealed, written, queued when it must
 * wait.
 *
 *   write_buffer_put() -> plain --[sk_tls_send]--> sealed --write--> socket
 *                                                              \-> stream->unsent, until EPOLLOUT
 *
 * All that a stream sends in a wake leaves in one write.  One stream owns the buffer at a time.
 * Another that wants it has the first one's bytes written; so has the end of a wake and of a turn.
 *
 * Memory   stream->unsent takes blocks of the pool.
 * Threads  the hub's.
 */
#ifndef WRITE_BUFFER_H
#define WRITE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "net/tls_filter.h"

struct stream;
struct stream_hub;

enum {
    WRITE_BUFFER_BYTES = 64 << 10,
    WRITE_BUFFER_SEALED_BYTES = 96 << 10, /* a full buffer in records, and a handshake's answers */
    WRITE_BUFFER_DIRECT_BYTES = 4096,     /* from this size on parts are not copied */
    WRITE_BUFFER_PARTS_MAX = 5            /* of one message: its head and four parts */
};

/* {0} is empty. */
struct write_buffer {
    struct stream *owner; /* NULL: empty */
    size_t plain_bytes;   /* in plain[] */
    size_t sealed_bytes;
    bool is_flushing;                          /* nothing may be put meanwhile */
    uint8_t plain[WRITE_BUFFER_BYTES];         /* not sealed yet */
    uint8_t sealed[WRITE_BUFFER_SEALED_BYTES]; /* TLS records, before what plain[] becomes */
};

/* Sends bytes, copying them. */
void write_buffer_put(struct stream *stream, const void *bytes, size_t size);
/* Sends the parts of one message, WRITE_BUFFER_PARTS_MAX at most; large ones are not copied unless
 * they must wait. */
void write_buffer_put_parts(struct stream *stream, const struct iovec *parts, int count);
/* The space for `size` bytes, less than WRITE_BUFFER_BYTES, that the caller writes himself; until
 * write_buffer_commit() nothing else may be sent. */
uint8_t *write_buffer_reserve(struct stream *stream, size_t size);
/* Sends the first `size` of the bytes that were reserved. */
void write_buffer_commit(struct stream *stream, size_t size);
/* The space behind what was sealed, for what TLS itself has to say; makes `stream` the owner. */
struct sk_tls_io write_buffer_begin_records(struct stream *stream);
/* Takes what was put there. */
void write_buffer_end_records(struct stream *stream, const struct sk_tls_io *io);
/* Writes what the hub's buffer holds; its owner may be dropped by it. */
void write_buffer_flush(struct stream_hub *hub);
/* As write_buffer_flush(), when `stream` is the owner. */
void write_buffer_flush_own(struct stream *stream);
/* Forgets the bytes of a stream that is gone. */
void write_buffer_forget(struct stream *stream);
/* The socket takes bytes again: writes what waits. */
void write_buffer_resume(struct stream *stream);

#endif
