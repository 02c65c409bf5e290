/* allocator.h - where create functions get their one block of memory from.
 *
 * core/ has no malloc; app/ hands it this pair, and tests one that counts or fails.
 */
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include <stddef.h>

struct sk_allocator {
    /* Returns `bytes` bytes aligned to 16, or NULL. */
    void *(*allocate)(void *context, size_t bytes);
    /* Gives back what allocate() returned; NULL is allowed. */
    void (*release)(void *context, void *block);
    void *context;
};

#endif
