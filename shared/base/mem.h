/* mem.h - the four memory functions that both ends may use.
 *
 * wasm32 without a libc has no string.h, so shared/ declares what it needs here.  Native builds
 * take them from libc, the wasm build from wasm/exports.c.
 */
#ifndef SK_MEM_H
#define SK_MEM_H

#include <stddef.h>

/* As the C standard has them; the two ranges of memcpy must not overlap. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
/* As memcpy, for ranges that may overlap. */
void *memmove(void *to, const void *from, size_t bytes);
/* Sets each of `bytes` bytes to the low byte of `value`. */
void *memset(void *to, int value, size_t bytes);
/* Less than, equal to or greater than 0 as the first differing byte of `a` compares with `b`'s. */
int memcmp(const void *a, const void *b, size_t bytes);

#endif
