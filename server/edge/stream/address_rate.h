/* address_rate.h - a token bucket for each address: how often it may ask for something that costs.
 *
 * A bucket is one point in time (the generic cell rate algorithm, ITU-T I.371), so a table of them
 * needs no sweeping.  The table is indexed as address_limit.h's, with the same remark on addresses
 * that share an entry.
 *
 * Memory   512 KiB in the struct, of which only what is used is ever touched.
 * Threads  any.
 * Time     a parameter.
 */
#ifndef ADDRESS_RATE_H
#define ADDRESS_RATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "stream/address_limit.h"

struct address_rate {
    _Atomic uint64_t full_at_us[ADDRESS_LIMIT_COUNTERS]; /* in the past: full */
};

/* Takes a token from the bucket at `index` (address_limit_index()), to which one comes back each
 * `token_us` and which holds `burst` of them.  Returns false when there is none. */
bool address_rate_take(struct address_rate *rate, uint32_t index, uint32_t token_us, uint32_t burst,
                       uint64_t now_us);

#endif
