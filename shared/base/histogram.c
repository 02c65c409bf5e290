/* histogram.c - buckets by the leading bits of a value.
 *
 *   value        0 .. 63   64 .. 127   128 .. 255   256 .. 511   ...
 *   buckets      0 .. 63   64 .. 127   128 .. 191   192 .. 255   ...
 *   width            1          1            2            4      ...
 *
 * With e = the octaves above the first 64 values, the bucket is e * 64 + (value >> (e - 1)) - 64:
 * the 64 parts of an octave are the seven leading bits of the value without the first.
 *
 * One thread adds, so a load and a store make the addition; they are relaxed atomics only so that a
 * reader on another thread sees whole numbers.  On 64-bit machines they compile to plain moves.
 */
#include "base/histogram.h"

#include "base/assert.h"
#include "base/mem.h"

enum { PARTS = 1 << SK_HISTOGRAM_PARTS_BITS };
static const uint64_t VALUE_MAX = ((uint64_t)1 << SK_HISTOGRAM_VALUE_BITS) - 1;

static uint64_t load(const uint64_t *number)
{
    return __atomic_load_n(number, __ATOMIC_RELAXED);
}

static void store(uint64_t *number, uint64_t value)
{
    __atomic_store_n(number, value, __ATOMIC_RELAXED);
}

static uint32_t bucket_of(uint64_t value)
{
    if (value < PARTS) {
        return (uint32_t)value;
    }
    uint32_t top_bit = 63u - (uint32_t)__builtin_clzll(value);
    uint32_t shift = top_bit - SK_HISTOGRAM_PARTS_BITS;
    return shift * PARTS + (uint32_t)(value >> shift);
}

/* The largest value of a bucket. */
static uint64_t end_of(uint32_t bucket)
{
    if (bucket < 2 * PARTS) {
        return bucket;
    }
    uint32_t shift = bucket / PARTS - 1;
    uint64_t part = bucket - shift * PARTS;
    return ((part + 1) << shift) - 1;
}

void sk_histogram_add(struct sk_histogram *histogram, uint64_t value)
{
    uint32_t bucket = bucket_of(value < VALUE_MAX ? value : VALUE_MAX);
    SK_ASSERT(bucket < SK_HISTOGRAM_BUCKETS);
    store(&histogram->counts[bucket], load(&histogram->counts[bucket]) + 1);
    store(&histogram->count, load(&histogram->count) + 1);
    store(&histogram->sum, load(&histogram->sum) + value);
    if (value > load(&histogram->max)) {
        store(&histogram->max, value);
    }
}

void sk_histogram_merge(struct sk_histogram *to, const struct sk_histogram *from)
{
    for (uint32_t i = 0; i < SK_HISTOGRAM_BUCKETS; i++) {
        to->counts[i] += load(&from->counts[i]);
    }
    to->count += load(&from->count);
    to->sum += load(&from->sum);
    uint64_t max = load(&from->max);
    to->max = to->max < max ? max : to->max;
}

uint64_t sk_histogram_quantile(const struct sk_histogram *histogram, uint32_t per_million)
{
    SK_ASSERT(per_million <= 1000000);
    uint64_t count = load(&histogram->count);
    uint64_t max = load(&histogram->max);
    /* the rank, rounded up, without a product that overflows */
    uint64_t rank =
        count / 1000000 * per_million + (count % 1000000 * per_million + 999999) / 1000000;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < SK_HISTOGRAM_BUCKETS; i++) {
        seen += load(&histogram->counts[i]);
        if (seen > 0 && seen >= rank) {
            return end_of(i) < max && i + 1 < SK_HISTOGRAM_BUCKETS ? end_of(i) : max;
        }
    }
    return max;
}

uint64_t sk_histogram_mean(const struct sk_histogram *histogram)
{
    uint64_t count = load(&histogram->count);
    return count == 0 ? 0 : load(&histogram->sum) / count;
}

uint64_t sk_histogram_count_within(const struct sk_histogram *histogram, uint64_t bound)
{
    uint64_t seen = 0;
    for (uint32_t i = 0; i < SK_HISTOGRAM_BUCKETS && end_of(i) <= bound; i++) {
        seen += load(&histogram->counts[i]);
    }
    return seen;
}
