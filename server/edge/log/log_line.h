/* log_line.h - one line of a log, as logfmt or JSON, in fixed memory.
 *
 * Names and words of peers end up in logs, so a value can neither end its line nor look like
 * another field: control characters, line separators and marks that turn the writing direction are
 * escaped, and what is no UTF-8 becomes U+FFFD.
 *
 * Memory   the struct's own; what does not fit is left out and the line says so.
 * Threads  one per line.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_LINE_BYTES_MAX = 2048,
    LOG_VALUE_BYTES_MAX = 256 /* of a text before it is escaped; the rest becomes "..." */
};

enum log_format { LOG_LOGFMT, LOG_JSON };

enum log_field_kind { LOG_FIELD_TEXT, LOG_FIELD_NUMBER };

struct log_field {
    const char *name; /* lower case and '_'; ours, so it is not escaped */
    enum log_field_kind kind;
    union {
        uint64_t number;
        const char *text; /* borrowed */
    };
    size_t text_bytes;
};

struct log_line {
    enum log_format format;
    bool cut; /* a field did not fit */
    size_t size;
    char bytes[LOG_LINE_BYTES_MAX];
};

/* A field with a string; NULL is "". */
struct log_field log_text(const char *name, const char *text);
/* A field with `size` bytes of text. */
struct log_field log_bytes(const char *name, const void *bytes, size_t size);
/* A field with a number. */
struct log_field log_number(const char *name, uint64_t number);

/* Starts an empty line. */
void log_line_init(struct log_line *line, enum log_format format);
/* Adds a field, whole or not at all. */
void log_line_add(struct log_line *line, const struct log_field *field);
/* Ends the line with its newline, after `cut=true` if a field did not fit. */
void log_line_end(struct log_line *line);

#endif
