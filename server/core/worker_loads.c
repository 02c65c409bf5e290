/* worker_loads.c - see worker_loads.h. */
#include "worker_loads.h"

#include "base/assert.h"

uint8_t worker_loads_lightest(const struct worker_loads *loads, uint32_t worker_count)
{
    uint8_t best = 0;
    SK_ASSERT(worker_count <= WORKER_LOADS_MAX);
    for (uint8_t i = 1; i < worker_count; i++) {
        bool is_lighter = loads->heavy[i] == loads->heavy[best]
                              ? loads->light[i] < loads->light[best]
                              : loads->heavy[i] < loads->heavy[best];
        best = is_lighter ? i : best;
    }
    return best;
}

bool worker_loads_is_better(const struct worker_loads *loads, uint8_t from, uint8_t to)
{
    bool is_shared = loads->heavy[to] + 1 < loads->heavy[from];
    bool is_alone = loads->heavy[from] == 1 && loads->heavy[to] == 0;
    return is_shared || (is_alone && loads->light[to] < loads->light[from]);
}
