/* tick_clock.h - which tick is due when: exact for any rate, without drift.
 *
 * Memory   none.
 * Threads  any; plain values.
 * Time     microseconds of a monotonic clock, a parameter.
 */
#ifndef TICK_CLOCK_H
#define TICK_CLOCK_H

#include <stdint.h>

enum { TICK_CLOCK_DROPS = 32 };

/* Time was dropped. */
struct tick_clock_drop {
    uint32_t next_tick;    /* the first tick that was made after it */
    uint32_t ticks_before; /* that had been dropped until then */
};

struct tick_clock {
    uint64_t origin_us; /* when tick 0 was due, moved on by time that was dropped */
    uint32_t tick_hz;
    uint32_t dropped_ticks;                         /* ever */
    uint32_t drop_count;                            /* ever noted */
    struct tick_clock_drop drops[TICK_CLOCK_DROPS]; /* ring, in order of next_tick */
};

/* When `tick` is due. */
uint64_t tick_clock_due_us(const struct tick_clock *clock, uint32_t tick);
/* How many ticks from `next_tick` on are due at `now_us`. */
uint32_t tick_clock_due_ticks(const struct tick_clock *clock, uint32_t next_tick, uint64_t now_us);
/* Drops what is due beyond `ticks_max` ticks: the origin moves on.  Returns by how many ticks, 0 as
 * a rule. */
uint32_t tick_clock_drop(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                         uint32_t ticks_max);
/* How many ticks have been dropped since `tick` was made.  Of more than TICK_CLOCK_DROPS times that
 * something was dropped only the newest are known and counted. */
uint32_t tick_clock_dropped_since(const struct tick_clock *clock, uint32_t tick);
/* The clock stood still: moves the origin on by whole multiples of `period_us`, until `next_tick`
 * is due at `now_us` or less than a period later. */
void tick_clock_resume(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                       uint64_t period_us);
/* How long before its tick something came at `now_us`, in 1/16 tick, rounded; negative when it was
 * late. */
int64_t tick_clock_margin(const struct tick_clock *clock, uint32_t tick, uint64_t now_us);

#endif
