/* event.c - see event.h.  Invariant: count <= capacity, and events are in the order of emission. */
#include "state/event.h"

#include "base/assert.h"

void sk_emit(struct sk_events *sink, uint16_t type, uint16_t audience, const void *event)
{
    SK_GAME_ASSERT(type < sink->schema->event_count);
    SK_GAME_ASSERT(audience < SK_PLAYERS_MAX || audience == SK_TO_ALL);
    SK_ASSERT(sink->count <= sink->capacity);
    if (sink->count == sink->capacity) {
        sink->dropped_count++;
        return;
    }
    const struct sk_event_type *shape = &sink->schema->events[type];
    struct sk_event *added = &sink->events[sink->count++];
    *added = (struct sk_event){.tick = sink->tick, .type = type, .audience = audience};
    for (uint32_t i = 0; i < shape->field_count; i++) {
        added->values[i] = sk_quantise(&shape->fields[i], event);
    }
}
