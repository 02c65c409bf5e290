/* utf8.h - is this UTF-8?  Byte by byte, with an answer at the first byte that cannot be.
 *
 * RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.  A WebSocket text message may
 * be cut anywhere, also inside a character, so the state lives between calls.
 *
 * Memory   the caller's struct; {0} is the start of a text.
 * Threads  one.
 */
#ifndef SK_UTF8_H
#define SK_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sk_utf8 {
    uint8_t left; /* continuation bytes that the current character still needs */
    uint8_t low;  /* bounds of the next one of them */
    uint8_t high;
};

/* Takes the next bytes of a text.  Returns false at the first byte that no valid text has there;
 * the state is then of no further use. */
bool sk_utf8_feed(struct sk_utf8 *utf8, const uint8_t *bytes, size_t size);

/* Whether the text may end here, between two characters. */
bool sk_utf8_is_whole(const struct sk_utf8 *utf8);

/* Whether `size` bytes are a whole valid text. */
bool sk_utf8_is_text(const uint8_t *bytes, size_t size);

#endif
