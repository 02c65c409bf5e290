/* http_choice.h - which form of a thing a client wants, and whether it has it already (RFC 9110,
 * 12.5 and 13.1).
 *
 * Memory   nothing is copied or kept.
 * Threads  any; no state.
 */
#ifndef SK_HTTP_CHOICE_H
#define SK_HTTP_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/http_head.h"

/* How much the client wants the coding (given in lower case), in thousandths, by its
 * accept-encoding: its own entry, else that of "*".  0: not at all, or nothing was said; also for a
 * weight that cannot be read. */
uint32_t sk_http_coding_weight(const struct sk_http_headers *headers, const char *coding);

/* Whether if-none-match names `etag` (with its quotes), as a strong or a weak one, or is "*". */
bool sk_http_has_etag(const struct sk_http_headers *headers, const char *etag);

#endif
