/* bot_stats.c - see bot_stats.h. */
#include "bot_stats.h"

#include <string.h>

#include "base/assert.h"
#include "net/text.h"

void bot_stats_merge(struct bot_stats *to, const struct bot_stats *from)
{
    sk_histogram_merge(&to->ack_us, &from->ack_us);
    sk_histogram_merge(&to->interval_us, &from->interval_us);
    sk_histogram_merge(&to->age_us, &from->age_us);
    sk_histogram_merge(&to->join_us, &from->join_us);
    sk_histogram_merge(&to->resume_us, &from->resume_us);
    sk_histogram_merge(&to->snapshot_bytes, &from->snapshot_bytes);
    sk_histogram_merge(&to->late_us, &from->late_us);
    to->snapshots += from->snapshots;
    to->inputs += from->inputs;
    to->restarts += from->restarts;
    to->inputs_given_up += from->inputs_given_up;
    to->messages += from->messages;
    to->bytes_in += from->bytes_in;
    to->bytes_out += from->bytes_out;
    to->events += from->events;
    for (uint32_t i = 0; i < SK_EVENT_TYPES_MAX; i++) {
        to->events_by_type[i] += from->events_by_type[i];
    }
    to->game = from->game != NULL ? from->game : to->game;
    to->mismatches += from->mismatches;
    to->inputs_repeated += from->inputs_repeated;
    to->requests += from->requests;
    to->answers += from->answers;
    to->answers_refused += from->answers_refused;
    to->answers_in_step += from->answers_in_step;
    to->drops += from->drops;
    to->resumes += from->resumes;
    to->connected += from->connected;
    to->by_enet += from->by_enet;
    to->failed += from->failed;
    to->join_retries += from->join_retries;
    to->cpu_us += from->cpu_us;
    bot_failures_merge(&to->failures, &from->failures);
}

static void add(struct bot_figures *figures, const char *name, enum bot_unit unit, double value)
{
    SK_ASSERT(figures->count < BOT_FIGURES_MAX);
    figures->rows[figures->count++] = (struct bot_figure){name, unit, value};
}

static void add_quantile(struct bot_figures *figures, const char *name, enum bot_unit unit,
                         const struct sk_histogram *histogram, uint32_t per_million)
{
    add(figures, name, unit, (double)sk_histogram_quantile(histogram, per_million));
}

static void add_counts(struct bot_figures *figures, const struct bot_stats *stats, double seconds)
{
    double per_s = seconds > 0 ? 1 / seconds : 0;
    add(figures, "connected", BOT_COUNT, (double)stats->connected);
    add(figures, "by_enet", BOT_COUNT, (double)stats->by_enet);
    add(figures, "failed", BOT_COUNT, (double)stats->failed);
    add(figures, "join_retries", BOT_COUNT, (double)stats->join_retries);
    add(figures, "requests", BOT_COUNT, (double)stats->requests);
    add(figures, "answers", BOT_COUNT, (double)stats->answers);
    add(figures, "answers_refused", BOT_COUNT, (double)stats->answers_refused);
    add(figures, "answers_in_step", BOT_COUNT, (double)stats->answers_in_step);
    add(figures, "drops", BOT_COUNT, (double)stats->drops);
    add(figures, "resumes", BOT_COUNT, (double)stats->resumes);
    add(figures, "mismatches", BOT_COUNT, (double)stats->mismatches);
    add(figures, "events", BOT_COUNT, (double)stats->events);
    add(figures, "seconds", BOT_RATIO, seconds);
    add(figures, "snapshots_per_s", BOT_RATIO, (double)stats->snapshots * per_s);
    add(figures, "inputs_per_s", BOT_RATIO, (double)stats->inputs * per_s);
    add(figures, "inputs_repeated_per_s", BOT_RATIO, (double)stats->inputs_repeated * per_s);
    add(figures, "messages_per_s", BOT_RATIO, (double)stats->messages * per_s);
    add(figures, "bytes_in_per_s", BOT_RATIO, (double)stats->bytes_in * per_s);
    add(figures, "bytes_out_per_s", BOT_RATIO, (double)stats->bytes_out * per_s);
}

static void add_distributions(struct bot_figures *figures, const struct bot_stats *stats)
{
    add(figures, "snapshot_bytes_mean", BOT_BYTES,
        (double)sk_histogram_mean(&stats->snapshot_bytes));
    add_quantile(figures, "snapshot_bytes_p50", BOT_BYTES, &stats->snapshot_bytes, 500000);
    add_quantile(figures, "snapshot_bytes_p99", BOT_BYTES, &stats->snapshot_bytes, 990000);
    add_quantile(figures, "snapshot_bytes_max", BOT_BYTES, &stats->snapshot_bytes, 1000000);
    add_quantile(figures, "interval_p50", BOT_TIME, &stats->interval_us, 500000);
    add_quantile(figures, "interval_p99", BOT_TIME, &stats->interval_us, 990000);
    add_quantile(figures, "interval_p999", BOT_TIME, &stats->interval_us, 999000);
    add_quantile(figures, "interval_max", BOT_TIME, &stats->interval_us, 1000000);
    add_quantile(figures, "age_p50", BOT_TIME, &stats->age_us, 500000);
    add_quantile(figures, "age_p99", BOT_TIME, &stats->age_us, 990000);
    add_quantile(figures, "age_max", BOT_TIME, &stats->age_us, 1000000);
    add_quantile(figures, "ack_p50", BOT_TIME, &stats->ack_us, 500000);
    add_quantile(figures, "ack_p90", BOT_TIME, &stats->ack_us, 900000);
    add_quantile(figures, "ack_p99", BOT_TIME, &stats->ack_us, 990000);
    add_quantile(figures, "ack_p999", BOT_TIME, &stats->ack_us, 999000);
    add_quantile(figures, "ack_p9999", BOT_TIME, &stats->ack_us, 999900);
    add_quantile(figures, "ack_max", BOT_TIME, &stats->ack_us, 1000000);
    add_quantile(figures, "join_p50", BOT_TIME, &stats->join_us, 500000);
    add_quantile(figures, "join_p99", BOT_TIME, &stats->join_us, 990000);
    add_quantile(figures, "join_max", BOT_TIME, &stats->join_us, 1000000);
    add_quantile(figures, "resume_p50", BOT_TIME, &stats->resume_us, 500000);
    add_quantile(figures, "resume_p99", BOT_TIME, &stats->resume_us, 990000);
    add_quantile(figures, "resume_max", BOT_TIME, &stats->resume_us, 1000000);
    add_quantile(figures, "generator_late_p99", BOT_TIME, &stats->late_us, 990000);
    add_quantile(figures, "generator_late_max", BOT_TIME, &stats->late_us, 1000000);
}

/* 1 when the bots could not do what was asked of them, so that the server was not asked it. */
static double is_limit(const struct bot_figures *figures)
{
    static const struct {
        const char *name;
        double max;
    } rows[] = {{"generator_late_p99", 5000 /* a third of a tick at 60 Hz */},
                {"generator_cpu", 0.9},
                {"generator_restarts", 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (bot_figures_find(figures, rows[i].name, strlen(rows[i].name))->value > rows[i].max) {
            return 1;
        }
    }
    return 0;
}

void bot_figures_make(struct bot_figures *figures, const struct bot_stats *stats, double seconds,
                      uint32_t threads)
{
    double cpu = seconds > 0 ? (double)stats->cpu_us / 1e6 / seconds / threads : 0;
    figures->count = 0;
    add_counts(figures, stats, seconds);
    add_distributions(figures, stats);
    add(figures, "generator_cpu", BOT_RATIO, cpu);
    add(figures, "generator_restarts", BOT_COUNT, (double)stats->restarts);
    add(figures, "inputs_given_up", BOT_COUNT, (double)stats->inputs_given_up);
    add(figures, "generator_limit", BOT_COUNT, is_limit(figures));
}

const struct bot_figure *bot_figures_find(const struct bot_figures *figures, const char *name,
                                          size_t name_bytes)
{
    for (size_t i = 0; i < figures->count; i++) {
        const struct bot_figure *row = &figures->rows[i];
        if (sk_text_is((struct sk_text){name, name_bytes}, row->name)) {
            return row;
        }
    }
    return NULL;
}
