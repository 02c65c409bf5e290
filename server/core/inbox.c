/* inbox.c - a ring of inputs indexed by tick.
 *
 *   next_tick                    next_tick + slot_count
 *      v                              v
 *   ---|==============================|---      = accepted
 *    late          accepted             early
 *
 * Invariants, true between calls:
 *   1. A full slot holds a tick t with next_tick <= t < next_tick + slot_count.
 *   2. slots[t % slot_count] is the only place tick t can be.
 * Hence no search, no sort, and a client cannot make us hold more than slot_count inputs.
 *
 * Distances are taken as (uint32_t)(a - b) and compared with the window, never a < b: the tick
 * counter wraps (2.3 years at 60 Hz) and a replay may start just below the wrap.
 */
#include "inbox.h"

#include "base/assert.h"
#include "base/fetch.h"
#include "base/limits.h"
#include "base/mem.h"

_Static_assert((SK_INBOX_SLOTS_MAX & (SK_INBOX_SLOTS_MAX - 1)) == 0,
               "tick % slots must survive wrap");

static struct inbox_slot *slot_of(struct inbox *inbox, uint32_t tick)
{
    return &inbox->slots[tick & (inbox->slot_count - 1)];
}

static bool inbox_is_sound(struct inbox *inbox)
{
    for (uint32_t i = 0; i < inbox->slot_count; i++) {
        const struct inbox_slot *slot = &inbox->slots[i];
        if (slot->full && (slot_of(inbox, slot->tick) != slot ||
                           slot->tick - inbox->next_tick >= inbox->slot_count)) {
            return false;
        }
    }
    return true;
}

int inbox_init(struct inbox *inbox, struct inbox_slot *slots, uint32_t slot_count,
               uint32_t first_tick)
{
    bool is_power = slot_count > 0 && (slot_count & (slot_count - 1)) == 0;
    if (!is_power || slot_count > SK_INBOX_SLOTS_MAX) {
        return SK_ERR_CONFIG;
    }
    *inbox = (struct inbox){.slots = slots, .slot_count = slot_count};
    inbox_reset(inbox, first_tick);
    return SK_OK;
}

void inbox_reset(struct inbox *inbox, uint32_t first_tick)
{
    memset(inbox->slots, 0, inbox->slot_count * sizeof(inbox->slots[0]));
    inbox->next_tick = first_tick;
    inbox->newest_tick = 0;
    inbox->held_ticks = SK_INPUT_REPEAT_TICKS_MAX;
    inbox->held = (struct sk_input){0};
}

/* Has the tick come so late that it tells nothing about the client's clock? */
static bool is_ancient(const struct inbox *inbox, uint32_t tick)
{
    return inbox->next_tick - tick > inbox->slot_count;
}

static void note_newest(struct inbox *inbox, uint32_t tick)
{
    if (inbox->newest_tick == 0 || (int32_t)(tick - inbox->newest_tick) > 0) {
        inbox->newest_tick = tick;
    }
}

enum inbox_verdict inbox_offer(struct inbox *inbox, uint32_t tick, const struct sk_input *input)
{
    bool is_past = (int32_t)(tick - inbox->next_tick) < 0;
    if (!is_past && tick - inbox->next_tick >= inbox->slot_count) {
        return INBOX_EARLY;
    }
    if (is_past && is_ancient(inbox, tick)) {
        return INBOX_LATE;
    }
    note_newest(inbox, tick);
    if (is_past) {
        return INBOX_LATE;
    }
    struct inbox_slot *slot = slot_of(inbox, tick);
    if (slot->full) {
        SK_ASSERT(slot->tick == tick);
        return INBOX_DUPLICATE;
    }
    *slot = (struct inbox_slot){.tick = tick, .full = true, .input = *input};
    SK_ASSERT_SLOW(inbox_is_sound(inbox));
    return INBOX_KEPT;
}

void inbox_fetch(const struct inbox *inbox)
{
    if (inbox->slot_count > 0) {
        const struct inbox_slot *slot =
            &inbox->slots[(inbox->newest_tick + 1) & (inbox->slot_count - 1)];
        sk_fetch(slot, sizeof(*slot));
    }
}

static bool repeat(struct inbox *inbox, struct sk_input *out)
{
    if (inbox->held_ticks >= SK_INPUT_REPEAT_TICKS_MAX) {
        inbox->held = (struct sk_input){0};
    } else {
        inbox->held_ticks++;
    }
    *out = inbox->held;
    return false;
}

bool inbox_take(struct inbox *inbox, uint32_t tick, struct sk_input *out)
{
    SK_ASSERT(tick == inbox->next_tick);
    struct inbox_slot *slot = slot_of(inbox, tick);
    inbox->next_tick++;
    if (!slot->full) {
        return repeat(inbox, out);
    }
    SK_ASSERT(slot->tick == tick);
    slot->full = false;
    inbox->held = slot->input;
    inbox->held_ticks = 0;
    *out = slot->input;
    SK_ASSERT_SLOW(inbox_is_sound(inbox));
    return true;
}
