/* proxy.h - the client's address behind a proxy that the operator trusts.
 *
 * Memory   none.
 * Threads  any.
 */
#ifndef PROXY_H
#define PROXY_H

#include "address/address.h"
#include "net/text.h"

/* Whether the peer lies in one of `count` ranges: it is one of our proxies. */
bool proxy_is_trusted(const struct address_range *ranges, uint32_t count,
                      const struct address *peer);
/* Reads the last address of an X-Forwarded-For list: the one that the proxy itself added; the
 * others are what the client claimed.  Returns SK_OK, or SK_ERR_PROTOCOL when it is none. */
SK_MUST_CHECK int proxy_read(struct sk_text list, struct address *address);

#endif
