/* lobby_seats.c - see lobby_seats.h.
 *
 * Invariants: used_seats, watchers and held_seats count the seats' states; nonces of held seats are
 * never 0; peer_seats counts those that a peer holds or has.
 */
#include "lobby_seats.h"

#include "base/assert.h"

uint16_t lobby_seats_total(const struct lobby_room *room)
{
    return (uint16_t)(room->players_max + LOBBY_SPECTATORS_MAX);
}

uint16_t lobby_seats_find_free(const struct lobby_room *room, bool spectate)
{
    uint16_t from = spectate ? room->players_max : 0;
    uint16_t to = spectate ? lobby_seats_total(room) : room->players_max;
    for (uint16_t i = from; i < to; i++) {
        if (room->seats[i].state == LOBBY_SEAT_FREE) {
            return i;
        }
    }
    return LOBBY_SEATS_MAX;
}

bool lobby_seats_is_empty(const struct lobby_room *room)
{
    return room->used_seats == 0 && room->watchers == 0 && room->held_seats == 0;
}

bool lobby_seats_is_sound(const struct lobby_room *room)
{
    uint32_t held = 0;
    uint32_t used = 0;
    uint32_t watchers = 0;
    bool has_nonces = true;
    for (uint16_t i = 0; i < lobby_seats_total(room); i++) {
        const struct lobby_seat *seat = &room->seats[i];
        held += seat->state == LOBBY_SEAT_HELD;
        used += seat->state == LOBBY_SEAT_TAKEN && i < room->players_max;
        watchers += seat->state == LOBBY_SEAT_TAKEN && i >= room->players_max;
        has_nonces = has_nonces && (seat->state != LOBBY_SEAT_HELD || seat->nonce != 0);
    }
    return held == room->held_seats && used == room->used_seats && watchers == room->watchers &&
           has_nonces;
}

bool lobby_seats_may_have(const struct lobby *lobby, uint32_t peer)
{
    uint32_t max = lobby->config.seats_a_peer;
    SK_ASSERT(peer <= LOBBY_PEERS_MAX);
    return max == 0 || peer == LOBBY_NO_PEER || lobby->peer_seats[peer] < max;
}

static void count_for_peer(struct lobby *lobby, uint32_t peer, int change)
{
    if (peer != LOBBY_NO_PEER) {
        SK_ASSERT(peer <= LOBBY_PEERS_MAX);
        SK_ASSERT(lobby->peer_seats[peer] + change >= 0);
        lobby->peer_seats[peer] = (uint16_t)(lobby->peer_seats[peer] + change);
    }
}

void lobby_seats_hold(struct lobby *lobby, struct lobby_room *room, uint16_t seat, uint32_t peer,
                      uint64_t now_us)
{
    SK_ASSERT(seat < lobby_seats_total(room));
    SK_ASSERT(room->seats[seat].state == LOBBY_SEAT_FREE);
    room->seats[seat].state = LOBBY_SEAT_HELD;
    room->seats[seat].peer = peer;
    count_for_peer(lobby, peer, 1);
    room->seats[seat].held_until_us = now_us + lobby->config.hold_us;
    room->seats[seat].nonce = lobby->config.random_bits(lobby->config.context) | 1;
    room->held_seats++;
    SK_ASSERT_SLOW(lobby_seats_is_sound(room));
}

static void count_seat(struct lobby_room *room, uint16_t seat, int change)
{
    uint32_t *count = seat < room->players_max ? &room->used_seats : &room->watchers;
    SK_ASSERT((int)*count + change >= 0);
    *count = (uint32_t)((int)*count + change);
}

static void free_one(struct lobby *lobby, struct lobby_room *room, uint16_t seat)
{
    SK_ASSERT(room->seats[seat].state != LOBBY_SEAT_FREE);
    room->seats[seat].state = LOBBY_SEAT_FREE;
    count_for_peer(lobby, room->seats[seat].peer, -1);
}

static void take_seat(struct lobby_room *room, uint16_t index)
{
    struct lobby_seat *seat = &room->seats[index];
    if (seat->state == LOBBY_SEAT_FREE) {
        seat->peer = LOBBY_NO_PEER; /* its reservation expired while its hello was on the way */
    }
    room->held_seats -= seat->state == LOBBY_SEAT_HELD;
    seat->state = LOBBY_SEAT_TAKEN;
    count_seat(room, index, 1);
}

void lobby_seats_set(struct lobby *lobby, struct lobby_room *room, uint16_t seat, bool is_in_use,
                     uint64_t now_us)
{
    bool was_in_use = room->seats[seat].state == LOBBY_SEAT_TAKEN;
    if (is_in_use && !was_in_use) {
        take_seat(room, seat);
    } else if (!is_in_use && was_in_use) {
        free_one(lobby, room, seat);
        count_seat(room, seat, -1);
        room->empty_since_us = now_us;
    }
}

void lobby_seats_expire(struct lobby *lobby, struct lobby_room *room, uint64_t now_us)
{
    for (uint16_t i = 0; i < lobby_seats_total(room) && room->held_seats > 0; i++) {
        if (room->seats[i].state == LOBBY_SEAT_HELD && room->seats[i].held_until_us <= now_us) {
            free_one(lobby, room, i);
            SK_ASSERT(room->seats[i].nonce != 0);
            room->held_seats--;
            room->empty_since_us = now_us;
        }
    }
}

void lobby_seats_clear(struct lobby *lobby, struct lobby_room *room)
{
    for (uint16_t i = 0; i < lobby_seats_total(room); i++) {
        if (room->seats[i].state != LOBBY_SEAT_FREE) {
            free_one(lobby, room, i);
        }
    }
}
