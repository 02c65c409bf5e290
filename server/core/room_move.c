/* room_move.c - see room_move.h.
 *
 *   connection --room_depart--> moving --room_reattach--> connection
 *                                  \---- lost, displaced or two seconds later ----> NULL
 *
 * Invariant: moving_count counts the links that have `moving`, and none of these a connection.
 */
#include "room_move.h"

#include "base/assert.h"
#include "room_commands.h"

enum { LOST_SECONDS = 2 };

static bool is_sound(const struct room *room)
{
    uint32_t moving = 0;
    for (uint32_t i = 0; i < room->seat_count; i++) {
        const struct seat_link *link = &room->links[i];
        moving += link->moving != NULL;
        if (link->moving && link->connection) {
            return false;
        }
    }
    return moving == room->moving_count;
}

static bool may_go(const struct seat_link *link)
{
    const struct transport *transport = link->transport;
    return transport->move && transport->can_move(link->connection);
}

bool room_can_move(const struct room *room)
{
    for (uint32_t i = 0; i < room->seat_count; i++) {
        if (room->links[i].connection && !may_go(&room->links[i])) {
            return false;
        }
    }
    return !room_is_over(room) && room->moving_count == 0;
}

void room_depart(struct room *room, uint32_t worker)
{
    SK_ASSERT(room_can_move(room));
    for (uint32_t i = 0; i < room->seat_count; i++) {
        struct seat_link *link = &room->links[i];
        if (link->connection) {
            link->moving = link->connection;
            link->connection = NULL;
            room->moving_count++;
            link->transport->move(link->moving, worker);
        }
    }
    SK_ASSERT_SLOW(is_sound(room));
}

void room_arrive(struct room *room, struct sk_encoder *encoder, void *host_context, uint64_t now_us)
{
    uint32_t tick_hz = room->plan.tick_hz;
    room->config.encoder = encoder;
    room->config.host.context = host_context;
    room->wait_until_us = now_us + 1000000 / tick_hz;
    room->lost_tick = match_tick(&room->match) + LOST_SECONDS * tick_hz;
}

/* Everybody is told of every seat at the next tick: one of them was away when some changed. */
static void retell_roster(struct room *room)
{
    for (uint32_t i = 0; i < room->plan.players_max; i++) {
        room->links[i].is_changed = true;
    }
}

enum sk_reason room_reattach(struct room *room, uint16_t seat, void *connection)
{
    SK_ASSERT(seat < room->seat_count);
    SK_ASSERT_SLOW(is_sound(room));
    struct seat_link *link = &room->links[seat];
    if (room_is_over(room)) {
        return room->failure ? SK_REASON_ROOM_FAILED : SK_REASON_ROOM_CLOSED;
    }
    if (link->moving != connection) {
        return SK_REASON_DISPLACED; /* or given up: its ticket brings it back */
    }
    room_end_moving(room, link);
    link->connection = connection;
    room_send_answers(room, seat, false);
    if (link->is_behind) {
        link->is_behind = false;
        retell_roster(room);
    }
    return SK_REASON_NONE;
}

bool room_is_waiting(const struct room *room, uint64_t now_us)
{
    return room->moving_count > 0 && now_us < room->wait_until_us;
}
