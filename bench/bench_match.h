/* bench_match.h - a skirmishd under test and the bots that play on it.
 *
 * Everything dies with one sentence when it cannot be done.
 */
#ifndef BENCH_MATCH_H
#define BENCH_MATCH_H

#include <cjson/cJSON.h>
#include <stdint.h>

#include "bench_child.h"
#include "bench_metrics.h"

struct bench_match {
    struct bench_child child;
    char url[64];
    uint16_t port;
    uint16_t admin_port;
};

/* Starts skirmishd on free ports of loopback with further `arguments`, which end with NULL; with
 * TLS when there is a certificate (NULL: none). */
void bench_match_start(struct bench_match *match, const char *const *arguments,
                       const struct bench_certificate *certificate);
/* The CPU time that the server has used. */
double bench_match_cpu_us(const struct bench_match *match);
/* The memory that it has touched, in megabytes. */
double bench_match_rss_mb(const struct bench_match *match);

/* Reads the last line of bots that were started with --json, their figures, and ends them.  The
 * caller owns the figures. */
cJSON *bench_bots_figures(struct bench_child *bots);
/* A figure by its name. */
double bench_bots_get(const cJSON *figures, const char *name);

#endif
