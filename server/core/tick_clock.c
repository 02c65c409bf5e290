/* tick_clock.c - a tick of 1/60 s is no whole number of microseconds, so times are computed from
 * the tick's number each time and never added up.
 *
 * Invariant: the ring holds the newest drops, their next_tick rising. */
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

uint32_t tick_clock_due_ticks(const struct tick_clock *clock, uint32_t next_tick, uint64_t now_us)
{
    if (now_us < tick_clock_due_us(clock, next_tick)) {
        return 0;
    }
    uint64_t due = newest_due(clock, now_us) - next_tick + 1;
    return due < UINT32_MAX ? (uint32_t)due : UINT32_MAX;
}

/* Drops before one and the same tick are one. */
static void note_drop(struct tick_clock *clock, uint32_t next_tick)
{
    const struct tick_clock_drop *last =
        &clock->drops[(clock->drop_count + TICK_CLOCK_DROPS - 1) % TICK_CLOCK_DROPS];
    if (clock->drop_count > 0 && last->next_tick == next_tick) {
        return;
    }
    SK_ASSERT(clock->drop_count == 0 || last->next_tick < next_tick);
    clock->drops[clock->drop_count++ % TICK_CLOCK_DROPS] =
        (struct tick_clock_drop){next_tick, clock->dropped_ticks};
}

uint32_t tick_clock_drop(struct tick_clock *clock, uint32_t next_tick, uint64_t now_us,
                         uint32_t ticks_max)
{
    SK_ASSERT(ticks_max > 0);
    if (now_us < tick_clock_due_us(clock, next_tick + ticks_max)) {
        return 0;
    }
    uint32_t ticks = tick_clock_due_ticks(clock, next_tick, now_us) - ticks_max;
    note_drop(clock, next_tick);
    clock->dropped_ticks += ticks;
    clock->origin_us += ticks * SECOND_US / clock->tick_hz;
    SK_ASSERT(tick_clock_due_us(clock, next_tick) <= now_us);
    return ticks;
}

uint32_t tick_clock_dropped_since(const struct tick_clock *clock, uint32_t tick)
{
    uint32_t known = clock->drop_count < TICK_CLOCK_DROPS ? clock->drop_count : TICK_CLOCK_DROPS;
    uint32_t ticks = 0;
    for (uint32_t i = 1; i <= known; i++) {
        const struct tick_clock_drop *drop =
            &clock->drops[(clock->drop_count - i) % TICK_CLOCK_DROPS];
        if (drop->next_tick <= tick) {
            break;
        }
        ticks = clock->dropped_ticks - drop->ticks_before;
    }
    return ticks;
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
