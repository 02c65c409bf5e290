/* routes.h - what each path of the game's port answers.
 *
 *   /ws                 upgrade to the game's WebSocket; 426 with a sentence otherwise
 *   /api/join, /api/rooms   asked of the control thread, answered when its response comes
 *   /content/NAME-HASH  the source of a game's content
 *   /healthz, /readyz   for a supervisor
 *   anything else       the page's files
 *
 * Threads  the worker's whose connection asks.
 */
#ifndef ROUTES_H
#define ROUTES_H

#include "transport/conn.h"

/* conn_handler.on_request of the game's listener. */
void routes_on_request(struct conn *conn, const struct sk_http_request *request,
                       const uint8_t *body);

#endif
