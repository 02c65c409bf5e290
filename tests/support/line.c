/* line.c - see line.h. */
#include "support/line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

enum { MS = 1000, RESENT_US = 200 * MS };

double line_random(uint64_t *seed)
{
    *seed = sk_mix(*seed + 1);
    return (double)(*seed >> 11) / 9007199254740992.0;
}

bool line_span_has(const struct line_span *span, uint64_t now_us)
{
    return now_us >= span->from_us && now_us < span->to_us;
}

void line_open(struct line *line, bool is_lossy, uint64_t seed)
{
    memset(line, 0, sizeof(*line));
    line->is_lossy = is_lossy;
    line->seed = seed;
}

void line_close(struct line *line)
{
    for (uint32_t i = 0; i < LINE_MESSAGES; i++) {
        free(line->items[i].bytes);
    }
}

static uint64_t late_us(struct line *line)
{
    uint64_t mean_us = line->faults.jitter_us;
    if (mean_us == 0) {
        return 0;
    }
    double late = -log(1 - line_random(&line->seed)) * (double)mean_us;
    return (uint64_t)late / MS * MS;
}

static bool is_one_of(struct line *line, uint32_t of_1000)
{
    return of_1000 > 0 && line_random(&line->seed) * 1000 < of_1000;
}

/* Puts it behind all that come out no later. */
static void insert(struct line *line, uint64_t out_us, const void *bytes, size_t size)
{
    SK_ASSERT(line->count < LINE_MESSAGES);
    SK_ASSERT(size <= LINE_MESSAGE_BYTES);
    uint8_t *place = line->items[line->count].bytes;
    place = place ? place : aligned_alloc(16, LINE_MESSAGE_BYTES);
    SK_ASSERT(place);
    memcpy(place, bytes, size);
    uint32_t at = line->count++;
    for (; at > 0 && line->items[at - 1].out_us > out_us; at--) {
        line->items[at] = line->items[at - 1];
    }
    line->items[at] = (struct line_item){out_us, (uint32_t)size, place};
}

/* When what is given to it now comes out, if it is not lost for so long. */
static uint64_t out_us_of(struct line *line, uint64_t now_us, uint64_t lost_us)
{
    const struct line_span *stall = &line->faults.stall;
    uint64_t out_us = now_us + line->faults.delay_us + late_us(line) + lost_us;
    bool is_held = out_us >= stall->from_us && now_us < stall->to_us && out_us < stall->to_us;
    return is_held ? stall->to_us : out_us;
}

void line_put_surely(struct line *line, uint64_t now_us, const void *bytes, size_t size)
{
    bool is_lost = is_one_of(line, line->faults.lost_of_1000);
    uint64_t lost_us = is_lost ? 2 * line->faults.delay_us + RESENT_US : 0;
    uint64_t out_us = out_us_of(line, now_us, lost_us);
    line->last_us = out_us > line->last_us ? out_us : line->last_us;
    insert(line, line->last_us, bytes, size);
}

void line_put(struct line *line, uint64_t now_us, const void *bytes, size_t size)
{
    if (!line->is_lossy) {
        line_put_surely(line, now_us, bytes, size);
        return;
    }
    bool is_out = line_span_has(&line->faults.stall, now_us);
    if (is_out || is_one_of(line, line->faults.lost_of_1000)) {
        return;
    }
    insert(line, out_us_of(line, now_us, 0), bytes, size);
    if (is_one_of(line, line->faults.twice_of_1000)) {
        insert(line, out_us_of(line, now_us, 0), bytes, size);
    }
}

const void *line_get(struct line *line, uint64_t now_us, size_t *size)
{
    if (line->count == 0 || line->items[0].out_us > now_us) {
        return NULL;
    }
    struct line_item item = line->items[0];
    memmove(&line->items[0], &line->items[1], --line->count * sizeof(item));
    line->items[line->count] = (struct line_item){.bytes = item.bytes};
    *size = item.bytes_count;
    return item.bytes;
}
