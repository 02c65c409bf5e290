/* recent_times.c - see recent_times.h. */
#include "recent_times.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"

void recent_times_add(struct recent_times *times, uint64_t us)
{
    times->us[times->count++ % RECENT_TIMES] = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* Few, and asked for once a second: the simplest sort will do. */
static void sort(uint32_t *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t value = values[i];
        uint32_t at = i;
        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
}

uint32_t recent_times_quantile(const struct recent_times *times, uint32_t percent)
{
    uint32_t sorted[RECENT_TIMES];
    uint32_t count = times->count < RECENT_TIMES ? times->count : RECENT_TIMES;
    SK_ASSERT(percent <= 100);
    if (count == 0) {
        return 0;
    }
    memcpy(sorted, times->us, count * sizeof(sorted[0]));
    sort(sorted, count);
    uint32_t rank = (count * percent + 99) / 100;
    return sorted[rank > 0 ? rank - 1 : 0];
}
