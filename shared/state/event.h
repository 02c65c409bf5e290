/* event.h - what happened, as opposed to how things are: shots, hits, sounds.
 *
 * A game emits events while it steps; they are quantised at once and ride in the snapshots until
 * they are acked or 250 ms old.  They are shown when drawing time passes their tick.
 *
 * Memory   the sink borrows its array.
 */
#ifndef SK_EVENT_H
#define SK_EVENT_H

#include "state/field.h"

struct sk_audits; /* sim/audit.h */

enum { SK_TO_ALL = 0xffff };

struct sk_event {
    uint32_t tick;
    uint16_t type;                        /* index into schema->events */
    uint16_t audience;                    /* a player, or SK_TO_ALL */
    uint32_t values[SK_EVENT_FIELDS_MAX]; /* quantised; unused ones are 0 */
};

/* Where step() puts its events.  Full is normal: further ones are dropped and counted. */
struct sk_events {
    struct sk_event *events; /* borrowed */
    uint32_t capacity;
    uint32_t count;
    uint32_t dropped_count;
    uint32_t tick; /* of the step that runs */
    const struct sk_schema *schema;
    struct sk_audits *audits; /* where shots are explained, borrowed; NULL: nobody asks */
};

/* Adds one event.  `event` is the event type's own struct and is quantised by its rows; `audience`
 * is a player or SK_TO_ALL.  A type that the schema lacks is a SK_GAME_ASSERT. */
void sk_emit(struct sk_events *sink, uint16_t type, uint16_t audience, const void *event);

#endif
