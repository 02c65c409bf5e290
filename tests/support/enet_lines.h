/* enet_lines.h - ENet between the ends of a line match: lines carry its datagrams.
 *
 * The hosts of all clients and the server's are connected before anything is lost.  Lossy messages
 * that do not fit a datagram go in pieces, as the server sends them.
 *
 * Memory   enet_lines_open() allocates the hosts.
 */
#ifndef ENET_LINES_H
#define ENET_LINES_H

#include "support/line_match.h"

/* Connects so many clients, for a match that is opened next with enet_lines_carrier. */
void enet_lines_open(struct line_match *match, uint32_t client_count);
void enet_lines_close(void);
/* How many connections ended by themselves: none should. */
uint32_t enet_lines_ended(void);

extern const struct line_carrier enet_lines_carrier;

#endif
