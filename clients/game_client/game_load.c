/* game_load.c - sk_client_game_load() of skirmish.h: a game from the .so that the server loads.
 *
 * Nothing of a game is looked at before its ABI and struct size are known to be ours
 * (sk_game_check()).  A library that was loaded stays: a game lives as long as it does.
 */
#include <dlfcn.h>

#include "native/game_library.h"
#include "skirmish.h"

const struct sk_game *sk_client_game_load(const char *path, const char **why)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        *why = "the file is not a library that can be loaded";
        return NULL;
    }
    const struct sk_game *game = sk_game_library_game(library, why);
    if (game == NULL || sk_game_check(game, why) != SK_OK) {
        (void)dlclose(library);
        return NULL;
    }
    return game;
}
