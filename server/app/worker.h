/* worker.h - one thread: a loop, a front, and the rooms that it steps.
 *
 *   command, response (worker_mail.h) --> mail --+
 *   bytes --> front --> routes.c, player_ws.c ---+--> rooms (worker_rooms.h) --> snapshots
 *   time --> on_tick ----------------------------+--> statistics (worker_stats.h), pulse
 *
 * Nothing is shared between workers; a connection whose room is another worker's moves there once,
 * with its hello.  Commands come from the control thread, events go to it, all by mail.
 *
 * Memory   worker_create() allocates the tables; a room and a player's record are allocated when
 *          they come.  Nothing is allocated for a message.
 * Threads  worker_start() makes the thread; before it and after worker_join() the caller owns all.
 *          Others reach a running one by server.workers (server.h) alone.
 */
#ifndef WORKER_H
#define WORKER_H

#include "server.h"

struct worker;

/* Makes worker `index` of the server and fills in its row of server.workers.  Returns it, owned, or
 * NULL with *why. */
struct worker *worker_create(struct server *server, uint32_t index, const char **why);
/* Lets it accept connections from a listening socket. */
SK_MUST_CHECK int worker_listen(struct worker *worker, int listen_fd);
/* Lets it take datagrams from one of the server's UDP sockets, which it takes. */
SK_MUST_CHECK int worker_listen_udp(struct worker *worker, int fd);
/* Starts its thread.  Returns SK_OK or SK_ERR_SYSTEM. */
SK_MUST_CHECK int worker_start(struct worker *worker);
/* Waits for its thread, which worker_stop_send() ends.  Returns false when it has not ended
 * after `patience_ms`: then nothing of it may be freed. */
bool worker_join(struct worker *worker, uint64_t patience_ms);
/* After all workers' threads have ended: takes its last mail, rooms and connections that were on
 * their way to it. */
void worker_finish(struct worker *worker);
/* Frees it, its rooms and its connections; nothing for NULL. */
void worker_destroy(struct worker *worker);

#endif
