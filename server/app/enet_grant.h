/* enet_grant.h - gives a client a session of sealed datagrams: its number, its keys, its address.
 *
 *   random keys --> the client, in the answer of the join API
 *               \-> the room's worker, the other way round, in an order
 *
 * Each answer has keys of its own, made at random and kept by nobody here: two that come from one
 * ticket would seal twice with the same sequences.
 *
 * Memory   plain; a command is allocated for the order.
 * Threads  the control thread's.
 */
#ifndef ENET_GRANT_H
#define ENET_GRANT_H

#include "api.h"
#include "server.h"

struct enet_grants {
    struct server *server;
    uint32_t next[SERVER_WORKERS_MAX]; /* the number of the next session, without its worker */
};

/* What one answer says. */
struct enet_grant {
    struct api_enet answer; /* points to what is below */
    struct sk_sealed_keys keys;
    char address[SK_HTTP_HOST_BYTES_MAX + 8];
};

/* Begins with numbers that a server before this one hardly used: what is still under way to it is
 * no session's. */
void enet_grants_init(struct enet_grants *grants, struct server *server);
/* Makes a session for a seat of the room, which was held before, and orders it.  Returns false when
 * none is given: there is no UDP, keys would go over the network in the clear, or memory is short.
 */
SK_MUST_CHECK bool enet_grant_make(struct enet_grants *grants,
                                   const struct control_request *request,
                                   const struct lobby_room *room, struct enet_grant *grant);
/* Forgets the keys. */
void enet_grant_wipe(struct enet_grant *grant);

#endif
