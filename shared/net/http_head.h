/* http_head.h - the head of an HTTP/1.1 request or response, read strictly (RFC 9112).
 *
 * CRLF only, no folded lines, no blank before a colon, one Host that is one, limits on bytes and on
 * headers: what two parsers could read in two ways is refused, because a proxy in front may be the
 * other.  A target is a path or, as a client of a proxy sends it, a whole http or https URL, whose
 * host then counts and not that of the header (RFC 9112, 3.2.2).
 * (Debian's http-parser takes bare LF and folded lines, which is why this is here.)
 *
 * A head is read in two steps: sk_http_head_end() looks for its end in what has arrived so far and
 * refuses what can be refused at once; when the end is there, sk_http_request_parse() or
 * sk_http_response_parse() splits it.
 *
 * Memory   nothing is copied: all texts point into the bytes parsed, which must outlive them.
 * Threads  any; no state.
 */
#ifndef SK_HTTP_HEAD_H
#define SK_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/result.h"
#include "net/text.h"

struct sk_http_header {
    struct sk_text name;
    struct sk_text value; /* without blanks at its ends */
};

struct sk_http_headers {
    struct sk_http_header rows[SK_HTTP_HEADERS_MAX];
    uint32_t count;
};

struct sk_http_request {
    struct sk_text method;
    struct sk_text host;  /* HOST[:PORT] that the client calls us; empty: it did not say */
    struct sk_text path;  /* as sent, percent-encoded; begins with '/' */
    struct sk_text query; /* behind the '?', empty without one */
    bool keep_alive;      /* HTTP/1.1 without "connection: close" */
    bool wants_continue;  /* before it sends the body: "expect: 100-continue" of HTTP/1.1 */
    uint64_t body_bytes;  /* content-length; 0 without one */
    bool body_is_chunked; /* transfer-encoding stands there: the body's end is not known */
    struct sk_http_headers headers;
};

struct sk_http_response {
    uint16_t status;
    uint64_t body_bytes; /* content-length; UINT64_MAX when there is none */
    struct sk_http_headers headers;
};

/* Looks for the blank line that ends a head.  `seen_bytes` of `bytes` were looked at by an earlier
 * call.  Returns the head's size, blank line included; SK_ERR_AGAIN when it is not there yet;
 * SK_ERR_PROTOCOL for a bare CR or LF or another control character; SK_ERR_TOO_BIG when the head
 * is, or will be, above SK_HTTP_HEAD_BYTES_MAX. */
SK_MUST_CHECK int sk_http_head_end(const uint8_t *bytes, size_t size, size_t seen_bytes);

/* Splits a whole request head of `size` bytes.  Returns SK_OK; SK_ERR_TOO_BIG for more than
 * SK_HTTP_HEADERS_MAX headers; SK_ERR_PROTOCOL for everything else that is not as it should be. */
SK_MUST_CHECK int sk_http_request_parse(struct sk_http_request *request, const uint8_t *bytes,
                                        size_t size);

/* The same for a response head. */
SK_MUST_CHECK int sk_http_response_parse(struct sk_http_response *response, const uint8_t *bytes,
                                         size_t size);

/* The value of the first header of that name (given in lower case), or NULL. */
const struct sk_text *sk_http_header_find(const struct sk_http_headers *headers, const char *name);

/* How many headers have that name. */
uint32_t sk_http_header_count(const struct sk_http_headers *headers, const char *name);

/* Whether the comma-separated lists of all headers of that name contain `token`, in any case. */
bool sk_http_header_has(const struct sk_http_headers *headers, const char *name, const char *token);

#endif
