/* enet_filter.h - what an admitted client may say to ENet, asked before ENet sees a datagram.
 *
 * A seal shows who speaks and not that it means well: behind one, 29 bytes make ENet 1.3.17
 * allocate 32 MiB, a client sets our throttle and bandwidth, and each CONNECT walks all peers.  So
 * only the commands pass that our own clients send, whole, and as they send them.
 *
 * Memory   none; the caller's struct, where {0} is a session that said nothing yet.
 * Threads  one: the session's.
 */
#ifndef SK_ENET_FILTER_H
#define SK_ENET_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

enum {
    SK_ENET_RELIABLE_CHANNEL = 0,
    SK_ENET_LOSSY_CHANNEL = 1,
    SK_ENET_CHANNELS = 2,
    SK_ENET_COMMANDS_MAX = 32,       /* in a datagram */
    SK_ENET_MTU_MIN = 1100,          /* that a client may ask for */
    SK_ENET_CONNECTS_MAX = 8,        /* of a session: ENet repeats one until it is answered */
    SK_ENET_RELIABLE_AHEAD_MAX = 256 /* of the first that is missing: each waits in memory */
};

struct sk_enet_filter {
    uint16_t delivered;     /* the newest reliable message that came in order: the caller's */
    uint16_t connect_count; /* CONNECTs that passed */
};

/* Looks at one whole datagram.  Returns SK_OK, or SK_ERR_PROTOCOL: it must not reach ENet and its
 * session ends. */
SK_MUST_CHECK int sk_enet_filter_check(struct sk_enet_filter *filter, const uint8_t *bytes,
                                       size_t size);

#endif
