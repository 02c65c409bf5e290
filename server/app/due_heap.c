/* due_heap.c - see due_heap.h.
 *
 * Invariants between calls:
 *   1. No entry comes before its parent (in the order of comes_before()).
 *   2. place[slot] is where the slot's entry is, ABSENT exactly when it has none.
 */
#include "due_heap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/assert.h"

#define ABSENT UINT32_MAX

struct entry {
    uint64_t due;
    uint32_t slot;
};

struct due_heap {
    uint32_t slot_count;
    uint32_t count;
    uint32_t *place; /* by slot; behind the entries */
    struct entry entries[];
};

struct due_heap *due_heap_create(uint32_t slot_count)
{
    struct due_heap *heap =
        malloc(sizeof(*heap) + slot_count * (sizeof(struct entry) + sizeof(uint32_t)));
    if (heap == NULL) {
        return NULL;
    }
    *heap = (struct due_heap){.slot_count = slot_count};
    heap->place = (uint32_t *)(void *)(heap->entries + slot_count);
    for (uint32_t i = 0; i < slot_count; i++) {
        heap->place[i] = ABSENT;
    }
    return heap;
}

void due_heap_destroy(struct due_heap *heap)
{
    free(heap);
}

static bool comes_before(struct entry a, struct entry b)
{
    return a.due != b.due ? a.due < b.due : a.slot < b.slot;
}

static void put(struct due_heap *heap, uint32_t at, struct entry entry)
{
    heap->entries[at] = entry;
    heap->place[entry.slot] = at;
}

static void sift_up(struct due_heap *heap, uint32_t at, struct entry entry)
{
    while (at > 0 && comes_before(entry, heap->entries[(at - 1) / 2])) {
        put(heap, at, heap->entries[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(heap, at, entry);
}

static void sift_down(struct due_heap *heap, uint32_t at, struct entry entry)
{
    uint32_t child = 2 * at + 1;
    while (child < heap->count) {
        bool is_right =
            child + 1 < heap->count && comes_before(heap->entries[child + 1], heap->entries[child]);
        child += is_right;
        if (!comes_before(heap->entries[child], entry)) {
            break;
        }
        put(heap, at, heap->entries[child]);
        at = child;
        child = 2 * at + 1;
    }
    put(heap, at, entry);
}

/* Puts an entry where one has become free. */
static void place_at(struct due_heap *heap, uint32_t at, struct entry entry)
{
    bool rises = at > 0 && comes_before(entry, heap->entries[(at - 1) / 2]);
    if (rises) {
        sift_up(heap, at, entry);
    } else {
        sift_down(heap, at, entry);
    }
}

static void remove_slot(struct due_heap *heap, uint32_t slot)
{
    uint32_t at = heap->place[slot];
    if (at == ABSENT) {
        return;
    }
    heap->place[slot] = ABSENT;
    heap->count--;
    if (at < heap->count) {
        place_at(heap, at, heap->entries[heap->count]);
    }
}

void due_heap_set(struct due_heap *heap, uint32_t slot, uint64_t due)
{
    SK_ASSERT(slot < heap->slot_count);
    struct entry entry = {due, slot};
    if (due == UINT64_MAX) {
        remove_slot(heap, slot);
    } else if (heap->place[slot] != ABSENT) {
        place_at(heap, heap->place[slot], entry);
    } else {
        sift_up(heap, heap->count++, entry);
    }
}

uint64_t due_heap_first(const struct due_heap *heap, uint32_t *slot)
{
    if (heap->count == 0) {
        return UINT64_MAX;
    }
    *slot = heap->entries[0].slot;
    return heap->entries[0].due;
}
