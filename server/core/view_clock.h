/* view_clock.h - in which moment a seat may shoot: the one that its player was looking at.
 *
 * A shot is judged at the moment that its input names.  Whoever could name any of the last 500 ms
 * would pick the one in which the other stood still; but drawing has a clock of its own, and what
 * has been shown of it tells what may come:
 *
 *      1.5 times as fast as time, one snapshot interval ahead
 *    v ------------------------------------------------------- at most
 *    ^ where the clock is: it follows the moments that are named, as fast as that and no faster
 *    v ------------------------------------------------------- at least
 *      a tenth slower than time, one interval behind; it stands while the acks stand
 *
 * What is outside is moved to the nearest moment inside, and so is what is older than the game
 * honours.  What was moved lies between the two snapshots around it, told or not.
 *
 * Memory   plain data.
 * Threads  one: the room's.
 * Time     ticks only, and 1/256 of them.
 */
#ifndef VIEW_CLOCK_H
#define VIEW_CLOCK_H

#include "sim/game.h"

struct view_clock {
    uint32_t tick;  /* of the newest input that it was told of; 0: none */
    int64_t moment; /* 1/256 ticks */
};

/* Of an input that will be used: its tick, and the newest snapshot that its client had then. */
struct view_claim {
    uint32_t tick;
    uint32_t ack;
};

/* Makes the input's view legal, in place: both snapshots are of ticks that were sent to the seat
 * and the newer is not above the ack (room_receive.c).  An input without a view gets the clock's
 * own, once there is one.  Says in input->view_limit what moved it, if anything did. */
void view_clock_apply(struct view_clock *clock, const struct sk_plan *plan,
                      const struct view_claim *claim, struct sk_input *input);

#endif
