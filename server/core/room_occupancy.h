/* room_occupancy.h - who has the seats of a room, as the room tells it.
 *
 * The whole and no change, so that telling it twice, or late and in part only the newest, gives the
 * lobby the same picture.
 *
 * Memory   plain data.
 * Threads  any.
 */
#ifndef ROOM_OCCUPANCY_H
#define ROOM_OCCUPANCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

enum { ROOM_SPECTATORS_MAX = 16, ROOM_SEATS_MAX = SK_PLAYERS_MAX + ROOM_SPECTATORS_MAX };
enum { ROOM_OCCUPANCY_WORDS = (ROOM_SEATS_MAX + 63) / 64 };

struct room_occupancy {
    uint64_t in_use[ROOM_OCCUPANCY_WORDS]; /* bit i: seat i is TAKEN or AWAY */
    uint64_t claim_count;                  /* seats that somebody came for since the room opened */
    uint32_t bot_count;
    bool is_bound; /* somebody's connection cannot go to another worker, and so the room cannot */
};

/* Is the seat in use? */
static inline bool room_occupancy_has(const struct room_occupancy *occupancy, uint32_t seat)
{
    return (occupancy->in_use[seat / 64] >> seat % 64 & 1) != 0;
}

/* Says that the seat is in use. */
static inline void room_occupancy_add(struct room_occupancy *occupancy, uint32_t seat)
{
    occupancy->in_use[seat / 64] |= (uint64_t)1 << seat % 64;
}

#endif
