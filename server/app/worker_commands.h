/* worker_commands.h - what a worker does to its rooms when the control thread commands it.
 *
 * Threads  one: the worker's.
 */
#ifndef WORKER_COMMANDS_H
#define WORKER_COMMANDS_H

#include "worker_mail.h"
#include "worker_rooms.h"

/* Gives a command its effect and takes it.  A command for a room that is gone has none. */
void worker_commands_apply(struct worker_rooms *rooms, struct worker_command *command);

#endif
