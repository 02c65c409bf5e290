/* conn_struct.h - what the files of this folder know of a connection.  Its users include conn.h.
 *
 * States only go down the list, but REQUEST and HEAD alternate:
 *
 *   FIRST     TLS listener, no session yet                        conn_tls.c leaves it
 *   HEAD      TLS handshake, then a request head and body         conn_http.c
 *   REQUEST   the owner owes an answer; nothing is read           conn_respond, conn_upgrade
 *   OPEN      WebSocket                                           conn_ws.c
 *   CLOSING   what was sent is still going out                    conn_end.c
 *   DRAINING  our side is shut, the peer's last bytes are read    conn_end.c
 *   GONE      freed at the end of this turn                       conn_end.c
 */
#ifndef CONN_STRUCT_H
#define CONN_STRUCT_H

#include "net/ws_handshake.h"
#include "stream/byte_queue.h"
#include "tls/tls.h"
#include "transport/conn.h"
#include "transport/conn_list.h"
#include "transport/handshake_queue.h"

enum conn_state {
    CONN_FIRST,
    CONN_HEAD,
    CONN_REQUEST,
    CONN_OPEN,
    CONN_CLOSING,
    CONN_DRAINING,
    CONN_GONE
};

/* What is remembered of the request in HEAD and REQUEST. */
struct conn_request {
    uint32_t seen_bytes; /* of the head, searched for its end without finding it */
    uint32_t need_bytes; /* head and body, once the head is known; 0 before */
    uint32_t left_seen;  /* of an answer, when the deadline was last looked at */
    uint8_t upgrade;     /* enum sk_ws_upgrade */
    bool is_get;
    bool is_head; /* the answer has no body */
    bool keeps;   /* the connection stays open after the answer */
    bool was_told_to_continue;
    char accept[SK_WS_ACCEPT_BYTES]; /* when upgrade is OK */
};

struct conn {
    struct loop_source source; /* first: a source is its connection */
    struct wheel_timer timer;
    struct loop_task task;
    struct mail mail;
    struct front *front;
    struct front *move_to; /* NULL unless conn_move() was called */
    const struct conn_profile *profile;
    struct sk_tls *tls; /* NULL: plain, or in FIRST */
    void *user;
    const uint8_t *static_bytes; /* of a body that is not copied, the rest */
    size_t static_left;
    struct byte_queue unsent;  /* bytes for the socket */
    struct byte_queue input;   /* bytes from the peer, plaintext but in FIRST, not looked at yet */
    struct byte_queue message; /* of a message that came in several pieces */
    uint64_t heard_ms;         /* the peer sent something */
    uint64_t deadline_ms;      /* absolute, of the state; UINT64_MAX for none */
    struct address address;
    int32_t fd;
    int32_t place; /* among the unadmitted of its address, or the admitted when is_admitted */
    uint32_t slot;
    uint32_t interest;   /* epoll's events that are watched */
    uint16_t reason;     /* enum sk_reason, from CLOSING on */
    uint8_t state;       /* enum conn_state */
    bool is_handshaking; /* of a TLS listener, and its handshake is not done: handshake_queue.h */
    bool tls_failed;     /* nothing can be sealed any more */
    bool was_announced;  /* on_request() was called: on_close() is due */
    bool was_told;       /* on_close() was called */
    bool is_admitted;
    bool is_proxied;   /* the peer is one of the profile's proxies */
    bool awaits_proxy; /* its header has not come yet */
    bool is_spent;     /* its share of this turn is used up: it goes on in the next */
    uint16_t work;     /* done in the turn below */
    uint32_t work_turn;
    union {
        struct {                         /* before OPEN */
            struct conn_listing listing; /* where it waits */
            union {
                struct handshake handshake;  /* while is_handshaking */
                struct conn_request request; /* HEAD, REQUEST */
            };
        };
        struct sk_ws_reader reader; /* OPEN */
    };
};

_Static_assert(sizeof(struct conn) <= 440, "an idle connection costs at most 455 bytes of heap");

/* Whether nothing more may be taken from the peer for now. */
bool conn_is_paused(const struct conn *conn);
/* Tells epoll what the connection's state waits for, if that has changed. */
void conn_watch(struct conn *conn);
/* Has the connection's task run at the end of this turn. */
void conn_defer(struct conn *conn);
/* Counts what was done for the peer in this turn, a request or a frame.  A peer that has used up
 * its SK_WORK_A_WAKE is paused, and goes on in the next turn, after the others. */
void conn_count_work(struct conn *conn, uint16_t units);

/* A profile's member, or its default when it is zero. */
static inline uint32_t conn_or_default(uint32_t member, uint32_t default_value)
{
    return member != 0 ? member : default_value;
}

#endif
