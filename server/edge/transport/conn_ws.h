/* conn_ws.h - a connection while it speaks WebSocket.
 *
 * Threads  the front's.
 */
#ifndef CONN_WS_H
#define CONN_WS_H

#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"

struct conn;

/* Eats frames until nothing is left or the connection is paused or ends.  Returns the bytes eaten;
 * changes them (unmasking). */
size_t conn_read_ws(struct conn *conn, uint8_t *bytes, size_t size);
/* Sends a ping without payload. */
void conn_ping(struct conn *conn);
/* Sends a close frame with the reason's code and word. */
void conn_send_close(struct conn *conn, enum sk_reason reason);

#endif
