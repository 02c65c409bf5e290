/* player.h - an upgraded connection of the game: session, ticket, seat.
 *
 *   player_open (101 sent) -> GREETING --hello--> [move to the room's worker] --> PLAYING -> gone
 *
 * Memory   player_create() allocates a record that hangs on the connection and is freed with it.
 * Threads  the connection's.
 */
#ifndef PLAYER_H
#define PLAYER_H

#include "transport/conn.h"

/* Makes the record of a connection that was just upgraded.  Refuses it when memory is short. */
void player_open(struct conn *conn);
/* The three handlers of conn.h for an upgraded connection. */
void player_on_message(struct conn *conn, const struct conn_message *message);
/* Admits the player whose hello moved the connection here. */
void player_on_moved(struct conn *conn);
/* Gives the seat up or leaves it AWAY, and frees the record. */
void player_on_close(struct conn *conn, enum sk_reason reason);

#endif
