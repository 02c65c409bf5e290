/* secret.h - comparing what must not be guessed.
 *
 * memcmp() stops at the first difference, so that the time it takes tells how much of a guess was
 * right.
 *
 * Memory   borrows for the call.
 * Threads  any; no state.
 */
#ifndef SK_SECRET_H
#define SK_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Whether two secrets of `size` bytes are equal, in a time that depends on `size` alone. */
bool sk_secret_equal(const void *a, const void *b, size_t size);

#endif
