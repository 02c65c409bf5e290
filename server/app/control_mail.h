/* control_mail.h - what a worker sends the control thread: requests of the API, events of rooms
 * (room_event.h).
 *
 * Memory   control_request_create() allocates a mail, whose receiver destroys it.  No mail is on
 *          the path of an input or a snapshot.
 */
#ifndef CONTROL_MAIL_H
#define CONTROL_MAIL_H

#include "lobby.h"
#include "loop/loop.h"
#include "net/http_host.h"
#include "transport/conn.h"

struct control_request;
struct control_response;
struct worker_event;

/* Where the control thread's mail goes.  That thread's owner fills it in when it is made; both
 * functions run in that thread.  on_request() takes the request. */
struct control_mailbox {
    struct loop *loop;
    void *control;
    void (*on_request)(void *control, struct control_request *request);
    void (*on_event)(void *control, const struct worker_event *event);
};

/* What a room told. */
struct worker_event {
    uint32_t room;
    uint64_t epoch;
    bool is_gone; /* closed, failed or never made: the state is of no interest */
    struct lobby_room_state state;
};

enum control_request_kind { CONTROL_REQUEST_JOIN, CONTROL_REQUEST_ROOMS, CONTROL_REQUEST_GAMES };

/* A request of the API that the lobby must answer. */
struct control_request {
    struct mail mail;
    struct control_mailbox *to;
    uint32_t worker; /* who gets the response */
    enum control_request_kind kind;
    struct conn_id conn;
    /* what the worker does with the response (worker_mail.h) */
    void (*on_response)(struct conn *conn, const struct control_response *response);
    uint32_t peer;                         /* of the lobby's: whose request it is */
    struct control_response *refusal;      /* owned; NULL once it is sent */
    bool is_secure;                        /* the client speaks TLS, with us or a trusted proxy */
    bool is_local;                         /* the client is on this machine */
    char host[SK_HTTP_HOST_BYTES_MAX + 1]; /* as the client named us; empty: it did not */
    char origin[128];                      /* allowed, or empty */
    size_t size;
    char body[]; /* of a join; the query of a list */
};

/* Returns an owned, zeroed request with a body of so many bytes, and with the response that refuses
 * it: who asks is answered whatever memory there is then.  NULL when memory is short. */
struct control_request *control_request_create(size_t body_bytes);
/* Frees it, and the refusal that it still has. */
void control_request_destroy(struct control_request *request);

/* Hands the control thread a request, which it takes.  Any thread. */
void control_request_send(struct control_mailbox *to, struct control_request *request);

#endif
