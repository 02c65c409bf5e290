/* client_content.h - the content of a room's game (its map), fetched from the server that plays it.
 *
 * Prediction needs the very content that the server steps by; the join answer says where it is.
 *
 * Memory   client_content_answer_create() allocates what an answer may need,
 *          client_content_create() what the game makes of it and gives the answer's memory back;
 *          client_content_destroy() frees all.
 * Threads  one.
 */
#ifndef CLIENT_CONTENT_H
#define CLIENT_CONTENT_H

#include "base/span.h"
#include "sim/game.h"

enum { CLIENT_CONTENT_ANSWER_BYTES = SK_HTTP_HEAD_BYTES_MAX + SK_CONTENT_BYTES_MAX };

/* Zero is none. */
struct client_content {
    char path[SK_CONTENT_PATH_BYTES_MAX + 1]; /* at the server, which names the very bytes */
    uint64_t hash;                            /* as Welcome has it */
    void *block;                              /* owned; NULL: the game took none */
    uint8_t *answer; /* owned: CLIENT_CONTENT_ANSWER_BYTES while it is fetched */
};

/* Forgets the one before and makes memory for the answer.  Returns SK_OK or SK_ERR_MEMORY. */
SK_MUST_CHECK int client_content_answer_create(struct client_content *content, const char *path);
/* The answer has come: lets `game` build from its body.  Returns SK_OK; SK_ERR_MEMORY or
 * SK_ERR_CONFIG leave content->block NULL. */
SK_MUST_CHECK int client_content_create(struct client_content *content, const struct sk_game *game,
                                        struct sk_text body);
/* Frees what is there and leaves none. */
void client_content_destroy(struct client_content *content);

#endif
