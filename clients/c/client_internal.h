/* client_internal.h - the inside of struct client, for the files that make it up.
 *
 *   client.c        life, and the host's calls about socket and time
 *   client_receive.c   what the link hands over
 *   client_play.c   what the player does
 *   client_lifecycle.c  losing, coming back, ending, sending: what all of them need
 */
#ifndef CLIENT_INTERNAL_H
#define CLIENT_INTERNAL_H

#include "client.h"
#include "client/client_retry.h"
#include "client_content.h"
#include "client_enet.h"
#include "client_join.h"
#include "client_link.h"
#include "client_match.h"

/* Without a datagram for so long a session is over, or, with AUTO, did not begin. */
#define CLIENT_ENET_SILENT_US  UINT64_C(2000000)
#define CLIENT_ENET_WELCOME_US UINT64_C(1000000)
/* With AUTO, when they did not, the joins of so long go without them. */
#define CLIENT_ENET_AGAIN_US UINT64_C(60000000)
/* A state before PLAYING may last so long. */
#define CLIENT_STATE_US (SK_HEAD_TIMEOUT_MS * (uint64_t)1000)

enum client_follow {
    CLIENT_FOLLOW_NOTHING,
    CLIENT_FOLLOW_FETCH,
    CLIENT_FOLLOW_CONNECT,
    CLIENT_FOLLOW_DROP
};

struct client {
    struct client_config config;    /* its texts are not used after create */
    struct client_url url;          /* of the join API */
    struct client_join join;        /* its resume ticket is there once there was a Welcome */
    struct client_seat_offer offer; /* where to connect, with which ticket */
    struct client_refusal refusal;  /* the last one */
    struct client_link *link;
    struct client_enet *enet; /* owned; NULL: there was no connection by datagrams, or it is over */
    bool is_by_enet;          /* where the offer leads to, that connection is by datagrams */
    uint64_t enet_again_us;   /* AUTO: no Welcome came by datagrams; before then none are tried */
    struct client_match *match; /* NULL before the first Welcome */
    struct client_content content;
    uint64_t code_told;      /* in the last hello; 0: it does not predict */
    bool hides_code;         /* another one was refused */
    const char *unpredicted; /* why the match is not predicted; NULL: it is, or nobody asked */
    bool is_probe_wanted;
    uint64_t probed_us;      /* 0: never */
    uint64_t diverged_us;    /* the server was told; 0: never */
    uint64_t diverged_count; /* verdicts that it was told of, or need not be */
    struct sk_client_commands commands;
    struct sk_encoder *encoder;
    struct sk_client_retry retry;
    enum client_state state;
    enum sk_reason reason;
    enum client_follow follow; /* what an event of the link left to be done */
    bool socket_wanted;
    bool socket_held;
    bool socket_over;
    uint64_t now_us;      /* of the call that runs */
    uint64_t deadline_us; /* of the state */
    uint64_t join_timeout_us;
    uint64_t join_until_us;  /* until then a join is tried again; 0: not begun */
    uint64_t retry_after_us; /* the server's wish with its last answer */
    uint64_t hello_us;
    uint64_t welcome_us;
    uint64_t lost_us; /* when the seat's time began to run */
    struct client_counts counts;
};

/* Tells the host. */
void client_emit(struct client *client, const struct client_event *event);
/* Ends for good. */
void client_end(struct client *client, enum sk_reason reason);
/* The connection is of no more use: the client comes back later, or ends. */
void client_drop(struct client *client, enum sk_reason reason);
/* Asks for a socket for that state, in place of one that is held. */
void client_begin(struct client *client, enum client_state state);
/* Does what an event of the link left to be done. */
void client_follow_up(struct client *client);
/* Whether it speaks to the join API's server, by plain HTTP. */
bool client_is_calling(const struct client *client);
/* Sends a message; when that fails, client_follow_up() loses the connection. */
void client_send(struct client *client, struct sk_bytes message);
/* The same for one that may be lost, as inputs and acks may. */
void client_send_lossy(struct client *client, struct sk_bytes message);
/* Ends the connection from our side, best effort. */
void client_send_close(struct client *client);
/* Is there nothing that waits to be sent? */
bool client_is_sent(const struct client *client);
/* By datagrams no Welcome came: tries WebSocket, if it may.  Returns whether it does. */
bool client_try_ws(struct client *client);
/* The events of a session of datagrams. */
struct client_enet_events client_enet_events_of(struct client *client);
/* The link's events, for a client as their owner. */
struct client_link_events client_events(struct client *client);
/* Sends what is due, inputs, an ack or the wish for a keyframe, while no bytes are unsent. */
void client_flush(struct client *client);

#endif
