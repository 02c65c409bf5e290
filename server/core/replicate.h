/* replicate.h - a room's snapshots: quantised once, encoded once for all who share a baseline.
 *
 * Keeps the last frames as baselines and the young events, and makes bodies on demand.  A body is a
 * function of (newest frame, baseline), so in the steady state one encode serves a whole room.
 *
 * Memory   carved from an arena at init; nothing allocates later.
 * Threads  one: the room's.
 */
#ifndef REPLICATE_H
#define REPLICATE_H

#include "baselines.h"

#include "base/arena.h"
#include "sim/game.h"
#include "state/delta.h"
#include "state/snapshot.h"

struct replicate_body {
    uint32_t baseline_tick; /* 0: keyframe */
    uint16_t baseline_hash;
    uint32_t size;
    uint8_t *bytes;
};

enum { REPLICATE_BODIES_MAX = SK_BASELINES_A_SNAPSHOT_MAX + 1 }; /* the keyframe is one, too */

struct replicate {
    const struct sk_plan *plan; /* borrowed */
    uint32_t divisor;
    struct sk_frame empty;
    struct sk_frame frames[SK_FRAME_RING_SLOTS]; /* index = (tick / divisor) % slots */
    uint32_t newest_tick;                        /* 0: no frame yet */
    uint32_t oldest_tick;
    struct replicate_body bodies[REPLICATE_BODIES_MAX]; /* of the newest frame */
    uint32_t body_count;
    uint32_t baselines;       /* the set that the newest frame is encoded against */
    uint8_t *body_bytes;      /* where the bodies lie, one behind the other */
    uint32_t body_used;       /* of body_bytes */
    uint32_t body_capacity;   /* what one may need */
    struct sk_event *history; /* ring of young events */
    uint32_t history_start;
    uint32_t history_count;
    uint32_t own_count;      /* of them, those for one player alone */
    struct sk_event *picked; /* scratch: those that a part carries */
    uint64_t encoded_count;
    uint64_t keyframe_count;
    uint64_t forced_keyframe_count; /* baselines were held, and none of them was chosen */
};

/* Bytes that replicate_init() takes. */
size_t replicate_cost(const struct sk_plan *plan);
/* Makes an empty store.  Returns SK_OK or SK_ERR_MEMORY. */
SK_MUST_CHECK int replicate_init(struct replicate *replicate, const struct sk_plan *plan,
                                 struct sk_arena *arena);

/* Keeps the events of one tick, until they are 250 ms old or give way to newer ones. */
void replicate_add_events(struct replicate *replicate, struct sk_event_list events);
/* Quantises the world as the newest snapshot; its tick is a multiple of the divisor (asserted). */
void replicate_add_frame(struct replicate *replicate, const void *world, uint32_t tick);

/* Chooses the baselines of the newest snapshot, for all who get it. */
void replicate_choose(struct replicate *replicate, const struct baseline_claim *claims,
                      uint32_t count);
/* The body of the newest snapshot for who holds these (sent_snapshots_held()): against the newest
 * of them that was chosen, or a keyframe's: look at its baseline_tick.  Borrowed until the next
 * frame.  NULL when the world does not fit a snapshot. */
const struct replicate_body *replicate_body(struct replicate *replicate, uint32_t held);

/* Writes head and own part of a snapshot with this body.  `own` is filled by the room but
 * for what the player's own events need.  Returns the bytes, or SK_ERR_FULL. */
SK_MUST_CHECK int replicate_write_head(struct replicate *replicate,
                                       const struct replicate_body *body, const void *world,
                                       const struct sk_own_part *own, uint8_t *out,
                                       size_t capacity);

#endif
