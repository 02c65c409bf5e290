/* bot_failures.c - see bot_failures.h. */
#include "bot_failures.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static struct bot_failure *find_row(struct bot_failures *failures, enum sk_reason reason,
                                    const char *sentence)
{
    for (uint32_t i = 0; i < failures->count; i++) {
        struct bot_failure *row = &failures->rows[i];
        bool is_same = strncmp(row->sentence, sentence, sizeof(row->sentence) - 1) == 0;
        if ((row->reason == reason && is_same) || i == BOT_FAILURES_MAX - 1) {
            return row;
        }
    }
    struct bot_failure *row = &failures->rows[failures->count++];
    *row = (struct bot_failure){.reason = reason};
    (void)snprintf(row->sentence, sizeof(row->sentence), "%s", sentence);
    return row;
}

void bot_failures_add(struct bot_failures *failures, enum sk_reason reason, const char *sentence,
                      uint32_t count)
{
    find_row(failures, reason, sentence)->count += count;
}

void bot_failures_merge(struct bot_failures *to, const struct bot_failures *from)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct bot_failure *row = &from->rows[i];
        bot_failures_add(to, row->reason, row->sentence, row->count);
    }
}
