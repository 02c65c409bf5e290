/* handshake_queue.h - whose TLS handshake gets the processor next, and how many may be under way.
 *
 * A ClientHello costs a fifth of a millisecond, so a crowd of them, in good faith or not, is worked
 * off in turns: at most SK_TLS_HANDSHAKE_US_A_WAKE a turn, in order of arrival, and what has not
 * had its turn stays unread in its socket.  Nobody is refused for coming in a crowd.
 *
 *   finishing  has a place, and its peer's last flight is here      goes first
 *   fresh      no place yet                                         in order of arrival
 *   crowd      the same, of an address with more than its share     when nobody is fresh
 *   awaiting   has a place and waits for its peer                   costs memory, no time
 *
 * A place is a session in its handshake: SK_TLS_HANDSHAKES_MAX a hub.  It is kept for
 * SK_TLS_HANDSHAKE_MS; when a newcomer finds no place, the handshake that has waited longest for
 * its peer, SK_TLS_HANDSHAKE_MS_MIN at least, is ended with tls_busy.
 *
 * Memory   in the hub and in its streams.
 * Threads  the hub's.
 */
#ifndef HANDSHAKE_QUEUE_H
#define HANDSHAKE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "loop/loop.h"
#include "stream/stream_list.h"

struct stream;
struct stream_hub;

struct handshake_queue {
    void (*run)(struct stream *stream); /* goes on with a handshake whose turn it is */
    struct stream_list finishing;
    struct stream_list fresh;
    struct stream_list crowd;
    struct stream_list awaiting;
    struct loop_task task;    /* works off what waits for the processor */
    struct wheel_timer timer; /* looks again for a place */
    uint32_t place_count;     /* taken */
    uint32_t turn_number;     /* the turn that spent_ns belongs to */
    uint64_t spent_ns;        /* on handshakes in it */
};

/* Makes an empty queue; `run` is called with a stream whose turn has come. */
void handshake_queue_init(struct handshake_queue *queue, void (*run)(struct stream *stream));
/* Whether the stream, whose peer has sent something, may use the processor now.  If not, it is
 * queued, nothing is read from it, and its turn comes by itself. */
bool handshake_queue_may_run(struct stream *stream);
/* Acquires the place that handshake_queue_may_run() has seen to. */
void handshake_queue_acquire_place(struct stream *stream);
/* It waits for its peer now; nothing when it has no place. */
void handshake_queue_await_peer(struct stream *stream);
/* Notes processor time spent in this turn. */
void handshake_queue_note_spent(struct stream_hub *hub, uint64_t spent_ns);
/* The handshake is over, one way or the other: gives the place back and leaves its list.  May be
 * called twice. */
void handshake_queue_leave(struct stream *stream);

#endif
