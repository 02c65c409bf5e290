/* bot_report.h - what a run of bots says at its end.
 *
 * Memory   nothing is kept.
 */
#ifndef BOT_REPORT_H
#define BOT_REPORT_H

#include <stdio.h>

#include "bot_assertion.h"

/* Writes the figures for a person, one topic a line; of `stats` the events by name. */
void bot_report_text(FILE *out, const struct bot_figures *figures, const struct bot_stats *stats);
/* Writes all figures as one JSON object on one line; times in milliseconds, as NAME_ms.  Of `stats`
 * it has "failures": [{"reason", "message", "count"}] and "events_by_name": {NAME: COUNT}. */
void bot_report_json(FILE *out, const struct bot_figures *figures, const struct bot_stats *stats);
/* Writes why bots failed to `out`: a line each reason, with the word and a sentence. */
void bot_report_failures(FILE *out, const struct bot_failures *failures, uint32_t bot_count);
/* Warns on `out` when the generator itself was too slow for its figures to be the server's. */
void bot_report_warn(FILE *out, const struct bot_figures *figures);
/* Writes those that do not hold to `out`; returns how many. */
uint32_t bot_report_failed(FILE *out, const struct bot_assertion *assertions, uint32_t count,
                           const struct bot_figures *figures);

#endif
