/* server.h - what all threads of a server share: constant after the start, but for the atomics. */
#ifndef SERVER_H
#define SERVER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "catalog.h"
#include "config.h"
#include "control_mail.h"
#include "log/log.h"
#include "pulse.h"
#include "room_workers.h"
#include "shot_log.h"
#include "stream/address_rate.h"
#include "ticket.h"
#include "transport/conn.h"
#include "udp/udp_front.h"
#include "web/files.h"
#include "worker_mail.h"
#include "worker_stats.h"

enum { SERVER_WORKERS_MAX = 255 };

struct player_enet_counts;
struct worker_rooms;

/* What others may reach of a worker, which fills it in when it is made. */
struct server_worker {
    struct worker_mailbox mailbox;
    struct front *front;                          /* to move connections to, and for its counters */
    const struct player_enet_counts *enet_counts; /* likewise */
    const struct udp_counts *udp_counts;          /* NULL: without --enet */
    struct worker_rooms *rooms;                   /* to send rooms to, and for nothing else */
    struct worker_published *published;
    struct pulse pulse;
};

struct server {
    const struct config *config;
    const struct catalog *catalog;
    struct log *log;
    struct ticket_keys keys;
    struct front_shared shared;
    struct address_rate join_rate;
    struct conn_profile profile; /* of the game's listener */
    struct files *files;         /* NULL: no page is served */
    const char *scheme;          /* of WebSocket: "ws" or "wss" */
    const char *host;            /* our own address, for clients that name none */
    const char *enet_host;       /* the same of UDP; NULL: there is none */
    uint16_t enet_port;
    bool is_loopback; /* the listener is: pages of localhost may connect */
    struct server_worker workers[SERVER_WORKERS_MAX];
    uint32_t worker_count;
    _Atomic uint32_t *room_workers; /* by a room's id: which worker runs it (room_workers.h) */
    struct shot_log *shots;         /* how the rooms' last shots were judged */
    struct control_mailbox control_mailbox;
    struct counter joins[SK_REASON_COUNT]; /* answers of the join API; the control thread counts */
    _Atomic bool is_ready; /* false before the start is done and from the first SIGTERM on */
};

#endif
