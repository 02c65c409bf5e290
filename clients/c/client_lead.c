/* client_lead.c - see client_lead.h.
 *
 *      shift up at once      nothing       shift down by 0.5% of time
 *   ----------------------|------------|------------------------------> 5th percentile of margin
 *                       1/2 tick     3/2 tick
 *
 * SESSION.md allows 1%; half of that keeps the inputs of a settling client above 99% of what is
 * due.
 *
 * A margin that comes back was made with the shift of the moment when its input was sent.  Samples
 * are kept as if there had been no shift at all (sent_shift tells what to take off), so a change
 * counts at once for all of them and is not made twice while old margins still arrive.
 */
#include "client_lead.h"

#include "base/assert.h"

enum { TICK = 1000000, WINDOW_US = 2000000, SLEW_DIVISOR = 200 };
static const int64_t low_utick = TICK / 2;
static const int64_t aim_utick = TICK;
static const int64_t high_utick = TICK + TICK / 2;

void client_lead_init(struct client_lead *lead, uint32_t tick_hz, uint32_t tick, uint64_t rtt_us,
                      uint64_t now_us)
{
    SK_ASSERT(tick_hz > 0);
    *lead = (struct client_lead){.tick_hz = tick_hz, .start_us = now_us, .slewed_us = now_us};
    int64_t ahead_utick = (int64_t)(rtt_us * tick_hz) + 2 * TICK;
    if (ahead_utick > (int64_t)CLIENT_LEAD_TICKS_MAX * TICK) {
        ahead_utick = (int64_t)CLIENT_LEAD_TICKS_MAX * TICK;
    }
    lead->start_utick = (int64_t)tick * TICK + ahead_utick;
}

static int64_t now_utick(const struct client_lead *lead, uint64_t now_us)
{
    int64_t passed_us = (int64_t)(now_us - lead->start_us);
    return lead->start_utick + lead->shift_utick + passed_us * lead->tick_hz;
}

uint32_t client_lead_tick(const struct client_lead *lead, uint64_t now_us)
{
    int64_t utick = now_utick(lead, now_us);
    return utick < 0 ? 0 : (uint32_t)(utick / TICK);
}

void client_lead_on_sent(struct client_lead *lead, uint32_t tick)
{
    lead->sent_shift[tick % CLIENT_LEAD_SENT] = lead->shift_utick;
}

/* Keeps the four smallest: the 5th percentile of at most 64 samples is among them. */
static void keep_small(int64_t small[4], int64_t value)
{
    for (uint32_t i = 0; i < 4; i++) {
        if (value < small[i]) {
            int64_t larger = small[i];
            small[i] = value;
            value = larger;
        }
    }
}

_Static_assert(CLIENT_LEAD_SAMPLES / 20 < 4, "keep_small() holds the percentile");

/* The 5th percentile of the samples of the window, with the shift as it is now. */
static int64_t low_margin_of(const struct client_lead *lead, uint64_t now_us)
{
    int64_t small[4] = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    uint32_t held =
        lead->sample_count < CLIENT_LEAD_SAMPLES ? lead->sample_count : CLIENT_LEAD_SAMPLES;
    uint32_t count = 0;
    for (uint32_t i = 0; i < held; i++) {
        const struct client_lead_sample *sample = &lead->samples[i];
        if (now_us - sample->arrived_us <= WINDOW_US) {
            keep_small(small, sample->margin_utick);
            count++;
        }
    }
    SK_ASSERT(count > 0); /* the one just added */
    return small[count / 20] + lead->shift_utick;
}

/* Up, but not so far that the server would find an input too far ahead: after a stall the margins
 * say more than the line needs. */
static int64_t raise_of(const struct client_lead *lead, int64_t low_margin, uint32_t snapshot_tick,
                        uint64_t now_us)
{
    int64_t bound_utick = ((int64_t)snapshot_tick + CLIENT_LEAD_TICKS_MAX) * TICK;
    int64_t room_utick = bound_utick - now_utick(lead, now_us);
    int64_t want_utick = aim_utick - low_margin;
    int64_t raise_utick = want_utick < room_utick ? want_utick : room_utick;
    return raise_utick > 0 ? raise_utick : 0;
}

static int64_t lower_of(int64_t low_margin, int64_t passed_utick)
{
    int64_t want_utick = low_margin - aim_utick;
    int64_t bound_utick = passed_utick / SLEW_DIVISOR;
    return want_utick < bound_utick ? want_utick : bound_utick;
}

void client_lead_on_margin(struct client_lead *lead, uint32_t snapshot_tick, uint32_t input_tick,
                           int16_t margin_sixteenths, uint64_t now_us)
{
    int64_t passed_utick = (int64_t)(now_us - lead->slewed_us) * lead->tick_hz;
    lead->slewed_us = now_us;
    if (input_tick == 0 || input_tick == lead->last_input_tick) {
        return; /* nothing arrived, so nothing was measured */
    }
    lead->last_input_tick = input_tick;
    struct client_lead_sample *sample = &lead->samples[lead->sample_count++ % CLIENT_LEAD_SAMPLES];
    sample->arrived_us = now_us;
    sample->margin_utick =
        (int64_t)margin_sixteenths * (TICK / 16) - lead->sent_shift[input_tick % CLIENT_LEAD_SENT];
    int64_t low_margin = low_margin_of(lead, now_us);
    if (low_margin < low_utick) {
        lead->shift_utick += raise_of(lead, low_margin, snapshot_tick, now_us);
    } else if (low_margin > high_utick) {
        lead->shift_utick -= lower_of(low_margin, passed_utick);
    }
}
