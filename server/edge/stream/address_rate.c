/* address_rate.c - see address_rate.h. */
#include "stream/address_rate.h"

#include "base/assert.h"

bool address_rate_take(struct address_rate *rate, uint32_t index, uint32_t token_us, uint32_t burst,
                       uint64_t now_us)
{
    SK_ASSERT(index < ADDRESS_LIMIT_COUNTERS);
    SK_ASSERT(burst > 0);
    _Atomic uint64_t *full_at_us = &rate->full_at_us[index];
    uint64_t was_us = atomic_load_explicit(full_at_us, memory_order_relaxed);
    uint64_t will_us = 0;
    do {
        will_us = (was_us > now_us ? was_us : now_us) + token_us;
        if (will_us > now_us + (uint64_t)burst * token_us) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(full_at_us, &was_us, will_us,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}
