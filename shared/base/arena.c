/* arena.c - see arena.h.  Invariant: used_bytes is a multiple of 16 and at most capacity_bytes. */
#include "base/arena.h"

#include "base/assert.h"
#include "base/mem.h"

enum { ALIGN_BYTES = 16 };

void sk_arena_init(struct sk_arena *arena, void *bytes, size_t capacity_bytes)
{
    SK_ASSERT(((uintptr_t)bytes & (ALIGN_BYTES - 1)) == 0);
    arena->bytes = bytes;
    arena->capacity_bytes = capacity_bytes & ~(size_t)(ALIGN_BYTES - 1);
    arena->used_bytes = 0;
}

size_t sk_arena_cost(size_t bytes)
{
    SK_ASSERT(bytes <= SIZE_MAX - ALIGN_BYTES);
    return (bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1);
}

void *sk_arena_take_raw(struct sk_arena *arena, size_t bytes)
{
    size_t cost = sk_arena_cost(bytes);
    SK_ASSERT(arena->used_bytes <= arena->capacity_bytes);
    if (cost > arena->capacity_bytes - arena->used_bytes) {
        return NULL;
    }
    void *taken = arena->bytes + arena->used_bytes;
    arena->used_bytes += cost;
    return taken;
}

void *sk_arena_take(struct sk_arena *arena, size_t bytes)
{
    void *taken = sk_arena_take_raw(arena, bytes);
    if (taken != NULL) {
        memset(taken, 0, sk_arena_cost(bytes));
    }
    return taken;
}
