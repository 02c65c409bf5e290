/* event_list.h - events as bits, in a body and in a own part (WIRE.md, "Events").
 *
 * Audiences are not written: those in a body are for all, those in a own part for its player.
 */
#ifndef SK_EVENT_LIST_H
#define SK_EVENT_LIST_H

#include "state/bits.h"
#include "state/event.h"

struct sk_event_list {
    const struct sk_event *events; /* borrowed; oldest first, with ticks from the snapshot's minus
                                      SK_EVENT_AGE_TICKS_MAX to the snapshot's */
    uint32_t count;                /* at most SK_FRAME_EVENTS_MAX */
};

/* Appends the list to a snapshot of `tick`. */
void sk_event_list_write(struct sk_event_list list, const struct sk_schema *schema, uint32_t tick,
                         struct sk_bit_writer *writer);
/* The bits of the event's fields, type and age: what one more costs, but for the count. */
uint32_t sk_event_cost(const struct sk_schema *schema, const struct sk_event *event, uint32_t tick);

/* Reads the list of a snapshot of `tick` and appends it to `events`, all with this audience; those
 * that do not fit are dropped and counted.  Returns SK_OK, SK_ERR_TRUNCATED or SK_ERR_RANGE; what
 * was appended before an error stays. */
SK_MUST_CHECK int sk_event_list_read(struct sk_events *events, const struct sk_schema *schema,
                                     uint32_t tick, uint16_t audience,
                                     struct sk_bit_reader *reader);

#endif
