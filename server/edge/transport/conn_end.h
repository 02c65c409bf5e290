/* conn_end.h - how a connection ends: in order, or at once; and what is done with it at the end of
 * a turn.
 *
 *   conn_begin_end() -> CLOSING --all sent--> shutdown(SHUT_WR), DRAINING --their end--> GONE
 *   conn_lose() -----------------------------------------------------------------------> GONE
 *
 * DRAINING reads and discards, because closing a socket with unread bytes sends a reset, which
 * may overtake the close frame.
 *
 * Threads  the front's.
 */
#ifndef CONN_END_H
#define CONN_END_H

#include "base/reason.h"

struct conn;
struct loop_task;

/* Nothing more is sent by its owner: what was sent goes out, then the connection is shut.  Nothing
 * when it is ending already. */
void conn_begin_end(struct conn *conn, enum sk_reason reason);
/* It is beyond use: freed at the end of this turn. */
void conn_lose(struct conn *conn, enum sk_reason reason);
/* In CLOSING: shuts our side when nothing waits any more. */
void conn_go_on_ending(struct conn *conn);
/* In DRAINING: reads and discards. */
void conn_drain(struct conn *conn);
/* The peer has shut its side. */
void conn_on_end_of_input(struct conn *conn);
/* Ends, at once and outside of a turn, a connection that is in no front: tells the owner, frees. */
void conn_drop(struct conn *conn, enum sk_reason reason);
/* The connection's task at the end of a turn: tells the owner, moves, resumes or frees. */
void conn_run_task(struct loop_task *task);

#endif
