/* client_retry.h - when a client tries again, and when not (SESSION.md, "Joining", "Coming back"):
 * at once, then after 0-500 ms at random, then doubling up to 8 s, so that the players of a
 * restarted server do not all come at one moment.  A connection that the server closed for what it
 * was sent would be closed for it again: the client comes back later each time, and in the end not
 * at all.
 *
 * libskirmish and the bots link it.  A page needs it before it has any game's module, so the build
 * writes its constants, bounds and words for the SDK (clients/web/describe/describe_retry.c).
 *
 * Memory   the caller's struct.
 * Threads  one.
 * Time     none is read; the delay is returned.
 */
#ifndef CLIENT_RETRY_H
#define CLIENT_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"

enum {
    SK_RETRY_JOIN_MS = 30000, /* how long a join that was refused for now is tried again */
    SK_RETRY_DIRECT = 2,      /* with the known address; then the join API is asked for another */
    SK_RETRY_BLAMES_MAX = 4,  /* so many connections in a row that the server found fault with */
    SK_RETRY_BLAMELESS_MS = 60000, /* one that lasted so long ends the row */
};

struct sk_client_retry {
    uint64_t seed;
    uint32_t attempt_count; /* since the last success */
    uint32_t blame_count;   /* connections in a row, each shorter than SK_RETRY_BLAMELESS_MS */
};

/* Forgets the attempts: a connection works. */
void sk_client_retry_reset(struct sk_client_retry *retry);
/* Counts an attempt and returns how long to wait before it: at random up to its bound. */
uint64_t sk_client_retry_next_us(struct sk_client_retry *retry);
/* The connection to a seat ended so, `played_us` after its Welcome, or before one.  Returns whether
 * to come back; not after a final reason, nor when the server has found fault with
 * SK_RETRY_BLAMES_MAX connections in a row: the next would end so too. */
bool sk_client_retry_on_end(struct sk_client_retry *retry, enum sk_reason reason,
                            uint64_t played_us);
/* The longest wait before an attempt, the first being 0; it grows up to 8 s. */
uint64_t sk_client_retry_bound_us(uint32_t attempt);

/* Does nobody come back to a seat after this: it, the room or the server's memory of both is gone,
 * or the client does not fit? */
bool sk_client_retry_is_final(enum sk_reason reason);
/* Does the server find fault with what it was sent, or with how: does it come again? */
bool sk_client_retry_is_blame(enum sk_reason reason);
/* May a join that was refused so succeed in a moment: the network failed, the server was busy, or
 * the ticket's seat expired on a long way? */
bool sk_client_retry_is_passing(enum sk_reason reason);

#endif
