/* lobby_state.h - what the parts of the lobby share.
 *
 *   lobby.c finds, opens, closes --> lobby_seats.c: who has which seat
 *                                --> lobby_workers.c: which worker runs which room
 *
 * Memory   the lobby's one block (lobby.c).
 * Threads  one: the control thread's.
 */
#ifndef LOBBY_STATE_H
#define LOBBY_STATE_H

#include "lobby.h"

struct lobby {
    struct lobby_config config;
    struct lobby_room *rooms;
    uint64_t next_epoch;
    bool is_stopped;
    uint16_t peer_seats[LOBBY_PEERS_MAX + 1]; /* held and taken, by who asked for them */
};

#endif
