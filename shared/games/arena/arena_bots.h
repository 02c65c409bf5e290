/* arena_bots.h - the players that a machine plays.  Authority only: it uses the secret seed.
 *
 * On a client the server's part is taken by what arena_infer() makes up.
 *
 * A bot has no memory but the world: what it wants is a function of what it sees and of randomness
 * that holds for some ticks, so a bot can be taken over or restored at any tick.
 */
#ifndef ARENA_BOTS_H
#define ARENA_BOTS_H

#include "sim/game.h"

/* sk_game.think: makes the input of the bot in seat `player`. About 1.5 us a bot and tick. */
void arena_bots_think(const void *world, const void *content, uint32_t player,
                      struct sk_input *input);

#endif
