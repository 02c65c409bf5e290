/* base64url.h - bytes as text that may stand in a URL and in JSON (RFC 4648, 5, no padding).
 *
 * Tickets travel as this.  One text for each bytes: what encode cannot have made is refused.
 *
 * Memory   none.  Threads  any.  Time  none.
 */
#ifndef BASE64URL_H
#define BASE64URL_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/* The text bytes, without a terminator, that `bytes` bytes make. */
#define BASE64URL_BYTES(bytes) (((bytes)*4 + 2) / 3)

/* Writes the text of `size` bytes and a terminator into `text`.  Returns the text bytes, or
 * SK_ERR_FULL when BASE64URL_BYTES(size) + 1 is more than `capacity`; nothing is written then. */
SK_MUST_CHECK int base64url_encode(const uint8_t *bytes, size_t size, char *text, size_t capacity);
/* Reads `text_bytes` of untrusted text into `out`.  Returns the bytes, SK_ERR_PROTOCOL for text
 * that encode never makes, or SK_ERR_FULL when it holds more than `capacity` bytes. */
SK_MUST_CHECK int base64url_decode(const char *text, size_t text_bytes, uint8_t *out,
                                   size_t capacity);

#endif
