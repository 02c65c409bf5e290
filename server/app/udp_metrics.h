/* udp_metrics.h - the metrics of datagrams and their sessions.
 *
 * Memory   none kept.
 * Threads  the control thread's.
 */
#ifndef UDP_METRICS_H
#define UDP_METRICS_H

#include "metrics/metrics.h"
#include "server.h"

/* Adds them to a page, summed over the workers; nothing without --enet. */
void udp_metrics_add(struct metrics_text *text, const struct server *server);

#endif
