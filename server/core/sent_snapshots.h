/* sent_snapshots.h - which snapshots one client was sent, acked, and may be sent next.
 *
 * A snapshot is encoded as late as possible: only when the connection holds nothing unsent and few
 * enough are unacked.  So a client never has more than one unsent snapshot, and one that stalls
 * gets, at the first snapshot after it reads again, one delta to the newest state.
 *
 * On a lossy transport what is unacked for longer than two round trips (250 ms at least) counts as
 * lost: it is under way no longer, and an outage, however long, ends by itself.  An ack of it that
 * comes all the same is believed.
 *
 * Memory   none.
 * Threads  one: the room's.
 * Time     now_us is a parameter.
 */
#ifndef SENT_SNAPSHOTS_H
#define SENT_SNAPSHOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/result.h"

/* What every ack touches stands first, beside the end of the seat's inbox. */
struct sent_snapshots {
    uint32_t first_index; /* of the oldest unacked */
    uint32_t unacked_count;
    uint32_t divisor;     /* ticks a snapshot */
    uint32_t interval_us; /* time a snapshot */
    uint32_t last_tick;   /* newest sent; 0: none since the reset */
    uint32_t acked_tick;  /* newest acked; 0: none */
    uint32_t rtt_us;      /* from sending to the ack, smoothed; 0: not known yet */
    uint32_t applied;     /* bit i: so is the one i + 1 intervals before acked_tick */
    bool is_ordered;      /* delta from the last sent, not from what is acked */
    bool wants_keyframe;
    uint32_t unacked_since_ms; /* when the first after the newest acked went out, if any did */
    uint32_t ticks[SK_FRAME_RING_SLOTS];         /* queue of those sent and not acked, ascending */
    uint32_t sent_ms[SK_FRAME_RING_SLOTS];       /* when, low bits of a millisecond clock */
    uint64_t sent_bits[SK_SENT_TICKS_KEPT / 64]; /* bit tick / divisor: it was sent, acked or not */
};

/* Nothing was sent yet: the first snapshot will be a keyframe. */
void sent_snapshots_init(struct sent_snapshots *sent, uint32_t divisor, uint32_t tick_hz,
                         bool is_ordered);

/* May one more be under way? */
bool sent_snapshots_may_send(const struct sent_snapshots *sent, uint64_t now_us);
/* The newest snapshot that the client has applied when the next one comes, as far as is known; 0:
 * none, or it wants a keyframe. */
uint32_t sent_snapshots_known(const struct sent_snapshots *sent);
/* Those that snapshot `tick` may be a delta from, as a set (baselines.h), when the ring holds those
 * from `oldest_tick` on; 0: it must be a keyframe. */
uint32_t sent_snapshots_held(const struct sent_snapshots *sent, uint32_t tick,
                             uint32_t oldest_tick);
/* How long ago the first snapshot after the newest acked was sent; 0 when all are acked. */
uint32_t sent_snapshots_unacked_ms(const struct sent_snapshots *sent, uint64_t now_us);
/* Snapshot `tick` (newer than any before, asserted) was handed to the transport. */
void sent_snapshots_on_sent(struct sent_snapshots *sent, uint32_t tick, uint64_t now_us);
/* Was the snapshot of `tick` sent?  True for one that was due so long ago that nobody knows. */
bool sent_snapshots_has_sent(const struct sent_snapshots *sent, uint32_t tick);
/* The client says that it applied `tick` and, of those before it, the set `applied`, at which an
 * ordered transport does not look.  Returns SK_OK (an old, forgotten or repeated ack changes
 * nothing), or SK_ERR_RANGE for one that was never sent on this connection. */
SK_MUST_CHECK int sent_snapshots_on_ack(struct sent_snapshots *sent, uint32_t tick,
                                        uint32_t applied, uint64_t now_us);

#endif
