/* sent_snapshots.c - invariants: acked_tick <= last_tick; the queue holds the sent ticks above
 * acked_tick, on an ordered transport all of them, for no more than UNACKED_MAX go out; on a lossy
 * one the newest UNACKED_MAX.
 *
 * The place in the queue is by count and not by tick: to a slow reader snapshots go out with gaps,
 * and a ring by tick would forget one whose ack is still on its way.
 */
#include "sent_snapshots.h"

#include "base/assert.h"
#include "base/mem.h"

enum { RTT_GUESS_US = 250000, UNACKED_MAX = SK_FRAME_RING_SLOTS - 2, LOST_MS_MIN = 250 };

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

static uint32_t known_rtt_us(const struct sent_snapshots *sent)
{
    return sent->rtt_us ? sent->rtt_us : RTT_GUESS_US;
}

/* How many are under way, and neither acked nor lost: over an ordered transport nothing is. */
static uint32_t count_under_way(const struct sent_snapshots *sent, uint64_t now_us)
{
    uint32_t rtts_ms = known_rtt_us(sent) / 500;
    uint32_t lost_ms = rtts_ms > LOST_MS_MIN ? rtts_ms : LOST_MS_MIN;
    uint32_t lost_count = 0;
    while (!sent->is_ordered && lost_count < sent->unacked_count &&
           (uint32_t)(now_us / 1000) - sent->sent_ms[index_of(sent, lost_count)] > lost_ms) {
        lost_count++;
    }
    return sent->unacked_count - lost_count;
}

bool sent_snapshots_may_send(const struct sent_snapshots *sent, uint64_t now_us)
{
    uint32_t limit = (known_rtt_us(sent) + sent->interval_us - 1) / sent->interval_us + 2;
    return count_under_way(sent, now_us) <= (limit < UNACKED_MAX ? limit : UNACKED_MAX - 1);
}

uint32_t sent_snapshots_unacked_ms(const struct sent_snapshots *sent, uint64_t now_us)
{
    return sent->unacked_count == 0 ? 0 : (uint32_t)(now_us / 1000) - sent->unacked_since_ms;
}

uint32_t sent_snapshots_known(const struct sent_snapshots *sent)
{
    uint32_t tick = sent->is_ordered ? sent->last_tick : sent->acked_tick;
    return sent->wants_keyframe ? 0 : tick;
}

uint32_t sent_snapshots_held(const struct sent_snapshots *sent, uint32_t tick, uint32_t oldest_tick)
{
    uint32_t newest = sent_snapshots_known(sent);
    SK_ASSERT(tick > newest);
    SK_ASSERT(tick - oldest_tick < SK_FRAME_RING_SLOTS * sent->divisor);
    if (newest == 0 || newest < oldest_tick) {
        return 0;
    }
    uint64_t from_newest = 1 | (uint64_t)sent->applied << 1;
    uint64_t in_ring = ((uint64_t)1 << (tick - oldest_tick) / sent->divisor) - 1;
    return (uint32_t)(from_newest << ((tick - newest) / sent->divisor - 1) & in_ring);
}

/* The oldest of a full queue was lost long since. */
static void forget_oldest(struct sent_snapshots *sent)
{
    SK_ASSERT(!sent->is_ordered);
    sent->first_index = index_of(sent, 1);
    sent->unacked_count--;
}

static void set_sent(struct sent_snapshots *sent, uint32_t number, bool is_sent)
{
    uint64_t bit = (uint64_t)1 << (number & 63);
    uint64_t *word = &sent->sent_bits[(number & (SK_SENT_TICKS_KEPT - 1)) / 64];
    *word = is_sent ? *word | bit : *word & ~bit;
}

/* Notes which one is the newest, and that none was between it and the newest before. */
static void note_sent(struct sent_snapshots *sent, uint32_t tick)
{
    uint32_t number = tick / sent->divisor;
    uint32_t skipped = number - sent->last_tick / sent->divisor - 1;
    for (uint32_t i = 1; i <= skipped && i < SK_SENT_TICKS_KEPT; i++) {
        set_sent(sent, number - i, false);
    }
    set_sent(sent, number, true);
    sent->last_tick = tick;
}

bool sent_snapshots_has_sent(const struct sent_snapshots *sent, uint32_t tick)
{
    uint32_t number = tick / sent->divisor;
    if (tick > sent->last_tick || tick % sent->divisor != 0) {
        return false;
    }
    if (sent->last_tick / sent->divisor - number >= SK_SENT_TICKS_KEPT) {
        return true;
    }
    return sent->sent_bits[(number & (SK_SENT_TICKS_KEPT - 1)) / 64] >> (number & 63) & 1;
}

void sent_snapshots_on_sent(struct sent_snapshots *sent, uint32_t tick, uint64_t now_us)
{
    SK_ASSERT(tick > sent->last_tick);
    SK_ASSERT(tick % sent->divisor == 0);
    SK_ASSERT(sent->acked_tick <= sent->last_tick);
    if (sent->unacked_count == UNACKED_MAX) {
        forget_oldest(sent);
    }
    if (sent->unacked_count == 0) {
        sent->unacked_since_ms = (uint32_t)(now_us / 1000);
    }
    uint32_t index = index_of(sent, sent->unacked_count);
    sent->ticks[index] = tick;
    sent->sent_ms[index] = (uint32_t)(now_us / 1000);
    note_sent(sent, tick);
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

/* Were all of the set before `tick` sent? */
static bool were_sent(const struct sent_snapshots *sent, uint32_t tick, uint32_t applied)
{
    for (; applied != 0; applied &= applied - 1) {
        uint32_t ago_ticks = ((uint32_t)__builtin_ctz(applied) + 1) * sent->divisor;
        if (ago_ticks >= tick || !sent_snapshots_has_sent(sent, tick - ago_ticks)) {
            return false;
        }
    }
    return true;
}

int sent_snapshots_on_ack(struct sent_snapshots *sent, uint32_t tick, uint32_t applied,
                          uint64_t now_us)
{
    if (tick <= sent->acked_tick) {
        return SK_OK; /* 0, a repeat, or overtaken on a lossy transport */
    }
    uint32_t after = find(sent, tick);
    if (after == sent->unacked_count) {
        bool is_forgotten = !sent->is_ordered && sent->unacked_count == UNACKED_MAX &&
                            tick < sent->ticks[sent->first_index];
        return is_forgotten ? SK_OK : SK_ERR_RANGE;
    }
    if (!sent->is_ordered && !were_sent(sent, tick, applied)) {
        return SK_ERR_RANGE;
    }
    measure(sent, index_of(sent, after), now_us);
    sent->acked_tick = tick;
    sent->applied = sent->is_ordered ? 0 : applied;
    sent->first_index = index_of(sent, after + 1);
    sent->unacked_count -= after + 1;
    sent->unacked_since_ms = sent->sent_ms[sent->first_index];
    SK_ASSERT_SLOW(sent_snapshots_is_sound(sent));
    return SK_OK;
}
