/* bot_content.c - see bot_content.h. */
#include "bot_content.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "built_in.h"

const struct sk_game *const bot_games[BOT_GAMES] = {&arena_game, &template_game};

/* Returns the file's bytes, or -1 when it cannot be read or is larger than `capacity`. */
static long read_file(const char *path, uint8_t *bytes, size_t capacity)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return -1;
    }
    size_t size = fread(bytes, 1, capacity, file);
    bool is_whole = ferror(file) == 0 && fgetc(file) == EOF;
    (void)fclose(file);
    return is_whole ? (long)size : -1;
}

static int build_block_create(struct bot_content *content, const uint8_t *source, size_t size)
{
    int bytes = content->game->content(source, size, NULL, 0);
    if (bytes <= 0 || bytes > SK_CONTENT_BYTES_MAX) {
        return SK_ERR_CONFIG;
    }
    content->block = aligned_alloc(16, ((size_t)bytes + 15) & ~(size_t)15);
    if (content->block == NULL) {
        return SK_ERR_MEMORY;
    }
    int built = content->game->content(source, size, content->block, (size_t)bytes);
    return built == bytes ? SK_OK : SK_ERR_CONFIG;
}

int bot_content_create(struct bot_content *content, const struct sk_game *game, const char *assets,
                       char why[BOT_CONTENT_WHY_BYTES])
{
    char path[512];
    *content = (struct bot_content){.game = game};
    if (game->content_name == NULL) {
        return SK_OK;
    }
    uint8_t *source = malloc(SK_CONTENT_BYTES_MAX);
    (void)snprintf(path, sizeof(path), "%s/%s", assets, game->content_name);
    long size = source == NULL ? -1 : read_file(path, source, SK_CONTENT_BYTES_MAX);
    (void)snprintf(why, BOT_CONTENT_WHY_BYTES, "cannot read %s, which --think needs (--assets)",
                   path);
    int result = SK_ERR_CONFIG;
    if (size >= 0) {
        (void)snprintf(why, BOT_CONTENT_WHY_BYTES, "game %s does not take %s", game->name, path);
        content->hash = sk_hash(0, source, (size_t)size);
        result = build_block_create(content, source, (size_t)size);
    }
    free(source);
    return result;
}

void bot_content_destroy(struct bot_content *content)
{
    free(content->block);
    *content = (struct bot_content){0};
}
