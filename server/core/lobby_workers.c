/* lobby_workers.c - see lobby_workers.h. */
#include "lobby_workers.h"

#include "worker_loads.h"

enum { HEAVY = 1 << 17 }; /* more than the rooms that skirmishd can be set to */

static uint8_t worker_of(const struct lobby_room *room)
{
    return room->is_moving ? room->target : room->worker;
}

/* A heavy room counts for more than all light ones: it shares its worker only when each worker has
 * one. */
uint8_t lobby_workers_emptiest(const struct lobby *lobby)
{
    uint64_t counts[WORKER_LOADS_MAX] = {0};
    uint8_t best = 0;
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        const struct lobby_room *room = &lobby->rooms[i];
        if (room->is_open) {
            counts[worker_of(room)] += room->is_heavy ? HEAVY : 1u;
        }
    }
    for (uint8_t i = 1; i < lobby->config.worker_count; i++) {
        best = counts[i] < counts[best] ? i : best;
    }
    return best;
}

/* Rooms in which nobody plays cost nothing. */
static void count_loads(const struct lobby *lobby, struct worker_loads *loads)
{
    *loads = (struct worker_loads){0};
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        const struct lobby_room *room = &lobby->rooms[i];
        if (room->is_open && room->used_seats + room->watchers > 0) {
            loads->heavy[worker_of(room)] += room->is_heavy;
            loads->light[worker_of(room)] += !room->is_heavy;
            loads->bound[worker_of(room)] += room->is_heavy && room->is_bound;
        }
    }
}

static bool may_move(const struct lobby_room *room, uint64_t now_us)
{
    bool is_played = room->is_open && room->used_seats + room->watchers > 0;
    bool is_rested =
        room->moved_us == 0 || now_us - room->moved_us >= LOBBY_MOVE_REST_S * (uint64_t)1000000;
    return is_played && !room->is_bound && !room->is_moving && is_rested;
}

/* A heavy room looks for a worker of its own; a light one makes way for one that cannot go. */
static bool is_better_off(const struct worker_loads *loads, const struct lobby_room *room,
                          uint8_t target)
{
    uint8_t from = room->worker;
    bool makes_way = loads->bound[from] > 0 && loads->heavy[target] < loads->heavy[from];
    return room->is_heavy ? worker_loads_is_better(loads, from, target) : makes_way;
}

void lobby_poll_moves(struct lobby *lobby, uint64_t now_us, lobby_move_fn move, void *context)
{
    struct worker_loads loads;
    count_loads(lobby, &loads);
    uint8_t target = worker_loads_lightest(&loads, lobby->config.worker_count);
    for (uint32_t i = 0; i < lobby->config.rooms_max; i++) {
        struct lobby_room *room = &lobby->rooms[i];
        if (!may_move(room, now_us) || !is_better_off(&loads, room, target)) {
            continue;
        }
        if (move(context, room, target)) {
            room->is_moving = true;
            room->target = target;
            room->moved_us = now_us;
        }
        return;
    }
}
