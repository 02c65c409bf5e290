/* post.h - what workers and the desk send each other.
 *
 * The desk decides (lobby), workers carry out (rooms).  Mail of one sender keeps its order, so a
 * room is open before its first seat is held, and held before its ticket can arrive.
 *
 * Memory   post_*_create() allocates a mail, whose receiver destroys it.  No mail is on the path of
 *          an input or a snapshot.
 */
#ifndef POST_H
#define POST_H

#include "lobby.h"
#include "loop/mailbox.h"
#include "transport/conn.h"
#include "wire/messages.h"

/* --- desk to worker --------------------------------------------------------------------------- */

enum order_kind {
    ORDER_OPEN,   /* the room exists; it is made when its first player comes */
    ORDER_HOLD,   /* keep a seat for nonce */
    ORDER_UNHOLD, /* its ticket expired */
    ORDER_CLOSE,  /* close the room: nobody is there */
    ORDER_NOTICE, /* tell everybody that the server stops in `seconds` */
    ORDER_STOP,   /* close everything and end the loop */
};

struct order {
    struct mail mail;
    struct order *next; /* of the same room, while it is pending (pending_rooms.h) */
    struct worker *worker;
    enum order_kind kind;
    uint32_t room; /* id */
    uint64_t epoch;
    /* OPEN */
    char code[SK_CODE_BYTES];
    uint32_t game;
    uint16_t players_max;
    bool is_public;
    uint32_t options[LOBBY_OPTIONS_MAX];
    uint64_t seed;
    uint64_t secret_seed;
    /* HOLD, UNHOLD */
    uint16_t seat;
    uint64_t nonce;
    char name[SK_NAME_BYTES_MAX];
    size_t name_bytes;
    /* NOTICE */
    uint32_t seconds;
};

/* The answer to an ask, for the connection that asked. */
struct reply {
    struct mail mail;
    struct worker *worker;
    struct conn_id conn;
    uint16_t status;
    size_t size;
    char origin[128]; /* echoed for CORS; empty: none */
    char body[];
};

/* --- worker to desk --------------------------------------------------------------------------- */

enum report_kind { REPORT_TAKEN, REPORT_FREED, REPORT_GONE, REPORT_HEAVY, REPORT_LIGHT };

struct report {
    struct mail mail;
    struct desk *desk;
    enum report_kind kind;
    uint32_t room;
    uint64_t epoch;
    uint16_t seat;
};

enum ask_kind { ASK_JOIN, ASK_ROOMS, ASK_GAMES };

/* A request of the API that the lobby must answer. */
struct ask {
    struct mail mail;
    struct desk *desk;
    struct worker *worker; /* who gets the reply */
    enum ask_kind kind;
    struct conn_id conn;
    uint32_t peer;                         /* of the lobby's: whose request it is */
    bool is_secure;                        /* the client speaks TLS, with us or a trusted proxy */
    char host[SK_HTTP_HOST_BYTES_MAX + 1]; /* as the client named us; empty: it did not */
    char origin[128];                      /* allowed, or empty */
    size_t size;
    char body[]; /* of a join; the query of a list */
};

/* Each returns an owned, zeroed mail, or NULL when memory is short. */
struct order *post_order_create(enum order_kind kind);
struct reply *post_reply_create(size_t body_bytes);
struct report *post_report_create(enum report_kind kind);
struct ask *post_ask_create(size_t body_bytes);
/* Frees any of them. */
void post_destroy(void *mail);

#endif
