/* fetch.h - has the processor fetch memory that will be touched soon.
 *
 * Nothing is read, so any address is safe, also one that is not there any more.
 */
#ifndef SK_FETCH_H
#define SK_FETCH_H

#include <stddef.h>
#include <stdint.h>

enum { SK_LINE_BYTES = 64 };

/* Fetches the lines of the cache that hold `bytes` from `at` on; nothing for NULL. */
static inline void sk_fetch(const void *at, size_t bytes)
{
    for (size_t i = 0; at != NULL && i < bytes; i += SK_LINE_BYTES) {
        __builtin_prefetch((const uint8_t *)at + i);
    }
}

#endif
