/* entry.c - the one function that a game's .so and .wasm have: the build names the game. */
#include "sim/game.h"

extern const struct sk_game SK_GAME_SYMBOL;

const struct sk_game *sk_game_entry(void)
{
    return &SK_GAME_SYMBOL;
}
