/* bucket.c - kept as one point in time (the "generic cell rate algorithm"), so that nothing has to
 * be topped up. */
#include "bucket.h"

#include "base/assert.h"

struct bucket bucket_make(uint32_t per_second, uint32_t burst_ms)
{
    SK_ASSERT(per_second > 0);
    return (struct bucket){.token_us = 1000000 / per_second, .burst_us = burst_ms * 1000};
}

bool bucket_spend(struct bucket *bucket, uint64_t now_us)
{
    SK_ASSERT(bucket->token_us > 0);
    uint64_t from_us = bucket->full_at_us > now_us ? bucket->full_at_us : now_us;
    if (from_us + bucket->token_us > now_us + bucket->burst_us) {
        return false;
    }
    bucket->full_at_us = from_us + bucket->token_us;
    return true;
}
