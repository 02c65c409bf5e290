/* worker_commands.c - see worker_commands.h.
 *
 * A room that nobody has entered yet keeps its commands (pending_rooms.h); one that runs gets their
 * effect at once.  A session of datagrams is the worker's, whatever its room does.
 */
#include "worker_commands.h"

#include "base/assert.h"

enum { MOVE_TRIES = 8 };

static void hold(struct worker_rooms *rooms, struct room *room,
                 const struct worker_command *command)
{
    worker_rooms_hold(rooms, room, command);
    (void)worker_rooms_end_failed(rooms, room);
}

/* Returns whether the command was sent on: the room is another worker's by now. */
static bool send_on(const struct worker_rooms *rooms, struct worker_command *command)
{
    const struct worker_parts *parts = worker_rooms_parts(rooms);
    const _Atomic uint32_t *row = &parts->server->room_workers[command->room];
    uint32_t worker = room_workers_find(row);
    if (worker == parts->index || !room_workers_has(row, command->epoch)) {
        return false;
    }
    worker_command_send(&parts->server->workers[worker].mailbox, command);
    return true;
}

/* Returns whether the command is kept: it comes again in the next turn, when the connection has
 * ended that keeps the room from moving now.  One that is kept from it for longer stays. */
static bool move(struct worker_rooms *rooms, struct room *room, struct worker_command *command)
{
    const struct worker_parts *parts = worker_rooms_parts(rooms);
    if (worker_rooms_send_away(rooms, room, command->target)) {
        return false;
    }
    if (command->tries == MOVE_TRIES) {
        worker_rooms_keep(rooms, room);
        return false;
    }
    command->tries++;
    worker_command_send(&parts->server->workers[parts->index].mailbox, command);
    return true;
}

/* Returns whether the command is kept. */
static bool apply_to_room(struct worker_rooms *rooms, struct worker_command *command)
{
    struct room *room = worker_rooms_find(rooms, command->room, command->epoch);
    if (!room) {
        return send_on(rooms, command);
    }
    switch (command->kind) {
    case WORKER_COMMAND_HOLD:
        hold(rooms, room, command);
        return false;
    case WORKER_COMMAND_MOVE:
        return move(rooms, room, command);
    case WORKER_COMMAND_CLOSE:
        worker_rooms_close(rooms, room, SK_REASON_ROOM_CLOSED);
        return false;
    case WORKER_COMMAND_OPEN:
    case WORKER_COMMAND_SESSION:
        break;
    }
    SK_UNREACHABLE("a room that runs is open, and a session is not its own");
}

/* One that cannot be made, or whose room has left this worker meanwhile, is not: its client hears
 * nothing and comes another way.  Its keys are given by now, so it is counted. */
static void open_session(const struct worker_parts *parts, const struct worker_command *command)
{
    uint32_t slot = 0;
    bool is_here = (command->session & 0xff) == parts->index;
    SK_ASSERT(parts->udp);
    if (!is_here || udp_front_open(parts->udp, command->session, &command->keys, &slot) != SK_OK) {
        log_write(parts->server->log, LOG_DEBUG, "session not opened",
                  LOG_FIELDS(log_number("session", command->session)));
        udp_front_count_unopened(parts->udp);
    }
}

void worker_commands_apply(struct worker_rooms *rooms, struct worker_command *command)
{
    struct pending_rooms *pending = worker_rooms_pending(rooms);
    if (command->kind == WORKER_COMMAND_SESSION) {
        open_session(worker_rooms_parts(rooms), command);
        worker_command_destroy(command);
    } else if (command->kind == WORKER_COMMAND_OPEN) {
        pending_rooms_open(pending, command);
    } else if (!pending_rooms_apply(pending, command) && !apply_to_room(rooms, command)) {
        worker_command_destroy(command);
    }
}
