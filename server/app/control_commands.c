/* control_commands.c - see control_commands.h. */
#include "control_commands.h"

#include <string.h>

#include "base/assert.h"

static void send_to_worker_of(struct server *server, const struct lobby_room *room,
                              struct worker_command *command)
{
    uint32_t worker = room_workers_find(&server->room_workers[room->id]);
    SK_ASSERT(worker < server->worker_count);
    worker_command_send(&server->workers[worker].mailbox, command);
}

static struct worker_command *command_for(const struct lobby_room *room,
                                          enum worker_command_kind kind)
{
    struct worker_command *command = worker_command_create(kind);
    if (command) {
        command->room = room->id;
        command->epoch = room->epoch;
    }
    return command;
}

bool control_commands_open(struct server *server, const struct lobby_room *room)
{
    struct worker_command *command = command_for(room, WORKER_COMMAND_OPEN);
    if (!command) {
        return false;
    }
    command->event = room_event_create(&server->control_mailbox, room->id, room->epoch);
    if (!command->event) {
        worker_command_destroy(command);
        return false;
    }
    memcpy(command->code, room->code, SK_CODE_BYTES);
    memcpy(command->options, room->options, sizeof(command->options));
    memcpy(command->password_hash, room->password_hash, sizeof(command->password_hash));
    command->game = room->game;
    command->players_max = room->players_max;
    command->is_public = room->is_public;
    command->seed = room->seed;
    command->secret_seed = room->secret_seed;
    room_workers_set(&server->room_workers[room->id], room->epoch, room->worker);
    send_to_worker_of(server, room, command);
    return true;
}

bool control_commands_hold(struct server *server, const struct lobby_grant *grant,
                           const struct lobby_request *newcomer)
{
    struct worker_command *command = command_for(grant->room, WORKER_COMMAND_HOLD);
    if (!command) {
        return false;
    }
    command->seat = grant->seat;
    command->nonce = grant->nonce;
    command->until_us = grant->held_until_us;
    command->name_bytes = newcomer->name_bytes;
    memcpy(command->name, newcomer->name, newcomer->name_bytes);
    send_to_worker_of(server, grant->room, command);
    return true;
}

bool control_commands_session(struct server *server, const struct lobby_room *room,
                              uint32_t session, const struct sk_sealed_keys *keys)
{
    struct worker_command *command = command_for(room, WORKER_COMMAND_SESSION);
    if (command) {
        command->session = session;
        command->keys = *keys;
        send_to_worker_of(server, room, command);
    }
    return command != NULL;
}

bool control_commands_close(struct server *server, const struct lobby_room *room)
{
    struct worker_command *command = command_for(room, WORKER_COMMAND_CLOSE);
    if (command) {
        send_to_worker_of(server, room, command);
    }
    return command != NULL;
}

bool control_commands_move(struct server *server, const struct lobby_room *room, uint32_t target)
{
    struct worker_command *command = command_for(room, WORKER_COMMAND_MOVE);
    if (command) {
        SK_ASSERT(target < server->worker_count);
        command->target = target;
        send_to_worker_of(server, room, command);
    }
    return command != NULL;
}
