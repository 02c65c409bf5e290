/* metrics.h - counters as Prometheus reads them: text, one line a value.
 *
 * A table says which member of a struct is which metric.  Each worker counts in a struct of its
 * own; a page adds them up while they go on counting, so no lock stands on the path of a byte.
 *
 *     #define AT(member) offsetof(struct worker_counts, member)
 *     static const struct metrics_row rows[] = {
 *         {.name = "skirmish_ticks_total", .help = "Ticks stepped.", .offset = AT(ticks)},
 *     };
 *     metrics_add_rows(&text, rows, 1, workers, worker_count);
 *
 * Memory   writes into the caller's buffer; a page that does not fit is refused as a whole.
 * Threads  one renders; a counted member is a uint64_t or struct counter with one writer each.
 */
#ifndef METRICS_H
#define METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/histogram.h"
#include "base/result.h"

/* A counter only grows and its name ends in _total; a gauge is how many there are now; a histogram
 * is a struct sk_histogram. */
enum metrics_kind { METRICS_COUNTER, METRICS_GAUGE, METRICS_HISTOGRAM };

struct metrics_row {
    const char *name; /* rows with one name stand together and share kind and help */
    const char *help; /* one sentence, without line breaks */
    enum metrics_kind kind;
    size_t offset;  /* of the member */
    uint32_t scale; /* a value is divided by it: 1000000 makes seconds of microseconds; 0 is 1 */

    /* labels: none; label="word"; or, for an array of word_count numbers, label="words[index]" or,
     * where words is NULL, label="word_of(index)" */
    const char *label;
    const char *word;
    uint32_t word_count;
    const char *const *words;
    const char *(*word_of)(uint32_t index);

    const uint64_t *bounds; /* of a histogram's buckets, ascending, in the member's unit */
    uint32_t bound_count;
};

struct metrics_text {
    char *bytes; /* borrowed */
    size_t capacity;
    size_t size;
    bool is_cut;
    const char *last_name; /* whose HELP and TYPE were written last */
};

/* Starts an empty page in `bytes`. */
void metrics_init(struct metrics_text *text, char *bytes, size_t capacity);

/* Adds every row, its value summed over `part_count` structs of the kind that the offsets are of.
 */
void metrics_add_rows(struct metrics_text *text, const struct metrics_row *rows, size_t row_count,
                      const void *const *parts, size_t part_count);

struct metrics_label {
    const char *name;
    const char *value;
};

/* Adds a gauge that is 1 and says what it has to say in its labels. */
void metrics_add_info(struct metrics_text *text, const char *name, const char *help,
                      const struct metrics_label *labels, size_t label_count);

/* Ends the page.  Returns SK_OK, or SK_ERR_FULL when it did not fit: then it must not be sent. */
SK_MUST_CHECK int metrics_end(const struct metrics_text *text);

#endif
