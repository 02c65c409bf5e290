/* block_pool.c - see block_pool.h.  Invariant: used_bytes is the sum of the capacities outside. */
#include "loop/block_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

static size_t order_of(size_t bytes)
{
    size_t order = 0;
    while (((size_t)BLOCK_BYTES_MIN << order) < bytes) {
        order++;
    }
    return order;
}

void block_pool_init(struct block_pool *pool, size_t max_bytes)
{
    *pool = (struct block_pool){.max_bytes = max_bytes};
}

static void *pop(struct block_pool *pool, size_t order)
{
    void *block = pool->spare[order];
    if (block != NULL) {
        memcpy(&pool->spare[order], block, sizeof(void *));
        pool->spare_bytes -= (size_t)BLOCK_BYTES_MIN << order;
    }
    return block;
}

void block_pool_deinit(struct block_pool *pool)
{
    for (size_t order = 0; order < BLOCK_CLASSES; order++) {
        for (void *block = pop(pool, order); block != NULL; block = pop(pool, order)) {
            free(block);
        }
    }
    SK_ASSERT(pool->spare_bytes == 0);
}

uint8_t *block_pool_acquire(struct block_pool *pool, size_t bytes, size_t *capacity)
{
    if (bytes > BLOCK_BYTES_MAX) {
        return NULL;
    }
    size_t order = order_of(bytes);
    size_t size = (size_t)BLOCK_BYTES_MIN << order;
    if (pool->used_bytes > pool->max_bytes || size > pool->max_bytes - pool->used_bytes) {
        return NULL;
    }
    void *block = pop(pool, order);
    if (block == NULL) {
        block = malloc(size);
    }
    if (block != NULL) {
        pool->used_bytes += size;
        *capacity = size;
    }
    return block;
}

void block_pool_release(struct block_pool *pool, uint8_t *block, size_t capacity)
{
    block_pool_disown(pool, capacity);
    if (capacity > pool->max_bytes / 4 - pool->spare_bytes) {
        free(block);
        return;
    }
    size_t order = order_of(capacity);
    memcpy(block, &pool->spare[order], sizeof(void *));
    pool->spare[order] = block;
    pool->spare_bytes += capacity;
}

void block_pool_disown(struct block_pool *pool, size_t capacity)
{
    SK_ASSERT(capacity <= pool->used_bytes);
    pool->used_bytes -= capacity;
}

void block_pool_adopt(struct block_pool *pool, size_t capacity)
{
    pool->used_bytes += capacity;
}
