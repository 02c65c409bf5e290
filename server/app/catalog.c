/* catalog.c - see catalog.h. */
#include "catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "net/text.h"

/* Reads a file whole.  Returns its owned bytes, or NULL. */
static uint8_t *file_create(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file ? malloc(SK_CONTENT_BYTES_MAX + 1) : NULL;
    if (bytes) {
        *size = fread(bytes, 1, SK_CONTENT_BYTES_MAX + 1, file);
    }
    bool is_good = bytes && !ferror(file) && *size <= SK_CONTENT_BYTES_MAX;
    if (file) {
        (void)fclose(file);
    }
    if (!is_good) {
        free(bytes);
        return NULL;
    }
    uint8_t *fitted = realloc(bytes, *size ? *size : 1);
    return fitted ? fitted : bytes;
}

static int build_content_create(struct catalog_game *entry)
{
    const struct sk_game *game = entry->game;
    int bytes = game->content(entry->source, entry->source_bytes, NULL, 0);
    if (bytes <= 0 || bytes > SK_CONTENT_BYTES_MAX) {
        return SK_ERR_CONFIG;
    }
    entry->content = aligned_alloc(16, ((size_t)bytes + 15) & ~(size_t)15);
    if (!entry->content) {
        return SK_ERR_MEMORY;
    }
    int built = game->content(entry->source, entry->source_bytes, entry->content, (size_t)bytes);
    return built == bytes ? SK_OK : SK_ERR_CONFIG;
}

static int load_content(struct catalog_game *entry, const char *assets, char *why)
{
    char path[512];
    const struct sk_game *game = entry->game;
    if (!game->content_name) {
        return SK_OK;
    }
    int size = snprintf(path, sizeof(path), "%s/%s", assets, game->content_name);
    bool fits = size > 0 && (size_t)size < sizeof(path);
    entry->source = fits ? file_create(path, &entry->source_bytes) : NULL;
    if (!entry->source) {
        (void)snprintf(why, CATALOG_WHY_BYTES, "cannot read %s, which game %s needs (--assets)",
                       path, game->name);
        return SK_ERR_CONFIG;
    }
    if (build_content_create(entry) != SK_OK) {
        (void)snprintf(why, CATALOG_WHY_BYTES, "game %s does not accept %s", game->name, path);
        return SK_ERR_CONFIG;
    }
    entry->content_hash = sk_hash(0, entry->source, entry->source_bytes);
    (void)snprintf(entry->content_path, sizeof(entry->content_path), "/content/%s-%016llx",
                   game->name, (unsigned long long)entry->content_hash);
    return SK_OK;
}

static void describe(struct catalog_game *entry, struct lobby_game *row)
{
    const struct sk_game *game = entry->game;
    SK_ASSERT(game->option_count <= SK_OPTIONS_MAX);
    for (uint32_t i = 0; i < game->option_count; i++) {
        entry->option_names[i] = game->options[i].name;
        entry->option_mins[i] = game->options[i].min;
        entry->option_maxes[i] = game->options[i].max;
        entry->option_defaults[i] = game->options[i].default_value;
    }
    *row = (struct lobby_game){.name = game->name,
                               .players_min = game->players_min,
                               .players_max = game->players_max,
                               .option_count = game->option_count,
                               .option_names = entry->option_names,
                               .option_mins = entry->option_mins,
                               .option_maxes = entry->option_maxes,
                               .option_defaults = entry->option_defaults,
                               .content_path = entry->content_path};
}

static int load_game(struct catalog *catalog, const char *name, const char *assets, char *why)
{
    struct catalog_game *entry = &catalog->games[catalog->count];
    if (game_load(&entry->loaded, name, why, CATALOG_WHY_BYTES) != SK_OK) {
        return SK_ERR_CONFIG;
    }
    entry->game = entry->loaded.game;
    for (uint32_t i = 0; i < catalog->count; i++) {
        if (strcmp(catalog->games[i].game->name, entry->game->name) == 0) {
            (void)snprintf(why, CATALOG_WHY_BYTES, "game %s is named twice", entry->game->name);
            return SK_ERR_CONFIG;
        }
    }
    catalog->count++;
    describe(entry, &catalog->lobby_games[catalog->count - 1]);
    entry->module = game_module_create(entry->game, name);
    if (!entry->module) {
        (void)snprintf(why, CATALOG_WHY_BYTES, "no memory for game %s", entry->game->name);
        return SK_ERR_MEMORY;
    }
    return load_content(entry, assets, why);
}

struct catalog *catalog_create(const char *const *names, uint32_t count, const char *assets,
                               char why[CATALOG_WHY_BYTES])
{
    struct catalog *catalog = calloc(1, sizeof(*catalog));
    SK_ASSERT(count <= LOBBY_GAMES_MAX);
    if (!catalog) {
        (void)snprintf(why, CATALOG_WHY_BYTES, "no memory for the games");
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (load_game(catalog, names[i], assets, why) != SK_OK) {
            catalog_destroy(catalog);
            return NULL;
        }
    }
    return catalog;
}

void catalog_destroy(struct catalog *catalog)
{
    if (!catalog) {
        return;
    }
    for (uint32_t i = 0; i < catalog->count; i++) {
        free(catalog->games[i].source);
        free(catalog->games[i].content);
        game_module_destroy(catalog->games[i].module);
        game_unload(&catalog->games[i].loaded);
    }
    free(catalog);
}

const struct catalog_game *catalog_find_content(const struct catalog *catalog, struct sk_text path)
{
    for (uint32_t i = 0; i < catalog->count; i++) {
        const struct catalog_game *entry = &catalog->games[i];
        if (entry->content_path[0] != '\0' && sk_text_is(path, entry->content_path)) {
            return entry;
        }
    }
    return NULL;
}
