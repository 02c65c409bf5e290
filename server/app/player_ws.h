/* player_ws.h - a player's session (player.h) over a WebSocket.
 *
 *   routes.c answers 101 --> player_ws_open --> messages, a move --> close
 *
 * Memory   player_ws_open() allocates a record that hangs on the connection and is freed with it.
 * Threads  the connection's.
 */
#ifndef PLAYER_WS_H
#define PLAYER_WS_H

#include "transport/conn.h"

/* Makes the record of a connection that was just upgraded.  Refuses it when memory is short. */
void player_ws_open(struct conn *conn);
/* The handlers of conn.h for an upgraded connection. */
void player_ws_on_message(struct conn *conn, const struct conn_message *message);
/* The same ahead of a message: fetches what it will touch. */
void player_ws_on_ahead(const struct conn *conn, enum loop_distance distance);
/* The same for conn_move(). */
void player_ws_on_moved(struct conn *conn);
/* The same for the end, which frees the record. */
void player_ws_on_close(struct conn *conn, enum sk_reason reason);

#endif
