/* example.h - a table with every kind of row, for the test and for promtool. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/histogram.h"
#include "metrics/metrics.h"

struct example {
    uint64_t ticks;
    uint64_t rooms;
    uint64_t in_bytes;
    uint64_t out_bytes;
    uint64_t closed[3];
    struct sk_histogram late_us;
};

enum { EXAMPLE_ROWS = 6 };

extern const struct metrics_row example_rows[EXAMPLE_ROWS];

#endif
