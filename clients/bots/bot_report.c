/* bot_report.c - see bot_report.h. */
#include "bot_report.h"

#include <string.h>

#include "base/assert.h"

static double value_of(const struct bot_figures *figures, const char *name)
{
    const struct bot_figure *figure = bot_figures_find(figures, name, strlen(name));
    SK_ASSERT(figure != NULL);
    return figure->value;
}

static double ms_of(const struct bot_figures *figures, const char *name)
{
    return value_of(figures, name) / 1000;
}

/* On average, so that of one room it is what happened there. */
static void write_events(FILE *out, const struct bot_stats *stats)
{
    uint16_t count = stats->game == NULL || stats->connected == 0 ? 0 : stats->game->event_count;
    for (uint16_t i = 0; i < count; i++) {
        fprintf(out, "%s%s %.1f", i == 0 ? "events      seen by a bot: " : ", ",
                stats->game->events[i].name,
                (double)stats->events_by_type[i] / (double)stats->connected);
    }
    fputs(count > 0 ? "\n" : "", out);
}

void bot_report_text(FILE *out, const struct bot_figures *figures, const struct bot_stats *stats)
{
    fprintf(out,
            "bots        %.0f connected, %.0f failed, %.0f joins tried again, %.0f drops, "
            "%.0f came back\n",
            value_of(figures, "connected"), value_of(figures, "failed"),
            value_of(figures, "join_retries"), value_of(figures, "drops"),
            value_of(figures, "resumes"));
    fprintf(out, "snapshots   %.0f/s, %.1f kB/s in, %.0f mismatches\n",
            value_of(figures, "snapshots_per_s"), value_of(figures, "bytes_in_per_s") / 1000,
            value_of(figures, "mismatches"));
    fprintf(out, "size        mean %.0f, p50 %.0f, p99 %.0f, max %.0f bytes\n",
            value_of(figures, "snapshot_bytes_mean"), value_of(figures, "snapshot_bytes_p50"),
            value_of(figures, "snapshot_bytes_p99"), value_of(figures, "snapshot_bytes_max"));
    fprintf(out, "interval    p50 %.1f, p99 %.1f, p99.9 %.1f, max %.1f ms\n",
            ms_of(figures, "interval_p50"), ms_of(figures, "interval_p99"),
            ms_of(figures, "interval_p999"), ms_of(figures, "interval_max"));
    write_events(out, stats);
    fprintf(out, "inputs      %.0f/s in %.0f messages/s, %.1f kB/s out\n",
            value_of(figures, "inputs_per_s"), value_of(figures, "messages_per_s"),
            value_of(figures, "bytes_out_per_s") / 1000);
    fprintf(out, "input-ack   p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, p99.99 %.1f, max %.1f ms\n",
            ms_of(figures, "ack_p50"), ms_of(figures, "ack_p90"), ms_of(figures, "ack_p99"),
            ms_of(figures, "ack_p999"), ms_of(figures, "ack_p9999"), ms_of(figures, "ack_max"));
    fprintf(
        out,
        "generator   %.2f of a core a thread, late p99 %.2f, max %.2f ms, %.0f inputs given up\n",
        value_of(figures, "generator_cpu"), ms_of(figures, "generator_late_p99"),
        ms_of(figures, "generator_late_max"), value_of(figures, "inputs_given_up"));
}

static void write_json_figure(FILE *out, const struct bot_figure *figure)
{
    switch (figure->unit) {
    case BOT_COUNT:
    case BOT_BYTES:
        fprintf(out, "\"%s\":%.0f", figure->name, figure->value);
        break;
    case BOT_RATIO:
        fprintf(out, "\"%s\":%.3f", figure->name, figure->value);
        break;
    case BOT_TIME:
        fprintf(out, "\"%s_ms\":%.3f", figure->name, figure->value / 1000);
        break;
    }
}

/* `text` is printable ASCII. */
static void write_json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_json_events(FILE *out, const struct bot_stats *stats)
{
    uint16_t count = stats->game == NULL ? 0 : stats->game->event_count;
    fputs("\"events_by_name\":{", out);
    for (uint16_t i = 0; i < count; i++) {
        fprintf(out, "%s\"%s\":%llu", i == 0 ? "" : ",", stats->game->events[i].name,
                (unsigned long long)stats->events_by_type[i]);
    }
    fputs("},", out);
}

static void write_json_failures(FILE *out, const struct bot_failures *failures)
{
    fputs("\"failures\":[", out);
    for (uint32_t i = 0; i < failures->count; i++) {
        const struct bot_failure *row = &failures->rows[i];
        fprintf(out, "%s{\"reason\":\"%s\",\"message\":", i == 0 ? "" : ",",
                sk_reason_word(row->reason));
        write_json_text(out, row->sentence);
        fprintf(out, ",\"count\":%u}", row->count);
    }
    fputc(']', out);
}

void bot_report_json(FILE *out, const struct bot_figures *figures, const struct bot_stats *stats)
{
    fputc('{', out);
    for (size_t i = 0; i < figures->count; i++) {
        write_json_figure(out, &figures->rows[i]);
        fputc(',', out);
    }
    write_json_events(out, stats);
    write_json_failures(out, &stats->failures);
    fputs("}\n", out);
}

void bot_report_failures(FILE *out, const struct bot_failures *failures, uint32_t bot_count)
{
    for (uint32_t i = 0; i < failures->count; i++) {
        const struct bot_failure *row = &failures->rows[i];
        fprintf(out, "skirmish-bots: %u of %u bots failed: %s: %s\n", row->count, bot_count,
                sk_reason_word(row->reason), row->sentence);
    }
}

void bot_report_warn(FILE *out, const struct bot_figures *figures)
{
    if (value_of(figures, "generator_limit") > 0) {
        fprintf(out,
                "skirmish-bots: the generator itself is the limit (%.0f%% of a core a thread, late "
                "by %.1f ms at p99, %.0f inputs given up): these figures are not the server's "
                "alone; --threads and --no-decode help\n",
                100 * value_of(figures, "generator_cpu"), ms_of(figures, "generator_late_p99"),
                value_of(figures, "inputs_given_up"));
    }
}

uint32_t bot_report_failed(FILE *out, const struct bot_assertion *assertions, uint32_t count,
                           const struct bot_figures *figures)
{
    uint32_t failed = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct bot_assertion *assertion = &assertions[i];
        if (!bot_assertion_holds(assertion, figures)) {
            const struct bot_figure *figure =
                bot_figures_find(figures, assertion->name, assertion->name_bytes);
            bool is_time = figure->unit == BOT_TIME;
            fprintf(out, "skirmish-bots: expected %s, but it is %.3f%s\n", assertion->text,
                    is_time ? figure->value / 1000 : figure->value, is_time ? "ms" : "");
            failed++;
        }
    }
    return failed;
}
