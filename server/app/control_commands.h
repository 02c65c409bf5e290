/* control_commands.h - the commands that the control thread sends to workers.
 *
 * Memory   each allocates its mail.
 * Threads  the control thread's.
 */
#ifndef CONTROL_COMMANDS_H
#define CONTROL_COMMANDS_H

#include "lobby.h"
#include "server.h"

/* Tells the room's worker that the room exists, and all threads which worker that is.  Returns
 * false when memory is short: nobody was told then. */
SK_MUST_CHECK bool control_commands_open(struct server *server, const struct lobby_room *room);
/* Has a seat kept for the newcomer.  Returns false when memory is short. */
SK_MUST_CHECK bool control_commands_hold(struct server *server, const struct lobby_grant *grant,
                                         const struct lobby_request *newcomer);
/* What lobby_poll() says: the seat's hold expired, or with LOBBY_SEATS_MAX the room is to close. */
void control_commands_expire(struct server *server, const struct lobby_room *room, uint16_t seat,
                             uint64_t nonce);
/* Sends WORKER_COMMAND_NOTICE or WORKER_COMMAND_STOP to all workers. */
void control_commands_all(struct server *server, enum worker_command_kind kind, uint32_t seconds);

#endif
