/* client_events.h - events of the player's own doing, told when they are predicted.
 *
 *   predict() emits --> PREDICTED, once however often its tick is predicted again
 *        the authority's comes --> CONFIRMED, and is not told by itself
 *        none has come in time --> UNDONE
 *
 * One is told from another by tick, type and number among those of its type in its tick, and not by
 * its rows: a shot that a correction has moved by a hair is the same shot.  The authority's is the
 * same when it is of the same type, no further off than SK_EVENTS_APART_MS (a late press counts in
 * a later tick, a shot hits in one where both ends see it), and its SK_KEY rows agree.
 *
 * Memory   plain, the caller's.  More than SK_EVENTS_PREDICTED_MAX at once are not predicted: the
 *          authority's are told, late.
 * Threads  one.
 * Time     ticks.
 */
#ifndef CLIENT_EVENTS_H
#define CLIENT_EVENTS_H

#include "sim/view.h"

enum { SK_EVENTS_PREDICTED_MAX = 64, SK_EVENTS_APART_MS = 250 };

enum sk_event_told {
    SK_EVENT_NONE,      /* there is none */
    SK_EVENT_HAPPENED,  /* at the authority, and was not predicted */
    SK_EVENT_PREDICTED, /* by the player's own input, now */
    SK_EVENT_CONFIRMED, /* one that was PREDICTED has happened, as the authority tells it */
    SK_EVENT_UNDONE,    /* one that was PREDICTED has not */
};

struct sk_predicted_event {
    struct sk_event event; /* its tick 0: unused */
    uint8_t ordinal;       /* among those of its type in its tick */
    uint8_t outcome;       /* enum sk_event_told, PREDICTED: not known yet */
    uint8_t told;          /* enum sk_event_told: what was taken last */
};

struct sk_client_events {
    const struct sk_plan *plan; /* borrowed */
    uint32_t player;
    struct sk_predicted_event events[SK_EVENTS_PREDICTED_MAX];
    uint32_t taken_index; /* of the one that was taken last: the same each time it is */
    uint64_t confirmed_count;
    uint64_t undone_count;
};

/* Begins with none. */
void sk_client_events_init(struct sk_client_events *events, const struct sk_plan *plan,
                           uint32_t player);
/* predict() has emitted these in one tick, perhaps again; those for others are not told. */
void sk_client_events_on_predicted(struct sk_client_events *events, const struct sk_events *sink);
/* A snapshot was taken, the first after that of `known_tick`: the view's new events confirm what
 * they match, and are taken out of it; what was not confirmed in time is undone. */
void sk_client_events_on_snapshot(struct sk_client_events *events, struct sk_view *view,
                                  uint32_t known_tick);
/* What was predicted after `tick` is of so many ticks earlier. */
void sk_client_events_on_dropped(struct sk_client_events *events, uint32_t tick, uint32_t ticks);
/* Takes what is to be told next, the oldest first: PREDICTED, CONFIRMED, UNDONE or NONE. */
enum sk_event_told sk_client_events_take(struct sk_client_events *events, struct sk_event *event);

#endif
