/* due_heap.h - which slot is due next: a binary heap over a fixed number of slots.
 *
 * Slots that are due at the same time come in the order of their numbers, so that what is done with
 * them has a defined order.
 *
 * Memory   due_heap_create() allocates for all slots; nothing allocates later.
 * Threads  one.
 * Time     any unit; UINT64_MAX is never.
 */
#ifndef DUE_HEAP_H
#define DUE_HEAP_H

#include <stdint.h>

struct due_heap;

/* Makes a heap of `slot_count` slots, none of them due.  Returns it, owned, or NULL when memory is
 * short. */
struct due_heap *due_heap_create(uint32_t slot_count);
/* Frees it; nothing for NULL. */
void due_heap_destroy(struct due_heap *heap);

/* Sets when a slot is due, whatever it was before; UINT64_MAX: never. */
void due_heap_set(struct due_heap *heap, uint32_t slot, uint64_t due);
/* When the first is due, and which it is; UINT64_MAX when none is, *slot is then unchanged. */
uint64_t due_heap_first(const struct due_heap *heap, uint32_t *slot);

#endif
