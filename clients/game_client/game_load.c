/* game_load.c - sk_client_game_load() of skirmish.h: a game from the .so that the server loads.
 *
 * Nothing of a game is looked at before its ABI and struct size are known to be ours
 * (sk_game_check()).  A library that was loaded stays: a game lives as long as it does.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "sim/game.h"
#include "skirmish.h"

typedef const struct sk_game *(*entry_fn)(void);
typedef void (*set_handler_fn)(sk_assert_fn handler);

/* A symbol as a function: ISO C has no cast for it, POSIX demands that the bits are the same. */
static bool find_function(void *library, const char *symbol, void *function)
{
    void *found = dlsym(library, symbol);
    memcpy(function, &found, sizeof(found));
    return found != NULL;
}

/* The library has its own copy of base/assert.c: its failures become ours. */
static bool lead_failures_back(void *library)
{
    set_handler_fn set_handler;
    set_handler_fn set_game_handler;
    if (!find_function(library, "sk_assert_set_handler", &set_handler) ||
        !find_function(library, "sk_assert_set_game_handler", &set_game_handler)) {
        return false;
    }
    set_handler(sk_assert_failed);
    set_game_handler(sk_assert_game_failed);
    return true;
}

const struct sk_game *sk_client_game_load(const char *path, const char **why)
{
    entry_fn entry;
    *why = "the file is not a library that can be loaded";
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        return NULL;
    }
    *why = "the library has no " SK_GAME_ENTRY;
    if (!find_function(library, SK_GAME_ENTRY, &entry) || !lead_failures_back(library)) {
        goto fail;
    }
    const struct sk_game *game = entry();
    *why = "the library's game has another ABI";
    if (game == NULL || sk_game_check(game, why) != SK_OK) {
        goto fail;
    }
    return game;
fail:
    (void)dlclose(library);
    return NULL;
}
