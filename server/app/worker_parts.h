/* worker_parts.h - the parts of a worker that its rooms and its connections' handlers use.
 *
 * It is the user of the worker's front (front_user()), so that they need not know the thread.
 *
 * Memory   plain; every part is borrowed from the worker.
 * Threads  one: the worker's.
 */
#ifndef WORKER_PARTS_H
#define WORKER_PARTS_H

#include "server.h"
#include "udp/udp_front.h"
#include "wire/messages.h"

struct player_enet;
struct worker_rooms;

struct worker_parts {
    struct server *server;
    uint32_t index; /* which of the server's workers it is */
    struct loop *loop;
    struct front *front;
    struct udp_front *udp;    /* NULL: without --enet */
    struct player_enet *enet; /* likewise */
    struct worker_rooms *rooms;
    struct sk_encoder *encoder;
    uint8_t *scratch; /* SK_MESSAGE_BYTES_MAX bytes aligned to 8, for one message */
};

/* The time of this turn, monotonic. */
static inline uint64_t worker_parts_now_us(const struct worker_parts *parts)
{
    return loop_now_ns(parts->loop) / 1000;
}

#endif
