/* bucket.h - a token bucket: so many messages a second, with a burst.
 *
 * The burst is long (10 s): when a stalled TCP connection comes back, all that the client sent
 * meanwhile arrives at once, and that must not end it.
 */
#ifndef BUCKET_H
#define BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
    uint64_t full_at_us; /* when it would be full again; in the past: full */
    uint32_t token_us;   /* time that one token takes to come back */
    uint32_t burst_us;   /* time from empty to full */
};

/* A full bucket of `burst_ms` worth of `per_second` (> 0) tokens. */
struct bucket bucket_make(uint32_t per_second, uint32_t burst_ms);
/* Spends one token.  Returns false when there is none; nothing changes then. */
bool bucket_spend(struct bucket *bucket, uint64_t now_us);

#endif
