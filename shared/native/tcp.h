/* tcp.h - what a player's connection asks of TCP beyond the portable.
 *
 * A lost segment waits for a retransmission timer of at least 200 ms, ten snapshots of a fast game.
 * Linux that knows TCP_RTO_MIN_US (6.15 and later) lets a socket have less.
 */
#ifndef SK_TCP_H
#define SK_TCP_H

#include <stdint.h>

/* Lets the retransmission timer of a socket be as short as `us`; 0 leaves it.  A kernel that cannot
 * costs latency under loss and nothing else. */
void sk_tcp_set_rto_min(int fd, uint32_t us);

#endif
