/* kept.h - bytes that must wait, in a block of the loop's pool: a queue of bytes.
 *
 *   bytes [ .... begin ######## end ........ capacity ]
 *
 * Memory   the block is taken when something is kept and given back when it is empty.
 * Threads  that of the pool.
 */
#ifndef KEPT_H
#define KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "loop/block_pool.h"

struct kept {
    uint8_t *bytes; /* NULL when nothing is kept */
    uint32_t capacity;
    uint32_t begin;
    uint32_t end;
};

/* How much is kept. */
size_t kept_size(const struct kept *kept);
/* Keeps more, behind what is kept.  Returns SK_OK, or SK_ERR_MEMORY when the pool has no block;
 * nothing is kept of `bytes` then. */
SK_MUST_CHECK int kept_append(struct kept *kept, struct block_pool *pool, const uint8_t *bytes,
                              size_t size);
/* Drops the first `size` bytes (no more than are kept, asserted). */
void kept_drop(struct kept *kept, struct block_pool *pool, size_t size);
/* Drops everything. */
void kept_clear(struct kept *kept, struct block_pool *pool);

#endif
