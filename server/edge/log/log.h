/* log.h - what the operator reads: lines of named values on a descriptor.
 *
 *     log_write(log, LOG_INFO, "room closed", LOG_FIELDS(log_text("room", code),
 *                                                        log_number("players", count)));
 *
 *     ts=2026-01-31T12:00:00.250Z level=info event="room closed" room=K7QM2P players=3
 *
 * Fields are values, not a format string, so a name of a peer cannot be read as one.
 *
 * Memory   a line lives on the stack; nothing is allocated.
 * Threads  any number may write to one log: each line is one write().
 * Time     from the clock given to log_init().
 */
#ifndef LOG_H
#define LOG_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "log/log_line.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Milliseconds since 1970. */
typedef uint64_t (*log_clock_fn)(void);

struct log {
    int fd; /* borrowed */
    enum log_format format;
    enum log_level level;
    log_clock_fn clock;
    _Atomic uint64_t lost_count; /* lines that the descriptor did not take whole */
};

/* Keeps an event that may come thousands of times a second to LOG_BURST_LINES in each second.  One
 * per event and thread; {0} is ready. */
enum { LOG_BURST_LINES = 5 };
struct log_limit {
    uint64_t second;
    uint32_t lines;
    uint64_t held_back; /* since the last line that was written */
};

#define LOG_FIELDS(...)                                                                            \
    ((const struct log_field[]){__VA_ARGS__}),                                                     \
        sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field)
#define LOG_NO_FIELDS NULL, 0

/* Starts a log of lines of at least `level` on `fd`.  A NULL clock is the system's. */
void log_init(struct log *log, int fd, enum log_format format, enum log_level level,
              log_clock_fn clock);

/* Writes one line, or nothing if its level is below the log's.  `event` says what happened in a few
 * words; the fields, LOG_FIELDS(...) or LOG_NO_FIELDS, say to whom.  A descriptor that takes no
 * more costs the line, never the caller: it is counted in lost_count. */
void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count);

/* As log_write(), at most LOG_BURST_LINES a second; the next line that is written says how many
 * were not, as held_back=N. */
void log_write_limited(struct log *log, struct log_limit *limit, enum log_level level,
                       const char *event, const struct log_field *fields, size_t count);

#endif
