/* client_content.c - see client_content.h. */
#include "client_content.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

void client_content_destroy(struct client_content *content)
{
    free(content->block);
    free(content->answer);
    *content = (struct client_content){0};
}

int client_content_answer_create(struct client_content *content, const char *path)
{
    size_t bytes = strlen(path);
    SK_ASSERT(bytes < sizeof(content->path)); /* of an offer, which bounds it */
    client_content_destroy(content);
    memcpy(content->path, path, bytes + 1);
    content->answer = malloc(CLIENT_CONTENT_ANSWER_BYTES);
    return content->answer == NULL ? SK_ERR_MEMORY : SK_OK;
}

static int build_block_create(struct client_content *content, const struct sk_game *game,
                              const uint8_t *source, size_t size)
{
    int bytes = game->content(source, size, NULL, 0);
    if (bytes <= 0 || bytes > SK_CONTENT_BYTES_MAX) {
        return SK_ERR_CONFIG;
    }
    content->block = aligned_alloc(16, ((size_t)bytes + 15) & ~(size_t)15);
    if (content->block == NULL) {
        return SK_ERR_MEMORY;
    }
    if (game->content(source, size, content->block, (size_t)bytes) != bytes) {
        free(content->block);
        content->block = NULL;
        return SK_ERR_CONFIG;
    }
    return SK_OK;
}

int client_content_create(struct client_content *content, const struct sk_game *game,
                          struct sk_text body)
{
    const uint8_t *source = (const uint8_t *)body.bytes;
    content->hash = sk_hash(0, source, body.size);
    int result = build_block_create(content, game, source, body.size);
    free(content->answer); /* `body` lay in it */
    content->answer = NULL;
    return result;
}
