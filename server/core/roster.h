/* roster.h - who sits where, as the Roster message tells it. */
#ifndef ROSTER_H
#define ROSTER_H

#include "seat.h"

#include "wire/messages.h"

/* Fills `rows` (seat_count of them) with the seats of players that others should know of: all in
 * use when `is_whole`, else those that changed since the last call without it, whose marks it
 * clears. Names borrow the seats.  Returns the count. */
uint32_t roster_fill(struct seat *seats, uint32_t seat_count, bool is_whole, struct sk_seat *rows);

#endif
