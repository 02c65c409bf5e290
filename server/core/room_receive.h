/* room_receive.h - what a seat's connection says, and the answer when it cannot be done.
 *
 * Its door is room_on_message() in room.h.
 *
 * Memory   none.
 * Threads  one: the room's.
 */
#ifndef ROOM_RECEIVE_H
#define ROOM_RECEIVE_H

#include "room_state.h"

/* Tells who sent a command, if still connected, that it was refused and why. */
void room_refuse_command(struct room *room, uint16_t seat, const char *why);

#endif
