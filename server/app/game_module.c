/* game_module.c - see game_module.h.
 *
 * A module says of which code it is, as eight bytes somewhere in its data.  One that does not have
 * those of its game would be refused at each hello, so it is not offered.
 */
#include "game_module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "built_in.h"
#include "game_tables.h"
#include "net/http_choice.h"
#include "net/text.h"

enum { FILE_PATH_BYTES = 4096, MODULE_BYTES_MAX = 16 << 20 };

/* --- finding it ------------------------------------------------------------------------------- */

static void read_form_create(struct module_form *form, const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file && fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
        rewind(file);
    }
    if (size > 0 && size <= MODULE_BYTES_MAX) {
        form->owned = malloc((size_t)size);
    }
    if (form->owned && fread(form->owned, 1, (size_t)size, file) == (size_t)size) {
        form->bytes = form->owned;
        form->size = (size_t)size;
    }
    if (file) {
        (void)fclose(file);
    }
}

/* The files beside X.so. */
static void read_files(struct game_module *module, const char *name)
{
    char path[FILE_PATH_BYTES];
    int stem = (int)strlen(name);
    stem -= stem > 3 && strcmp(name + stem - 3, ".so") == 0 ? 3 : 0;
    int size = snprintf(path, sizeof(path), "%.*s.wasm.gz", stem, name);
    if (size < 0 || (size_t)size >= sizeof(path)) {
        return;
    }
    read_form_create(&module->gzip, path);
    memcpy(path + size - 2, "br", 2);
    read_form_create(&module->brotli, path);
    path[size - 3] = '\0';
    read_form_create(&module->plain, path);
}

static void find_built_in(struct game_module *module, const struct sk_game *game)
{
    static const struct {
        const struct sk_game *game;
        const struct sk_module_file *file;
    } rows[] = {{&arena_game, &arena_module}, {&template_game, &template_module}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].game == game) {
            module->plain =
                (struct module_form){.bytes = rows[i].file->bytes, .size = rows[i].file->size};
            module->gzip =
                (struct module_form){.bytes = rows[i].file->gzip, .size = rows[i].file->gzip_size};
        }
    }
}

static bool is_of(const struct module_form *form, uint64_t code_hash)
{
    uint8_t bytes[8];
    for (uint32_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(code_hash >> (8 * i));
    }
    return memmem(form->bytes, form->size, bytes, sizeof(bytes)) != NULL;
}

static const char *lack_of(const struct game_module *module, const struct sk_game *game)
{
    if (!module->plain.bytes) {
        return "its .wasm is not beside it";
    }
    if (!is_of(&module->plain, game->code_hash)) {
        return "its .wasm is of other code";
    }
    return module->tables ? NULL : "there is no memory for its tables";
}

static void name_paths(struct game_module *module, const struct sk_game *game)
{
    unsigned long long hash = game->code_hash;
    int size =
        snprintf(module->path, sizeof(module->path), "/module/%s-%016llx.wasm", game->name, hash);
    SK_ASSERT(size > 0 && (size_t)size < sizeof(module->path)); /* sk_game_check() */
    (void)snprintf(module->tables_path, sizeof(module->tables_path), "/module/%s-%016llx.json",
                   game->name, hash);
}

struct game_module *game_module_create(const struct sk_game *game, const char *name)
{
    struct game_module *module = calloc(1, sizeof(*module));
    if (!module) {
        return NULL;
    }
    find_built_in(module, game);
    if (!module->plain.bytes) {
        read_files(module, name);
    }
    module->tables = game_tables_create(game);
    module->lack = lack_of(module, game);
    if (!module->lack) {
        name_paths(module, game);
    }
    return module;
}

void game_module_destroy(struct game_module *module)
{
    if (module) {
        free(module->plain.owned);
        free(module->gzip.owned);
        free(module->brotli.owned);
        free(module->tables);
        free(module);
    }
}

/* --- answering -------------------------------------------------------------------------------- */

/* The form that the client likes best. */
static const struct module_form *choose(const struct game_module *module,
                                        const struct sk_http_headers *headers,
                                        const char **encoding)
{
    uint32_t brotli = module->brotli.bytes ? sk_http_coding_weight(headers, "br") : 0;
    uint32_t gzip = module->gzip.bytes ? sk_http_coding_weight(headers, "gzip") : 0;
    uint32_t identity = sk_http_coding_weight(headers, "identity");
    if (brotli > 0 && brotli >= gzip && brotli >= identity) {
        *encoding = "content-encoding: br\r\n";
        return &module->brotli;
    }
    if (gzip > 0 && gzip >= identity) {
        *encoding = "content-encoding: gzip\r\n";
        return &module->gzip;
    }
    *encoding = "";
    return &module->plain;
}

bool game_module_answer(const struct game_module *module, const struct sk_http_request *request,
                        struct http_response *response, char headers[GAME_MODULE_HEADERS_BYTES])
{
    const char *encoding = "";
    if (module->lack) {
        return false;
    }
    if (sk_text_is(request->path, module->path)) {
        const struct module_form *form = choose(module, &request->headers, &encoding);
        *response = (struct http_response){
            .type = "application/wasm", .body = form->bytes, .body_bytes = form->size};
    } else if (sk_text_is(request->path, module->tables_path)) {
        *response = (struct http_response){.type = "application/json",
                                           .body = (const uint8_t *)module->tables,
                                           .body_bytes = strlen(module->tables)};
    } else {
        return false;
    }
    response->status = 200;
    response->body_is_static = true;
    response->headers = headers;
    (void)snprintf(headers, GAME_MODULE_HEADERS_BYTES,
                   "cache-control: public, max-age=31536000, immutable\r\n"
                   "access-control-allow-origin: *\r\nx-content-type-options: nosniff\r\n"
                   "vary: accept-encoding\r\n%s",
                   encoding);
    return true;
}
