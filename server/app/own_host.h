/* own_host.h - whether a request calls the admin port by a name of its own.
 *
 * A page that a browser got from somewhere else can have its own host's name resolve to this
 * machine (DNS rebinding) and is then of the same origin as the port; the name in its requests is
 * what tells.  A number cannot be made to resolve, so an address is taken where it may be ours.
 *
 * Memory   none.
 * Threads  any.
 */
#ifndef OWN_HOST_H
#define OWN_HOST_H

#include <stdbool.h>

#include "address/address.h"
#include "net/text.h"

struct own_host_rule {
    const struct address *bound; /* of the port */
    const char *const *names;    /* further ones, without port; borrowed */
    uint32_t name_count;
};

/* Whether `host`, HOST[:PORT] as the client says, is the bound address, this machine where that is
 * loopback, any address and localhost where it is all of the machine's, or one of the names.  Its
 * port does not count: it may be mapped.  Empty is true: no browser leaves it out. */
bool own_host_is(const struct own_host_rule *rule, struct sk_text host);

#endif
