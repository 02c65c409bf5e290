/* inbox.h - the queue between the network and the tick.
 *
 * Inputs arrive late, early, twice or never; the room wants exactly one per player per tick.  The
 * inbox owns that mismatch, so the room never sees it.  One inbox per player.
 *
 * Memory   inbox_init() keeps a borrow of `slots` until the last call.  Nothing allocates.
 * Threads  one: the thread that steps the room.
 * Time     ticks only.  No clock is read here, so a replay gives the same answers.
 */
#ifndef INBOX_H
#define INBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/result.h"
#include "sim/game.h"

struct inbox_slot {
    uint32_t tick;
    uint32_t ack; /* the newest snapshot that its client had */
    bool full;
    struct sk_input input;
};

struct inbox {
    struct inbox_slot *slots; /* borrowed, slot_count of them, index = tick % slot_count */
    uint32_t slot_count;      /* power of two, at most SK_INBOX_SLOTS_MAX */
    uint32_t early_ticks;     /* SK_INPUT_EARLY_MS_MAX */
    uint32_t repeat_ticks;    /* SK_INPUT_REPEAT_MS_MAX */
    uint32_t next_tick;       /* the tick that the room will ask for next */
    uint32_t newest_tick;     /* newest offered, if a margin can tell of it; 0: none yet */
    uint32_t taken_ack;       /* of the newest taken that the player sent */
    uint32_t press_buttons;   /* the game's: never repeated */
    uint32_t late_buttons;    /* that went down in inputs too late: the next one taken has them */
    uint64_t used_ticks;      /* bit i: the buttons of next_tick - 1 - i have counted */
    uint32_t held_ticks;      /* how long `held` has been repeated */
    struct sk_input held;     /* last input taken */
};
_Static_assert(SK_INPUT_REPEAT_MS_MAX *SK_TICK_HZ_MAX / 1000 <= 64, "used_ticks reaches back");
_Static_assert(SK_INBOX_SLOTS_MAX * sizeof(struct inbox_slot) <= 16 << 10, "of a player");

enum inbox_verdict {
    INBOX_KEPT,
    INBOX_LATE,
    INBOX_EARLY,
    INBOX_COPY, /* of one that waits, or that was used not long ago */
};

/* How many slots an inbox needs at a tick rate of 1..SK_TICK_HZ_MAX (asserted): a second of ticks,
 * and one message at least; a power of two. */
uint32_t inbox_slot_count(uint32_t tick_hz);
/* Makes an empty inbox of inbox_slot_count(tick_hz) slots, for a game with such presses;
 * inbox_reset() says which tick is wanted first. */
void inbox_init(struct inbox *inbox, struct inbox_slot *slots, uint32_t tick_hz,
                uint32_t press_buttons);
/* Forgets every input, the held one too: another connection or player has the seat now. */
void inbox_reset(struct inbox *inbox, uint32_t first_tick);

/* Offers one input from the wire.  `tick` is the client's claim and is untrusted: every value is
 * safe.  `ack` is what its message named.  `input` is copied.  Anything but INBOX_KEPT drops it,
 * save what was pressed in an input at most SK_INPUT_REPEAT_MS_MAX late: a press counts once, in
 * the next input that is taken, and so does any button that is not held already.  Whatever the
 * verdict, it is the newest from now on if it is newer than that, and less than 2048 ticks from its
 * time. */
enum inbox_verdict inbox_offer(struct inbox *inbox, uint32_t tick, uint32_t ack,
                               const struct sk_input *input);

/* Time was lost: what was for tick T is now for T less `ticks`, and what was for the lost ticks is
 * forgotten.  At least one tick (asserted). */
void inbox_drop(struct inbox *inbox, uint32_t ticks);

/* Fetches where the next input will be written, if they come in order. */
void inbox_fetch(const struct inbox *inbox);

/* Takes the input for `tick`, which must be the next in order (asserted: the room is ours). Returns
 * true if *out is what the player sent for it; false if it repeats the last instead, without its
 * presses and its view, or is neutral after SK_INPUT_REPEAT_MS_MAX of them, or has a late press. */
bool inbox_take(struct inbox *inbox, uint32_t tick, struct sk_input *out);

#endif
