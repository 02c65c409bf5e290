/* http_stream.h - HTTP/1.1 on a stream: a request, its answer, the next request.
 *
 *   HEAD --whole request--> REQUEST --http_stream_respond()--> HEAD, or the stream ends
 *
 * One request at a time: nothing is read before it is answered and the answer has left.  What an
 * owner asks of another thread may stay out: then the peer gets server_busy, and the stream ends.
 *
 * Memory   a http_stream is what its owner allocates for a stream, or the beginning of it.
 * Threads  the stream's.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/response.h"
#include "net/http_head.h"
#include "net/ws_handshake.h"
#include "stream/stream.h"

struct http_stream;

/* Whose requests they are. */
struct http_owner {
    /* A request begins, the first or another.  Returns whether its peer may have one more, else it
     * is answered with address_limit. */
    bool (*on_begin)(struct http_stream *http);
    /* A request with its body (request->body_bytes), both valid during the call. */
    void (*on_request)(struct http_stream *http, const struct sk_http_request *request,
                       const uint8_t *body);
    /* The answer is sent and the next request has not begun. */
    void (*on_rest)(struct http_stream *http);
    /* The stream ended or began to end. */
    void (*on_end)(struct http_stream *http);
};

struct http_config {
    const struct http_owner *owner;
    uint32_t head_timeout_ms; /* from the beginning, or from the last answer, to a whole request */
    uint32_t answer_timeout_ms; /* from a whole request; then it is answered with server_busy */
    uint32_t body_bytes_max;
};

/* What is remembered of a request. */
struct http_request {
    uint32_t seen_bytes; /* of the head, searched for its end without finding it */
    uint32_t need_bytes; /* head and body, once the head is known; 0 before */
    uint32_t left_seen;  /* of the answer before, when the deadline was last looked at */
    uint8_t upgrade;     /* enum sk_ws_upgrade */
    bool is_get;
    bool is_head;                    /* the answer has no body */
    bool is_kept;                    /* the connection stays open after the answer */
    char accept[SK_WS_ACCEPT_BYTES]; /* when upgrade is OK */
};

struct http_stream {
    struct stream stream; /* first: a stream is its http_stream; is_held in REQUEST */
    struct http_config config;
    const uint8_t *rest; /* of a body that is not copied */
    size_t rest_bytes;   /* while there are any, some of the body is unsent */
    bool was_used;       /* there was a request */
    bool is_resting;     /* on_rest() was called */
    struct http_request request;
};

extern const struct stream_protocol http_stream_protocol;

/* Gives a stream's beginning its HTTP; before stream_open(). */
void http_stream_init(struct http_stream *http, const struct http_config *config);
/* Whether a request waits for its answer. */
bool http_stream_owes_answer(const struct http_stream *http);
/* Answers the request; the body is copied unless it is static.  Nothing when the stream is ending.
 */
void http_stream_respond(struct http_stream *http, const struct http_response *response);
/* Answers a request that should have been an upgrade and is none. */
void http_stream_refuse_upgrade(struct http_stream *http);
/* Answers a request of kind SK_WS_UPGRADE_OK (asserted) with 101: the stream's protocol may be
 * another one now.  Returns whether the stream is open still. */
bool http_stream_switch(struct http_stream *http, const char *subprotocol);

#endif
