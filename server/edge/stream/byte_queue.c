/* byte_queue.c - see byte_queue.h.
 *
 * Invariant: a block has sizeof(struct byte_block) <= begin < end <= capacity.
 */
#include "stream/byte_queue.h"

#include <string.h>

#include "base/assert.h"

enum { HEAD_BYTES = sizeof(struct byte_block) };

_Static_assert(HEAD_BYTES < BLOCK_BYTES_MIN, "every block has space for bytes behind its head");

uint8_t *byte_queue_bytes(const struct byte_queue *queue)
{
    return queue->block != NULL ? (uint8_t *)queue->block + queue->block->begin : NULL;
}

size_t byte_queue_block_bytes(const struct byte_queue *queue)
{
    return queue->block != NULL ? queue->block->capacity : 0;
}

static void move_to_front(struct byte_queue *queue)
{
    struct byte_block *block = queue->block;
    size_t size = byte_queue_size(queue);
    memmove((uint8_t *)block + HEAD_BYTES, (uint8_t *)block + block->begin, size);
    block->begin = HEAD_BYTES;
    block->end = (uint32_t)(HEAD_BYTES + size);
}

/* Takes a block that holds what waits and `more`. */
static int grow(struct byte_queue *queue, struct block_pool *pool, size_t more)
{
    size_t size = byte_queue_size(queue);
    size_t capacity = 0;
    uint8_t *bytes = block_pool_acquire(pool, HEAD_BYTES + size + more, &capacity);
    if (bytes == NULL) {
        return SK_ERR_MEMORY;
    }
    if (size > 0) {
        memcpy(bytes + HEAD_BYTES, byte_queue_bytes(queue), size);
        byte_queue_clear(queue, pool);
    }
    queue->block = (struct byte_block *)(void *)bytes; /* aligned as malloc's */
    *queue->block = (struct byte_block){
        .capacity = (uint32_t)capacity, .begin = HEAD_BYTES, .end = (uint32_t)(HEAD_BYTES + size)};
    return SK_OK;
}

/* Sees to a block with `more` bytes free behind what waits. */
static int make_space(struct byte_queue *queue, struct block_pool *pool, size_t more)
{
    struct byte_block *block = queue->block;
    if (block == NULL || more > block->capacity - HEAD_BYTES - byte_queue_size(queue)) {
        return grow(queue, pool, more);
    }
    if (more > block->capacity - block->end) {
        move_to_front(queue);
    }
    return SK_OK;
}

int byte_queue_push(struct byte_queue *queue, struct block_pool *pool, const uint8_t *bytes,
                    size_t size)
{
    if (size == 0) {
        return SK_OK;
    }
    int result = make_space(queue, pool, size);
    if (result != SK_OK) {
        return result;
    }
    memcpy((uint8_t *)queue->block + queue->block->end, bytes, size);
    queue->block->end += (uint32_t)size;
    SK_ASSERT(queue->block->end <= queue->block->capacity);
    return SK_OK;
}

void byte_queue_pop(struct byte_queue *queue, struct block_pool *pool, size_t size)
{
    SK_ASSERT(size <= byte_queue_size(queue));
    if (size == byte_queue_size(queue)) {
        byte_queue_clear(queue, pool);
    } else {
        queue->block->begin += (uint32_t)size;
    }
}

void byte_queue_clear(struct byte_queue *queue, struct block_pool *pool)
{
    if (queue->block != NULL) {
        block_pool_release(pool, (uint8_t *)queue->block, queue->block->capacity);
        queue->block = NULL;
    }
}
