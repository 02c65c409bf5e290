/* client_draw.c - see client_draw.h.
 *
 * Each arrival gives a guess of when tick 0 was on our clock; the earliest guess is the line's
 * shortest way, the others are late by their jitter.  Drawing moves to its aim by at most 1/32 of
 * time, which nobody sees, and jumps when it is off by more than a quarter of a second.
 */
#include "client_draw.h"

#include "base/assert.h"

enum { SLEW_DIVISOR = 32, JUMP_US = 250000, MICROSECONDS = 1000000, SMALL = 4 };

void client_draw_init(struct client_draw *draw, uint32_t tick_hz, uint32_t snapshot_divisor)
{
    SK_ASSERT(tick_hz > 0);
    *draw = (struct client_draw){.tick_hz = tick_hz};
    draw->interval_us = MICROSECONDS * snapshot_divisor / tick_hz;
}

static uint32_t held_of(const struct client_draw *draw)
{
    return draw->sample_count < CLIENT_DRAW_SAMPLES ? draw->sample_count : CLIENT_DRAW_SAMPLES;
}

static int64_t earliest_of(const struct client_draw *draw)
{
    int64_t earliest = INT64_MAX;
    for (uint32_t i = 0; i < held_of(draw); i++) {
        earliest = draw->origins_us[i] < earliest ? draw->origins_us[i] : earliest;
    }
    return earliest;
}

/* The 95th percentile of the guesses: what is later than that is drawn when it comes. */
static int64_t late_of(const struct client_draw *draw)
{
    int64_t large[SMALL] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
    for (uint32_t i = 0; i < held_of(draw); i++) {
        int64_t value = draw->origins_us[i];
        for (uint32_t k = 0; k < SMALL; k++) {
            if (value > large[k]) {
                int64_t smaller = large[k];
                large[k] = value;
                value = smaller;
            }
        }
    }
    return large[held_of(draw) / 20];
}

_Static_assert(CLIENT_DRAW_SAMPLES / 20 < SMALL, "late_of() holds the percentile");

/* Two intervals behind the earliest, or one behind the late ones and a tick more. */
static int64_t aim_of(const struct client_draw *draw)
{
    int64_t quiet_us = earliest_of(draw) + 2 * (int64_t)draw->interval_us;
    int64_t late_us = late_of(draw) + draw->interval_us + MICROSECONDS / draw->tick_hz;
    return late_us > quiet_us ? late_us : quiet_us;
}

static int64_t clamp(int64_t value, int64_t bound)
{
    return value > bound ? bound : value < -bound ? -bound : value;
}

void client_draw_on_snapshot(struct client_draw *draw, uint32_t tick, uint64_t now_us)
{
    int64_t tick_us = (int64_t)tick * MICROSECONDS / draw->tick_hz;
    draw->origins_us[draw->sample_count++ % CLIENT_DRAW_SAMPLES] = (int64_t)now_us - tick_us;
    int64_t off_us = aim_of(draw) - draw->shown_us;
    bool jump = draw->sample_count == 1 || off_us > JUMP_US || off_us < -JUMP_US;
    int64_t bound_us = (int64_t)(now_us - draw->moved_us) / SLEW_DIVISOR;
    draw->shown_us += jump ? off_us : clamp(off_us, bound_us);
    draw->moved_us = now_us;
}

bool client_draw_time(const struct client_draw *draw, uint64_t now_us, uint32_t *tick,
                      uint8_t *fraction)
{
    int64_t passed = ((int64_t)now_us - draw->shown_us) * draw->tick_hz;
    if (draw->sample_count == 0 || passed < 0) {
        return false;
    }
    *tick = (uint32_t)(passed / MICROSECONDS);
    *fraction = (uint8_t)(passed % MICROSECONDS * 256 / MICROSECONDS);
    return true;
}
