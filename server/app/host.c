/* host.c - see host.h. */
#include "host.h"

#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
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

const struct sk_allocator host_allocator = {block_create, block_destroy, NULL};

uint64_t host_random_bits(void *context)
{
    uint64_t bits = 0;
    (void)context;
    int result = crypto_random(&bits, sizeof(bits));
    SK_ASSERT(result == SK_OK); /* the kernel has had its entropy since boot */
    return bits;
}

uint64_t host_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t host_wall_s(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec;
}
