/* conn_deadline.h - what happens when a connection takes too long.
 *
 * One coarse timer a connection.  A message does not touch it: when it fires, the time at which the
 * peer was last heard decides, and it is armed anew.
 *
 * Threads  the front's.
 */
#ifndef CONN_DEADLINE_H
#define CONN_DEADLINE_H

#include <stdint.h>

struct conn;
struct wheel_timer;

/* The state must be left within `timeout_ms` from now; 0: it has no deadline. */
void conn_set_deadline(struct conn *conn, uint32_t timeout_ms);
/* Arms the timer for the deadline and, in OPEN, for silence. */
void conn_arm(struct conn *conn);
/* The timer's function. */
void conn_on_due(struct wheel_timer *timer);

#endif
