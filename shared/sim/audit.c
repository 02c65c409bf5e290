/* audit.c - see audit.h. */
#include "sim/audit.h"

#include "base/assert.h"
#include "sim/rewind.h"

const char *sk_view_limit_word(uint32_t limit)
{
    static const char *const words[SK_VIEW_LIMIT_COUNT] = {[SK_VIEW_FREE] = "none",
                                                           [SK_VIEW_OLD] = "old",
                                                           [SK_VIEW_WIDE] = "wide",
                                                           [SK_VIEW_AHEAD] = "ahead",
                                                           [SK_VIEW_BEHIND] = "behind"};
    SK_ASSERT(limit < SK_VIEW_LIMIT_COUNT);
    return words[limit];
}

void sk_audit(struct sk_events *sink, uint32_t shooter, const struct sk_input *input,
              const struct sk_judged *judged)
{
    sk_audit_flown(sink, &(struct sk_audit){.shooter = shooter,
                                            .moment = sk_rewind_moment(input),
                                            .limit = input->view_limit,
                                            .judged = *judged});
}

void sk_audit_flown(struct sk_events *sink, const struct sk_audit *shot)
{
    struct sk_audits *audits = sink->audits;
    SK_GAME_ASSERT(shot->limit < SK_VIEW_LIMIT_COUNT);
    if (audits && audits->count < SK_AUDITS_A_TICK_MAX) {
        audits->audits[audits->count] = *shot;
        audits->audits[audits->count++].tick = sink->tick;
    }
}
