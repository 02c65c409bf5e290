/* roster.h - who sits where, as the Roster message tells it. */
#ifndef ROSTER_H
#define ROSTER_H

#include "seat.h"
#include "seat_link.h"

#include "wire/messages.h"

/* The seats of players, the two halves of each, borrowed. */
struct roster_seats {
    const struct seat *seats;
    struct seat_link *links;
    uint32_t count;
};

/* Fills `rows` (seats->count of them) with the seats that others should know of: all in use when
 * `is_whole`, else those that changed since the last call without it, whose marks it clears.  Names
 * borrow the seats.  Returns the count. */
uint32_t roster_fill(const struct roster_seats *seats, bool is_whole, struct sk_seat *rows);

#endif
