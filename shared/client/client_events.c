/* client_events.c - see client_events.h.
 *
 *   unused --emitted--> PREDICTED --the authority's came--> CONFIRMED --told, never emitted again-+
 *     ^                     |                                                                     |
 *     |                     +--no snapshot had it--> UNDONE --told--------------------------------+
 *     +-------------------------------------------------------------------------------------------+
 *
 * An entry stays until no tick that is predicted again can emit it: else it would be told twice.
 */
#include "client/client_events.h"

#include "base/assert.h"
#include "base/mem.h"

enum { SECOND_MS = 1000 };

void sk_client_events_init(struct sk_client_events *events, const struct sk_plan *plan,
                           uint32_t player)
{
    SK_ASSERT(player < plan->players_max);
    *events = (struct sk_client_events){.plan = plan, .player = player};
}

static uint32_t apart_ticks(const struct sk_client_events *events)
{
    return SK_EVENTS_APART_MS * events->plan->tick_hz / SECOND_MS;
}

static uint32_t distance_of(uint32_t tick, uint32_t other)
{
    int32_t distance = (int32_t)(tick - other);
    return (uint32_t)(distance < 0 ? -distance : distance);
}

/* --- predicted ----------------------------------------------------------------------------- */

static struct sk_predicted_event *find(struct sk_client_events *events,
                                       const struct sk_event *event, uint32_t ordinal)
{
    for (uint32_t i = 0; i < SK_EVENTS_PREDICTED_MAX; i++) {
        struct sk_predicted_event *known = &events->events[i];
        if (known->event.tick == event->tick && known->event.type == event->type &&
            known->ordinal == ordinal) {
            return known;
        }
    }
    return NULL;
}

static struct sk_predicted_event *find_unused(struct sk_client_events *events)
{
    for (uint32_t i = 0; i < SK_EVENTS_PREDICTED_MAX; i++) {
        if (events->events[i].event.tick == 0) {
            return &events->events[i];
        }
    }
    return NULL;
}

static void add(struct sk_client_events *events, const struct sk_event *event, uint32_t ordinal)
{
    struct sk_predicted_event *unused = find_unused(events);
    SK_ASSERT(event->tick != 0);
    if (unused) {
        *unused = (struct sk_predicted_event){
            .event = *event, .ordinal = (uint8_t)ordinal, .outcome = SK_EVENT_PREDICTED};
    }
}

void sk_client_events_on_predicted(struct sk_client_events *events, const struct sk_events *sink)
{
    for (uint32_t i = 0; i < sink->count; i++) {
        const struct sk_event *event = &sink->events[i];
        uint32_t ordinal = 0;
        for (uint32_t before = 0; before < i; before++) {
            ordinal += sink->events[before].type == event->type;
        }
        bool is_ours = event->audience == SK_TO_ALL || event->audience == events->player;
        if (is_ours && !find(events, event, ordinal)) {
            add(events, event, ordinal);
        }
    }
}

/* --- the authority's ----------------------------------------------------------------------- */

static bool is_same(const struct sk_client_events *events, const struct sk_event *a,
                    const struct sk_event *b)
{
    const struct sk_event_type *type = &events->plan->schema.events[a->type];
    bool agrees = true;
    bool agrees_by_key = true;
    bool has_key = false;
    for (uint32_t i = 0; i < type->field_count; i++) {
        bool is_equal = a->values[i] == b->values[i];
        bool is_key = (type->fields[i].flags & SK_KEY) != 0;
        has_key |= is_key;
        agrees &= is_equal;
        agrees_by_key &= is_equal || !is_key;
    }
    return has_key ? agrees_by_key : agrees;
}

/* The nearest in time of those that wait for such an event. */
static struct sk_predicted_event *find_waiting(struct sk_client_events *events,
                                               const struct sk_event *event)
{
    struct sk_predicted_event *nearest = NULL;
    for (uint32_t i = 0; i < SK_EVENTS_PREDICTED_MAX; i++) {
        struct sk_predicted_event *known = &events->events[i];
        uint32_t apart = distance_of(known->event.tick, event->tick);
        if (known->event.tick == 0 || known->outcome != SK_EVENT_PREDICTED ||
            known->event.type != event->type || known->event.audience != event->audience ||
            apart > apart_ticks(events) || !is_same(events, &known->event, event)) {
            continue;
        }
        if (!nearest || apart < distance_of(nearest->event.tick, event->tick)) {
            nearest = known;
        }
    }
    return nearest;
}

static void confirm(struct sk_client_events *events, struct sk_view *view, uint32_t known_tick)
{
    uint32_t i = 0;
    while (i < view->events.count) {
        const struct sk_event *event = &view->events.events[i];
        struct sk_predicted_event *waiting =
            (int32_t)(event->tick - known_tick) > 0 ? find_waiting(events, event) : NULL;
        if (!waiting) {
            i++;
            continue;
        }
        waiting->outcome = SK_EVENT_CONFIRMED;
        memcpy(waiting->event.values, event->values, sizeof(event->values));
        events->confirmed_count++;
        sk_view_remove_event(view, i);
    }
}

/* Undoes what the authority has not had by now, forgets what nobody can emit again. */
static void settle(struct sk_client_events *events, struct sk_predicted_event *known,
                   uint32_t snapshot_tick)
{
    int32_t passed = (int32_t)(snapshot_tick - known->event.tick);
    if (passed < (int32_t)apart_ticks(events)) {
        return;
    }
    if (known->outcome == SK_EVENT_PREDICTED) {
        known->outcome = SK_EVENT_UNDONE;
        events->undone_count++;
    }
    /* What nobody took in a second was shown to nobody. */
    if (known->told == known->outcome || passed > (int32_t)events->plan->tick_hz) {
        *known = (struct sk_predicted_event){0};
    }
}

void sk_client_events_on_snapshot(struct sk_client_events *events, struct sk_view *view,
                                  uint32_t known_tick)
{
    SK_ASSERT(view->plan == events->plan);
    confirm(events, view, known_tick);
    for (uint32_t i = 0; i < SK_EVENTS_PREDICTED_MAX; i++) {
        if (events->events[i].event.tick != 0) {
            settle(events, &events->events[i], view->newest_tick);
        }
    }
}

void sk_client_events_on_dropped(struct sk_client_events *events, uint32_t tick, uint32_t ticks)
{
    for (uint32_t i = 0; i < SK_EVENTS_PREDICTED_MAX; i++) {
        struct sk_event *event = &events->events[i].event;
        if (event->tick > ticks && (int32_t)(event->tick - tick) > 0) {
            event->tick -= ticks;
        }
    }
}

/* --- telling ------------------------------------------------------------------------------- */

enum sk_event_told sk_client_events_take(struct sk_client_events *events, struct sk_event *event)
{
    struct sk_predicted_event *oldest = NULL;
    for (uint32_t i = 0; i < SK_EVENTS_PREDICTED_MAX; i++) {
        struct sk_predicted_event *known = &events->events[i];
        bool is_told = known->event.tick == 0 || known->told == known->outcome;
        if (!is_told && (!oldest || (int32_t)(known->event.tick - oldest->event.tick) < 0)) {
            oldest = known;
        }
    }
    if (!oldest) {
        return SK_EVENT_NONE;
    }
    /* What has an outcome already was not shown yet: that comes first. */
    bool is_shown = oldest->told != SK_EVENT_NONE;
    oldest->told = is_shown ? oldest->outcome : (uint8_t)SK_EVENT_PREDICTED;
    *event = oldest->event;
    events->taken_index = (uint32_t)(oldest - events->events);
    return (enum sk_event_told)oldest->told;
}
