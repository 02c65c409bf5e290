/* pending_rooms.h - rooms that the lobby has given out and nobody has entered yet.
 *
 *   OPEN -> pending -> HOLD -> the first hello takes it, and the room is made
 *             \--- CLOSE: nobody came
 *
 * A room costs half a megabyte and a join request nothing, so the worker remembers the commands and
 * makes the room when somebody shows a ticket for it.
 *
 * Memory   pending_rooms_create() allocates the table; commands are kept as they are, and destroyed
 *          when they are of no use any more.
 * Threads  one: the worker's.
 */
#ifndef PENDING_ROOMS_H
#define PENDING_ROOMS_H

#include "worker_mail.h"

struct pending_rooms;

/* Makes an empty table for ids below `room_count`.  Returns it, owned, or NULL when memory is
 * short. */
struct pending_rooms *pending_rooms_create(uint32_t room_count);
/* Destroys all commands and the table; nothing for NULL. */
void pending_rooms_destroy(struct pending_rooms *rooms);

/* Keeps a WORKER_COMMAND_OPEN, which it takes; nothing may be pending of that id (asserted). */
void pending_rooms_open(struct pending_rooms *rooms, struct worker_command *open);
/* Gives a command for a pending room its effect and takes it; returns false, and leaves the command
 * alone, when that room is not pending.  A hold takes the place of an older one of its seat, which
 * has expired, so that there are never more than the room has seats. */
bool pending_rooms_apply(struct pending_rooms *rooms, struct worker_command *command);
/* Takes the commands of a room out of the table: the OPEN, with the HOLDs behind it by `next`, all
 * the caller's to destroy.  NULL when that room is not pending. */
struct worker_command *pending_rooms_take(struct pending_rooms *rooms, uint32_t room,
                                          uint64_t epoch);

#endif
