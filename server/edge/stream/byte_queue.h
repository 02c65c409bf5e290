/* byte_queue.h - bytes that must wait, in a block of the loop's pool.
 *
 *   block [ head | .... begin ######## end ........ capacity ]
 *
 * An empty queue is one pointer: what there is to know of the bytes lies in their block.  A
 * connection has three queues, which are nearly always empty, and costs 48 bytes less so.
 *
 * Memory   the block is taken when something is pushed and given back when the queue is empty.
 * Threads  that of the pool.
 */
#ifndef BYTE_QUEUE_H
#define BYTE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "loop/block_pool.h"

/* What lies in front of the bytes in their block. */
struct byte_block {
    uint32_t capacity; /* of the whole block */
    uint32_t begin;    /* offsets into the block, behind this head */
    uint32_t end;
};

struct byte_queue {
    struct byte_block *block; /* NULL exactly when the queue is empty */
};

/* How many bytes wait. */
static inline size_t byte_queue_size(const struct byte_queue *queue)
{
    return queue->block != NULL ? queue->block->end - queue->block->begin : 0;
}

/* The first of them; NULL when the queue is empty. */
uint8_t *byte_queue_bytes(const struct byte_queue *queue);
/* What the queue takes of its pool. */
size_t byte_queue_block_bytes(const struct byte_queue *queue);
/* Copies more behind what waits.  Returns SK_OK, or SK_ERR_MEMORY when the pool has no block;
 * nothing of `bytes` is in the queue then. */
SK_MUST_CHECK int byte_queue_push(struct byte_queue *queue, struct block_pool *pool,
                                  const uint8_t *bytes, size_t size);
/* Drops the first `size` bytes (no more than wait, asserted). */
void byte_queue_pop(struct byte_queue *queue, struct block_pool *pool, size_t size);
/* Drops everything. */
void byte_queue_clear(struct byte_queue *queue, struct block_pool *pool);

#endif
