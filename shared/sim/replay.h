/* replay.h - plays a match again from the calls that a host made of its game, and compares the
 * world's hash after each tick with the one that was recorded.
 *
 *   start    0 | seed (8) | secret seed (8)                                       once, first
 *   join     1 | player (1) | bot (1)
 *   leave    2 | player (1)
 *   command  3 | player (1) | type (2) | number (4) | wants an answer (1) | size (2) | bytes
 *   tick     4 | count (1) | count times: player (1), struct sk_input (20) | hash (8)
 *
 * Numbers are as the machine has them, low byte first, on all that a match is compared on.
 *
 * Memory   borrows world, inputs, content and events, and the record during the call.
 */
#ifndef SK_REPLAY_H
#define SK_REPLAY_H

#include "sim/game.h"

enum sk_replay_call {
    SK_REPLAY_START,
    SK_REPLAY_JOIN,
    SK_REPLAY_LEAVE,
    SK_REPLAY_COMMAND,
    SK_REPLAY_TICK,
};

struct sk_replay {
    const struct sk_plan *plan;
    void *world;             /* plan->world_bytes */
    const void *content;     /* NULL when the game has none */
    struct sk_input *inputs; /* plan->players_max */
    struct sk_events events; /* emptied before each tick */
    uint64_t hash;           /* over the hashes of the ticks that were equal */
};

/* Plays the record to its end, or to the first tick that comes out otherwise.  Returns how many
 * were equal, or SK_ERR_TRUNCATED or SK_ERR_RANGE for what is no record of this plan. */
SK_MUST_CHECK int sk_replay_run(struct sk_replay *replay, const uint8_t *bytes, size_t size);

#endif
