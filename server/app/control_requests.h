/* control_requests.h - answers requests of the API: join, rooms, games.
 *
 *   request --> lobby --> commands to a worker (control_commands.h), response to who asked
 *
 * Memory   plain; a response is allocated, and when memory is short the request's own refusal says
 *          server_busy.
 * Threads  the control thread's.
 */
#ifndef CONTROL_REQUESTS_H
#define CONTROL_REQUESTS_H

#include "enet_grant.h"
#include "lobby.h"
#include "server.h"

enum { CONTROL_BODY_BYTES = 64 << 10, CONTROL_HOLD_S = 10 };

struct control_requests {
    struct server *server;
    struct lobby *lobby;
    struct enet_grants enet;
    char body[CONTROL_BODY_BYTES]; /* scratch */
};

/* Answers a request, which stays the caller's, by mail to the worker that sent it. */
void control_requests_answer(struct control_requests *requests, struct control_request *request,
                             uint64_t now_us);

#endif
