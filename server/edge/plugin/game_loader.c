/* game_loader.c - see game_loader.h.
 *
 *   name --> compiled in? ------------------------------------------> sk_game_check --> loaded
 *        \-> regular file? --> dlopen --> entry --> handlers led back --^
 *
 * Nothing of a game is looked at before its ABI and struct size are known to be ours.
 */
#include "plugin/game_loader.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "built_in.h"
#include "native/game_library.h"

enum { PATH_BYTES = 4096 };

static const struct sk_game *const built_in[] = {&arena_game, &template_game};
enum { BUILT_IN_COUNT = sizeof(built_in) / sizeof(built_in[0]) };

static bool is_path(const char *name)
{
    size_t bytes = strlen(name);
    return strchr(name, '/') || (bytes > 3 && strcmp(name + bytes - 3, ".so") == 0);
}

/* --- shared objects ------------------------------------------------------------------------ */

/* Opens the file, which must be a regular one.  Returns NULL with *why. */
static void *open_library(const char *name, char *why, size_t why_bytes)
{
    char path[PATH_BYTES];
    struct stat status;
    int bytes = snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : "./", name);
    if (bytes < 0 || (size_t)bytes >= sizeof(path) || stat(path, &status) != 0 ||
        !S_ISREG(status.st_mode)) {
        (void)snprintf(why, why_bytes, "game %s is not a file", name);
        return NULL;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        (void)snprintf(why, why_bytes, "game %s is not a library that can be loaded: %s", name,
                       dlerror());
    }
    return library;
}

static int load_library(struct game_loaded *loaded, const char *name, char *why, size_t why_bytes)
{
    const char *fault = NULL;
    loaded->library = open_library(name, why, why_bytes);
    if (!loaded->library) {
        return SK_ERR_CONFIG;
    }
    loaded->game = sk_game_library_game(loaded->library, &fault);
    if (!loaded->game) {
        (void)snprintf(why, why_bytes, "game %s %s", name, fault);
        return SK_ERR_CONFIG;
    }
    return SK_OK;
}

/* --- names --------------------------------------------------------------------------------- */

static int find_built_in(struct game_loaded *loaded, const char *name, char *why, size_t why_bytes)
{
    for (size_t i = 0; i < BUILT_IN_COUNT; i++) {
        if (strcmp(built_in[i]->name, name) == 0) {
            loaded->game = built_in[i];
            return SK_OK;
        }
    }
    (void)snprintf(why, why_bytes, "game %s is unknown: it is neither compiled in nor a .so", name);
    return SK_ERR_CONFIG;
}

int game_load(struct game_loaded *loaded, const char *name, char *why, size_t why_bytes)
{
    const char *fault = NULL;
    *loaded = (struct game_loaded){0};
    int result = is_path(name) ? load_library(loaded, name, why, why_bytes)
                               : find_built_in(loaded, name, why, why_bytes);
    if (result == SK_OK) {
        result = sk_game_check(loaded->game, &fault);
    }
    if (fault) {
        (void)snprintf(why, why_bytes, "game %s cannot be used: %s", name, fault);
    }
    if (result != SK_OK) {
        game_unload(loaded);
    }
    return result;
}

void game_unload(struct game_loaded *loaded)
{
    if (loaded->library) {
        (void)dlclose(loaded->library);
    }
    *loaded = (struct game_loaded){0};
}
