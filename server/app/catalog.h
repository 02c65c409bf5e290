/* catalog.h - the games that this server offers, with their content.
 *
 * Memory   catalog_create() loads everything; the blocks live until catalog_destroy().
 * Threads  read-only after the start.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "game_module.h"
#include "lobby.h"
#include "plugin/game_loader.h"
#include "sim/game.h"

enum { CATALOG_PATH_BYTES = 64, CATALOG_WHY_BYTES = 768 };

struct catalog_game {
    const struct sk_game *game;
    struct game_loaded loaded; /* keeps its .so open */
    uint8_t *source;           /* the content file's bytes, served as they are; NULL: none */
    size_t source_bytes;
    void *content;                         /* built from them; NULL: none */
    uint64_t content_hash;                 /* of the source */
    char content_path[CATALOG_PATH_BYTES]; /* "/content/NAME-HASH"; empty: none */
    struct game_module *module;            /* for pages */
    const char *option_names[SK_OPTIONS_MAX];
    uint32_t option_mins[SK_OPTIONS_MAX];
    uint32_t option_maxes[SK_OPTIONS_MAX];
    uint32_t option_defaults[SK_OPTIONS_MAX];
};

struct catalog {
    struct catalog_game games[LOBBY_GAMES_MAX];
    struct lobby_game lobby_games[LOBBY_GAMES_MAX]; /* the same, as the lobby wants them */
    uint32_t count;
};

/* Loads `count` games, each a built-in name or a path to a .so, and their content from files under
 * `assets`.  Returns an owned catalog, or NULL with a sentence in `why`. */
struct catalog *catalog_create(const char *const *names, uint32_t count, const char *assets,
                               char why[CATALOG_WHY_BYTES]);
/* Frees the games' content and closes their libraries; no room of theirs may be left. */
void catalog_destroy(struct catalog *catalog);

/* The game whose content has this path, or NULL. */
const struct catalog_game *catalog_find_content(const struct catalog *catalog, struct sk_text path);

#endif
