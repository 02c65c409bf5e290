/* event_list.c - see event_list.h.  Invariant: ages never grow along a list. */
#include "state/event_list.h"

enum { COUNT_ORDER = 0, AGE_ORDER = 2 };

static uint32_t type_bits(const struct sk_schema *schema)
{
    return schema->event_count == 0 ? 0 : sk_bits_of(schema->event_count - 1u);
}

static void write_event(const struct sk_event *event, const struct sk_schema *schema, uint32_t age,
                        struct sk_bit_writer *writer)
{
    SK_ASSERT(event->type < schema->event_count);
    const struct sk_event_type *type = &schema->events[event->type];
    sk_bits_write(writer, event->type, type_bits(schema));
    sk_bits_write_number(writer, age, AGE_ORDER);
    for (uint32_t i = 0; i < type->field_count; i++) {
        sk_bits_write(writer, event->values[i], type->fields[i].bits);
    }
}

void sk_event_list_write(struct sk_event_list list, const struct sk_schema *schema, uint32_t tick,
                         struct sk_bit_writer *writer)
{
    uint32_t age_max = SK_EVENT_AGE_TICKS_MAX;
    SK_ASSERT(list.count <= SK_FRAME_EVENTS_MAX);
    sk_bits_write_number(writer, list.count, COUNT_ORDER);
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t age = tick - list.events[i].tick;
        SK_ASSERT(age <= age_max);
        write_event(&list.events[i], schema, age, writer);
        age_max = age;
    }
}

uint32_t sk_event_cost(const struct sk_schema *schema, const struct sk_event *event, uint32_t tick)
{
    SK_ASSERT(event->type < schema->event_count);
    const struct sk_event_type *type = &schema->events[event->type];
    uint32_t bits = type_bits(schema) + sk_bits_number_cost(tick - event->tick, AGE_ORDER);
    for (uint32_t i = 0; i < type->field_count; i++) {
        bits += type->fields[i].bits;
    }
    return bits;
}

static int read_event(struct sk_event *event, const struct sk_schema *schema, uint32_t tick,
                      struct sk_bit_reader *reader)
{
    event->type = (uint16_t)sk_bits_read(reader, type_bits(schema));
    uint32_t age = sk_bits_read_number(reader, AGE_ORDER);
    if (event->type >= schema->event_count || age > SK_EVENT_AGE_TICKS_MAX || age >= tick) {
        return SK_ERR_RANGE;
    }
    const struct sk_event_type *type = &schema->events[event->type];
    for (uint32_t i = 0; i < type->field_count; i++) {
        event->values[i] = sk_bits_read(reader, type->fields[i].bits);
    }
    event->tick = tick - age;
    return SK_OK;
}

static void append(struct sk_events *events, const struct sk_event *event)
{
    if (events->count < events->capacity) {
        events->events[events->count++] = *event;
    } else {
        events->dropped_count++;
    }
}

int sk_event_list_read(struct sk_events *events, const struct sk_schema *schema, uint32_t tick,
                       uint16_t audience, struct sk_bit_reader *reader)
{
    uint32_t count = sk_bits_read_number(reader, COUNT_ORDER);
    uint32_t tick_min = 0;
    if (count > SK_FRAME_EVENTS_MAX) {
        return SK_ERR_RANGE;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct sk_event event = {.audience = audience};
        int result = read_event(&event, schema, tick, reader);
        if (reader->is_short) {
            return SK_ERR_TRUNCATED;
        }
        if (result != SK_OK || event.tick < tick_min) {
            return SK_ERR_RANGE;
        }
        tick_min = event.tick;
        append(events, &event);
    }
    return reader->is_short ? SK_ERR_TRUNCATED : SK_OK;
}
