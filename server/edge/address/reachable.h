/* reachable.h - the address that others type to reach a server which listens on all of them.
 *
 * "0.0.0.0" can be listened on and not be gone to: a ready line that said so sent a phone nowhere.
 *
 * Memory   none kept.
 * Threads  any.
 */
#ifndef REACHABLE_H
#define REACHABLE_H

#include <stddef.h>

#include "address/address.h"

/* One address of this machine. */
struct reachable_candidate {
    struct address address; /* its port does not matter */
    bool is_up;
    bool is_tunnel; /* one peer is behind it, not a network */
};

/* Which candidate people near this machine reach: a network before a tunnel, then IPv4 before IPv6,
 * then the first; never loopback or link-local.  Returns its index, or `count` when none will do.
 */
size_t reachable_best(const struct reachable_candidate *candidates, size_t count);

/* Makes of 0.0.0.0 or [::] an address of this machine with the same port; anything else, and either
 * of these where the machine has no address or does not tell, is copied as it is. */
void reachable_find(const struct address *bound, struct address *found);

#endif
