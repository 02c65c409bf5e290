/* game_library.c - see game_library.h. */
#include "native/game_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "base/assert.h"

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

const struct sk_game *sk_game_library_game(void *library, const char **why)
{
    entry_fn entry;
    if (!find_function(library, SK_GAME_ENTRY, &entry)) {
        *why = "has no function " SK_GAME_ENTRY;
        return NULL;
    }
    if (!lead_failures_back(library)) {
        *why = "hides the functions of base/assert.h";
        return NULL;
    }
    const struct sk_game *game = entry();
    if (!game) {
        *why = "has an entry that gives no game";
    }
    return game;
}
