/* fixture.h - plays a game with made-up players: the recorded input that every build must agree on.
 *
 * Seats are taken and left, some by bots that think() plays, the others by players who hold random
 * buttons and look at random moments.  All of it comes from one seed, so that gcc, clang and the
 * browser can be asked for the hash of the same match.
 *
 * Memory   borrows world, content, inputs and events.
 */
#ifndef SK_FIXTURE_H
#define SK_FIXTURE_H

#include "sim/game.h"

struct sk_fixture {
    const struct sk_plan *plan;
    void *world;             /* plan->world_bytes */
    const void *content;     /* NULL when the game has none */
    struct sk_input *inputs; /* plan->players_max */
    struct sk_events events; /* emptied before each tick */
    uint64_t seed;
    uint64_t hash; /* over the world every SK_FIXTURE_HASH_TICKS ticks */
};

enum { SK_FIXTURE_HASH_TICKS = 16 };

/* Starts the world and fills every other seat with a bot. */
void sk_fixture_start(struct sk_fixture *fixture);
/* Plays `tick_count` more ticks, each with commands, joins and leaves, inputs and step.
 * Returns fixture->hash. */
uint64_t sk_fixture_run(struct sk_fixture *fixture, uint32_t tick_count);

#endif
