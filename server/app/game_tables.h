/* game_tables.h - a game's tables as JSON, for pages that were not built with it: the same as
 * clients/web/describe writes for those that were.
 *
 * Memory   the text is the caller's to free.
 */
#ifndef GAME_TABLES_H
#define GAME_TABLES_H

#include "sim/game.h"

/* Returns an owned text, terminated, or NULL when memory is short. */
char *game_tables_create(const struct sk_game *game);

#endif
