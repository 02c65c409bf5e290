/* dots.h - the smallest game: a dot a player, moved by its axes.  For tests of what carries games.
 */
#ifndef DOTS_H
#define DOTS_H

#include "sim/game.h"

/* The game, which lives forever. */
const struct sk_game *dots_game(void);

/* Moves the dot of a player by one: as a bug would, for its y is nobody's but the inputs'. */
void dots_push_y(void *world, uint32_t player);

#endif
