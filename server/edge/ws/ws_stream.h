/* ws_stream.h - WebSocket (RFC 6455) on a stream: frames in, messages out and back.
 *
 * A protocol error never discards what was sent before: the close frame with its code and reason
 * word goes out behind it, then the stream is closed in order.
 *
 * Memory   a ws_stream is what its owner allocates for a stream, or the beginning of it; a message
 *          that comes in several pieces takes a block of the pool.
 * Threads  the stream's.
 */
#ifndef WS_STREAM_H
#define WS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "net/ws_message.h"
#include "stream/stream.h"

#define WS_STREAM_PARTS_MAX 4

struct ws_stream;

/* What one may send and how long it may be silent. */
struct ws_limits {
    struct sk_ws_limits message;
    uint32_t unsent_bytes_max; /* of messages; one more is slow_reader */
    uint32_t ping_interval_ms; /* 0: no pings; of silence */
    uint32_t idle_timeout_ms;  /* 0: it may be silent for ever */
};

/* Whose messages they are. */
struct ws_owner {
    /* What holds for this stream, always the same. */
    struct ws_limits (*limits)(const struct ws_stream *ws);
    /* A whole message, which it may change; unmasked, not aligned, if text valid UTF-8. */
    void (*on_message)(struct ws_stream *ws, uint8_t *bytes, size_t size, bool is_text);
    /* Everything that waited was taken by the kernel. */
    void (*on_writable)(struct ws_stream *ws);
    /* The stream ended or began to end. */
    void (*on_end)(struct ws_stream *ws);
};

struct ws_stream {
    struct stream stream; /* first: a stream is its ws_stream */
    const struct ws_owner *owner;
    struct byte_queue message; /* that came in several pieces, as far as it is here */
    uint64_t deadline_ms;      /* absolute; UINT64_MAX for none */
    struct sk_ws_reader reader;
};

extern const struct stream_protocol ws_stream_protocol;

/* Makes an open stream a WebSocket, with everything of it but the stream {0}. */
void ws_stream_begin(struct ws_stream *ws, const struct ws_owner *owner);
/* It is closed with head_timeout in `timeout_ms` from now; 0: it has all the time. */
void ws_stream_set_deadline(struct ws_stream *ws, uint32_t timeout_ms);
/* Sends one message (SK_WS_OP_BINARY or SK_WS_OP_TEXT) of up to WS_STREAM_PARTS_MAX parts, which
 * are borrowed.  Nothing when the stream is ending. */
void ws_stream_send(struct ws_stream *ws, enum sk_ws_opcode opcode, const struct iovec *parts,
                    int count);
/* It leaves its hub's thread, or has come to another: its block goes along. */
void ws_stream_disown_blocks(struct ws_stream *ws);
/* See ws_stream_disown_blocks(). */
void ws_stream_adopt_blocks(struct ws_stream *ws);

#endif
