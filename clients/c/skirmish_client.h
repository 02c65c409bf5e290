/* skirmish_client.h - the inside of struct sk_client: what stands behind skirmish.h.
 *
 *   skirmish_client.c  its life, the host's calls about the socket, what the player does
 *   skirmish_read.c    what is asked of it
 */
#ifndef SKIRMISH_CLIENT_H
#define SKIRMISH_CLIENT_H

#include "skirmish_events.h"

struct sk_client {
    struct client *client;
    struct client_context *context; /* owned; NULL: the server's URL is no https */
    struct skirmish_events events;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint32_t newest_tick; /* of the newest snapshot of this connection; 0: none yet */
    uint64_t missing;     /* client_datagrams(), at that snapshot */
    uint64_t snapshots_lost;
    char room[SK_CODE_BYTES + 1];
};

#endif
