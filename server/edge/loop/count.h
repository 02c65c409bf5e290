/* count.h - a counter that one thread adds to and any thread may read.
 *
 * Relaxed loads and stores, no locked instruction: adding costs what it costs to a plain integer.
 */
#ifndef COUNT_H
#define COUNT_H

#include <stdatomic.h>
#include <stdint.h>

struct count {
    _Atomic uint64_t value;
};

/* Adds; only the counter's own thread may. */
static inline void count_add(struct count *count, uint64_t more)
{
    uint64_t value = atomic_load_explicit(&count->value, memory_order_relaxed);
    atomic_store_explicit(&count->value, value + more, memory_order_relaxed);
}

/* The value now or a moment ago; any thread. */
static inline uint64_t count_read(const struct count *count)
{
    return atomic_load_explicit(&count->value, memory_order_relaxed);
}

#endif
