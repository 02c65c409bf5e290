/* histogram.h - how often which value was seen, for percentiles, in fixed memory.
 *
 * Log-linear, as HdrHistogram: each power of two is cut into 64 equal parts, so a percentile is at
 * most 1/64 (1.6%) above the value that was added, whatever the range.  Values are plain integers;
 * the unit (microseconds, bytes) belongs to the name of the variable.
 *
 * Memory   16 KiB, inside the struct; all zero is an empty histogram.
 * Threads  one adds; others may read or merge from it meanwhile and see each addition late or in
 *          part (count before its bucket), never a torn number.
 */
#ifndef SK_HISTOGRAM_H
#define SK_HISTOGRAM_H

#include <stdint.h>

enum {
    SK_HISTOGRAM_PARTS_BITS = 6,
    SK_HISTOGRAM_VALUE_BITS = 36, /* 19 hours in microseconds, 64 GiB in bytes */
    SK_HISTOGRAM_BUCKETS = (SK_HISTOGRAM_VALUE_BITS - SK_HISTOGRAM_PARTS_BITS + 1)
                           << SK_HISTOGRAM_PARTS_BITS
};

struct sk_histogram {
    uint64_t counts[SK_HISTOGRAM_BUCKETS];
    uint64_t count; /* of all values */
    uint64_t sum;   /* of all values, as they were before they were cut to the range */
    uint64_t max;   /* exact */
};

/* Adds one value.  One of 2^36 or more counts in the last bucket, but max and sum are true. */
void sk_histogram_add(struct sk_histogram *histogram, uint64_t value);

/* Adds what `from` holds to `to`; `to` belongs to the caller's thread. */
void sk_histogram_merge(struct sk_histogram *to, const struct sk_histogram *from);

/* The value that `per_million` of a million values do not exceed: 500000 is the median, 999900 is
 * p99.99, 1000000 the maximum (asserted to be the most).  Never above max; 0 when empty. */
uint64_t sk_histogram_quantile(const struct sk_histogram *histogram, uint32_t per_million);

/* The mean, rounded down; 0 when empty. */
uint64_t sk_histogram_mean(const struct sk_histogram *histogram);

/* How many values lie in buckets that end at or below `bound`: exact to the width of a bucket. */
uint64_t sk_histogram_count_within(const struct sk_histogram *histogram, uint64_t bound);

#endif
