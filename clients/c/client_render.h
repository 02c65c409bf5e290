/* client_render.h - which moment of the past to render.
 *
 * Others are drawn between two snapshots, so drawing runs behind the newest by an interval, and by
 * as much more as snapshots come late: sized by their measured jitter, about two intervals on a
 * quiet line.
 *
 * Memory   the caller's struct; nothing is allocated.
 * Time     microseconds that the caller passes.
 */
#ifndef CLIENT_RENDER_H
#define CLIENT_RENDER_H

#include <stdbool.h>
#include <stdint.h>

enum { CLIENT_RENDER_SAMPLES = 64 };

struct client_render {
    uint32_t tick_hz;
    uint32_t interval_us; /* between two snapshots */
    int64_t
        origins_us[CLIENT_RENDER_SAMPLES]; /* ring: when tick 0 was, by each snapshot's arrival */
    uint32_t sample_count;                 /* ever taken */
    uint64_t moved_us;                     /* when shown_us was last moved */
    int64_t shown_us;                      /* when tick 0 was, as drawing has it */
};

/* Begins a match. */
void client_render_init(struct client_render *render, uint32_t tick_hz, uint32_t snapshot_divisor);
/* A snapshot of `tick` arrived. */
void client_render_on_snapshot(struct client_render *render, uint32_t tick, uint64_t now_us);
/* The render time now; false before the first snapshot. */
bool client_render_time(const struct client_render *render, uint64_t now_us, uint32_t *tick,
                        uint8_t *fraction);

#endif
