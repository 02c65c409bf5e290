/* outbox.c - invariants: acked_tick <= last_tick; the queue holds exactly the sent ticks above
 * acked_tick, and never overflows, because no more than UNACKED_MAX go out.
 *
 * The place in the queue is by count and not by tick: to a slow reader snapshots go out with gaps,
 * and a ring by tick would forget one whose ack is still on its way.
 */
#include "outbox.h"

#include "base/assert.h"
#include "base/mem.h"

enum { RTT_GUESS_US = 250000, UNACKED_MAX = SK_FRAME_RING_SLOTS - 2 };

/* Index of the unacked snapshot that went out `after` ones later than the oldest. */
static uint32_t index_of(const struct outbox *outbox, uint32_t after)
{
    return (outbox->first_index + after) & (SK_FRAME_RING_SLOTS - 1);
}

static bool outbox_is_sound(const struct outbox *outbox)
{
    uint32_t above = outbox->acked_tick;
    for (uint32_t i = 0; i < outbox->unacked_count; i++) {
        uint32_t tick = outbox->ticks[index_of(outbox, i)];
        if (tick <= above) {
            return false;
        }
        above = tick;
    }
    return outbox->first_index < SK_FRAME_RING_SLOTS && outbox->unacked_count <= UNACKED_MAX &&
           above == outbox->last_tick;
}

void outbox_init(struct outbox *outbox, uint32_t divisor, uint32_t tick_hz, bool is_ordered)
{
    SK_ASSERT(divisor > 0);
    SK_ASSERT(tick_hz > 0);
    *outbox = (struct outbox){
        .divisor = divisor, .interval_us = 1000000 * divisor / tick_hz, .is_ordered = is_ordered};
}

bool outbox_may_send(const struct outbox *outbox)
{
    uint32_t rtt_us = outbox->rtt_us ? outbox->rtt_us : RTT_GUESS_US;
    uint32_t limit = (rtt_us + outbox->interval_us - 1) / outbox->interval_us + 2;
    return outbox->unacked_count <= (limit < UNACKED_MAX ? limit : UNACKED_MAX - 1);
}

uint32_t outbox_unacked_ms(const struct outbox *outbox, uint64_t now_us)
{
    uint32_t sent_ms = outbox->sent_ms[outbox->first_index];
    return outbox->unacked_count == 0 ? 0 : (uint32_t)(now_us / 1000) - sent_ms;
}

uint32_t outbox_baseline(const struct outbox *outbox, uint32_t oldest_tick)
{
    uint32_t tick = outbox->is_ordered ? outbox->last_tick : outbox->acked_tick;
    return outbox->wants_keyframe || tick < oldest_tick ? 0 : tick;
}

void outbox_on_sent(struct outbox *outbox, uint32_t tick, uint64_t now_us)
{
    SK_ASSERT(tick > outbox->last_tick);
    SK_ASSERT(tick % outbox->divisor == 0);
    SK_ASSERT(outbox->unacked_count < UNACKED_MAX);
    SK_ASSERT(outbox->acked_tick <= outbox->last_tick);
    uint32_t index = index_of(outbox, outbox->unacked_count);
    outbox->ticks[index] = tick;
    outbox->sent_ms[index] = (uint32_t)(now_us / 1000);
    outbox->last_tick = tick;
    outbox->unacked_count++;
    outbox->wants_keyframe = false;
    SK_ASSERT_SLOW(outbox_is_sound(outbox));
}

static void measure(struct outbox *outbox, uint32_t index, uint64_t now_us)
{
    uint32_t took_us = ((uint32_t)(now_us / 1000) - outbox->sent_ms[index]) * 1000 + 500;
    if (outbox->rtt_us == 0) {
        outbox->rtt_us = took_us;
    } else {
        outbox->rtt_us += (took_us >> 3) - (outbox->rtt_us >> 3);
    }
}

/* How many went out before `tick`, all of the queue when it is not there. */
static uint32_t find(const struct outbox *outbox, uint32_t tick)
{
    uint32_t after = 0;
    while (after < outbox->unacked_count && outbox->ticks[index_of(outbox, after)] != tick) {
        after++;
    }
    return after;
}

int outbox_on_ack(struct outbox *outbox, uint32_t tick, uint64_t now_us)
{
    if (tick <= outbox->acked_tick) {
        return SK_OK; /* 0, a repeat, or overtaken on a lossy transport */
    }
    uint32_t after = find(outbox, tick);
    if (after == outbox->unacked_count) {
        return SK_ERR_RANGE;
    }
    measure(outbox, index_of(outbox, after), now_us);
    outbox->acked_tick = tick;
    outbox->first_index = index_of(outbox, after + 1);
    outbox->unacked_count -= after + 1;
    SK_ASSERT_SLOW(outbox_is_sound(outbox));
    return SK_OK;
}
