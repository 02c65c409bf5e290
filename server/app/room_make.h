/* room_make.h - the room that a WORKER_COMMAND_OPEN describes: its game, options and settings.
 *
 * Memory   room_make() allocates the room by one allocation.
 * Threads  the worker's.
 */
#ifndef ROOM_MAKE_H
#define ROOM_MAKE_H

#include "room.h"
#include "worker_mail.h"
#include "worker_parts.h"

/* Makes the room, which calls `host` from then on and whose first tick is due after now.  Returns
 * it, owned, or NULL with *why. */
struct room *room_make(const struct worker_parts *parts, const struct worker_command *open,
                       const struct room_host *host, const char **why);

#endif
