/* room_cost.h - whether a room's tick costs so much that the room wants a worker of its own.
 *
 * Memory   none.
 * Threads  the worker's.
 */
#ifndef ROOM_COST_H
#define ROOM_COST_H

#include <stdbool.h>
#include <stdint.h>

enum { ROOM_COST_HEAVY_US = 2000, ROOM_COST_LIGHT_US = 1000 };

struct room_cost {
    uint64_t mean_sixteenths; /* of a step's microseconds, smoothed over 16 steps */
    bool is_heavy;
};

/* Adds what one step took.  Returns whether is_heavy changed by it: it becomes true above
 * ROOM_COST_HEAVY_US and false again below ROOM_COST_LIGHT_US. */
bool room_cost_add(struct room_cost *cost, uint64_t step_us);

#endif
