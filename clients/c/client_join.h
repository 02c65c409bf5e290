/* client_join.h - the join call of SESSION.md: the request's text, and what the answer says.
 *
 * Memory   the caller's.
 * Threads  any; no state.
 */
#ifndef CLIENT_JOIN_H
#define CLIENT_JOIN_H

#include "base/limits.h"
#include "base/reason.h"
#include "base/span.h"
#include "client_enet.h"
#include "client_url.h"

enum { CLIENT_NAME_BYTES = 4 * SK_NAME_BYTES_MAX, CLIENT_SENTENCE_BYTES = 128 };

/* What to ask for; an empty text is left out. */
struct client_join {
    char name[CLIENT_NAME_BYTES];
    char game[SK_NAME_BYTES_MAX + 1];
    char room[SK_CODE_BYTES + 1];
    char password[SK_PASSWORD_BYTES_MAX + 1];
    char resume[SK_TICKET_BYTES_MAX + 1]; /* when there, it is asked for alone */
    uint32_t players_max;                 /* 0: the server's choice */
    bool create;
    bool spectate;
    bool wants_enet; /* it can play over ENet too */
};

struct client_seat_offer {
    struct client_url ws;
    char game[SK_NAME_BYTES_MAX + 1];            /* "": it does not say */
    char content[SK_CONTENT_PATH_BYTES_MAX + 1]; /* a path at the join API's server; "": none */
    char ticket[SK_TICKET_BYTES_MAX + 1];
    bool has_enet;                           /* then: */
    struct client_url enet;                  /* where, by UDP; it has no path */
    struct client_enet_session enet_session; /* which is good for one connection */
};

/* Why there is no seat. */
struct client_refusal {
    enum sk_reason reason;
    char sentence[CLIENT_SENTENCE_BYTES]; /* the server's, printable ASCII; "": it has none */
};

/* Writes the whole HTTP request, head and body.  Returns its bytes, or SK_ERR_TOO_BIG. */
SK_MUST_CHECK int client_join_write(const struct client_join *join, const struct client_url *url,
                                    char *out, size_t capacity);
/* The same for a request of the file at `path`. */
SK_MUST_CHECK int client_join_write_get(const struct client_url *url, const char *path, char *out,
                                        size_t capacity);
/* Reads an answer of `status`.  Returns SK_OK and fills *offer; SK_ERR_CLOSED when the server
 * refused, with *refusal: by its word, else by a status that a proxy or a later server would give
 * (429 JOIN_RATE, 502 to 504 SERVER_BUSY); SK_ERR_PROTOCOL for anything that is no answer of the
 * join API. */
SK_MUST_CHECK int client_join_read(uint16_t status, struct sk_text body,
                                   struct client_seat_offer *offer, struct client_refusal *refusal);

#endif
