/* player.h - a player's session: hello, ticket, seat, messages, goodbye; over any transport.
 *
 *   player_init -> GREETING --hello--> [move to the room's worker] --> PLAYING -> player_on_close
 *                                       the room moves, and it along --+
 *
 * The transport (player_ws.h for WebSocket) owns the connection and calls in here; what goes out
 * goes through its table.  The room is found by id and epoch each time: it may end before the
 * connection does.
 *
 * Memory   plain, a member of the transport's record; nothing is allocated.
 * Threads  one at a time: the worker's that has the connection.
 */
#ifndef PLAYER_H
#define PLAYER_H

#include "address/address.h"
#include "player_label.h"
#include "session.h"
#include "ticket.h"
#include "transport.h"
#include "worker_parts.h"

/* What a player asks of its connection; each gets the handle of player_init(). */
struct player_transport {
    struct transport of_room; /* what a room sees of it, with the same handle; where its move()
                               * leads to, player_on_moved() is called */
    /* The peer has shown who it is.  Returns false when its address has as many such connections as
     * it may have. */
    bool (*admit)(void *connection);
    /* Where the peer is, borrowed: for the log. */
    const struct address *(*address)(void *connection);
};

struct player {
    struct session session;
    struct player_label label;      /* once it plays */
    struct ticket ticket;           /* of the hello: names the room */
    struct room_client_build build; /* of the hello */
    uint64_t probed_us;             /* when it asked last; 0: never */
    uint64_t diverged_us;           /* when it said so last; 0: never */
    uint8_t move_count;             /* how often its hello was sent after the room */
    const struct worker_parts *worker;
    const struct player_transport *transport;
    void *connection; /* the transport's handle, stable over a move */
    /* What only its seat's messages touch, once it plays: to be fetched ahead and never read, for
     * the room may be gone. */
    const void *seat_memory;
    size_t seat_bytes;
};

/* A session that waits for its hello.  The worker's parts, the transport's table and the handle are
 * borrowed. */
void player_init(struct player *player, const struct worker_parts *worker,
                 const struct player_transport *transport, void *connection);
/* A whole message; `bytes` are aligned to 8 and valid during the call.  What is wrong with it ends
 * the connection with a goodbye and a close; after either, none may come. */
void player_on_message(struct player *player, const uint8_t *bytes, size_t size);
/* The connection is the worker's now: shows its ticket to the room, or, when it came with the room,
 * goes on. */
void player_on_moved(struct player *player, const struct worker_parts *worker);
/* A message of the player comes soon: fetches the memory of its seat; then, when it comes next,
 * where its input will be written. */
void player_fetch_seat(const struct player *player);
void player_fetch_input(const struct player *player);
/* The connection is gone, the last call, in the thread of that worker, which is another one when
 * the connection was lost on its way: gives the seat up or leaves it AWAY, as the reason wants. */
void player_on_close(struct player *player, const struct worker_parts *worker,
                     enum sk_reason reason);

#endif
