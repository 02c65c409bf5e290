/* peers_swarm.h - raw players of a Colyseus server: join, send inputs, count what comes.
 *
 * One thread plays all, in the phases of the floor and of skirmish-bots: player i sends in phase
 * i % 16 of each period.  What comes is framed and counted, nothing is decoded.
 *
 * Memory   peers_swarm_open() allocates until peers_swarm_close().
 */
#ifndef PEERS_SWARM_H
#define PEERS_SWARM_H

#include <stddef.h>
#include <stdint.h>

#include "net/ws_frame.h"

enum { PEERS_PHASES = 16, PEERS_INPUT_BYTES = 20 };

struct peers_player {
    int fd;
    uint32_t index;
    struct sk_ws_head head; /* of the frame that is being read */
    uint64_t left_bytes;    /* of its payload */
    uint64_t patch_ns;      /* when the last patch came; 0: none yet */
};

struct peers_swarm {
    struct peers_player *players; /* owned */
    uint32_t player_count;
    uint32_t input_hz;
    uint16_t port;
    int epoll_fd;
    uint8_t *buffer; /* owned */
    uint64_t start_ns;
    uint64_t phases_done;
    uint64_t inputs;      /* sent */
    uint64_t patches;     /* that came */
    uint64_t patch_bytes; /* of their messages, without framing */
    double *intervals_ms; /* between two patches of a player; owned */
    size_t interval_count;
    size_t interval_capacity;
};

/* Connects and joins `count` players; dies when one is refused.  `seconds`: how long they will play
 * at most. */
void peers_swarm_open(struct peers_swarm *swarm, uint16_t port, uint32_t count, uint32_t input_hz,
                      uint32_t seconds);
/* Plays until bench_now_ns() is `until_ns`; dies when a connection is lost. */
void peers_swarm_run(struct peers_swarm *swarm, uint64_t until_ns);
/* Forgets what was counted. */
void peers_swarm_reset(struct peers_swarm *swarm);
/* Closes all connections. */
void peers_swarm_close(struct peers_swarm *swarm);

#endif
