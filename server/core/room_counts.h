/* room_counts.h - what a room counts, in one table.
 *
 * A row is COUNT(member, metric, help): the struct's member, the name that /metrics gives it behind
 * "skirmish_", and its sentence there.  PART(member, metric, label, word, help) rows are parts of
 * one metric, told apart by the label's word.  Struct, sum and metrics come from here, so that none
 * can be forgotten.
 *
 * Memory   plain data.
 * Threads  the worker's that runs the room.
 */
#ifndef ROOM_COUNTS_H
#define ROOM_COUNTS_H

#include <stdint.h>

/* The words of `limit` are those of enum sk_view_limit, of `why`: the connection still held bytes;
 * too many were under way. */
#define ROOM_COUNTS_VIEWS "Inputs of which the view was moved to a moment that is honoured."
#define ROOM_COUNTS_HELD  "Snapshots not sent."
/* clang-format off */
#define ROOM_COUNTS(COUNT, PART)                                                                   \
    COUNT(ticks, "ticks_total", "Ticks stepped.")                                                  \
    COUNT(ticks_dropped, "ticks_dropped_total", "Ticks whose time could not be made good.")        \
    COUNT(inputs_kept, "inputs_total", "Inputs that will be or were used.")                        \
    COUNT(inputs_dropped, "inputs_dropped_total", "Inputs that came late or early.")               \
    COUNT(inputs_copied, "inputs_copied_total",                                                    \
          "Inputs that had come before: over UDP each is sent again until it is confirmed.")       \
    COUNT(inputs_repeated, "inputs_repeated_total",                                                \
          "Ticks of a player without an input of its own.")                                        \
    PART(views_old, "views_clamped_total", "limit", "old", ROOM_COUNTS_VIEWS)                      \
    PART(views_wide, "views_clamped_total", "limit", "wide", ROOM_COUNTS_VIEWS)                    \
    PART(views_ahead, "views_clamped_total", "limit", "ahead", ROOM_COUNTS_VIEWS)                  \
    PART(views_behind, "views_clamped_total", "limit", "behind", ROOM_COUNTS_VIEWS)                \
    COUNT(snapshots_sent, "snapshots_total", "Snapshots sent.")                                    \
    COUNT(snapshots_thinned, "snapshots_thinned_total",                                            \
          "Snapshots of a room that nobody was sent: the room was late.")                          \
    COUNT(snapshot_bytes, "snapshot_bytes_total",                                                  \
          "Bytes of the snapshots sent, without framing.")                                         \
    PART(snapshots_held_unsent, "snapshots_held_total", "why", "unsent", ROOM_COUNTS_HELD)         \
    PART(snapshots_held_unacked, "snapshots_held_total", "why", "unacked", ROOM_COUNTS_HELD)       \
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

/* Inputs of which a limit moved the view. */
static inline uint64_t room_counts_views_clamped(const struct room_counts *counts)
{
    return counts->views_old + counts->views_wide + counts->views_ahead + counts->views_behind;
}

/* Takes each counter of `part`, which is in `total`, out of it. */
static inline void room_counts_subtract(struct room_counts *total, const struct room_counts *part)
{
#define ROOM_COUNTS_SUBTRACT(member, ...) total->member -= part->member;
    ROOM_COUNTS(ROOM_COUNTS_SUBTRACT, ROOM_COUNTS_SUBTRACT)
#undef ROOM_COUNTS_SUBTRACT
}

#endif
