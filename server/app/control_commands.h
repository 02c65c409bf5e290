/* control_commands.h - the commands that the control thread sends to workers.
 *
 * Memory   each allocates its mail, and the first the room's event with it.
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
/* Has the room's worker take datagrams of a session under the server's keys, which are copied.
 * Returns false when memory is short. */
SK_MUST_CHECK bool control_commands_session(struct server *server, const struct lobby_room *room,
                                            uint32_t session, const struct sk_sealed_keys *keys);
/* Has the room sent to another worker.  Returns false when memory is short. */
SK_MUST_CHECK bool control_commands_move(struct server *server, const struct lobby_room *room,
                                         uint32_t target);
/* Has the room closed.  Returns false when memory is short. */
SK_MUST_CHECK bool control_commands_close(struct server *server, const struct lobby_room *room);

#endif
