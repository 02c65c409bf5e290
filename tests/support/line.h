/* line.h - one direction of a line that misbehaves by its seed: delay, jitter, stalls, loss.
 *
 * An ordered line gives out what it was given in that order; what is lost comes later, by a round
 * trip and 200 ms, and holds back all behind it, as TCP does.  A lossy one loses it for good, as
 * all that it is given in a stall, gives some out twice, and a quicker message overtakes.
 *
 * Memory   line_open() allocates, line_close() frees.
 * Time     the caller's microseconds.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE_MESSAGES = 4096, LINE_MESSAGE_BYTES = 8192 };

struct line_span {
    uint64_t from_us;
    uint64_t to_us;
};

/* What a line does, to be changed at any time. */
struct line_faults {
    uint64_t delay_us;
    uint64_t jitter_us; /* mean of an exponential one, in whole milliseconds */
    uint32_t lost_of_1000;
    uint32_t twice_of_1000; /* of a lossy line */
    struct line_span stall; /* nothing leaves it */
};

struct line_item {
    uint64_t out_us;
    uint32_t bytes_count;
    uint8_t *bytes; /* owned */
};

struct line {
    struct line_faults faults;
    bool is_lossy;
    uint64_t seed;
    uint64_t last_us; /* when the newest comes out of those that keep their order */
    struct line_item items[LINE_MESSAGES]; /* by out_us; bytes of the unused ones are kept */
    uint32_t count;
};

/* Makes an empty line. */
void line_open(struct line *line, bool is_lossy, uint64_t seed);
void line_close(struct line *line);
/* Gives the line a message, at most LINE_MESSAGE_BYTES, which it copies. */
void line_put(struct line *line, uint64_t now_us, const void *bytes, size_t size);
/* The same for one that a lossy line does not lose, as of a reliable channel beside it: those keep
 * their order, and one that was lost comes later. */
void line_put_surely(struct line *line, uint64_t now_us, const void *bytes, size_t size);
/* The next message that has come out, aligned for anything and borrowed until line_put(); NULL:
 * none. */
const void *line_get(struct line *line, uint64_t now_us, size_t *size);

/* Whether a moment lies in it. */
bool line_span_has(const struct line_span *span, uint64_t now_us);
/* The next random number of a seed, in [0, 1). */
double line_random(uint64_t *seed);

#endif
