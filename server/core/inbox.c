/* inbox.c - a ring of inputs indexed by tick.
 *
 *   next_tick                    next_tick + early_ticks
 *      v                              v
 *   ---|==============================|---      = accepted
 *    late          accepted             early
 *
 * Invariants, true between calls:
 *   1. A full slot holds a tick t with next_tick <= t < next_tick + early_ticks, and early_ticks
 *      are slot_count at most.
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

/* A margin is 16 bits of 1/16 tick: what is farther away tells nothing of a client's clock. */
enum { TOLD_TICKS = 2048, USED_TICKS = 64 };

static struct inbox_slot *slot_of(struct inbox *inbox, uint32_t tick)
{
    return &inbox->slots[tick & (inbox->slot_count - 1)];
}

static bool inbox_is_sound(struct inbox *inbox)
{
    for (uint32_t i = 0; i < inbox->slot_count; i++) {
        const struct inbox_slot *slot = &inbox->slots[i];
        if (slot->full && (slot_of(inbox, slot->tick) != slot ||
                           slot->tick - inbox->next_tick >= inbox->early_ticks)) {
            return false;
        }
    }
    return true;
}

static uint32_t early_ticks(uint32_t tick_hz)
{
    uint32_t ticks = tick_hz * SK_INPUT_EARLY_MS_MAX / 1000;
    return ticks > SK_INPUTS_A_MESSAGE_MAX ? ticks : SK_INPUTS_A_MESSAGE_MAX;
}

uint32_t inbox_slot_count(uint32_t tick_hz)
{
    SK_ASSERT(tick_hz > 0);
    SK_ASSERT(tick_hz <= SK_TICK_HZ_MAX);
    uint32_t count = SK_INPUTS_A_MESSAGE_MAX;
    while (count < early_ticks(tick_hz)) {
        count *= 2;
    }
    return count;
}

void inbox_init(struct inbox *inbox, struct inbox_slot *slots, uint32_t tick_hz,
                uint32_t press_buttons)
{
    *inbox = (struct inbox){.slots = slots,
                            .slot_count = inbox_slot_count(tick_hz),
                            .early_ticks = early_ticks(tick_hz),
                            .repeat_ticks = (tick_hz * SK_INPUT_REPEAT_MS_MAX + 999) / 1000,
                            .press_buttons = press_buttons};
    inbox_reset(inbox, 1);
}

void inbox_reset(struct inbox *inbox, uint32_t first_tick)
{
    memset(inbox->slots, 0, inbox->slot_count * sizeof(inbox->slots[0]));
    inbox->next_tick = first_tick;
    inbox->newest_tick = 0;
    inbox->held_ticks = inbox->repeat_ticks;
    inbox->held = (struct sk_input){0};
    inbox->late_buttons = 0;
    inbox->used_ticks = 0;
    inbox->taken_ack = 0;
}

static void note_newest(struct inbox *inbox, uint32_t tick)
{
    bool is_told = tick - inbox->next_tick + TOLD_TICKS < 2 * TOLD_TICKS;
    bool is_newer = inbox->newest_tick == 0 || (int32_t)(tick - inbox->newest_tick) > 0;
    if (is_told && is_newer) {
        inbox->newest_tick = tick;
    }
}

/* What was pressed in an input that will never be taken. */
static void save_presses(struct inbox *inbox, const struct sk_input *input)
{
    inbox->late_buttons |= input->buttons & (inbox->press_buttons | ~inbox->held.buttons);
}

static enum inbox_verdict on_late(struct inbox *inbox, uint32_t tick, const struct sk_input *input)
{
    uint32_t ago = inbox->next_tick - 1 - tick;
    if (ago < USED_TICKS && inbox->used_ticks >> ago & 1) {
        return INBOX_COPY;
    }
    if (ago < inbox->repeat_ticks) {
        inbox->used_ticks |= (uint64_t)1 << ago;
        save_presses(inbox, input);
    }
    return INBOX_LATE;
}

enum inbox_verdict inbox_offer(struct inbox *inbox, uint32_t tick, uint32_t ack,
                               const struct sk_input *input)
{
    note_newest(inbox, tick);
    if ((int32_t)(tick - inbox->next_tick) < 0) {
        return on_late(inbox, tick, input);
    }
    if (tick - inbox->next_tick >= inbox->early_ticks) {
        return INBOX_EARLY;
    }
    struct inbox_slot *slot = slot_of(inbox, tick);
    if (slot->full) {
        SK_ASSERT(slot->tick == tick);
        return INBOX_COPY;
    }
    *slot = (struct inbox_slot){.tick = tick, .ack = ack, .full = true, .input = *input};
    SK_ASSERT_SLOW(inbox_is_sound(inbox));
    return INBOX_KEPT;
}

void inbox_drop(struct inbox *inbox, uint32_t ticks)
{
    SK_ASSERT(ticks > 0);
    inbox->used_ticks = ticks < USED_TICKS ? inbox->used_ticks << ticks : 0;
    for (uint32_t i = 0; i < inbox->slot_count; i++) {
        struct inbox_slot *to = slot_of(inbox, inbox->next_tick + i);
        if (to->full && i < ticks) {
            (void)on_late(inbox, to->tick - ticks, &to->input);
        }
        *to = (struct inbox_slot){0};
        if (ticks < inbox->slot_count - i) {
            *to = *slot_of(inbox, inbox->next_tick + i + ticks);
            to->tick -= ticks;
        }
    }
    inbox->newest_tick = inbox->newest_tick > ticks ? inbox->newest_tick - ticks : 0;
    SK_ASSERT_SLOW(inbox_is_sound(inbox));
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
    if (inbox->held_ticks >= inbox->repeat_ticks) {
        inbox->held = (struct sk_input){0};
    } else {
        inbox->held_ticks++;
    }
    *out = inbox->held;
    out->buttons &= ~inbox->press_buttons;
    out->view_tick = 0;
    out->view_fraction = 0;
    out->view_interval = 0;
    return false;
}

/* Adds what was pressed too late.  Returns whether that changes anything. */
static bool add_late(struct inbox *inbox, struct sk_input *out)
{
    uint32_t added = inbox->late_buttons & ~out->buttons;
    out->buttons |= added;
    inbox->late_buttons = 0;
    return added != 0;
}

static bool take_slot(struct inbox *inbox, struct inbox_slot *slot, struct sk_input *out)
{
    slot->full = false;
    inbox->held = slot->input;
    inbox->taken_ack = slot->ack;
    inbox->held_ticks = 0;
    *out = slot->input;
    return true;
}

bool inbox_take(struct inbox *inbox, uint32_t tick, struct sk_input *out)
{
    SK_ASSERT(tick == inbox->next_tick);
    struct inbox_slot *slot = slot_of(inbox, tick);
    inbox->next_tick++;
    SK_ASSERT(!slot->full || slot->tick == tick);
    bool is_fresh = slot->full ? take_slot(inbox, slot, out) : repeat(inbox, out);
    inbox->used_ticks = inbox->used_ticks << 1 | is_fresh;
    SK_ASSERT_SLOW(inbox_is_sound(inbox));
    return !add_late(inbox, out) && is_fresh;
}
