/* game_loader.h - games by name: those that are compiled in, and shared objects.
 *
 * A game's .so is trusted code: it runs in the server's process with all of its rights.  It brings
 * its own copy of shared/, so its failed checks are led back to this process's handlers.
 *
 * Memory   what a library holds lives until game_unload(); a game must have no room left then.
 * Threads  at start, before others run.
 */
#ifndef GAME_LOADER_H
#define GAME_LOADER_H

#include <stddef.h>

#include "sim/game.h"

struct game_loaded {
    const struct sk_game *game; /* checked */
    void *library;              /* NULL: compiled in */
};

/* Finds the game `name`: with a '/' or the ending ".so" it is a file, else the name of one that is
 * compiled in.  Returns SK_OK; or, with one sentence in `why` (cut to `why_bytes`): SK_ERR_CONFIG
 * for an unknown name, a file that is none or no library, a missing entry or a game that breaks the
 * interface; SK_ERR_MISMATCH for another ABI or struct size.  *loaded is empty then. */
SK_MUST_CHECK int game_load(struct game_loaded *loaded, const char *name, char *why,
                            size_t why_bytes);

/* Closes the library, if any, and empties *loaded. */
void game_unload(struct game_loaded *loaded);

#endif
