/* stream_hub.h - what the streams of one loop share.
 *
 * One receive buffer, one write buffer and one pool of blocks serve them all, so a stream that is
 * idle costs its struct and nothing else.
 *
 * Memory   a hub is a member of its owner's struct, {0}; the pool allocates blocks up to its limit.
 * Threads  the loop's; the counters may be read by any.
 */
#ifndef STREAM_HUB_H
#define STREAM_HUB_H

#include "base/limits.h"
#include "loop/block_pool.h"
#include "stream/address_limit.h"
#include "stream/handshake_queue.h"
#include "stream/stream.h"
#include "stream/write_buffer.h"

enum {
    STREAM_INPUT_BYTES_MAX = SK_RECEIVE_BUFFER_BYTES / 4, /* that wait before a read */
    STREAM_CLOSING_MS = 5000,                             /* for what was sent to go out */
    STREAM_DRAINING_MS = 1000                             /* for the peer to shut its side */
};

_Static_assert(STREAM_INPUT_BYTES_MAX + SK_RECEIVE_BYTES_A_WAKE + (32 << 10) <=
                   SK_RECEIVE_BUFFER_BYTES,
               "what waited, one wake's bytes and a record that they complete fit the buffer");

/* What a hub is made of; all pointers are borrows that it keeps. */
struct stream_hub_config {
    struct loop *loop;
    const struct stream_owner *owner;
    struct stream_counts *counts;
    const struct address_limit *unadmitted; /* the places that streams have in their handshake */
    size_t pool_bytes_max;
};

struct stream_hub {
    struct loop *loop;
    const struct stream_owner *owner;
    struct stream_counts *counts;
    const struct address_limit *unadmitted;
    struct block_pool pool;
    struct handshake_queue handshakes;
    struct loop_task flush_task; /* writes the buffer at the turn's end */
    struct write_buffer write;
    uint8_t receive[SK_RECEIVE_BUFFER_BYTES]; /* what the socket gave */
    uint8_t plain[SK_RECEIVE_BUFFER_BYTES];   /* what it was under TLS */
};

/* Makes a hub without streams. */
void stream_hub_init(struct stream_hub *hub, const struct stream_hub_config *config);
/* Frees what its pool has; its streams must be gone. */
void stream_hub_deinit(struct stream_hub *hub);

#endif
