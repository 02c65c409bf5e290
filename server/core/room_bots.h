/* room_bots.h - how many seats of a room bots play.
 *
 * Memory   none.
 * Threads  one: the room's.
 */
#ifndef ROOM_BOTS_H
#define ROOM_BOTS_H

#include "room_state.h"

/* Makes the bots as many as the settings and the people leave to them. */
void room_balance_bots(struct room *room);
/* A bot that plays this seat leaves it; nothing happens when none does. */
void room_clear_bot(struct room *room, uint16_t seat);

#endif
