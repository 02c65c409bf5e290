/* kept.c - see kept.h.  Invariant: bytes is NULL exactly when begin == end == capacity == 0. */
#include "transport/kept.h"

#include <string.h>

#include "base/assert.h"

size_t kept_size(const struct kept *kept)
{
    return kept->end - kept->begin;
}

static void move_to_front(struct kept *kept)
{
    size_t size = kept_size(kept);
    memmove(kept->bytes, kept->bytes + kept->begin, size);
    kept->begin = 0;
    kept->end = (uint32_t)size;
}

/* Takes a block that holds what is kept and `more`. */
static int grow(struct kept *kept, struct block_pool *pool, size_t more)
{
    size_t size = kept_size(kept);
    size_t capacity = 0;
    uint8_t *bytes = block_pool_take(pool, size + more, &capacity);
    if (bytes == NULL) {
        return SK_ERR_MEMORY;
    }
    if (kept->bytes != NULL) {
        memcpy(bytes, kept->bytes + kept->begin, size);
        block_pool_give(pool, kept->bytes, kept->capacity);
    }
    *kept = (struct kept){.bytes = bytes, .capacity = (uint32_t)capacity, .end = (uint32_t)size};
    return SK_OK;
}

int kept_append(struct kept *kept, struct block_pool *pool, const uint8_t *bytes, size_t size)
{
    if (size == 0) {
        return SK_OK;
    }
    if (size > kept->capacity - kept_size(kept)) {
        int result = grow(kept, pool, size);
        if (result != SK_OK) {
            return result;
        }
    } else if (size > kept->capacity - kept->end) {
        move_to_front(kept);
    }
    memcpy(kept->bytes + kept->end, bytes, size);
    kept->end += (uint32_t)size;
    return SK_OK;
}

void kept_drop(struct kept *kept, struct block_pool *pool, size_t size)
{
    SK_ASSERT(size <= kept_size(kept));
    kept->begin += (uint32_t)size;
    if (kept->begin == kept->end) {
        kept_clear(kept, pool);
    }
}

void kept_clear(struct kept *kept, struct block_pool *pool)
{
    if (kept->bytes != NULL) {
        block_pool_give(pool, kept->bytes, kept->capacity);
        *kept = (struct kept){0};
    }
}
