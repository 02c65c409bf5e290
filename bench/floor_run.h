/* floor_run.h - the kernel's own price of a game server's traffic.
 *
 * One thread moves the bytes of N players over loopback sockets at their rates, without a protocol:
 * what a server pays above that is its own.  A second thread is the players.
 *
 *   player i   sends in_bytes  in phase  i % 16         of each period of its rate
 *   server     sends out_bytes in phase  (i / 16) % 16  of each period of its rate: a room of
 *              sixteen at once, rooms staggered
 *
 * The phases matter: bursts against spread sends change the figure by up to 1.45 times, so the
 * bots that it is compared with must send in the same ones.
 */
#ifndef FLOOR_RUN_H
#define FLOOR_RUN_H

#include <stdbool.h>
#include <stdint.h>

#define FLOOR_PHASES 16

struct floor_config {     /* zero means the default beside the member */
    uint32_t connections; /* 1000 */
    uint32_t in_bytes;    /* 64: of a message to the server, framing included; at most 65536 */
    uint32_t out_bytes;   /* 256: of a message to a player; at most 65536 */
    uint32_t in_hz;       /* 60: messages of a player each second */
    uint32_t out_hz;      /* 20: messages to a player each second */
    uint32_t seconds;     /* 5: measured */
    uint32_t warm_up_ms;  /* 1000: before that */
    bool is_datagram;     /* UDP: the server has one socket for all, with recvfrom and sendto */
};

struct floor_result {
    double cpu_us_per_connection_s; /* of the server's thread */
    double client_cpu;              /* share of its core that the players' thread used, 0 to 1 */
    double in_per_s;                /* messages that arrived at the server */
    double out_per_s;               /* messages that arrived at the players */
    bool is_valid;                  /* at least 99% of what was due arrived */
};

/* Runs it; takes warm_up_ms and `seconds`.  Dies when sockets or threads cannot be had. */
void floor_run(const struct floor_config *config, struct floor_result *result);

#endif
