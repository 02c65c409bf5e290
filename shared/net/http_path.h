/* http_path.h - percent-encoding undone, and paths that cannot leave their root (RFC 3986).
 *
 * Memory   writes into the caller's bytes; nothing is kept.
 * Threads  any; no state.
 */
#ifndef SK_HTTP_PATH_H
#define SK_HTTP_PATH_H

#include <stddef.h>

#include "base/result.h"
#include "net/text.h"

/* Writes the path of a request, decoded once and terminated, to `out`: begins with '/', has no
 * empty segment but perhaps the last.  SK_ERR_RANGE: a "." or ".." segment, an encoded slash, a
 * backslash, a NUL or another control character, however it was encoded.  SK_ERR_PROTOCOL: a '%'
 * without two hex digits.  SK_ERR_TOO_BIG: above `capacity`. */
SK_MUST_CHECK int sk_http_path_decode(struct sk_text path, char *out, size_t capacity);

/* Finds `name` in a query and writes its value, decoded and terminated, to `out`.  SK_ERR_AGAIN:
 * no such name.  SK_ERR_PROTOCOL, SK_ERR_RANGE (a NUL) and SK_ERR_TOO_BIG as above. */
SK_MUST_CHECK int sk_http_query_find(struct sk_text query, const char *name, char *out,
                                     size_t capacity);

#endif
