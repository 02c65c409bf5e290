/* client_retry.h - when to try again after a drop: at once, then after 0-500 ms at random, then
 * doubling up to 8 s, so that the players of a restarted server do not all come at one moment.
 *
 * Memory   the caller's struct.
 * Time     none is read; the delay is returned.
 */
#ifndef CLIENT_RETRY_H
#define CLIENT_RETRY_H

#include <stdint.h>

struct client_retry {
    uint64_t seed;
    uint32_t attempt_count; /* since the last success */
};

/* Forgets the attempts: a connection works. */
void client_retry_reset(struct client_retry *retry);
/* Counts an attempt and returns how long to wait before it. */
uint64_t client_retry_next_us(struct client_retry *retry);

#endif
