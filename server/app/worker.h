/* worker.h - one thread: a loop, a front, and the rooms that it steps.
 *
 * Nothing is shared between workers; a connection whose room is another worker's moves there once,
 * with its hello.  Commands come from the control thread, events go to it.
 *
 * Memory   worker_create() allocates the tables; a room and a player's record are allocated when
 *          they come.  Nothing is allocated for a message.
 * Threads  worker_start() makes the thread; before it and after worker_join() the caller owns all.
 *          worker_command(), worker_response() and worker_stats() may be called by any thread.
 */
#ifndef WORKER_H
#define WORKER_H

#include "base/histogram.h"
#include "control_mail.h"
#include "room.h"
#include "server.h"
#include "worker_mail.h"

/* What one worker did, as of a quarter of a second ago. */
struct worker_stats {
    struct room_counts rooms_total;  /* of all rooms, closed ones too */
    uint64_t rooms[LOBBY_GAMES_MAX]; /* this and the next four by game, as the catalog has them */
    uint64_t players[LOBBY_GAMES_MAX];
    uint64_t players_connected[LOBBY_GAMES_MAX];
    uint64_t bots[LOBBY_GAMES_MAX];
    uint64_t rooms_failed[LOBBY_GAMES_MAX];
    uint64_t cpu_us;             /* of the thread */
    struct sk_histogram late_us; /* from when a tick was due to when it began */
};

/* Makes worker `index` of the server.  Returns it, owned, or NULL with *why. */
struct worker *worker_create(struct server *server, uint32_t index, const char **why);
/* Lets it accept connections from a listening socket. */
SK_MUST_CHECK int worker_listen(struct worker *worker, int listen_fd);
/* Starts its thread.  Returns SK_OK or SK_ERR_SYSTEM. */
SK_MUST_CHECK int worker_start(struct worker *worker);
/* Waits for its thread, which a WORKER_COMMAND_STOP ends.  Returns false when it has not ended
 * after `patience_ms`: then nothing of it may be freed. */
bool worker_join(struct worker *worker, uint64_t patience_ms);
/* Frees it, its rooms and its connections. */
void worker_destroy(struct worker *worker);

/* Gives it a command, which it takes. */
void worker_command(struct worker *worker, struct worker_command *command);
/* The same for a response. */
void worker_response(struct worker *worker, struct control_response *response);
/* Copies what it last published. */
void worker_stats(struct worker *worker, struct worker_stats *stats);
/* Its front, for counters and moves. */
struct front *worker_front(const struct worker *worker);

/* --- for player.c, in the worker's thread ----------------------------------------------------- */

/* The room, or NULL when it is not open here. */
struct room *worker_find_room(struct worker *worker, uint32_t id, uint64_t epoch);
/* The same for somebody who shows a ticket for it: a room that nobody has entered yet is made now.
 * Returns SK_REASON_NONE with *room, SK_REASON_ROOM_UNKNOWN or ROOM_FAILED. */
SK_MUST_CHECK enum sk_reason worker_enter_room(struct worker *worker, uint32_t id, uint64_t epoch,
                                               struct room **room);
/* The room's next tick may be due earlier than its worker knows: its clock has begun to run. */
void worker_expect_tick(struct worker *worker, const struct room *room);
/* Ends a room that has failed for everyone in it, logs why and tells the control thread; the room
 * is gone then.  Returns whether it did: to be asked after a call that may reach the game. */
bool worker_end_failed(struct worker *worker, struct room *room);
/* The server that it belongs to. */
struct server *worker_server(const struct worker *worker);
/* Which of the server's workers it is. */
uint32_t worker_index(const struct worker *worker);
/* Its encoder of messages. */
struct sk_encoder *worker_encoder(const struct worker *worker);
/* The time of this turn, monotonic. */
uint64_t worker_now_us(const struct worker *worker);
/* SK_MESSAGE_BYTES_MAX bytes aligned to 8, for one message. */
uint8_t *worker_scratch(const struct worker *worker);

#endif
