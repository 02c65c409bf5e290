/* front_struct.h - what the files of this folder know of a front.  Its users include front.h. */
#ifndef FRONT_STRUCT_H
#define FRONT_STRUCT_H

#include "base/limits.h"
#include "loop/block_pool.h"
#include "transport/conn_struct.h"
#include "transport/listener.h"

enum {
    FRONT_LISTENERS_MAX = 8,
    FRONT_RESERVE_MAX = 64,  /* free slots below which connections at rest are ended; */
    FRONT_RESERVE_SHARE = 4, /* of a small front a quarter of its slots */
    FRONT_KEPT_INPUT_BYTES_MAX = SK_RECEIVE_BUFFER_BYTES / 4, /* before a read; bounds a body */
    FRONT_CORK_BYTES = 64 << 10,
    FRONT_SEALED_BYTES = 96 << 10, /* a full cork in records, and a handshake's answers */
    FRONT_PUT_DIRECT_BYTES = 4096  /* from this size on a part is not copied into the cork */
};

_Static_assert(FRONT_KEPT_INPUT_BYTES_MAX + SK_RECEIVE_BYTES_A_WAKE + (32 << 10) <=
                   SK_RECEIVE_BUFFER_BYTES,
               "what was kept, one wake's bytes and a record that they complete fit the buffer");

/* What one connection, the owner, sends in this wake. */
struct cork {
    struct conn *owner; /* NULL: empty */
    size_t bytes;       /* in plain[] */
    size_t sealed_bytes;
    uint8_t plain[FRONT_CORK_BYTES];    /* not sealed yet */
    uint8_t sealed[FRONT_SEALED_BYTES]; /* TLS records, before what plain[] becomes */
};

struct front_slot {
    struct conn *conn; /* NULL: free */
    uint32_t generation;
    uint32_t next_free;
};

struct front {
    struct front_config config;
    struct front_counts counts;
    struct block_pool pool;
    struct loop_task flush_task; /* writes the cork at the turn's end */
    struct conn_list lists[CONN_LIST_COUNT];
    struct handshake_queue handshakes;
    struct listener listeners[FRONT_LISTENERS_MAX];
    uint32_t listener_count;
    struct front_slot *slots;
    uint32_t free_count;
    uint32_t free_slot; /* first of the list; connections_max when there is none */
    struct cork cork;
    uint8_t receive[SK_RECEIVE_BUFFER_BYTES]; /* what the socket gave */
    uint8_t plain[SK_RECEIVE_BUFFER_BYTES];   /* what it was under TLS */
};

/* Takes a slot for a connection.  Returns SK_OK, or SK_ERR_FULL. */
SK_MUST_CHECK int front_take_slot(struct front *front, struct conn *conn);
/* Gives it back; its id is stale from now on. */
void front_give_slot(struct front *front, struct conn *conn);
/* Ends up to `count` connections that are at rest between two requests, the longest first: there is
 * no room for newcomers.  They are gone at the end of this turn. */
void front_end_at_rest(struct front *front, uint32_t count);

#endif
