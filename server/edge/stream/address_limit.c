/* address_limit.c - see address_limit.h. */
#include "stream/address_limit.h"

#include <limits.h>

#include "base/hash.h"
#include "base/result.h"

_Static_assert(ADDRESS_LIMIT_COUNTERS <= INT_MAX, "a place is an int");
_Static_assert((ADDRESS_LIMIT_COUNTERS & (ADDRESS_LIMIT_COUNTERS - 1)) == 0, "index is a mask");

uint32_t address_limit_index(const struct address_limit *limit, const struct address *address)
{
    size_t bytes = address_is_v4(address) ? sizeof(address->ip) : sizeof(address->ip) / 2;
    uint64_t hash = sk_hash(limit->key, address->ip, bytes);
    return (uint32_t)(hash & (ADDRESS_LIMIT_COUNTERS - 1));
}

int address_limit_acquire(struct address_limit *limit, const struct address *address, uint32_t max)
{
    int place = (int)address_limit_index(limit, address);
    _Atomic uint16_t *counter = &limit->counters[place];
    uint16_t taken = atomic_load_explicit(counter, memory_order_relaxed);
    do {
        if (taken >= max || taken == UINT16_MAX) {
            return SK_ERR_FULL;
        }
    } while (!atomic_compare_exchange_weak_explicit(counter, &taken, (uint16_t)(taken + 1),
                                                    memory_order_relaxed, memory_order_relaxed));
    return place;
}

uint32_t address_limit_taken(const struct address_limit *limit, int place)
{
    return place == ADDRESS_LIMIT_NONE
               ? 0
               : atomic_load_explicit(&limit->counters[place], memory_order_relaxed);
}

void address_limit_release(struct address_limit *limit, int place)
{
    if (place != ADDRESS_LIMIT_NONE) {
        atomic_fetch_sub_explicit(&limit->counters[place], 1, memory_order_relaxed);
    }
}
