/* worker_loads.h - how many rooms each worker steps, and which of two a heavy one is better off on.
 *
 * Memory   plain data.
 * Threads  any.
 */
#ifndef WORKER_LOADS_H
#define WORKER_LOADS_H

#include <stdbool.h>
#include <stdint.h>

enum { WORKER_LOADS_MAX = 255 }; /* workers */

struct worker_loads {
    uint32_t heavy[WORKER_LOADS_MAX];
    uint32_t light[WORKER_LOADS_MAX];
    uint32_t bound[WORKER_LOADS_MAX]; /* of the heavy ones, that cannot go elsewhere */
};

/* The worker with the fewest heavy rooms, of these the first with the fewest light ones. */
uint8_t worker_loads_lightest(const struct worker_loads *loads, uint32_t worker_count);
/* Is a heavy room of `from` better off on `to`?  When it makes the most heavy rooms on one of the
 * two fewer; or when it is alone among more light rooms than `to` has, and that has no heavy one.
 * So what is better there is not better back here. */
bool worker_loads_is_better(const struct worker_loads *loads, uint8_t from, uint8_t to);

#endif
