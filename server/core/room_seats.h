/* room_seats.h - the seats that time takes back.
 *
 * Memory   none.
 * Threads  one: the room's.
 */
#ifndef ROOM_SEATS_H
#define ROOM_SEATS_H

#include "room_state.h"

/* Frees the seats that were held or whose players stayed away until this tick, unless the room
 * fails. */
void room_free_expired(struct room *room);

#endif
