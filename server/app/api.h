/* api.h - the JSON of the join API (SESSION.md, "The join API").
 *
 * Text in, struct out, and back: what a request says is checked here once, so that the lobby sees
 * only lengths and numbers that fit.  Fields that are not known are passed over; one that is known
 * but of the wrong type, twice there or at odds with another is refused.
 *
 * Memory   texts of a parsed request lie in its own struct, so that it must not be copied. libcjson
 *          allocates during a call; when memory is short the request fails, nothing else.
 * Threads  one: libcjson keeps its last error in a global.
 */
#ifndef API_H
#define API_H

#include "lobby.h"
#include "net/sealed.h"
#include "net/text.h"

enum { API_ROOM_BYTES_MAX = 512 }; /* of one row of the list of rooms */
enum { API_ROOMS_A_PAGE_MAX = 125 };

/* A request to join, or, when resume_bytes is not 0, to come back. */
struct api_join {
    struct lobby_request request; /* borrows the texts below, and the config's */
    char name[SK_NAME_BYTES_MAX];
    char code[SK_CODE_BYTES];
    char password[SK_PASSWORD_BYTES_MAX];
    char resume[SK_TICKET_BYTES_MAX];
    size_t resume_bytes;
    bool wants_enet; /* it can make use of api_grant.enet */
};

/* Which part of the list of rooms is asked for. */
struct api_page {
    uint32_t from; /* the first slot */
    uint32_t limit;
};

/* A session of sealed datagrams, as its client has it. */
struct api_enet {
    const char *address; /* HOST:PORT */
    uint32_t session;
    const struct sk_sealed_keys *keys;
};

/* What a client needs to connect.  Borrows all texts; `code` and `ticket` are not terminated. */
struct api_grant {
    const char *code; /* SK_CODE_BYTES of them */
    const char *game;
    const char *ws;      /* the whole URL */
    const char *content; /* path of the game's content, empty: it has none */
    const char *module;  /* path of its code for pages; empty: there is none */
    const char *ticket;
    size_t ticket_bytes;
    uint32_t expires_s;
    uint32_t players_max;
    const struct api_enet *enet; /* NULL: none was asked for, or none is given */
};

/* Reads the body of POST /api/join; every body is safe.  Names are trimmed, codes become upper
 * case, options are found by name among those of the game.  Returns SK_REASON_NONE with *out, or
 * why the request is refused: server_busy when memory was short.  Ranges of options and seats are
 * left to lobby_join(). */
enum sk_reason api_parse_join(const struct lobby_config *config, const char *body, size_t size,
                              struct api_join *out);

/* Reads the query of GET /api/rooms; every query is safe.  Returns SK_REASON_NONE with *page, or
 * SK_REASON_REQUEST_BAD for an `after` that no answer gave or a `limit` that is no number above 0.
 */
enum sk_reason api_parse_page(struct sk_text query, struct api_page *page);

/* Writes the answer to a request that was granted.  Returns its bytes, or SK_ERR_FULL when it does
 * not fit or memory is short; `out` is then garbage.  A 0 stands behind the text, as below. */
SK_MUST_CHECK int api_render_grant(const struct api_grant *grant, char *out, size_t capacity);

/* Writes the answer to GET /api/rooms: the page's public rooms in order of slots, as many as surely
 * fit, how many there are in all, and what the next page comes after.  A room keeps its slot, so
 * that one which lives from the first page to the last is on exactly one.  Returns its bytes or
 * SK_ERR_FULL. */
SK_MUST_CHECK int api_render_rooms(const struct lobby *lobby, const struct api_page *page,
                                   char *out, size_t capacity);

/* Writes the answer to GET /api/games: each game with the options that its rooms take.  Returns its
 * bytes or SK_ERR_FULL. */
SK_MUST_CHECK int api_render_games(const struct lobby_config *config, char *out, size_t capacity);

#endif
