/* origin.h - which web pages may use this server.
 *
 * A browser names the page's origin; a native client names none and is admitted.  Without a list
 * the page must come from the host that it talks to, or, when the server listens on loopback only,
 * from any port of this machine: a development page works then.
 *
 * Memory   none.
 * Threads  any.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "net/text.h"

struct origin_rule {
    const char *const *allowed; /* "https://HOST[:PORT]", exact; borrowed */
    uint32_t allowed_count;     /* 0: the rule of the same host */
    bool is_loopback;           /* the listener is on loopback */
};

/* Whether a page of `origin` (the header; NULL when there is none) may use a server that the client
 * calls `host` (empty when it does not say). */
bool origin_is_allowed(const struct origin_rule *rule, const struct sk_text *origin,
                       struct sk_text host);

#endif
