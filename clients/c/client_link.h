/* client_link.h - one connection of a client: TLS if need be, then an HTTP call or a WebSocket.
 *
 *   CLOSED --open--> TLS --> HTTP    --whole answer--> on_answer() --> CLOSED
 *               \-----------> UPGRADE --101--> on_upgraded() --> WS --close frame--> on_close()
 *                               \---any other whole answer--> on_answer() --> CLOSED
 *
 * No I/O: bytes from the socket come in, bytes for it lie in out.  Messages that arrive whole are
 * handed over from the host's receive buffer; only what is cut is gathered in `memory`.
 *
 * Memory   client_link_create() allocates once; a TLS session is made and freed with a connection.
 * Threads  one.
 */
#ifndef CLIENT_LINK_H
#define CLIENT_LINK_H

#include "base/limits.h"
#include "client_tls.h"
#include "client_url.h"
#include "net/ws_handshake.h"
#include "net/ws_message.h"

enum {
    CLIENT_OUT_BYTES = 8192,     /* a TLS hello, a request, some messages */
    CLIENT_REQUEST_BYTES = 3072, /* head and JSON of a join call */
    CLIENT_ANSWER_BYTES_MAX = SK_HTTP_HEAD_BYTES_MAX + SK_HTTP_BODY_BYTES_MAX,
};

enum client_link_stage {
    CLIENT_LINK_CLOSED,
    CLIENT_LINK_TLS,
    CLIENT_LINK_HTTP,
    CLIENT_LINK_UPGRADE,
    CLIENT_LINK_WS,
};

/* An answer to an HTTP call, or to an upgrade that was refused, whole. */
struct client_answer {
    uint16_t status;
    uint32_t retry_after_s; /* 0: not said */
    struct sk_text body;    /* borrowed */
};

/* What a link tells its owner.  None of them may open, close or destroy the link: they return, and
 * the owner acts later. */
struct client_link_events {
    void *owner;
    void (*on_answer)(void *owner, const struct client_answer *answer);
    void (*on_upgraded)(void *owner);
    /* A message, aligned to 8.  Returns SK_OK, or an error that ends the connection. */
    int (*on_message)(void *owner, const uint8_t *bytes, size_t size);
    /* The server's close frame. */
    void (*on_close)(void *owner, uint16_t code);
};

struct client_link {
    struct client_link_events events;
    enum client_link_stage stage;
    bool over;          /* the answer or the close frame came: what follows is not read */
    struct sk_tls *tls; /* owned while not CLOSED; NULL: plain */
    struct sk_ws_reader reader;
    uint64_t mask_seed;
    char key[SK_WS_KEY_BYTES];
    uint8_t request[CLIENT_REQUEST_BYTES]; /* waits for the end of the TLS handshake */
    size_t request_bytes;
    uint8_t out[CLIENT_OUT_BYTES]; /* for the socket: [out_begin, out_end) */
    size_t out_begin;
    size_t out_end;
    uint8_t *memory; /* of SK_SNAPSHOT_BYTES_MAX: a message or an answer that came in pieces */
    uint8_t *answer; /* where an answer is gathered: `memory`, or the owner's, who asked for more */
    size_t answer_capacity;
    size_t memory_bytes;
};

/* Returns an owned closed link or NULL.  `seed` varies the masks. */
struct client_link *client_link_create(const struct client_link_events *events, uint64_t seed);
/* Frees the link and its TLS session; NULL is nothing. */
void client_link_destroy(struct client_link *link);

/* An answer of up to `capacity` bytes, its head included, is gathered in `memory`, which is
 * borrowed until the next reset; to be called before the call that is answered. */
void client_link_set_answer(struct client_link *link, uint8_t *memory, size_t capacity);
/* The TCP connection is there: sends `request` of an HTTP call (copied), after the TLS handshake
 * when `context` is not NULL.  Returns SK_OK, SK_ERR_TOO_BIG or SK_ERR_MEMORY. */
SK_MUST_CHECK int client_link_call(struct client_link *link, struct client_tls_context *context,
                                   const struct client_url *url, struct sk_text request);
/* The same, but asks for a WebSocket at url->path. */
SK_MUST_CHECK int client_link_upgrade(struct client_link *link, struct client_tls_context *context,
                                      const struct client_url *url);
/* Forgets the connection. */
void client_link_reset(struct client_link *link);

/* Takes bytes from the socket, which it may change.  Returns SK_OK or why the connection is of no
 * more use. */
SK_MUST_CHECK int client_link_receive(struct client_link *link, uint8_t *bytes, size_t size);
/* Sends one binary message.  Returns SK_OK, SK_ERR_FULL when it does not fit beside what is unsent,
 * SK_ERR_PROTOCOL when TLS failed. */
SK_MUST_CHECK int client_link_send(struct client_link *link, const uint8_t *bytes, size_t size);
/* Sends a close frame, best effort. */
void client_link_send_close(struct client_link *link, uint16_t code);
/* Bytes that the socket has not taken yet. */
size_t client_link_unsent_bytes(const struct client_link *link);
/* The socket took that many (asserted to be there). */
void client_link_on_sent(struct client_link *link, size_t size);

#endif
