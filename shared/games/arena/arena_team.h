/* arena_team.h - who is on whose side, where the room's option says teams.
 *
 * A newcomer goes to the smaller team, and between rounds the larger one gives up members until
 * they differ by one at most.  Without teams everybody is everybody's enemy.
 */
#ifndef ARENA_TEAM_H
#define ARENA_TEAM_H

#include "arena/arena_world.h"

/* Does this room play in teams? */
bool arena_team_is_played(const struct arena_world *world);

/* May `player` hurt `other`?  Nobody hurts himself or his team. */
bool arena_team_is_enemy(const struct arena_world *world, uint32_t player, uint32_t other);

/* The team that `player`, who has just come, should be in: the smaller, else that with fewer
 * people among its members, else the one behind; ARENA_NO_TEAM without teams. */
uint8_t arena_team_choose(const struct arena_world *world, uint32_t player);

/* Counts a kill of `player` for the team. */
void arena_team_score(struct arena_world *world, uint32_t player);

/* Moves members of the larger team, bots first and then those with fewer points, until the teams
 * differ by one at most. */
void arena_team_balance(struct arena_world *world);

#endif
