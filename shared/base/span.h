/* span.h - text that belongs to someone else: a place and a size.
 *
 * In base because the wire's messages and the HTTP and WebSocket heads both speak of it.
 *
 * Memory   borrows; nothing is copied or kept.
 */
#ifndef SK_SPAN_H
#define SK_SPAN_H

#include <stddef.h>

/* Not terminated. */
struct sk_text {
    const char *bytes;
    size_t size;
};

/* The text of a terminated string, which it borrows. */
static inline struct sk_text sk_text_of(const char *terminated)
{
    size_t size = 0;
    while (terminated[size] != '\0') {
        size++;
    }
    struct sk_text text = {terminated, size};
    return text;
}

#endif
