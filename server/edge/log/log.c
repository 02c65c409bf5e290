/* log.c - see log.h. */
#include "log/log.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "native/clock.h"

void log_init(struct log *log, int fd, enum log_format format, enum log_level level,
              log_clock_fn clock)
{
    log->fd = fd;
    log->format = format;
    log->level = level;
    log->clock = clock ? clock : sk_wall_ms;
    atomic_init(&log->lost_count, 0);
}

static void add_time(struct log_line *line, uint64_t now_ms)
{
    char text[64];
    struct tm utc;
    time_t seconds = (time_t)(now_ms / 1000);
    (void)gmtime_r(&seconds, &utc);
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ", utc.tm_year + 1900,
                   utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                   (unsigned)(now_ms % 1000));
    struct log_field field = log_text("ts", text);
    log_line_add(line, &field);
}

static void send_line(struct log *log, const struct log_line *line)
{
    ssize_t wrote;
    do {
        wrote = write(log->fd, line->bytes, line->size);
    } while (wrote < 0 && errno == EINTR);
    if (wrote < 0 || (size_t)wrote != line->size) {
        atomic_fetch_add_explicit(&log->lost_count, 1, memory_order_relaxed);
    }
}

static void write_at(struct log *log, uint64_t now_ms, enum log_level level, const char *event,
                     const struct log_field *fields, size_t count, uint64_t held_back)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    struct log_line line;
    const struct log_field head[] = {log_text("level", levels[level]), log_text("event", event)};
    const struct log_field rest = log_number("held_back", held_back);
    log_line_init(&line, log->format);
    add_time(&line, now_ms);
    log_line_add(&line, &head[0]);
    log_line_add(&line, &head[1]);
    for (size_t i = 0; i < count; i++) {
        log_line_add(&line, &fields[i]);
    }
    if (held_back > 0) {
        log_line_add(&line, &rest);
    }
    log_line_end(&line);
    send_line(log, &line);
}

void log_write(struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count)
{
    if (level >= log->level) {
        write_at(log, log->clock(), level, event, fields, count, 0);
    }
}

void log_write_limited(struct log *log, struct log_limit *limit, enum log_level level,
                       const char *event, const struct log_field *fields, size_t count)
{
    if (level < log->level) {
        return;
    }
    uint64_t now_ms = log->clock();
    if (now_ms / 1000 != limit->second) {
        limit->second = now_ms / 1000;
        limit->lines = 0;
    }
    if (limit->lines == LOG_BURST_LINES) {
        limit->held_back++;
        return;
    }
    limit->lines++;
    write_at(log, now_ms, level, event, fields, count, limit->held_back);
    limit->held_back = 0;
}
