/* pending_rooms.h - rooms that the lobby has given out and nobody has entered yet.
 *
 *   ORDER_OPEN -> pending -> ORDER_HOLD, UNHOLD -> the first hello takes it, and the room is made
 *                       \--- ORDER_CLOSE: nobody came
 *
 * A room costs half a megabyte and a join request nothing, so the worker remembers the orders and
 * makes the room when somebody shows a ticket for it.
 *
 * Memory   pending_rooms_create() allocates the table; orders are kept as they are, and destroyed
 *          when they are of no use any more.
 * Threads  one: the worker's.
 */
#ifndef PENDING_ROOMS_H
#define PENDING_ROOMS_H

#include "post.h"

struct pending_rooms;

/* Makes an empty table for ids below `room_count`.  Returns it, owned, or NULL when memory is
 * short. */
struct pending_rooms *pending_rooms_create(uint32_t room_count);
/* Destroys all orders and the table; nothing for NULL. */
void pending_rooms_destroy(struct pending_rooms *rooms);

/* Keeps an ORDER_OPEN, which it takes; nothing may be pending of that id (asserted). */
void pending_rooms_open(struct pending_rooms *rooms, struct order *open);
/* Gives an order for a pending room its effect and takes it; returns false, and leaves the order
 * alone, when that room is not pending. */
bool pending_rooms_apply(struct pending_rooms *rooms, struct order *order);
/* Takes the orders of a room out of the table: the OPEN, with the HOLDs behind it by `next`, all
 * the caller's to destroy.  NULL when that room is not pending. */
struct order *pending_rooms_take(struct pending_rooms *rooms, uint32_t room, uint64_t epoch);

#endif
