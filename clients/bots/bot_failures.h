/* bot_failures.h - why bots failed: how many for which reason, in whose words.
 *
 * Memory   the caller's struct.
 * Threads  as the stats that holds it.
 */
#ifndef BOT_FAILURES_H
#define BOT_FAILURES_H

#include <stdint.h>

#include "base/reason.h"

enum { BOT_FAILURES_MAX = 8, BOT_SENTENCE_BYTES = 128 };

struct bot_failure {
    enum sk_reason reason;
    uint32_t count;
    char sentence[BOT_SENTENCE_BYTES];
};

struct bot_failures {
    struct bot_failure rows[BOT_FAILURES_MAX]; /* reasons and sentences in order of appearance */
    uint32_t count;
};

/* Counts `count` bots that failed for `reason`; the sentence is copied, what does not fit is cut.
 * When the table is full they are counted in its last row, whatever that says. */
void bot_failures_add(struct bot_failures *failures, enum sk_reason reason, const char *sentence,
                      uint32_t count);
/* Adds what `from` holds. */
void bot_failures_merge(struct bot_failures *to, const struct bot_failures *from);

#endif
