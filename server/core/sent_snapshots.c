/* sent_snapshots.c - invariants: acked_tick <= last_tick; the queue holds exactly the sent ticks
 * above acked_tick, and never overflows, because no more than UNACKED_MAX go out.
 *
 * The place in the queue is by count and not by tick: to a slow reader snapshots go out with gaps,
 * and a ring by tick would forget one whose ack is still on its way.
 */
#include "sent_snapshots.h"

#include "base/assert.h"
#include "base/mem.h"

enum { RTT_GUESS_US = 250000, UNACKED_MAX = SK_FRAME_RING_SLOTS - 2 };

/* Index of the unacked snapshot that went out `after` ones later than the oldest. */
static uint32_t index_of(const struct sent_snapshots *sent, uint32_t after)
{
    return (sent->first_index + after) & (SK_FRAME_RING_SLOTS - 1);
}

static bool sent_snapshots_is_sound(const struct sent_snapshots *sent)
{
    uint32_t above = sent->acked_tick;
    for (uint32_t i = 0; i < sent->unacked_count; i++) {
        uint32_t tick = sent->ticks[index_of(sent, i)];
        if (tick <= above) {
            return false;
        }
        above = tick;
    }
    return sent->first_index < SK_FRAME_RING_SLOTS && sent->unacked_count <= UNACKED_MAX &&
           above == sent->last_tick;
}

void sent_snapshots_init(struct sent_snapshots *sent, uint32_t divisor, uint32_t tick_hz,
                         bool is_ordered)
{
    SK_ASSERT(divisor > 0);
    SK_ASSERT(tick_hz > 0);
    *sent = (struct sent_snapshots){
        .divisor = divisor, .interval_us = 1000000 * divisor / tick_hz, .is_ordered = is_ordered};
}

bool sent_snapshots_may_send(const struct sent_snapshots *sent)
{
    uint32_t rtt_us = sent->rtt_us ? sent->rtt_us : RTT_GUESS_US;
    uint32_t limit = (rtt_us + sent->interval_us - 1) / sent->interval_us + 2;
    return sent->unacked_count <= (limit < UNACKED_MAX ? limit : UNACKED_MAX - 1);
}

uint32_t sent_snapshots_unacked_ms(const struct sent_snapshots *sent, uint64_t now_us)
{
    uint32_t sent_ms = sent->sent_ms[sent->first_index];
    return sent->unacked_count == 0 ? 0 : (uint32_t)(now_us / 1000) - sent_ms;
}

uint32_t sent_snapshots_baseline(const struct sent_snapshots *sent, uint32_t oldest_tick)
{
    uint32_t tick = sent->is_ordered ? sent->last_tick : sent->acked_tick;
    return sent->wants_keyframe || tick < oldest_tick ? 0 : tick;
}

void sent_snapshots_on_sent(struct sent_snapshots *sent, uint32_t tick, uint64_t now_us)
{
    SK_ASSERT(tick > sent->last_tick);
    SK_ASSERT(tick % sent->divisor == 0);
    SK_ASSERT(sent->unacked_count < UNACKED_MAX);
    SK_ASSERT(sent->acked_tick <= sent->last_tick);
    uint32_t index = index_of(sent, sent->unacked_count);
    sent->ticks[index] = tick;
    sent->sent_ms[index] = (uint32_t)(now_us / 1000);
    sent->last_tick = tick;
    sent->unacked_count++;
    sent->wants_keyframe = false;
    SK_ASSERT_SLOW(sent_snapshots_is_sound(sent));
}

static void measure(struct sent_snapshots *sent, uint32_t index, uint64_t now_us)
{
    uint32_t took_us = ((uint32_t)(now_us / 1000) - sent->sent_ms[index]) * 1000 + 500;
    if (sent->rtt_us == 0) {
        sent->rtt_us = took_us;
    } else {
        sent->rtt_us += (took_us >> 3) - (sent->rtt_us >> 3);
    }
}

/* How many went out before `tick`, all of the queue when it is not there. */
static uint32_t find(const struct sent_snapshots *sent, uint32_t tick)
{
    uint32_t after = 0;
    while (after < sent->unacked_count && sent->ticks[index_of(sent, after)] != tick) {
        after++;
    }
    return after;
}

int sent_snapshots_on_ack(struct sent_snapshots *sent, uint32_t tick, uint64_t now_us)
{
    if (tick <= sent->acked_tick) {
        return SK_OK; /* 0, a repeat, or overtaken on a lossy transport */
    }
    uint32_t after = find(sent, tick);
    if (after == sent->unacked_count) {
        return SK_ERR_RANGE;
    }
    measure(sent, index_of(sent, after), now_us);
    sent->acked_tick = tick;
    sent->first_index = index_of(sent, after + 1);
    sent->unacked_count -= after + 1;
    SK_ASSERT_SLOW(sent_snapshots_is_sound(sent));
    return SK_OK;
}
