/* dots.h - the smallest game: a dot a player, moved by its axes.  For tests of what carries games.
 */
#ifndef DOTS_H
#define DOTS_H

#include "sim/game.h"

/* The game, which lives forever. */
const struct sk_game *dots_game(void);

#endif
