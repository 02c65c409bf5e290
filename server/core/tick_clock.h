/* tick_clock.h - which tick is due when: exact for any rate, without drift.
 *
 * Memory   none.
 * Threads  any; plain values.
 * Time     microseconds of a monotonic clock, a parameter.
 */
#ifndef TICK_CLOCK_H
#define TICK_CLOCK_H

#include <stdint.h>

struct tick_clock {
    uint64_t origin_us; /* when tick 0 was due, moved on by time that was dropped */
    uint32_t tick_hz;
};

/* When `tick` is due. */
uint64_t tick_clock_due_us(const struct tick_clock *clock, uint32_t tick);
/* How many ticks from `next_tick` on are due at `now_us`, at most `ticks_max`.  What is due beyond
 * that is dropped: the origin moves on, and *dropped_ticks says by how much (0 as a rule). */
uint32_t tick_clock_advance(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                            uint32_t ticks_max, uint64_t *dropped_ticks);
/* The clock stood still: moves the origin on by whole multiples of `period_us`, until `next_tick`
 * is due at `now_us` or less than a period later. */
void tick_clock_resume(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                       uint64_t period_us);
/* How long before its tick something came at `now_us`, in 1/16 tick, rounded; negative when it was
 * late. */
int64_t tick_clock_margin(const struct tick_clock *clock, uint32_t tick, uint64_t now_us);

#endif
