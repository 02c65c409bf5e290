/* stream.h - a connection below its protocol: descriptor, TLS, what waits to be written, deadline.
 *
 *   peer --bytes--> stream --on_bytes()--> protocol (HTTP, WebSocket, ...), which the stream does
 *   peer <--bytes-- stream <--write_buffer_put()--/                         not know
 *
 *   OPEN --stream_close()--> CLOSING --all written--> DRAINING --their end--> GONE --> freed
 *     \--------------------------------stream_drop()-------------------------^
 *
 *   OPEN      bytes go both ways                                  stream_read.c, write_buffer.c
 *   CLOSING   what was sent is still going out, nothing is read   stream_end.c
 *   DRAINING  our side is shut, the peer's last bytes are read    stream_end.c
 *   GONE      beyond use, freed at the end of this turn           stream_life.c
 *
 * There are two ways to end: stream_close(), in order, behind what was sent; and stream_drop(), at
 * once.  A deadline that passes in CLOSING or DRAINING drops.
 *
 * Calls upward go through two tables and are no references: the protocol's, which changes when a
 * stream is upgraded, and the owner's, one for all streams of a hub.
 *
 * Memory   a stream is the first member of what its owner allocates.  While nothing waits it has no
 *          buffer of its own (stream_hub.h).
 * Threads  the hub's; stream_move() takes a stream to another.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address/address.h"
#include "base/reason.h"
#include "loop/counter.h"
#include "loop/loop.h"
#include "stream/byte_queue.h"
#include "stream/stream_list.h"
#include "tls/tls.h"

struct stream;
struct stream_hub;

enum stream_state { STREAM_OPEN, STREAM_CLOSING, STREAM_DRAINING, STREAM_GONE };

/* Goes down the list only, and PLAIN stays. */
enum stream_tls {
    STREAM_TLS_PLAIN,     /* none: the protocol's bytes are the socket's */
    STREAM_TLS_FIRST,     /* no session yet: the first record decides */
    STREAM_TLS_HANDSHAKE, /* handshake_queue.h */
    STREAM_TLS_OPEN,
    STREAM_TLS_SHUT /* failed, or close_notify is sent: nothing may be sealed any more */
};

/* What a protocol does with a stream.  Inside a call every function below may be used; a stream is
 * never freed inside one. */
struct stream_protocol {
    /* The first byte may come: a plain stream was opened, or its TLS handshake is done. */
    void (*on_open)(struct stream *stream);
    /* Eats bytes, which it may change, from the front of `bytes`.  Returns how many; 0 when it
     * needs more, which come then behind these. */
    size_t (*on_bytes)(struct stream *stream, uint8_t *bytes, size_t size);
    /* All that came was used; at the end of a turn.  NULL: not interested. */
    void (*on_idle)(struct stream *stream);
    /* The peer has shut its side, in OPEN. */
    void (*on_peer_end)(struct stream *stream);
    /* Everything that waited was taken by the kernel; in OPEN and CLOSING. */
    void (*on_writable)(struct stream *stream);
    /* The time that stream_set_deadline() or stream_arm() set has come; in OPEN. */
    void (*on_due)(struct stream *stream);
    /* Ends the stream with what the protocol has to say to that; in OPEN. */
    void (*close)(struct stream *stream, enum sk_reason reason);
    /* The stream ended or began to end, stream->reason says why; once, at the end of a turn. */
    void (*on_end)(struct stream *stream);
};

/* What the owner of a hub's streams hears. */
struct stream_owner {
    /* The header of a proxy has named the peer: stream->address.  Returns whether it may stay, else
     * it is dropped with address_limit. */
    bool (*on_address)(struct stream *stream);
    /* It leaves its hub for another one. */
    void (*on_leave)(struct stream *stream);
    /* It has come from another hub; this is the new thread. */
    void (*on_arrive)(struct stream *stream);
    /* Nothing points to it any more: the owner frees it. */
    void (*on_gone)(struct stream *stream);
};

/* What a message touches stands first: two lines of the cache. */
struct stream {
    struct loop_source source; /* first: a source is its stream */
    struct stream_hub *hub;
    const struct stream_protocol *protocol;
    union {
        struct sk_tls *tls;              /* the session; NULL when plain */
        struct tls_context *tls_context; /* borrowed; in TLS_FIRST: what to make it of */
    };
    struct byte_queue unsent; /* for the socket */
    struct byte_queue input;  /* from the peer, not used yet: plaintext, but in TLS_FIRST */
    uint64_t heard_ms;        /* the peer sent something */
    int32_t fd;
    uint32_t interest;    /* epoll's events that are watched */
    uint32_t pause_bytes; /* the protocol's: while more are unsent, nothing is read */
    uint32_t work_turn;   /* the turn that `work` was done in */
    uint16_t work;
    uint16_t reason;            /* enum sk_reason, from CLOSING on */
    uint8_t state;              /* enum stream_state */
    uint8_t tls_stage;          /* enum stream_tls */
    bool is_held;               /* the protocol's: nothing is read, an answer is due first */
    bool is_spent;              /* its share of this turn is used up: it goes on in the next */
    bool is_queued;             /* for its handshake's turn: handshake_queue.h */
    bool may_wait;              /* the protocol's: what it sends is for the next tick */
    bool awaits_address;        /* of its proxy's header, before TLS and protocol */
    bool is_watched;            /* by the hub's loop */
    bool has_place;             /* among the handshakes under way */
    bool has_ended;             /* on_end() was called */
    struct stream_hub *move_to; /* NULL unless stream_move() was called */
    const void *profile;        /* the owner's, borrowed: what holds for this stream */
    void *user;                 /* the owner's */
    struct wheel_timer timer;   /* due_ms is UINT64_MAX when it is not armed */
    struct loop_task task;
    union {
        struct stream_link link; /* where it waits */
        struct mail mail;        /* while it moves; it waits nowhere then */
    };
    uint32_t placed_ms; /* when has_place became true; wraps */
    int32_t place;      /* its counter among those of its address: address_limit.h */
    struct address address;
};

/* What the streams of a hub counted since it was made; any thread may read it. */
struct stream_counts {
    struct counter bytes_in; /* on the wire */
    struct counter bytes_out;
    struct counter reads; /* system calls that moved bytes */
    struct counter writes;
};

/* --- what a protocol does --------------------------------------------------------------------- */

/* Whether bytes wait that the kernel did not take; what lies in the write buffer does not count. */
static inline bool stream_has_unsent(const struct stream *stream)
{
    return stream->unsent.block != NULL;
}

/* Ends the stream behind what was sent; nothing when it is ending already.  The protocol says its
 * last word before. */
void stream_close(struct stream *stream, enum sk_reason reason);
/* Ends it at once, in any state. */
void stream_drop(struct stream *stream, enum sk_reason reason);
/* Calls on_due() in `timeout_ms` from now, or, with 0, not at all. */
void stream_set_deadline(struct stream *stream, uint32_t timeout_ms);
/* The same at an absolute time; UINT64_MAX for never. */
void stream_arm(struct stream *stream, uint64_t due_ms);
/* Looks, at the end of this turn, at input that waits. */
void stream_defer(struct stream *stream);
/* Counts what was done for the peer in this turn, a request or a frame.  A peer that has used up
 * its SK_WORK_A_WAKE is paused, and goes on in the next turn, after the others. */
void stream_count_work(struct stream *stream, uint16_t units);
/* Whether nothing more may be taken from the peer for now. */
bool stream_is_paused(const struct stream *stream);
/* Takes the stream to the hub of another thread, at the end of this turn; nothing unless it is
 * OPEN. */
void stream_move(struct stream *stream, struct stream_hub *to);

/* --- what the files of this folder do --------------------------------------------------------- */

/* Tells epoll what the stream waits for, if that has changed. */
void stream_watch(struct stream *stream);
/* Adds it to its hub's loop.  Returns SK_OK or SK_ERR_SYSTEM. */
SK_MUST_CHECK int stream_enter(struct stream *stream);
/* Takes it out again, timer and all; the fd stays open. */
void stream_leave(struct stream *stream);
/* Whether what stream.c's head says of a stream holds. */
bool stream_is_sound(const struct stream *stream);

#endif
