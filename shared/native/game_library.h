/* game_library.h - the game in a shared object that was opened: for the server and for clients.
 *
 * Memory   the game is the library's, and lives as long as it is loaded.
 * Threads  one.
 */
#ifndef SK_GAME_LIBRARY_H
#define SK_GAME_LIBRARY_H

#include "sim/game.h"

/* Asks what dlopen() gave for its game and makes the failures of its assertions ours.  The game is
 * not looked at: sk_game_check() comes next.  Returns NULL with *why ("has no ..."), which lives
 * forever. */
const struct sk_game *sk_game_library_game(void *library, const char **why);

#endif
