/* arena_combat.h - shots, damage and pickups: what only the authority decides.
 *
 * A projectile flies and hits in the present.  A rail hits at once, at what the shooter saw: the
 * others are put back to the moment of the input, which the host has made legal.
 */
#ifndef ARENA_COMBAT_H
#define ARENA_COMBAT_H

#include "arena/arena_map.h"

/* `player` has fired `weapon` (enum arena_weapon), with this input. */
void arena_combat_fire(struct arena_world *world, const struct arena_map *map, uint32_t player,
                       int weapon, const struct sk_input *input, struct sk_events *events);

/* Moves all projectiles by one tick; what they hit is hurt. */
void arena_combat_fly(struct arena_world *world, const struct arena_map *map,
                      struct sk_events *events);

/* Players take pickups that are ready and that they have use for; taken ones come back in time. */
void arena_combat_take_pickups(struct arena_world *world, struct sk_events *events);

/* Speed of a projectile, units a tick, for aiming ahead. */
int32_t arena_combat_projectile_speed(void);

#endif
