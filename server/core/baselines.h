/* baselines.h - which baselines a snapshot is encoded against, for clients that hold others each.
 *
 * Over a transport that loses messages each client holds snapshots of its own: one round trip old
 * and older, with gaps.  An encode for each would cost a room as many as it has players, a keyframe
 * for all but a few more bytes than a line has.  So a few are chosen that nearly everybody holds
 * one of, as new as they can be.
 *
 * A set of snapshots is 32 bits: bit i is the one i + 1 intervals before that to be encoded.
 *
 * Memory   none.
 * Threads  pure functions.
 */
#ifndef BASELINES_H
#define BASELINES_H

#include <stdint.h>

#include "base/limits.h"

/* A client that gets the snapshot. */
struct baseline_claim {
    uint32_t held; /* the snapshots that it can take for a baseline; 0: it gets a keyframe */
    uint16_t seat;
};

/* Returns at most SK_BASELINES_A_SNAPSHOT_MAX snapshots.  Each is the one that makes the baselines
 * of all newer by most, where having none counts as old as two rings of frames; of equals the
 * newest.  Where everybody holds the newest of all, it is that alone. */
uint32_t baselines_choose(const struct baseline_claim *claims, uint32_t count);

#endif
