/* worker_commands.c - see worker_commands.h.
 *
 * A room that nobody has entered yet keeps its commands (pending_rooms.h); one that runs gets their
 * effect at once.
 */
#include "worker_commands.h"

#include "base/assert.h"

static void hold(struct worker_rooms *rooms, struct room *room,
                 const struct worker_command *command)
{
    worker_rooms_hold(rooms, room, command);
    (void)worker_rooms_end_failed(rooms, room);
}

static void apply_to_room(struct worker_rooms *rooms, const struct worker_command *command)
{
    struct room *room = worker_rooms_find(rooms, command->room, command->epoch);
    if (!room) {
        return;
    }
    if (command->kind == WORKER_COMMAND_HOLD) {
        hold(rooms, room, command);
    } else {
        SK_ASSERT(command->kind == WORKER_COMMAND_CLOSE);
        worker_rooms_close(rooms, room, SK_REASON_ROOM_CLOSED);
    }
}

void worker_commands_apply(struct worker_rooms *rooms, struct worker_command *command)
{
    struct pending_rooms *pending = worker_rooms_pending(rooms);
    switch (command->kind) {
    case WORKER_COMMAND_OPEN:
        pending_rooms_open(pending, command);
        return;
    case WORKER_COMMAND_HOLD:
    case WORKER_COMMAND_CLOSE:
        if (pending_rooms_apply(pending, command)) {
            return;
        }
        apply_to_room(rooms, command);
        break;
    }
    worker_command_destroy(command);
}
