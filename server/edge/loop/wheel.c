/* wheel.c - see wheel.h.
 *
 * A timer due at `ms` lies in slot ceil(ms / 64), which is looked at when ms / 64 of now reaches
 * it: never early, less than a slot late.  A timer further ahead than the wheel is round lies in
 * its slot all the same and is put back when it comes by too early.
 *
 * Invariants between calls:
 *   1. An armed timer is in the ring slots[max(slot_of(due), turned_slots) % 256] of its arming.
 *   2. No ring that is not empty belongs to a slot before next_slot: nothing is due before it.
 */
#include "loop/wheel.h"

#include "base/assert.h"

static uint64_t slot_of(uint64_t due_ms)
{
    return due_ms / WHEEL_SLOT_MS + (due_ms % WHEEL_SLOT_MS != 0 ? 1 : 0);
}

static void link_before(struct wheel_timer *ring, struct wheel_timer *timer)
{
    timer->next = ring;
    timer->previous = ring->previous;
    ring->previous->next = timer;
    ring->previous = timer;
}

static void unlink(struct wheel_timer *timer)
{
    timer->previous->next = timer->next;
    timer->next->previous = timer->previous;
    timer->next = NULL;
    timer->previous = NULL;
}

static bool is_empty(const struct wheel_timer *ring)
{
    return ring->next == ring;
}

void wheel_init(struct wheel *wheel, uint64_t now_ms)
{
    for (size_t i = 0; i < WHEEL_SLOTS; i++) {
        wheel->slots[i].next = &wheel->slots[i];
        wheel->slots[i].previous = &wheel->slots[i];
    }
    wheel->turned_slots = now_ms / WHEEL_SLOT_MS;
    wheel->next_slot = UINT64_MAX;
}

static void put(struct wheel *wheel, struct wheel_timer *timer)
{
    uint64_t slot = slot_of(timer->due_ms);
    if (slot < wheel->turned_slots) {
        slot = wheel->turned_slots;
    }
    link_before(&wheel->slots[slot % WHEEL_SLOTS], timer);
    if (slot < wheel->next_slot) {
        wheel->next_slot = slot;
    }
}

void wheel_arm(struct wheel *wheel, struct wheel_timer *timer, uint64_t due_ms)
{
    SK_ASSERT(timer->on_due != NULL);
    wheel_disarm(timer);
    timer->due_ms = due_ms;
    put(wheel, timer);
}

void wheel_disarm(struct wheel_timer *timer)
{
    if (timer->next != NULL) {
        unlink(timer);
    }
}

/* Fires what is due in one slot; the rest of it waits for another round. */
static void turn_slot(struct wheel *wheel, struct wheel_timer *slot, uint64_t now_ms)
{
    struct wheel_timer ring = {.next = &ring, .previous = &ring}; /* what the slot held */
    while (!is_empty(slot)) {
        struct wheel_timer *timer = slot->next;
        unlink(timer);
        link_before(&ring, timer);
    }
    while (!is_empty(&ring)) {
        struct wheel_timer *timer = ring.next;
        unlink(timer);
        if (timer->due_ms <= now_ms) {
            timer->on_due(timer);
        } else {
            put(wheel, timer);
        }
    }
}

static uint64_t find_next_slot(const struct wheel *wheel)
{
    for (uint64_t i = 0; i < WHEEL_SLOTS; i++) {
        if (!is_empty(&wheel->slots[(wheel->turned_slots + i) % WHEEL_SLOTS])) {
            return wheel->turned_slots + i;
        }
    }
    return UINT64_MAX;
}

void wheel_turn(struct wheel *wheel, uint64_t now_ms)
{
    uint64_t now_slot = now_ms / WHEEL_SLOT_MS;
    if (now_slot < wheel->next_slot) {
        return;
    }
    uint64_t first = wheel->next_slot;
    uint64_t last = now_slot - first < WHEEL_SLOTS ? now_slot : first + WHEEL_SLOTS - 1;
    wheel->turned_slots = now_slot + 1;
    for (uint64_t slot = first; slot <= last; slot++) {
        turn_slot(wheel, &wheel->slots[slot % WHEEL_SLOTS], now_ms);
    }
    wheel->next_slot = find_next_slot(wheel);
}

uint64_t wheel_next_ms(const struct wheel *wheel)
{
    return wheel->next_slot == UINT64_MAX ? UINT64_MAX : wheel->next_slot * WHEEL_SLOT_MS;
}
