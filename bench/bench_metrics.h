/* bench_metrics.h - a server's /metrics, read by a benchmark.
 *
 * Memory   the text is the caller's struct's.
 */
#ifndef BENCH_METRICS_H
#define BENCH_METRICS_H

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_METRICS_BYTES = 256 << 10 };

struct bench_metrics {
    char text[BENCH_METRICS_BYTES]; /* the whole answer, terminated */
};

/* Fetches http://127.0.0.1:PORT/metrics; dies when there is no answer. */
void bench_metrics_fetch(struct bench_metrics *metrics, uint16_t port);
/* The value of a sample by its name, labels included; dies when there is none. */
double bench_metrics_get(const struct bench_metrics *metrics, const char *name);
/* Whether there is such a sample. */
bool bench_metrics_has(const struct bench_metrics *metrics, const char *name);
/* The value (0 to 1) that `share` of what a histogram counted between two fetches does not exceed,
 * linear inside a bucket as Prometheus does it; 0 when nothing was counted. */
double bench_metrics_quantile(const struct bench_metrics *before, const struct bench_metrics *after,
                              const char *histogram, double share);

#endif
