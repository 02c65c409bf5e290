/* http_host.h - HOST[:PORT] as a Host header, a request target and an Origin have it.
 *
 * What a client calls us goes into addresses that we hand out, so it is checked where it comes in.
 * Stricter than RFC 3986: no percent-encoding and no sub-delimiters, which no name of a host has
 * and which two readers may take apart in two ways.
 *
 * Memory   nothing is copied: the texts point into the one that was parsed.
 * Threads  any; no state.
 */
#ifndef SK_HTTP_HOST_H
#define SK_HTTP_HOST_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/result.h"
#include "net/text.h"

struct sk_http_host {
    struct sk_text name; /* a name, an IPv4 address, or an IPv6 address in its brackets */
    struct sk_text port; /* its digits; empty without one */
};

/* Takes HOST[:PORT] apart.  Returns SK_OK, or SK_ERR_PROTOCOL for anything else: an empty host, a
 * port that is none or above 65535, more than SK_HTTP_HOST_BYTES_MAX. */
SK_MUST_CHECK int sk_http_host_parse(struct sk_text text, struct sk_http_host *host);

/* Takes scheme, host and the rest of http://HOST[:PORT]... or https://... apart: *host as it is
 * written, not checked, and *rest from the first '/', '?' or '#' on.  Returns false for another
 * scheme. */
bool sk_http_url_split(struct sk_text url, struct sk_text *host, struct sk_text *rest);

#endif
