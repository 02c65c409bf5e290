/* arena.h - memory that is handed out piece by piece and ends all at once.
 *
 * A room's parts are carved from one block when it is created, so that nothing is allocated later
 * and nothing can be freed twice.
 *
 * Memory   borrows the block it is given; never allocates or frees.
 * Threads  one.
 */
#ifndef SK_ARENA_H
#define SK_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct sk_arena {
    uint8_t *bytes; /* borrowed */
    size_t capacity_bytes;
    size_t used_bytes;
};

/* Makes an empty arena over `bytes`, which must be aligned to 16 (asserted). */
void sk_arena_init(struct sk_arena *arena, void *bytes, size_t capacity_bytes);

/* Takes `bytes` zeroed bytes aligned to 16.  Returns NULL when they do not fit; nothing changes. */
void *sk_arena_take(struct sk_arena *arena, size_t bytes);

/* The same, but what lies there is undefined: for what is written before it is read, so that memory
 * which is not used is never touched. */
void *sk_arena_take_raw(struct sk_arena *arena, size_t bytes);

/* What sk_arena_take(bytes) uses up, for sizing a block beforehand. */
size_t sk_arena_cost(size_t bytes);

#endif
