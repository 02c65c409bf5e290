/* toy_game.h - the smallest game that uses every part of the interface, for tests of rooms.
 *
 * Each player has a toy that moves one step a tick and counts its presses; a press is an event for
 * all.  Option "rocks" adds entities whose value is new each tick: enough of them fit no snapshot.
 */
#ifndef TOY_GAME_H
#define TOY_GAME_H

#include "sim/game.h"

/* Buttons; a bot holds the second, and the last is the only one that acts once. */
enum { TOY_PRESS = 1, TOY_BOT = 2, TOY_FEEL = 4, TOY_TAP = 8 };
enum { TOY_PRESSED, TOY_FELT }; /* events; the second is the player's alone */
enum { TOY_COMMAND_MOVE, TOY_COMMAND_ECHO, TOY_COMMAND_BYTES_MAX = 8 };

struct toy {
    struct sk_entity entity;
    uint32_t x;
    uint32_t presses; /* for the owner alone */
    uint32_t bot_ticks;
    uint32_t taps;
    uint32_t echoes; /* commands taken */
    uint32_t seen;   /* of all views that came with a press */
};

extern const struct sk_game toy_game;

/* The toy of a player in a world. */
const struct toy *toy_of(const void *world, uint32_t player);

#endif
