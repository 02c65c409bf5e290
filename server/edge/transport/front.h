/* front.h - the HTTP and WebSocket front end of one loop: its listeners, buffers and connections.
 *
 *   listening socket (in every loop's epoll, EPOLLEXCLUSIVE) -> front -> conn -> profile's handler
 *
 * One receive buffer, one write buffer and one pool serve all connections of a loop
 * (stream/stream_hub.h), so an idle connection costs its struct and nothing else.
 *
 * Memory   front_create() allocates the buffers and the table of connections, accepting allocates a
 *          connection, the pool allocates blocks up to its limit; no message allocates.
 * Threads  the loop's, but front_counts, which any thread may read, and front_shared.  To end: stop
 *          the loops, let each have a last loop_turn() for connections that were moving, destroy
 *          the fronts, then the loops.
 */
#ifndef FRONT_H
#define FRONT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "base/result.h"
#include "loop/counter.h"
#include "loop/loop.h"
#include "stream/address_limit.h"
#include "stream/stream.h"

struct conn;
struct conn_profile;
struct front;

/* What the fronts of all loops share. */
struct front_shared {
    struct address_limit unadmitted; /* connections by address that are not admitted or at rest */
    struct address_limit admitted;   /* and those that are admitted; both have the same key */
};

/* Makes it ready; `key` is random bits that nobody else knows. */
void front_shared_init(struct front_shared *shared, uint64_t key);

struct front_config {
    struct loop *loop;           /* keeps a borrow */
    struct front_shared *shared; /* keeps a borrow */
    uint32_t connections_max;    /* 0: 16384; one more is refused with server_full */
    size_t pool_bytes_max;       /* 0: 256 MiB; of back-pressure and of partial messages */
    void *user;                  /* for front_user() */
};

/* What a front counted since it was made; any thread may read it with counter_read(). */
struct front_counts {
    struct stream_counts stream;
    struct counter accepted;
    struct counter open; /* now, not ever; a moved connection counts where it is */
    struct counter moved_in;
    struct counter requests;
    struct counter upgrades;
    struct counter messages_in; /* of WebSocket, data only */
    struct counter messages_out;
    struct counter accept_pauses; /* EMFILE and its kin */
    struct counter
        closed[SK_REASON_COUNT]; /* also the refused: address_limit, server_full, tls_busy */
};

/* Makes the front of a loop.  Returns it, owned, or NULL when memory is short. */
struct front *front_create(const struct front_config *config);
/* Drops all connections (on_close is called with server_stopping) and frees the front.  The loop
 * must not run any more, or it is its thread that calls. */
void front_destroy(struct front *front);

/* Accepts connections of `profile` on a listening socket, which may be in other fronts too.  Both
 * are borrowed until front_close_listeners() or front_destroy().  At most 8 listeners.  Returns
 * SK_OK, SK_ERR_FULL or SK_ERR_SYSTEM. */
SK_MUST_CHECK int front_listen(struct front *front, int listen_fd,
                               const struct conn_profile *profile);
/* Accepts no more. */
void front_close_listeners(struct front *front);
/* Closes every connection with `reason`, politely. */
void front_close_all(struct front *front, enum sk_reason reason);

/* The config's user: the worker that this front belongs to. */
void *front_user(const struct front *front);
/* The on_ahead of the config of a loop whose patient sources are connections. */
void front_on_ahead(const struct loop_source *source, enum loop_distance distance);
/* Its loop. */
struct loop *front_loop(const struct front *front);
/* Its counters. */
const struct front_counts *front_counts(const struct front *front);

#endif
