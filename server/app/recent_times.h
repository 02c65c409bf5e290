/* recent_times.h - how long something took of late: percentiles of the last RECENT_TIMES of it, in
 * a few hundred bytes where a histogram takes 16 KiB.
 *
 * Memory   inside the struct; zero is none yet.
 * Threads  one.
 */
#ifndef RECENT_TIMES_H
#define RECENT_TIMES_H

#include <stdint.h>

enum { RECENT_TIMES = 64 }; /* a second of ticks */

struct recent_times {
    uint32_t us[RECENT_TIMES]; /* ring */
    uint32_t count;            /* ever added */
};

/* Adds one; the oldest gives way. */
void recent_times_add(struct recent_times *times, uint64_t us);
/* The time that `percent` of them do not exceed, at most 100 (asserted); 0 when there is none. */
uint32_t recent_times_quantile(const struct recent_times *times, uint32_t percent);

#endif
