/* bot_stats.h - what one thread of bots measured, and the figures made of it.
 *
 * Memory   about 64 KiB of histograms in the struct.
 * Threads  a struct belongs to the thread that counts; merge after it ended.
 */
#ifndef BOT_STATS_H
#define BOT_STATS_H

#include <stddef.h>

#include "base/histogram.h"
#include "base/result.h"
#include "bot_failures.h"
#include "sim/game.h"

struct bot_stats {
    struct sk_histogram ack_us;      /* intended send time to the snapshot that acknowledges it */
    struct sk_histogram interval_us; /* between two snapshots of a bot */
    struct sk_histogram age_us;  /* of the newest snapshot at each sample of the controller, beyond
                                   that of the bot's fastest one when it came */
    struct sk_histogram join_us; /* from beginning to join to the first welcome */
    struct sk_histogram resume_us;      /* from a lost connection to the welcome after it */
    struct sk_histogram snapshot_bytes; /* of the message */
    struct sk_histogram late_us;        /* how late a phase of sending began: the generator's own */
    uint64_t snapshots;
    uint64_t inputs;          /* ticks stamped */
    uint64_t restarts;        /* a thread lagged too far and began anew */
    uint64_t inputs_given_up; /* that it owed then */
    uint64_t messages;        /* sent */
    uint64_t bytes_in;        /* as the socket gave them */
    uint64_t bytes_out;
    uint64_t events; /* of the game, taken */
    uint64_t events_by_type[SK_EVENT_TYPES_MAX];
    const struct sk_game *game; /* whose they are; NULL: none came */
    uint64_t mismatches;        /* baseline missing or of another hash */
    uint64_t inputs_repeated;   /* ticks for which the server had none of the bot's */
    uint64_t requests;          /* commands that want an answer, from the beginning on */
    uint64_t answers;           /* to them */
    uint64_t answers_refused;   /* of those */
    uint64_t answers_in_step;   /* of those, that begin with their command's number: of a game that
                                  counts as the template does, each command was taken once */
    uint64_t drops;
    uint64_t resumes;
    uint64_t connected;           /* bots that were welcomed at least once */
    uint64_t by_enet;             /* of those, by ENet when the measuring ends */
    uint64_t failed;              /* bots that ended against their will, or never got in */
    uint64_t join_retries;        /* joins that were asked for again, from the beginning on */
    uint64_t cpu_us;              /* of the thread, while measured */
    struct bot_failures failures; /* why */
};

/* Adds what `from` holds. */
void bot_stats_merge(struct bot_stats *to, const struct bot_stats *from);

enum bot_unit { BOT_COUNT, BOT_RATIO, BOT_BYTES, BOT_TIME };

/* One number of the report.  A BOT_TIME is in microseconds. */
struct bot_figure {
    const char *name;
    enum bot_unit unit;
    double value;
};

enum { BOT_FIGURES_MAX = 56 };

struct bot_figures {
    struct bot_figure rows[BOT_FIGURES_MAX];
    size_t count;
};

/* Makes the figures of what was measured for `seconds` by `threads` threads. */
void bot_figures_make(struct bot_figures *figures, const struct bot_stats *stats, double seconds,
                      uint32_t threads);
/* The figure of that name, or NULL. */
const struct bot_figure *bot_figures_find(const struct bot_figures *figures, const char *name,
                                          size_t name_bytes);

#endif
