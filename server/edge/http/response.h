/* response.h - an HTTP answer, and how its head is written.
 *
 * Memory   everything is borrowed during the call that it is handed to, but a static body.
 * Threads  any; no state.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"

#define HTTP_RESPONSE_HEAD_BYTES_MAX 1024
#define HTTP_REASON_BODY_BYTES_MAX   256

struct http_response {
    uint16_t status;
    const char *type;    /* content-type; NULL for none */
    const char *headers; /* further lines, each with its CRLF; NULL for none */
    const uint8_t *body; /* NULL when body_bytes is 0 */
    size_t body_bytes;
    bool body_is_static; /* lives as long as the process: never copied, however slow the reader */
    bool closes;         /* the connection ends after this answer */
};

/* Writes status line, headers and blank line.  Returns the bytes, at most `capacity` (asserted:
 * ours are short).  `keeps` tells the peer whether the connection stays open. */
size_t http_response_head(const struct http_response *response, bool keeps, char *out,
                          size_t capacity);

/* Writes what every refusal says, {"error":WORD,"message":SENTENCE} and a line's end, terminated.
 * Returns its bytes. */
size_t http_reason_body(enum sk_reason reason, char body[HTTP_REASON_BODY_BYTES_MAX]);

/* The header lines of an answer that is made for this request alone: it is not kept and, where the
 * status says that it may go better later, tells when to ask again. */
const char *http_headers_of_status(uint16_t status);

/* An answer that says why not: the reason's status, and http_reason_body() in `body`, which the
 * response borrows. */
struct http_response http_response_of_reason(enum sk_reason reason,
                                             char body[HTTP_REASON_BODY_BYTES_MAX]);

#endif
