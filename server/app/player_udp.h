/* player_udp.h - what a worker does with the datagrams of its sessions. */
#ifndef PLAYER_UDP_H
#define PLAYER_UDP_H

#include "udp/udp_front.h"

/* For the front of a worker, whose parts (worker_parts.h) are the context. */
extern const struct udp_handler player_udp_handler;

#endif
