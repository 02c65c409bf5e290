/* room_move.h - a room goes to another worker between two ticks, and everybody in it with it.
 *
 *   old worker: room_can_move, room_depart --room--------> new worker: room_arrive
 *                     \--each connection, behind the room-->           room_reattach
 *
 * A connection that is under way has its seat still, and nothing can be sent to it: so the room
 * makes no tick until all have come, or one tick's time has passed.  What it tells everybody later
 * than that, a late one is told when it comes.  One that does not come in two seconds was lost.
 *
 * Memory   none.
 * Threads  one at a time: the worker's that has the room.
 * Time     now_us as in room.h.
 */
#ifndef ROOM_MOVE_H
#define ROOM_MOVE_H

#include "room.h"

/* Can it go now?  false while a connection is about to end, of which its owner hears soon, or is of
 * a kind that cannot move, and when the room has failed or is closed. */
bool room_can_move(const struct room *room);
/* Sends each connection to the worker, behind which the room itself must come there.  It must be
 * able to move (asserted). */
void room_depart(struct room *room, uint32_t worker);
/* The room is another worker's from now on, whose encoder and host's context are borrowed. */
void room_arrive(struct room *room, struct sk_encoder *encoder, void *host_context,
                 uint64_t now_us);
/* A connection that was sent on has come.  Returns SK_REASON_NONE: it has its seat as before; or
 * why it must be closed. */
enum sk_reason room_reattach(struct room *room, uint16_t seat, void *connection);
/* Is it still waiting for connections that are under way? */
bool room_is_waiting(const struct room *room, uint64_t now_us);

#endif
