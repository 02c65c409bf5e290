/* room_cost.c - see room_cost.h. */
#include "room_cost.h"

enum { PARTS = 16 };

bool room_cost_add(struct room_cost *cost, uint64_t step_us)
{
    cost->mean_sixteenths += step_us - cost->mean_sixteenths / PARTS;
    uint64_t mean_us = cost->mean_sixteenths / PARTS;
    bool was_heavy = cost->is_heavy;
    cost->is_heavy = mean_us > (was_heavy ? ROOM_COST_LIGHT_US : ROOM_COST_HEAVY_US);
    return cost->is_heavy != was_heavy;
}
