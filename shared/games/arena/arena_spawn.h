/* arena_spawn.h - where a player appears, and which way it looks.
 *
 * A newcomer must find somebody before losing interest, and must not be shot on arrival: so neither
 * the loneliest place nor one in sight, but one about ten tiles from the nearest enemy, facing open
 * floor on the way there.  In teams one of the own base, where the map has bases.
 */
#ifndef ARENA_SPAWN_H
#define ARENA_SPAWN_H

#include "arena/arena_map.h"

struct arena_start {
    int32_t x;
    int32_t y;
    uint16_t aim; /* turn */
};

/* Chooses among the map's spawn points for `player`; equal ones take turns by the secret seed. */
struct arena_start arena_spawn_choose(const struct arena_world *world, const struct arena_map *map,
                                      uint32_t player);

#endif
