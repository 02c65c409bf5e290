/* pending_rooms.c - see pending_rooms.h. */
#include "pending_rooms.h"

#include <stdlib.h>

#include "base/assert.h"

struct pending_rooms {
    uint32_t room_count;
    struct worker_command
        *first[]; /* by id: the OPEN, then the HOLDs in order of arrival; NULL: none */
};

struct pending_rooms *pending_rooms_create(uint32_t room_count)
{
    struct pending_rooms *rooms =
        calloc(1, sizeof(*rooms) + room_count * sizeof(struct worker_command *));
    if (rooms) {
        rooms->room_count = room_count;
    }
    return rooms;
}

static void destroy_all(struct worker_command *command)
{
    while (command) {
        struct worker_command *next = command->next;
        worker_command_destroy(command);
        command = next;
    }
}

void pending_rooms_destroy(struct pending_rooms *rooms)
{
    for (uint32_t i = 0; rooms && i < rooms->room_count; i++) {
        destroy_all(rooms->first[i]);
    }
    free(rooms);
}

static struct worker_command *find(const struct pending_rooms *rooms, uint32_t room, uint64_t epoch)
{
    struct worker_command *open = room < rooms->room_count ? rooms->first[room] : NULL;
    return open && open->epoch == epoch ? open : NULL;
}

void pending_rooms_open(struct pending_rooms *rooms, struct worker_command *open)
{
    SK_ASSERT(open->room < rooms->room_count);
    SK_ASSERT(rooms->first[open->room] == NULL);
    SK_ASSERT(open->kind == WORKER_COMMAND_OPEN);
    open->next = NULL;
    rooms->first[open->room] = open;
}

/* In order of arrival, one a seat. */
static void append(struct worker_command *open, struct worker_command *hold)
{
    struct worker_command **at = &open->next;
    while (*at) {
        struct worker_command *older = *at;
        if (older->seat == hold->seat) {
            *at = older->next;
            worker_command_destroy(older);
        } else {
            at = &older->next;
        }
    }
    *at = hold;
    hold->next = NULL;
}

bool pending_rooms_apply(struct pending_rooms *rooms, struct worker_command *command)
{
    struct worker_command *open = find(rooms, command->room, command->epoch);
    if (!open) {
        return false;
    }
    if (command->kind == WORKER_COMMAND_HOLD) {
        append(open, command);
        return true;
    }
    if (command->kind == WORKER_COMMAND_CLOSE) {
        rooms->first[open->room] = NULL;
        destroy_all(open);
    }
    worker_command_destroy(command);
    return true;
}

struct worker_command *pending_rooms_take(struct pending_rooms *rooms, uint32_t room,
                                          uint64_t epoch)
{
    struct worker_command *open = find(rooms, room, epoch);
    if (open) {
        rooms->first[room] = NULL;
    }
    return open;
}
