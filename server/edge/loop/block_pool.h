/* block_pool.h - blocks for what must wait: unsent bytes, partial messages.  Capped.
 *
 * Sizes are powers of two from 1 KiB.  Blocks that come back are spare for the next user, so that
 * steady traffic allocates nothing; above a quarter of the cap they go back to the system.
 *
 * Memory   block_pool_acquire() may allocate, up to max_bytes in use; block_pool_deinit() frees
 *          what was released.
 * Threads  one; a block may move to another thread's pool by disown and adopt.
 */
#ifndef BLOCK_POOL_H
#define BLOCK_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_CLASSES   18
#define BLOCK_BYTES_MIN 1024
#define BLOCK_BYTES_MAX ((size_t)BLOCK_BYTES_MIN << (BLOCK_CLASSES - 1)) /* 128 MiB */

struct block_pool {
    void *spare[BLOCK_CLASSES]; /* each a list through its first word */
    size_t spare_bytes;
    size_t used_bytes; /* by users */
    size_t max_bytes;  /* of used_bytes */
};

/* Makes an empty pool. */
void block_pool_init(struct block_pool *pool, size_t max_bytes);
/* Frees the spare blocks. */
void block_pool_deinit(struct block_pool *pool);

/* Acquires a block of at least `bytes` and sets *capacity to its size.  Returns NULL when the cap
 * or the memory is used up. */
uint8_t *block_pool_acquire(struct block_pool *pool, size_t bytes, size_t *capacity);
/* Releases a block of that capacity. */
void block_pool_release(struct block_pool *pool, uint8_t *block, size_t capacity);

/* The block leaves with its owner for another thread. */
void block_pool_disown(struct block_pool *pool, size_t capacity);
/* It has come; counted even above the cap, because it is there. */
void block_pool_adopt(struct block_pool *pool, size_t capacity);

#endif
