/* conn_move.h - a connection goes to another thread.
 *
 * Threads  conn_depart(): the old front's.
 */
#ifndef CONN_MOVE_H
#define CONN_MOVE_H

struct conn;

/* At the end of a turn: takes the connection out of its front and posts it to conn->move_to. */
void conn_depart(struct conn *conn);

#endif
