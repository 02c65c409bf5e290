/* game_module.h - a game's code for pages: its .wasm and its tables, served under a path that names
 * the code, so that a page plays what the server runs.
 *
 *   compiled in:  the build put the module into this program, too
 *   X.so:         X.wasm beside it, and X.wasm.gz or X.wasm.br where they are
 *
 * Memory   game_module_create() allocates all, game_module_destroy() frees it.
 * Threads  read-only after the start.
 */
#ifndef GAME_MODULE_H
#define GAME_MODULE_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "http/response.h"
#include "net/http_head.h"
#include "sim/game.h"

enum { GAME_MODULE_PATH_BYTES = 96, GAME_MODULE_HEADERS_BYTES = 320 };

/* One form of a file; `bytes` NULL: there is none. */
struct module_form {
    const uint8_t *bytes;
    size_t size;
    uint8_t *owned; /* the same, when it was read from a file */
};

struct game_module {
    char path[GAME_MODULE_PATH_BYTES];        /* "/module/NAME-CODEHASH.wasm"; empty: none */
    char tables_path[GAME_MODULE_PATH_BYTES]; /* the same with .json */
    struct module_form plain;
    struct module_form gzip;
    struct module_form brotli;
    char *tables;
    const char *lack; /* why pages cannot play the game, static; NULL: they can */
};

/* Finds the module of a game that was loaded by `name` (game_loader.h).  A game without one is as
 * good as any other, but for pages: then `lack` says why.  Returns an owned module, NULL without
 * memory. */
struct game_module *game_module_create(const struct sk_game *game, const char *name);
/* Frees what was loaded; NULL is nothing. */
void game_module_destroy(struct game_module *module);

/* Answers a GET of `path` from one of the module's two.  Returns false when it is neither; else
 * *response, whose headers lie in `headers`. */
bool game_module_answer(const struct game_module *module, const struct sk_http_request *request,
                        struct http_response *response, char headers[GAME_MODULE_HEADERS_BYTES]);

#endif
