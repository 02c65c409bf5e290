/* client_lead.h - how far ahead of the server a client stamps its inputs.
 *
 * An input must be there when its tick is stepped, but not long before: each tick of lead is a tick
 * of delay between hand and effect.  The server reports by what margin inputs came in time; the 5th
 * percentile of it over 2 s is kept at about one tick.  Too little is repaired at once, too much by
 * at most 1% of time, and within one tick nothing is done.
 *
 * Memory   the caller's struct; nothing is allocated.
 * Time     microseconds that the caller passes.
 */
#ifndef CLIENT_LEAD_H
#define CLIENT_LEAD_H

#include <stdint.h>

enum { CLIENT_LEAD_SAMPLES = 64, CLIENT_LEAD_TICKS_MAX = 48, CLIENT_LEAD_SENT = 256 };

/* A millionth of a tick: microseconds times tick_hz. */
struct client_lead_sample {
    uint64_t arrived_us;
    int64_t margin_utick; /* as it were without any shift */
};

struct client_lead {
    uint32_t tick_hz;
    uint64_t start_us;
    int64_t start_utick;
    int64_t shift_utick; /* moved since the start, up and down */
    uint32_t last_input_tick;
    uint64_t slewed_us;                   /* until when slewing is accounted for */
    int64_t sent_shift[CLIENT_LEAD_SENT]; /* shift_utick when tick % CLIENT_LEAD_SENT was sent */
    struct client_lead_sample samples[CLIENT_LEAD_SAMPLES]; /* ring */
    uint32_t sample_count;                                  /* ever taken */
};

/* Begins at Welcome: the server was at `tick` when it wrote, about half of rtt_us ago. */
void client_lead_init(struct client_lead *lead, uint32_t tick_hz, uint32_t tick, uint64_t rtt_us,
                      uint64_t now_us);
/* The tick whose input is to be sampled now. */
uint32_t client_lead_tick(const struct client_lead *lead, uint64_t now_us);
/* An input of this tick goes out. */
void client_lead_on_sent(struct client_lead *lead, uint32_t tick);
/* A snapshot of `snapshot_tick` reports the newest input that arrived and the smallest margin since
 * the one before. */
void client_lead_on_margin(struct client_lead *lead, uint32_t snapshot_tick, uint32_t input_tick,
                           int16_t margin_sixteenths, uint64_t now_us);

#endif
