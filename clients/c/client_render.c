/* client_render.c - see client_render.h.
 *
 * Each arrival gives a guess of when tick 0 was on our clock; the earliest guess is the line's
 * shortest way, the others are late by their jitter.  Drawing moves to its aim by at most 1/32 of
 * time, which nobody sees, and jumps when it is off by more than a quarter of a second.
 */
#include "client_render.h"

#include "base/assert.h"

enum { SLEW_DIVISOR = 32, JUMP_US = 250000, MICROSECONDS = 1000000, SMALL = 4 };

void client_render_init(struct client_render *render, uint32_t tick_hz, uint32_t snapshot_divisor)
{
    SK_ASSERT(tick_hz > 0);
    *render = (struct client_render){.tick_hz = tick_hz};
    render->interval_us = MICROSECONDS * snapshot_divisor / tick_hz;
}

static uint32_t held_of(const struct client_render *render)
{
    return render->sample_count < CLIENT_RENDER_SAMPLES ? render->sample_count
                                                        : CLIENT_RENDER_SAMPLES;
}

static int64_t earliest_of(const struct client_render *render)
{
    int64_t earliest = INT64_MAX;
    for (uint32_t i = 0; i < held_of(render); i++) {
        earliest = render->origins_us[i] < earliest ? render->origins_us[i] : earliest;
    }
    return earliest;
}

/* The 95th percentile of the guesses: what is later than that is drawn when it comes. */
static int64_t late_of(const struct client_render *render)
{
    int64_t large[SMALL] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
    for (uint32_t i = 0; i < held_of(render); i++) {
        int64_t value = render->origins_us[i];
        for (uint32_t k = 0; k < SMALL; k++) {
            if (value > large[k]) {
                int64_t smaller = large[k];
                large[k] = value;
                value = smaller;
            }
        }
    }
    return large[held_of(render) / 20];
}

_Static_assert(CLIENT_RENDER_SAMPLES / 20 < SMALL, "late_of() holds the percentile");

/* Two intervals behind the earliest, or one behind the late ones and a tick more. */
static int64_t aim_of(const struct client_render *render)
{
    int64_t quiet_us = earliest_of(render) + 2 * (int64_t)render->interval_us;
    int64_t late_us = late_of(render) + render->interval_us + MICROSECONDS / render->tick_hz;
    return late_us > quiet_us ? late_us : quiet_us;
}

static int64_t clamp(int64_t value, int64_t bound)
{
    return value > bound ? bound : value < -bound ? -bound : value;
}

void client_render_on_snapshot(struct client_render *render, uint32_t tick, uint64_t now_us)
{
    int64_t tick_us = (int64_t)tick * MICROSECONDS / render->tick_hz;
    render->origins_us[render->sample_count++ % CLIENT_RENDER_SAMPLES] = (int64_t)now_us - tick_us;
    int64_t off_us = aim_of(render) - render->shown_us;
    bool jump = render->sample_count == 1 || off_us > JUMP_US || off_us < -JUMP_US;
    int64_t bound_us = (int64_t)(now_us - render->moved_us) / SLEW_DIVISOR;
    render->shown_us += jump ? off_us : clamp(off_us, bound_us);
    render->moved_us = now_us;
}

bool client_render_time(const struct client_render *render, uint64_t now_us, uint32_t *tick,
                        uint8_t *fraction)
{
    int64_t passed = ((int64_t)now_us - render->shown_us) * render->tick_hz;
    if (render->sample_count == 0 || passed < 0) {
        return false;
    }
    *tick = (uint32_t)(passed / MICROSECONDS);
    *fraction = (uint8_t)(passed % MICROSECONDS * 256 / MICROSECONDS);
    return true;
}
