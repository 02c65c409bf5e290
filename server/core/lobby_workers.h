/* lobby_workers.h - which worker gets a new room, and which room goes to another one
 * (lobby_poll_moves() of lobby.h).
 *
 * Memory   none.
 * Threads  one: the control thread's.
 */
#ifndef LOBBY_WORKERS_H
#define LOBBY_WORKERS_H

#include "lobby_state.h"

/* The worker with the fewest rooms, heavy ones first. */
uint8_t lobby_workers_emptiest(const struct lobby *lobby);

#endif
