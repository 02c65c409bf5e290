/* client_retry.c - see client_retry.h. */
#include "client_retry.h"

#include "base/hash.h"

enum { FIRST_US_MAX = 500000, DOUBLINGS_MAX = 4 /* 500 ms << 4 is 8 s */ };

void client_retry_reset(struct client_retry *retry)
{
    retry->attempt_count = 0;
}

uint64_t client_retry_next_us(struct client_retry *retry)
{
    uint32_t attempt = retry->attempt_count++;
    if (attempt == 0) {
        return 0;
    }
    uint32_t doublings = attempt - 1 < DOUBLINGS_MAX ? attempt - 1 : DOUBLINGS_MAX;
    uint64_t bound_us = (uint64_t)FIRST_US_MAX << doublings;
    return sk_mix(retry->seed ^ sk_mix(attempt)) % (bound_us + 1);
}
