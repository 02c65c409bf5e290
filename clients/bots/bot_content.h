/* bot_content.h - a game that bots know how to play, and its content from a file of this machine.
 *
 * Memory   bot_content_create() allocates; the block is read by all threads until destroyed.
 */
#ifndef BOT_CONTENT_H
#define BOT_CONTENT_H

#include "sim/game.h"

enum { BOT_CONTENT_WHY_BYTES = 600, BOT_GAMES = 2 };

/* The games that are linked in. */
extern const struct sk_game *const bot_games[BOT_GAMES];

struct bot_content {
    const struct sk_game *game;
    void *block;   /* owned; NULL: the game has none */
    uint64_t hash; /* as Welcome names it; 0: the game has none */
};

/* Reads the content of `game` from below the folder `assets`.  Returns SK_OK, or SK_ERR_CONFIG with
 * a sentence in `why` when there is no such file or the game does not take it. */
SK_MUST_CHECK int bot_content_create(struct bot_content *content, const struct sk_game *game,
                                     const char *assets, char why[BOT_CONTENT_WHY_BYTES]);
/* Frees the block. */
void bot_content_destroy(struct bot_content *content);

#endif
