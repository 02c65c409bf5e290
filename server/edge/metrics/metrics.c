/* metrics.c - see metrics.h.  The format is Prometheus' text format 0.0.4.
 *
 * A histogram's +Inf bucket and its count are both the sum of the buckets read in this pass: the
 * member `count` may already be ahead of a bucket that was read a moment ago.
 */
#include "metrics/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void metrics_init(struct metrics_text *text, char *bytes, size_t capacity)
{
    *text = (struct metrics_text){.bytes = bytes, .capacity = capacity};
}

__attribute__((format(printf, 2, 3))) static void put(struct metrics_text *text, const char *format,
                                                      ...)
{
    size_t left = text->capacity - text->size;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text->bytes + text->size, left, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= left) {
        text->is_cut = true;
        return;
    }
    text->size += (size_t)size;
}

/* Backslash, quote and line break are escaped in a label's value; the rest is UTF-8 as it is. */
static void put_label_value(struct metrics_text *text, const char *word)
{
    for (; *word != '\0'; word++) {
        if (*word == '\n') {
            put(text, "\\n");
        } else {
            put(text, *word == '"' || *word == '\\' ? "\\%c" : "%c", *word);
        }
    }
}

/* {label="word"}, or nothing without a word. */
static void put_label(struct metrics_text *text, const struct metrics_row *row, const char *word)
{
    if (word != NULL) {
        put(text, "{%s=\"", row->label);
        put_label_value(text, word);
        put(text, "\"}");
    }
}

static void put_head(struct metrics_text *text, const struct metrics_row *row)
{
    static const char *const kinds[] = {"counter", "gauge", "histogram"};
    if (text->last_name == NULL || strcmp(text->last_name, row->name) != 0) {
        put(text, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name,
            kinds[row->kind]);
        text->last_name = row->name;
    }
}

static void put_number(struct metrics_text *text, const struct metrics_row *row, uint64_t number)
{
    if (row->scale > 1) {
        put(text, "%.10g\n", (double)number / row->scale);
    } else {
        put(text, "%" PRIu64 "\n", number);
    }
}

static void put_value(struct metrics_text *text, const struct metrics_row *row, const char *word,
                      uint64_t value)
{
    put(text, "%s", row->name);
    put_label(text, row, word);
    put(text, " ");
    put_number(text, row, value);
}

/* The number at `offset`, summed over the parts. */
static uint64_t sum_of(size_t offset, const void *const *parts, size_t part_count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < part_count; i++) {
        const uint64_t *number = (const uint64_t *)(const void *)((const char *)parts[i] + offset);
        sum += __atomic_load_n(number, __ATOMIC_RELAXED);
    }
    return sum;
}

static void put_numbers(struct metrics_text *text, const struct metrics_row *row,
                        const void *const *parts, size_t part_count)
{
    if (row->word_count == 0) {
        put_value(text, row, row->word, sum_of(row->offset, parts, part_count));
    }
    for (uint32_t i = 0; i < row->word_count; i++) {
        size_t offset = row->offset + i * sizeof(uint64_t);
        const char *word = row->words ? row->words[i] : row->word_of(i);
        put_value(text, row, word, sum_of(offset, parts, part_count));
    }
}

/* How many of all parts' values are at most `bound`. */
static uint64_t count_within(const struct metrics_row *row, const void *const *parts,
                             size_t part_count, uint64_t bound)
{
    uint64_t count = 0;
    for (size_t i = 0; i < part_count; i++) {
        const void *member = (const char *)parts[i] + row->offset;
        count += sk_histogram_count_within(member, bound);
    }
    return count;
}

static void put_bucket(struct metrics_text *text, const struct metrics_row *row, const char *bound,
                       uint64_t count)
{
    put(text, "%s_bucket{", row->name);
    if (row->word != NULL) {
        put(text, "%s=\"", row->label);
        put_label_value(text, row->word);
        put(text, "\",");
    }
    put(text, "le=\"%s\"} %" PRIu64 "\n", bound, count);
}

static void put_histogram(struct metrics_text *text, const struct metrics_row *row,
                          const void *const *parts, size_t part_count)
{
    for (uint32_t i = 0; i < row->bound_count; i++) {
        char bound[32];
        (void)snprintf(bound, sizeof(bound), "%.10g",
                       (double)row->bounds[i] / (row->scale > 1 ? row->scale : 1));
        put_bucket(text, row, bound, count_within(row, parts, part_count, row->bounds[i]));
    }
    uint64_t count = count_within(row, parts, part_count, UINT64_MAX);
    put_bucket(text, row, "+Inf", count);
    put(text, "%s_sum", row->name);
    put_label(text, row, row->word);
    put(text, " ");
    put_number(text, row,
               sum_of(row->offset + offsetof(struct sk_histogram, sum), parts, part_count));
    put(text, "%s_count", row->name);
    put_label(text, row, row->word);
    put(text, " %" PRIu64 "\n", count);
}

void metrics_add_rows(struct metrics_text *text, const struct metrics_row *rows, size_t row_count,
                      const void *const *parts, size_t part_count)
{
    for (size_t i = 0; i < row_count; i++) {
        put_head(text, &rows[i]);
        if (rows[i].kind == METRICS_HISTOGRAM) {
            put_histogram(text, &rows[i], parts, part_count);
        } else {
            put_numbers(text, &rows[i], parts, part_count);
        }
    }
}

void metrics_add_info(struct metrics_text *text, const char *name, const char *help,
                      const struct metrics_label *labels, size_t label_count)
{
    const struct metrics_row row = {.name = name, .help = help, .kind = METRICS_GAUGE};
    put_head(text, &row);
    for (size_t i = 0; i < label_count; i++) {
        put(text, "%s%s%s=\"", i == 0 ? name : "", i == 0 ? "{" : ",", labels[i].name);
        put_label_value(text, labels[i].value);
        put(text, "\"");
    }
    put(text, "} 1\n");
}

int metrics_end(const struct metrics_text *text)
{
    return text->is_cut ? SK_ERR_FULL : SK_OK;
}
