/* proxy.h - the client's address behind proxies that the operator trusts.
 *
 * Memory   none.
 * Threads  any.
 */
#ifndef PROXY_H
#define PROXY_H

#include "address/address.h"
#include "net/http_head.h"

/* Reads who a request of a trusted proxy comes from: the entries of all its X-Forwarded-For lines,
 * from the last to the first, each added by the hop behind it; the first that is none of our
 * proxies is the client, and what stands before it is the client's own claim.  The first of all
 * when all are ours.  Returns SK_OK, or SK_ERR_PROTOCOL when there is none or one on the way is no
 * address (with or without a port); *address is then unchanged. */
SK_MUST_CHECK int proxy_read(const struct address_range *ranges, uint32_t count,
                             const struct sk_http_headers *headers, struct address *address);

#endif
