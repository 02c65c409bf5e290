/* wheel.h - coarse deadlines of many connections, without work when one is only moved on paper.
 *
 * A slot is 64 ms wide, the wheel 256 slots (16.4 s) round.  A timer fires never early and less
 * than a slot late.  A connection arms its timer rarely and, when it fires, compares with the time
 * at which the peer was last heard: a message costs one store, no timer call.
 *
 * Memory   timers are members of their owners' structs, {0} but for on_due.
 * Threads  one.
 * Time     milliseconds, a parameter.
 */
#ifndef WHEEL_H
#define WHEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHEEL_SLOT_MS 64
#define WHEEL_SLOTS   256

struct wheel_timer {
    struct wheel_timer *next; /* NULL when it is not armed */
    struct wheel_timer *previous;
    uint64_t due_ms;
    void (*on_due)(struct wheel_timer *timer);
};

struct wheel {
    struct wheel_timer slots[WHEEL_SLOTS]; /* heads of rings */
    uint64_t turned_slots;                 /* all slots before this one were looked at */
    uint64_t next_slot; /* the first that may hold a timer, UINT64_MAX for none */
};

/* Makes an empty wheel that stands at `now_ms`. */
void wheel_init(struct wheel *wheel, uint64_t now_ms);
/* Arms or moves a timer; on_due must be set.  A due time that has passed fires at a later turn. */
void wheel_arm(struct wheel *wheel, struct wheel_timer *timer, uint64_t due_ms);
/* Disarms a timer; nothing when it is not armed. */
void wheel_disarm(struct wheel_timer *timer);
/* Fires, once each, what is due at `now_ms`; inside, timers may be armed and disarmed. */
void wheel_turn(struct wheel *wheel, uint64_t now_ms);
/* Before this time wheel_turn() has nothing to do; UINT64_MAX when nothing is armed. */
uint64_t wheel_next_ms(const struct wheel *wheel);

#endif
