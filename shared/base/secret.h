/* secret.h - comparing and wiping what must not be guessed.
 *
 * memcmp() stops at the first difference, so that the time it takes tells how much of a guess was
 * right.  memset() of what is not read again is left out by compilers, so that a key would stay
 * where it was for whoever reads the memory later.
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
/* Overwrites a secret with zeros, also where nobody reads them: a key that is not used any more, or
 * a copy of it that goes out of scope.  Nothing for `size` 0. */
void sk_secret_wipe(void *secret, size_t size);

#endif
