/* conn_struct.h - what the files of this folder know of a connection.  Its users include conn.h.
 *
 * A connection is a stream, what its protocol makes of it, and what its owner may ask of both:
 *
 *   http_stream --conn_upgrade()--> ws_stream          one and the same stream
 */
#ifndef CONN_STRUCT_H
#define CONN_STRUCT_H

#include "http/http_stream.h"
#include "transport/conn.h"
#include "ws/ws_stream.h"

#define CONN_NO_SLOT UINT32_MAX

struct conn {
    union { /* first: a stream is its connection */
        struct stream stream;
        struct http_stream http;
        struct ws_stream ws;
    };
    uint32_t slot;      /* conn_table.h; CONN_NO_SLOT on its way to another front */
    bool was_announced; /* on_request() was called: on_close() is due */
    bool is_admitted;   /* its place is among the admitted */
    bool is_proxied;    /* the peer is one of the profile's proxies */
};

_Static_assert(sizeof(struct conn) <= 440, "an idle connection costs at most 455 bytes of heap");

/* What holds for a connection; its pointer lies in the stream, beside what else a message touches.
 */
static inline const struct conn_profile *conn_profile_of(const struct conn *conn)
{
    return conn->stream.profile;
}

/* The connection whose stream this is. */
static inline struct conn *conn_of_stream(struct stream *stream)
{
    return (struct conn *)stream;
}

/* The connection whose HTTP this is. */
static inline struct conn *conn_of_http(struct http_stream *http)
{
    return (struct conn *)http;
}

/* The connection whose WebSocket this is. */
static inline struct conn *conn_of_ws(const struct ws_stream *ws)
{
    return (struct conn *)ws;
}

/* A profile's member, or its default when it is zero. */
static inline uint32_t conn_or_default(uint32_t member, uint32_t default_value)
{
    return member != 0 ? member : default_value;
}

#endif
