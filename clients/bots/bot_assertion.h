/* bot_assertion.h - what a figure must be: `ack_p99<60ms`, `failed=0`, `snapshots_per_s>=1980`.
 *
 * Memory   an expectation borrows its text.
 */
#ifndef BOT_ASSERTION_H
#define BOT_ASSERTION_H

#include <stdbool.h>

#include "bot_stats.h"

enum bot_relation { BOT_BELOW, BOT_AT_MOST, BOT_EQUAL, BOT_AT_LEAST, BOT_ABOVE };

struct bot_assertion {
    const char *text; /* as it was given */
    const char *name; /* of the figure, name_bytes of it */
    size_t name_bytes;
    enum bot_relation relation;
    enum bot_unit unit; /* BOT_TIME when a time stands there, else BOT_RATIO */
    double bound;       /* a time in microseconds */
};

/* Reads NAME, one of < <= = >= >, a number and for times us, ms or s.  Returns SK_OK, or
 * SK_ERR_CONFIG for another shape. */
SK_MUST_CHECK int bot_assertion_parse(struct bot_assertion *assertion, const char *text);
/* Whether it can be asked of these figures: the name exists, and a time is compared with a time. */
bool bot_assertion_is_known(const struct bot_assertion *assertion,
                            const struct bot_figures *figures);
/* Whether it holds; bot_assertion_is_known() is asserted. */
bool bot_assertion_holds(const struct bot_assertion *assertion, const struct bot_figures *figures);

#endif
