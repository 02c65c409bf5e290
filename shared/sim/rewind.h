/* rewind.h - where everything was: a ring of the SK_REWOUND members of one kind.
 *
 * A shot is judged at what the shooter saw: the ring holds what snapshots carried, the quantised
 * values, and interpolate.h finds what was drawn between two of them.  It lies inside the world
 * block, so a checkpoint, a hash and a replay judge it alike.
 *
 *   words:  tick_count x [ tick | slot 0: head, rows ... | slot 1: head, rows ... | ... ]
 *   head    alive | generation << 8 | jump << 16
 *
 * Memory   the game keeps sk_rewind_bytes() of 32-bit words in its world.
 * Time     ticks only.
 */
#ifndef SK_REWIND_H
#define SK_REWIND_H

#include "sim/game.h"
#include "sim/interpolate.h"

/* What a ring holds: constant for a room. */
struct sk_rewind {
    const struct sk_kind *kind; /* borrowed */
    uint32_t capacity;          /* entities */
    uint32_t tick_count;        /* how many ticks back it reaches */
};

/* The ring's bytes, a multiple of 8. */
size_t sk_rewind_bytes(const struct sk_rewind *rewind);

/* Notes the rewound members of all entities (rewind->capacity, kind->stride_bytes apart). */
void sk_rewind_record(const struct sk_rewind *rewind, uint32_t *words, const void *entities,
                      uint32_t tick);

/* What a player was looking at when the input was made; tick 0: nothing, or nobody knows, so the
 * present is judged. */
struct sk_moment sk_rewind_moment(const struct sk_input *input);
/* Writes what `slot` looked like at that moment into the rewound members of `entity`, which the
 * caller has copied from the present; whole members get the nearest whole number.  Returns false
 * and changes nothing when it was not alive then, was another entity, has jumped since, or the ring
 * does not reach so far. */
bool sk_rewind_restore(const struct sk_rewind *rewind, const uint32_t *words, uint32_t slot,
                       const struct sk_moment *moment, void *entity);

/* What flies for a while is judged at first at what its player saw and, so that who sees it come
 * can step aside, a quarter of a second later in the present.  Ages and ways are in 1/256 ticks,
 * `past_ticks` is sk_rewind_past_ticks(). */

/* In how many ticks the age of what flies shrinks to nothing. */
uint32_t sk_rewind_past_ticks(uint32_t tick_hz);
/* How old what the player of an input looked at was at `tick`; 0: he looked at nothing. */
uint32_t sk_rewind_age(const struct sk_input *input, uint32_t tick);
/* The moment of that age at `tick`: between the two snapshots around it that a room makes every
 * `divisor` ticks or, where the newer is still to come, between the older and `tick` itself, which
 * the ring must have. */
struct sk_moment sk_rewind_moment_of_age(uint32_t age, uint32_t tick, uint32_t divisor);
/* The age that is left when it has flown for so many ticks. */
uint32_t sk_rewind_age_left(uint32_t age, uint32_t flown_ticks, uint32_t past_ticks);
/* How far it has flown where it is judged at what its player sees, `passed` after he launched it:
 * slower than time while the age shrinks, as fast as time from then on.  So what is drawn there
 * meets whom it is judged to meet. */
uint32_t sk_rewind_flown(uint32_t age, uint32_t passed, uint32_t past_ticks);

#endif
