/* handshake_queue.h - whose TLS handshake gets the processor next, and how many may be under way.
 *
 * A ClientHello costs a fifth of a millisecond, so a crowd of them, in good faith or not, is worked
 * off in turns: at most SK_TLS_HANDSHAKE_US_A_WAKE a turn, in order of arrival, and what has not
 * had its turn stays unread in its socket.  Nobody is refused for coming in a crowd.
 *
 *   FINISHING  has a place, and its peer's last flight is here      goes first
 *   FRESH      no place yet                                         in order of arrival
 *   CROWD      the same, of an address with more than its share     when nobody is FRESH
 *   AWAITING   has a place and waits for its peer                   costs memory, no time
 *
 * A place is a session in its handshake: SK_TLS_HANDSHAKES_MAX a front.  It is kept for
 * SK_TLS_HANDSHAKE_MS; when a newcomer finds no place, the handshake that has waited longest for
 * its peer, SK_TLS_HANDSHAKE_MS_MIN at least, is ended with tls_busy.
 *
 * Memory   in the front and in its connections.
 * Threads  the front's.
 */
#ifndef HANDSHAKE_QUEUE_H
#define HANDSHAKE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "loop/loop.h"

struct conn;
struct front;

/* A connection's part, while its handshake is not done. */
struct handshake {
    uint64_t placed_ms; /* when it got its place */
    bool has_place;
};

struct handshake_queue {
    struct loop_task task;    /* works off what waits for the processor */
    struct wheel_timer timer; /* looks again for a place */
    uint32_t place_count;     /* taken */
    uint32_t turn_number;     /* the turn that spent_ns belongs to */
    uint64_t spent_ns;        /* on handshakes in it */
};

/* Makes an empty queue. */
void handshake_queue_init(struct handshake_queue *queue);
/* Whether the connection, whose peer has sent something, may use the processor now.  If not, it is
 * queued and its turn comes by itself: conn_go_on_with_handshake() is called then. */
bool handshake_may_run(struct conn *conn);
/* Whether a connection in its handshake is queued for the processor: nothing is read from it
 * meanwhile. */
bool handshake_is_queued(const struct conn *conn);
/* Takes the place that handshake_may_run() has seen to. */
void handshake_take_place(struct conn *conn);
/* It waits for its peer now; nothing when it has no place. */
void handshake_await_peer(struct conn *conn);
/* Notes processor time spent in this turn. */
void handshake_note_spent(struct front *front, uint64_t spent_ns);
/* The handshake is over, one way or the other: gives the place back and leaves its list.  May be
 * called twice. */
void handshake_leave(struct conn *conn);

#endif
