/* player_enet.h - players' sessions (player.h) over ENet in sealed datagrams: all of one worker.
 *
 *   udp_front's session --CONNECT, its answer--> player --messages--> closing --> (gone)
 *
 * A session is its room's worker's from the start; it does not move, nor does a room that has one.
 *
 *   closing: the last words and ENet's DISCONNECT, whose data is the reason's number, are repeated
 *            until the peer has confirmed them, for a second at most
 *
 * Memory   player_enet_create() allocates the host and the tables; a player's record is allocated
 *          when ENet has connected it, and ENet allocates for what it sends.
 * Threads  the worker's, but player_enet_counts(), which any thread may read.
 * Time     the loop's.
 */
#ifndef PLAYER_ENET_H
#define PLAYER_ENET_H

#include "udp/udp_front.h"
#include "worker_parts.h"

struct player_enet;

/* What it counted since it was made. */
struct player_enet_counts {
    struct counter players; /* connected now */
    struct counter closed[SK_REASON_COUNT];
    struct counter resends; /* of reliable messages, looked at every 20 ms */
};

/* For the front of a worker; their context is the worker's player_enet. */
extern const struct udp_handler player_enet_handler;

/* Makes it for a worker, whose parts are borrowed.  Returns it, owned, or NULL when memory is
 * short. */
struct player_enet *player_enet_create(const struct worker_parts *worker);
/* Drops all players, with server_stopping; nothing for NULL.  The front and the rooms must still be
 * there. */
void player_enet_destroy(struct player_enet *enet);

/* Takes what came, when it is time to.  Before the rooms' ticks. */
void player_enet_receive(struct player_enet *enet, uint64_t now_ns);
/* Sends what the rooms sent.  After their ticks.  Returns when it wants to be asked again, in
 * nanoseconds, or LOOP_NEVER. */
uint64_t player_enet_send(struct player_enet *enet, uint64_t now_ns);

/* Closes every player with `reason`, politely. */
void player_enet_close_all(struct player_enet *enet, enum sk_reason reason);
/* Its counters. */
const struct player_enet_counts *player_enet_counts(const struct player_enet *enet);

#endif
