/* platform.c - see platform.h. */
#include "platform.h"

#include <stdlib.h>

#include "base/assert.h"
#include "native/clock.h"
#include "tls/crypto.h"

static void *block_create(void *context, size_t bytes)
{
    (void)context;
    return aligned_alloc(16, (bytes + 15) & ~(size_t)15);
}

static void block_destroy(void *context, void *block)
{
    (void)context;
    free(block);
}

const struct sk_allocator platform_allocator = {block_create, block_destroy, NULL};

uint64_t platform_random_bits(void *context)
{
    uint64_t bits = 0;
    (void)context;
    int result = crypto_random(&bits, sizeof(bits));
    SK_ASSERT(result == SK_OK); /* the kernel has had its entropy since boot */
    return bits;
}

uint64_t platform_wall_s(void *context)
{
    (void)context;
    return sk_wall_ms() / 1000;
}
