/* arena_combat.h - shots, damage and pickups.
 *
 * A projectile flies in the present; what it hits is at first where its shooter saw it, and a
 * quarter of a second later where it is; to its shooter it is drawn so (client/client_spawns.h).  A
 * rail hits at once, at what the shooter saw: the others
 * are put back to the moment of the input, which the host has made legal.
 *
 * Who is hurt and who gets what only the authority decides.  What a shot does by itself both ends
 * compute (arena_predict.c).
 */
#ifndef ARENA_COMBAT_H
#define ARENA_COMBAT_H

#include "arena/arena_map.h"

/* --- the authority's ----------------------------------------------------------------------- */

/* `player` has fired `weapon` (enum arena_weapon), with this input. */
void arena_combat_fire(struct arena_world *world, const struct arena_map *map, uint32_t player,
                       int weapon, const struct sk_input *input, struct sk_events *events);
/* Moves all projectiles by one tick; what they hit is hurt. */
void arena_combat_fly(struct arena_world *world, const struct arena_map *map,
                      struct sk_events *events);
/* Players take pickups that are ready and that they have use for; taken ones come back in time. */
void arena_combat_take_pickups(struct arena_world *world, struct sk_events *events);

/* --- both ends' ---------------------------------------------------------------------------- */

/* A projectile leaves `player`'s muzzle.  Returns it, or NULL when there is no slot for it. */
struct arena_projectile *arena_combat_launch(struct arena_world *world, const struct arena_map *map,
                                             uint32_t player, struct sk_events *events);
/* Moves a projectile that hits nobody by one tick; it ends in a wall or of age. */
void arena_combat_move(struct arena_world *world, const struct arena_map *map,
                       struct arena_projectile *shot);
/* The rail's beam.  Returns the player that it meets first as the shooter saw them, players_max
 * when none. */
uint32_t arena_combat_beam(struct arena_world *world, const struct arena_map *map, uint32_t player,
                           const struct sk_input *input, struct sk_events *events);
/* The player that a projectile's next tick hits, as far as snapshots tell: its owner, who has this
 * input, knows what it is judged by until it is judged in the present.  Grazes are left out.
 * players_max when none. */
uint32_t arena_combat_find_known(const struct arena_world *world,
                                 const struct arena_projectile *shot, const struct sk_input *input);
/* What a hit of `weapon` costs this player. */
uint8_t arena_combat_damage(const struct arena_player *hit, int weapon);
/* Gives the player what a pickup that is ready has.  Returns false when he is not at it, or has no
 * use for it. */
bool arena_combat_take(struct arena_player *player, const struct arena_pickup *pickup);
/* Speed of a projectile, units a tick, for aiming ahead. */
int32_t arena_combat_projectile_speed(void);

#endif
