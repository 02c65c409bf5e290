/* interpolate.h - a row's value between two snapshots: the one function for what a client draws and
 * for what the rewind ring judges, so that a shot is judged at what the shooter saw, to the bit.
 *
 * It works on the wire's grid, in 1/256 of a row's step: clients know no more than that.
 */
#ifndef SK_INTERPOLATE_H
#define SK_INTERPOLATE_H

#include "state/field.h"

enum { SK_FRACTION_ONE = 256 }; /* of a tick, of the way between two, of a step */

/* A moment of drawing: `fraction` / 256 of the way from `tick` - `interval` to `tick`.  Interval 0:
 * only one snapshot was there, of `tick`. */
struct sk_moment {
    uint32_t tick;
    uint32_t interval;
    uint8_t fraction;
};

/* The moment `parts` / 256 ticks, between the two snapshots around it that a room makes every
 * `divisor` ticks. */
struct sk_moment sk_moment_at(uint64_t parts, uint32_t divisor);
/* The row's value, in 1/256 of its step, `fraction` / 256 of the way from `older` to `newer`, both
 * as quantised; beyond them, where `fraction` is below 0 or above 256, as far as the row's range
 * goes. */
uint64_t sk_interpolate(const struct sk_field *field, uint32_t older, uint32_t newer,
                        int32_t fraction);
/* What so many 1/256 of a step are as a number: of whole steps, sk_value_of(). */
double sk_value_of_parts(const struct sk_field *field, uint64_t parts);

#endif
