/* arena_match.h - rounds, their clock and winner, and where players appear.
 *
 *   PLAYING --clock at 0 or score limit: round-end--> PAUSE --clock at 0: round-start--> PLAYING
 *
 * In the pause one may walk and shoot; nothing hurts and nothing counts.
 */
#ifndef ARENA_MATCH_H
#define ARENA_MATCH_H

#include "arena/arena_map.h"

/* Makes the first round's match and pickups, in a zeroed world. */
void arena_match_start(struct arena_world *world, const void *content);

/* One tick of the clock: ends rounds and begins them, with all players at new places. */
void arena_match_step(struct arena_world *world, const void *content, struct sk_events *events);

/* Puts a player where arena_spawn.h says, alive and whole. */
void arena_match_spawn(struct arena_world *world, const struct arena_map *map, uint32_t player);

#endif
