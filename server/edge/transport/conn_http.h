/* conn_http.h - a connection while it speaks HTTP.
 *
 * Threads  the front's.
 */
#ifndef CONN_HTTP_H
#define CONN_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"

struct conn;

/* Eats one request with its body, or nothing when it is not whole.  Returns the bytes eaten. */
size_t conn_read_http(struct conn *conn, const uint8_t *bytes, size_t size);
/* Lets a connection rest whose answer is sent and whose next request has not begun: it gives its
 * place back (conn_place.h) and is among the first to go when room is needed.  Nothing in any other
 * state. */
void conn_rest(struct conn *conn);
/* Answers with a reason and ends the connection; also before there is a whole request. */
void conn_fail_http(struct conn *conn, enum sk_reason reason, uint16_t status);

#endif
