/* arena_result.h - what each player did in a round, and the rank that comes of it.
 *
 * A kill is a point, and so many more come with a round won.  Points and rank stay with the seat
 * until it is given up, so a rank is earned over the rounds of one room.
 */
#ifndef ARENA_RESULT_H
#define ARENA_RESULT_H

#include "arena/arena_world.h"

/* Gives everybody the points and the rank of the round that has just ended, match.winner known, and
 * tells each player alone what it did. */
void arena_result_tell(struct arena_world *world, struct sk_events *events);

#endif
