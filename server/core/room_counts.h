/* room_counts.h - what a room counts, in one table.
 *
 * A row is COUNT(member, metric, help): the struct's member, the name that /metrics gives it behind
 * "skirmish_", and its sentence there.  HELD rows are parts of skirmish_snapshots_held_total, told
 * apart by their word.  Struct, sum and metrics come from here, so that none can be forgotten.
 *
 * Memory   plain data.
 * Threads  the worker's that runs the room.
 */
#ifndef ROOM_COUNTS_H
#define ROOM_COUNTS_H

#include <stdint.h>

/* clang-format off */
#define ROOM_COUNTS(COUNT, HELD)                                                                   \
    COUNT(ticks, "ticks_total", "Ticks stepped.")                                                  \
    COUNT(ticks_dropped, "ticks_dropped_total", "Ticks whose time could not be made good.")        \
    COUNT(inputs_kept, "inputs_total", "Inputs that will be or were used.")                        \
    COUNT(inputs_dropped, "inputs_dropped_total", "Inputs that came late, early or twice.")        \
    COUNT(inputs_repeated, "inputs_repeated_total",                                                \
          "Ticks of a player without an input of its own.")                                        \
    COUNT(views_clamped, "views_clamped_total",                                                    \
          "Inputs of which the view was moved to a moment that is honoured.")                      \
    COUNT(snapshots_sent, "snapshots_total", "Snapshots sent.")                                    \
    COUNT(snapshots_thinned, "snapshots_thinned_total",                                            \
          "Snapshots of a room that nobody was sent: the room was late.")                          \
    COUNT(snapshot_bytes, "snapshot_bytes_total",                                                  \
          "Bytes of the snapshots sent, without framing.")                                         \
    HELD(snapshots_held_unsent, "unsent")   /* the connection still held bytes */                  \
    HELD(snapshots_held_unacked, "unacked") /* too many under way */                               \
    COUNT(bodies_encoded, "bodies_encoded_total",                                                  \
          "Snapshot bodies encoded, each for any number of clients.")                              \
    COUNT(keyframes_encoded, "keyframes_encoded_total", "Bodies encoded without a baseline.")      \
    COUNT(keyframes_forced, "keyframes_forced_total",                                              \
          "Deltas that became keyframes, for too many baselines were wanted at once.")             \
    COUNT(events_dropped, "events_dropped_total", "Events that a tick had no space for.")
/* clang-format on */

#define ROOM_COUNTS_MEMBER(member, ...) uint64_t member;
/* Counted since the room was made; the worker adds them up for the metrics. */
struct room_counts {
    ROOM_COUNTS(ROOM_COUNTS_MEMBER, ROOM_COUNTS_MEMBER)
};

/* Adds each counter of `more` to that of `total`. */
static inline void room_counts_add(struct room_counts *total, const struct room_counts *more)
{
#define ROOM_COUNTS_ADD(member, ...) total->member += more->member;
    ROOM_COUNTS(ROOM_COUNTS_ADD, ROOM_COUNTS_ADD)
#undef ROOM_COUNTS_ADD
}

/* Takes each counter of `part`, which is in `total`, out of it. */
static inline void room_counts_subtract(struct room_counts *total, const struct room_counts *part)
{
#define ROOM_COUNTS_SUBTRACT(member, ...) total->member -= part->member;
    ROOM_COUNTS(ROOM_COUNTS_SUBTRACT, ROOM_COUNTS_SUBTRACT)
#undef ROOM_COUNTS_SUBTRACT
}

#endif
