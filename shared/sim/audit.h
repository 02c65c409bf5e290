/* audit.h - why a shot hit or missed, as the authority judged it, for whoever asks afterwards.
 *
 *   game: step() judges a shot --sk_audit--> host: the operator reads it
 *
 * It is no part of the world: nothing reads it back, and a replay makes the same notes again.
 *
 * Memory   the host's list; full is normal, and further shots of that tick are not noted.
 */
#ifndef SK_AUDIT_H
#define SK_AUDIT_H

#include "sim/game.h"
#include "sim/interpolate.h"

enum { SK_AUDITS_A_TICK_MAX = 32 };

/* What the game knows of it. */
struct sk_judged {
    uint16_t target; /* who was hit, or whom the shot came nearest to; SK_NO_OWNER: nobody */
    int32_t moved;   /* how far the target was put back, in the game's units */
    int32_t missed;  /* by how much the shot went past the target; 0 and below: it was hit */
};

struct sk_audit {
    uint32_t tick;           /* in which the shot was judged */
    uint32_t shooter;        /* a player */
    struct sk_moment moment; /* at which it was judged; tick 0: the present */
    uint32_t limit;          /* enum sk_view_limit that moved the moment */
    struct sk_judged judged;
};

/* Those of one step, in order. */
struct sk_audits {
    uint32_t count;
    struct sk_audit audits[SK_AUDITS_A_TICK_MAX];
};

/* The word for an enum sk_view_limit. */
const char *sk_view_limit_word(uint32_t limit);
/* Notes one shot of `shooter` whose input it is.  Nothing happens where nobody asks. */
void sk_audit(struct sk_events *sink, uint32_t shooter, const struct sk_input *input,
              const struct sk_judged *judged);
/* The same of one that was fired in an earlier tick, by an input with that view_limit, and judged
 * at a moment that the game knows.  Its tick is set here. */
void sk_audit_flown(struct sk_events *sink, const struct sk_audit *shot);

#endif
