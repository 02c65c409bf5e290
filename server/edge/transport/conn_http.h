/* conn_http.h - a connection while it speaks HTTP: whose requests they are.
 *
 * Threads  the front's.
 */
#ifndef CONN_HTTP_H
#define CONN_HTTP_H

struct conn;

/* Gives a new connection, whose profile is set, its HTTP. */
void conn_http_init(struct conn *conn);

#endif
