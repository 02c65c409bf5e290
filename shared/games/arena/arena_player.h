/* arena_player.h - what a player's own input does to the player, on both ends.
 *
 * Nothing here looks at another player, and of this one only at what has an exact row.
 */
#ifndef ARENA_PLAYER_H
#define ARENA_PLAYER_H

#include "arena/arena_map.h"

enum { ARENA_NO_SHOT = -1 };

/* One tick of a living player: aim, weapon, dash, walk, cooldown.  The dead only wait.  Returns the
 * enum arena_weapon that went off, or ARENA_NO_SHOT. */
int arena_player_advance(struct arena_player *player, const struct arena_map *map,
                         const struct sk_input *input);

#endif
