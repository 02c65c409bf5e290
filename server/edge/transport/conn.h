/* conn.h - one connection, a stream with HTTP and then WebSocket on it; and what its owner may do
 * with it.
 *
 *   accepted -> [TLS] -> http/http_stream.h --conn_upgrade()--> ws/ws_stream.h
 *                                 \------------- ends -------------/   stream/stream.h says how
 *
 * All that a connection sends in a wake leaves in one write: sends go to the loop's write buffer,
 * which is written when another connection needs it or when the turn ends.  What the kernel does
 * not take waits in blocks of the loop's pool, and the owner hears on_writable() when nothing waits
 * any more.
 *
 * A protocol error never discards what was sent before: the close frame with its code and reason
 * word goes out behind it, then the connection is shut down in order.
 *
 * A connection counts among the unadmitted of its address (address_limit.h) from accept to
 * conn_admit(), but for the time between an answer and the next request: there it is at rest, and
 * the first to be ended when the front has no slot for a newcomer.
 *
 * Memory   a connection is allocated when it is accepted and freed after on_close(); <= 455 bytes
 *          when it is idle, without TLS.
 * Threads  the thread of the front that it belongs to; conn_move() takes it to another.
 */
#ifndef CONN_H
#define CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "address/address.h"
#include "base/reason.h"
#include "http/response.h"
#include "net/http_head.h"
#include "net/ws_handshake.h"
#include "net/ws_message.h"
#include "transport/front.h"

struct conn;
struct tls_context;

/* A reference that stays safe when the connection is gone; of one front. */
struct conn_id {
    uint32_t index;
    uint32_t generation; /* never 0 */
};

/* A whole message; valid during on_message(), which may change the bytes. */
struct conn_message {
    uint8_t *bytes; /* unmasked, not aligned */
    size_t size;
    bool is_text; /* valid UTF-8 then */
};

/* What the owner of connections hears, always in the thread of the connection's front.  Inside a
 * call every function of this header may be used; the connection is never freed inside one. */
struct conn_handler {
    /* A request with its body (request->body_bytes).  Answer with conn_respond(), conn_refuse() or
     * conn_upgrade(), now or later (keep conn_id_of()); or conn_move() it and answer in on_moved().
     * `request` and `body` are valid during the call.  Nothing is read from the connection before
     * the answer. */
    void (*on_request)(struct conn *conn, const struct sk_http_request *request,
                       const uint8_t *body);
    /* A whole message on an upgraded connection. */
    void (*on_message)(struct conn *conn, const struct conn_message *message);
    /* Everything that waited was taken by the kernel.  NULL: not interested. */
    void (*on_writable)(struct conn *conn);
    /* A message of this upgraded connection comes soon: fetch what it will touch, change nothing
     * (loop.h, on_ahead).  NULL: nothing is fetched. */
    void (*on_ahead)(const struct conn *conn, enum loop_distance distance);
    /* conn_move() is done; this is the new thread.  NULL: connections are never moved. */
    void (*on_moved)(struct conn *conn);
    /* The connection ended or began to end; with SK_REASON_NONE when the peer ended it in order.
     * Called once for each connection that had a request, at the end of a turn, never inside
     * another call; the owner must forget the pointer. */
    void (*on_close)(struct conn *conn, enum sk_reason reason);
};

/* How a listener's connections behave; shared by all of them and by all loops, constant while they
 * live.  Zero means the default beside the member unless it says otherwise. */
struct conn_profile {
    const struct conn_handler *handler;
    struct tls_context *tls;       /* NULL: plain */
    uint32_t message_bytes_max;    /* SK_MESSAGE_BYTES_MAX */
    uint32_t fragments_max;        /* 0: no limit */
    bool text_allowed;             /* else text is closed with ws_unsupported */
    uint32_t body_bytes_max;       /* of a request: SK_HTTP_BODY_BYTES_MAX */
    uint32_t head_timeout_ms;      /* SK_HEAD_TIMEOUT_MS, from accept or from the last answer */
    uint32_t admit_timeout_ms;     /* 0: none; from upgrade to conn_admit(), else head_timeout */
    uint32_t idle_timeout_ms;      /* 0: an upgraded connection may be silent for ever */
    uint32_t ping_interval_ms;     /* 0: no pings; of silence */
    uint32_t send_queue_bytes_max; /* SK_SEND_QUEUE_BYTES_MAX; more that waits is slow_reader */
    uint32_t read_pause_bytes;     /* 0: never; while more waits to be sent, nothing is read */
    uint32_t send_low_water_bytes; /* 0: the kernel's own; TCP_NOTSENT_LOWAT */
    uint32_t rto_min_us;           /* 0: the kernel's own; native/tcp.h */
    uint32_t unadmitted_max;       /* 0: no limit; connections of one address before conn_admit() */
    uint32_t admitted_max;         /* 0: no limit; of one address after conn_admit() */
    bool limits_loopback;          /* loopback addresses are limited too */
    const struct address_range *proxies; /* borrowed: peers that speak for others, each of whose */
    uint32_t proxy_count;                /* requests tells the address that the limits count */
    bool proxy_header; /* proxies tell it instead in front of each connection: proxy_header.h */
};

/* --- answering a request ---------------------------------------------------------------------- */

/* Answers the request that on_request() announced.  The body is copied unless it is static.
 * Nothing when the connection is closing. */
void conn_respond(struct conn *conn, const struct http_response *response);
/* Answers with the reason's status, word and sentence as JSON. */
void conn_refuse(struct conn *conn, enum sk_reason reason);
/* What the request asks for; valid from on_request() to the answer, also after a move. */
enum sk_ws_upgrade conn_upgrade_kind(const struct conn *conn);
/* Answers a request of kind SK_WS_UPGRADE_OK (asserted) with 101; `subprotocol` may be NULL.  From
 * now on it is a WebSocket. */
void conn_upgrade(struct conn *conn, const char *subprotocol);
/* Answers a request that should have been an upgrade and is none: 426 for a plain GET or another
 * version, 405 for another method, 400 for a faulty attempt, with a sentence. */
void conn_refuse_upgrade(struct conn *conn);

/* --- an upgraded connection ------------------------------------------------------------------- */

#define CONN_PARTS_MAX 4

/* Sends one message (SK_WS_OP_BINARY or SK_WS_OP_TEXT) of up to CONN_PARTS_MAX parts.  The parts
 * are borrowed: what the kernel does not take at once is copied.  Nothing when the connection is
 * closing; when more than the profile's send_queue_bytes_max would wait, it closes with
 * slow_reader. */
void conn_send(struct conn *conn, enum sk_ws_opcode opcode, const struct iovec *parts, int count);
/* Whether bytes wait that the kernel did not take; what lies in the write buffer does not count. */
bool conn_has_unsent(const struct conn *conn);
/* Ends the connection after what was sent: a close frame with the reason's code and word, or, when
 * it was not upgraded, an HTTP answer if one is due.  on_close() follows at the turn's end. */
void conn_close(struct conn *conn, enum sk_reason reason);

/* --- in any state ----------------------------------------------------------------------------- */

/* Takes the connection to the front of another thread, with everything: half a message, a TLS
 * session with half a record, bytes not sent, bytes read and not looked at.  From now until
 * on_moved(), which comes in the other thread, the caller must not touch it.  Its id changes.
 * Nothing when the connection is closing; when it is lost before it has left, on_close() comes
 * here. */
void conn_move(struct conn *conn, struct front *to);
/* The peer has shown who it is: its place among the unadmitted of its address becomes one among the
 * admitted.  Returns false when its address has admitted_max of these; nothing changes then. */
SK_MUST_CHECK bool conn_admit(struct conn *conn);

/* The front that it belongs to now. */
struct front *conn_front(const struct conn *conn);
/* A safe reference to it, of its front. */
struct conn_id conn_id_of(const struct conn *conn);
/* The connection of that id, or NULL when it is gone, closing or moved away. */
struct conn *conn_find(struct front *front, struct conn_id id);
/* The owner's pointer, NULL at first. */
void conn_set_user(struct conn *conn, void *user);
/* As set; moves along. */
void *conn_user(const struct conn *conn);
/* The peer's address. */
const struct address *conn_address(const struct conn *conn);
/* Whether the peer is one of the profile's proxies: the address is whom its newest request named.
 */
bool conn_is_proxied(const struct conn *conn);
/* For the request of a proxied connection: the address that it comes from, which takes a place
 * among the unadmitted; NULL for the proxy's own, which needs none.  Returns SK_OK, or SK_ERR_FULL
 * when the address has unadmitted_max of them: answer with address_limit. */
SK_MUST_CHECK int conn_set_address(struct conn *conn, const struct address *address);

#endif
