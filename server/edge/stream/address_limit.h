/* address_limit.h - how many connections of one address may be open before they are admitted.
 *
 * Counters in a table indexed by a keyed hash of the address (of an IPv6 address the first 64 bits,
 * which is what one customer gets).  Two addresses that share a counter share the limit; with
 * 65,536 counters and a key that nobody knows that is rare and cannot be aimed.  Atomics, because
 * the loops of all threads accept.
 *
 * Memory   128 KiB in the struct.
 * Threads  any.
 */
#ifndef ADDRESS_LIMIT_H
#define ADDRESS_LIMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "address/address.h"

#define ADDRESS_LIMIT_COUNTERS 65536
#define ADDRESS_LIMIT_NONE     INT32_MIN /* a place that need not be given back */

struct address_limit {
    uint64_t key; /* random, set before the first use */
    _Atomic uint16_t counters[ADDRESS_LIMIT_COUNTERS];
};

/* Which of the counters is the address's, below ADDRESS_LIMIT_COUNTERS. */
uint32_t address_limit_index(const struct address_limit *limit, const struct address *address);
/* Acquires a place for the address.  Returns it, or SK_ERR_FULL when `max` are taken. */
int address_limit_acquire(struct address_limit *limit, const struct address *address, uint32_t max);
/* How many have a place like this one, it included; 0 for ADDRESS_LIMIT_NONE. */
uint32_t address_limit_taken(const struct address_limit *limit, int place);
/* Releases a place; nothing for ADDRESS_LIMIT_NONE. */
void address_limit_release(struct address_limit *limit, int place);

#endif
