/* counter.h - a counter that one thread adds to and any thread may read.
 *
 * Relaxed loads and stores, no locked instruction: adding costs what it costs to a plain integer.
 */
#ifndef COUNTER_H
#define COUNTER_H

#include <stdatomic.h>
#include <stdint.h>

struct counter {
    _Atomic uint64_t value;
};

/* Adds; only the counter's own thread may. */
static inline void counter_add(struct counter *counter, uint64_t more)
{
    uint64_t value = atomic_load_explicit(&counter->value, memory_order_relaxed);
    atomic_store_explicit(&counter->value, value + more, memory_order_relaxed);
}

/* The value now or a moment ago; any thread. */
static inline uint64_t counter_read(const struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

#endif
