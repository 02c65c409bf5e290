/* lobby_seats.h - the seats of the lobby's rooms: free, held for who asked, taken.
 *
 *   lobby_seats_hold --> HELD --told in use--> TAKEN --told free--> FREE
 *                         \--- lobby_seats_expire, hold_us later --> FREE
 *
 * Memory   the lobby's.
 * Threads  one: the control thread's.
 */
#ifndef LOBBY_SEATS_H
#define LOBBY_SEATS_H

#include "lobby_state.h"

/* Players' and spectators' seats. */
uint16_t lobby_seats_total(const struct lobby_room *room);
/* The first free seat of the wanted sort, or LOBBY_SEATS_MAX. */
uint16_t lobby_seats_find_free(const struct lobby_room *room, bool spectate);
/* Nobody has a seat, nor is one kept. */
bool lobby_seats_is_empty(const struct lobby_room *room);
/* Do the counts agree with the seats?  Walks them. */
bool lobby_seats_is_sound(const struct lobby_room *room);

/* Whether the peer may have a further seat in any room. */
bool lobby_seats_may_have(const struct lobby *lobby, uint32_t peer);
/* Holds a free seat (asserted) for the peer, with a new nonce. */
void lobby_seats_hold(struct lobby *lobby, struct lobby_room *room, uint16_t seat, uint32_t peer,
                      uint64_t now_us);
/* The room tells whether somebody is in a seat. */
void lobby_seats_set(struct lobby *lobby, struct lobby_room *room, uint16_t seat, bool is_in_use,
                     uint64_t now_us);
/* Frees those whose time to come is over. */
void lobby_seats_expire(struct lobby *lobby, struct lobby_room *room, uint64_t now_us);
/* Frees all: the room is gone.  Its counts start anew with the next. */
void lobby_seats_clear(struct lobby *lobby, struct lobby_room *room);

#endif
