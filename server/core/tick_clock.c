/* tick_clock.c - a tick of 1/60 s is no whole number of microseconds, so times are computed from
 * the tick's number each time and never added up. */
#include "tick_clock.h"

#include "base/assert.h"

enum { MARGIN_PARTS = 16 };
static const uint64_t SECOND_US = 1000000;

uint64_t tick_clock_due_us(const struct tick_clock *clock, uint32_t tick)
{
    SK_ASSERT(clock->tick_hz > 0);
    return clock->origin_us + tick * SECOND_US / clock->tick_hz;
}

/* The newest tick that is due, counted from the origin. */
static uint64_t newest_due(const struct tick_clock *clock, uint64_t now_us)
{
    return ((now_us - clock->origin_us + 1) * clock->tick_hz - 1) / SECOND_US;
}

uint32_t tick_clock_advance(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                            uint32_t ticks_max, uint64_t *dropped_ticks)
{
    *dropped_ticks = 0;
    SK_ASSERT(ticks_max > 0);
    if (now_us < tick_clock_due_us(clock, next_tick)) {
        return 0;
    }
    uint64_t due = newest_due(clock, now_us) - next_tick + 1;
    if (due <= ticks_max) {
        return (uint32_t)due;
    }
    *dropped_ticks = due - ticks_max;
    clock->origin_us += *dropped_ticks * SECOND_US / clock->tick_hz;
    SK_ASSERT(tick_clock_due_us(clock, next_tick) <= now_us);
    return ticks_max;
}

void tick_clock_resume(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                       uint64_t period_us)
{
    uint64_t due_us = tick_clock_due_us(clock, next_tick);
    SK_ASSERT(period_us > 0);
    if (due_us < now_us) {
        clock->origin_us += (now_us - due_us + period_us - 1) / period_us * period_us;
    }
}

int64_t tick_clock_margin(const struct tick_clock *clock, uint32_t tick, uint64_t now_us)
{
    int64_t early_us = (int64_t)(tick_clock_due_us(clock, tick) - now_us);
    int64_t parts_us = early_us * MARGIN_PARTS * clock->tick_hz;
    int64_t half_us = parts_us >= 0 ? (int64_t)SECOND_US / 2 : -(int64_t)SECOND_US / 2;
    return (parts_us + half_us) / (int64_t)SECOND_US;
}
