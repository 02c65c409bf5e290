/* admin.h - the admin port: /metrics, /healthz, /readyz, /api/rooms/CODE/shots.
 *
 * It listens on loopback unless told otherwise with a token, which every request must then bring as
 * `authorization: Bearer TOKEN`.  Requests of foreign pages are refused, and so are those that call
 * it by a name that is not its own (own_host.h): `origin`, `host`.
 *
 * Memory   admin_create() allocates the page and the copies of what the workers published.
 * Threads  the control thread's.
 */
#ifndef ADMIN_H
#define ADMIN_H

#include "server.h"

struct admin;

/* Returns an owned admin for the server, whose lobby is borrowed, or NULL when memory is short. */
struct admin *admin_create(struct server *server, const struct lobby *lobby);
void admin_destroy(struct admin *admin);

/* The handler of its listener, in a front whose user is the admin. */
extern const struct conn_handler admin_handler;

#endif
