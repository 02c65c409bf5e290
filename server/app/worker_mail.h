/* worker_mail.h - what the control thread sends a worker: commands, and responses to requests.
 *
 * The control thread decides (lobby), workers carry out (rooms).  Mail of one sender keeps its
 * order, so a room is open before its first seat is held, and held before its ticket can arrive.
 *
 * Memory   worker_command_create() and control_response_create() allocate a mail, whose receiver
 *          destroys it.  No mail is on the path of an input or a snapshot.  That the server stops
 *          is told by mail that lies in the mailbox.
 */
#ifndef WORKER_MAIL_H
#define WORKER_MAIL_H

#include "loop/loop.h"
#include "net/sealed.h"
#include "room_event.h"
#include "transport/conn.h"

struct control_response;
struct worker_command;

/* Where a worker's mail goes.  The worker fills it in when it is made; the functions run in its
 * thread, and the first two take the mail. */
struct worker_mailbox {
    struct loop *loop;
    void *worker;
    void (*on_command)(void *worker, struct worker_command *command);
    void (*on_response)(void *worker, struct control_response *response);
    void (*on_notice)(void *worker, uint32_t seconds);
    void (*on_stop)(void *worker);
    /* the end of the server must not wait for memory: these two are sent once each */
    struct mail notice;
    struct mail stop;
    uint32_t notice_seconds;
};

enum worker_command_kind {
    WORKER_COMMAND_OPEN,    /* the room exists; it is made when its first player comes */
    WORKER_COMMAND_HOLD,    /* keep a seat for nonce */
    WORKER_COMMAND_MOVE,    /* send the room to another worker */
    WORKER_COMMAND_CLOSE,   /* close the room: nobody is there */
    WORKER_COMMAND_SESSION, /* take datagrams of a session, for a seat that is held or away */
};

struct worker_command {
    struct mail mail;
    struct worker_command *next; /* of the same room, while it is pending (pending_rooms.h) */
    struct worker_mailbox *to;
    enum worker_command_kind kind;
    uint32_t room; /* id */
    uint64_t epoch;
    /* OPEN */
    char code[SK_CODE_BYTES];
    uint32_t game;
    uint16_t players_max;
    bool is_public;
    uint8_t password_hash[ROOM_PASSWORD_HASH_BYTES];
    uint32_t options[LOBBY_OPTIONS_MAX];
    uint64_t seed;
    uint64_t secret_seed;
    struct room_event *event; /* owned; NULL once the room has it */
    /* HOLD */
    uint16_t seat;
    uint64_t nonce;
    uint64_t until_us; /* of the monotonic clock */
    char name[SK_NAME_BYTES_MAX];
    size_t name_bytes;
    /* MOVE */
    uint32_t target; /* which worker */
    uint32_t tries;  /* so far, in vain */
    /* SESSION */
    uint32_t session;
    struct sk_sealed_keys keys; /* the server's */
};

/* The answer to a request of the API, for the connection that asked. */
struct control_response {
    struct mail mail;
    struct worker_mailbox *to;
    struct conn_id conn;
    void (*on_response)(struct conn *conn, const struct control_response *response);
    uint16_t status;
    size_t size;
    char origin[128]; /* echoed for CORS; empty: none */
    char body[];
};

/* Returns an owned, zeroed command, or NULL when memory is short. */
struct worker_command *worker_command_create(enum worker_command_kind kind);
/* The same for a response with a body of so many bytes. */
struct control_response *control_response_create(size_t body_bytes);
/* Frees a command, and the event that it still has. */
void worker_command_destroy(struct worker_command *command);
/* Frees a response. */
void control_response_destroy(struct control_response *response);

/* Hands a worker a command, which it takes.  Any thread. */
void worker_command_send(struct worker_mailbox *to, struct worker_command *command);
/* The same for a response, whose on_response() is called in the worker's thread with the connection
 * if that still exists. */
void control_response_send(struct worker_mailbox *to, struct control_response *response);
/* Has everybody told that the server stops in so many seconds; once. */
void worker_notice_send(struct worker_mailbox *to, uint32_t seconds);
/* Has everything closed and the loop ended; once. */
void worker_stop_send(struct worker_mailbox *to);

#endif
