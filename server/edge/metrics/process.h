/* process.h - what every Prometheus page says of its process, by the conventional names.
 *
 * Memory   a plain struct.
 * Threads  any.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>

#include "base/result.h"
#include "metrics/metrics.h"

struct process_figures {
    uint64_t cpu_us;
    uint64_t resident_bytes;
    uint64_t open_fds;
    uint64_t max_fds;
    uint64_t start_time_seconds; /* since 1970; the caller's to fill */
};

/* Asks the system.  Returns SK_OK, or SK_ERR_SYSTEM when /proc cannot be read; what could be had is
 * filled in, the rest is 0. */
SK_MUST_CHECK int process_read(struct process_figures *figures);

/* Adds process_cpu_seconds_total and the others to a page. */
void process_add(struct metrics_text *text, const struct process_figures *figures);

#endif
