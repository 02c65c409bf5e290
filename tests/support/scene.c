/* scene.c - see scene.h.  Invariant: values of dead slots are 0, as frames demand. */
#include "support/scene.h"

#include <stdlib.h>
#include <string.h>

enum { MEMBERS_OFFSET = sizeof(struct sk_entity), STRIDE_BYTES = 8 + 4 * SK_FIELDS_MAX };

uint32_t scene_draw(struct scene *scene, uint32_t below)
{
    scene->rng ^= scene->rng << 13;
    scene->rng ^= scene->rng >> 7;
    scene->rng ^= scene->rng << 17;
    return (uint32_t)(((scene->rng >> 32) * below) >> 32);
}

/* --- schemas ------------------------------------------------------------------------------- */

static struct sk_field make_field(uint32_t index, uint32_t bits)
{
    return (struct sk_field){
        .name = "field",
        .unit = "step",
        .max = (double)(((uint64_t)1 << bits) - 1),
        .offset = (uint16_t)(MEMBERS_OFFSET + 4 * index),
        .type = SK_U32,
        .bits = (uint8_t)bits,
        .predictor = (uint8_t)(index % 3 == 2 ? SK_TURN : index % 3),
    };
}

static struct sk_field make_exact(uint32_t index)
{
    struct sk_field field = make_field(index, 32);
    field.max = 0;
    field.predictor = SK_HOLD;
    field.flags = SK_EXACT;
    return field;
}

static void finish(struct scene *scene, uint16_t kind_count, uint16_t event_count)
{
    if (sk_schema_init(&scene->schema, scene->kinds, kind_count, scene->places) != SK_OK ||
        sk_schema_set_events(&scene->schema, scene->event_types, event_count) != SK_OK) {
        abort();
    }
}

static void add_kind(struct scene *scene, uint32_t kind, uint32_t fields, uint32_t capacity)
{
    scene->kinds[kind] =
        (struct sk_kind){"kind", scene->fields[kind], (uint16_t)fields, STRIDE_BYTES};
    scene->places[kind] = (struct sk_place){scene->world_bytes, capacity};
    scene->world_bytes += capacity * STRIDE_BYTES;
}

void scene_init(struct scene *scene, uint64_t seed, struct scene_limits limits)
{
    memset(scene, 0, sizeof(*scene));
    scene->rng = seed * 0x9e3779b97f4a7c15u + 1;
    uint32_t kinds = 1 + scene_draw(scene, limits.kinds);
    uint32_t event_count = scene_draw(scene, SK_EVENT_TYPES_MAX + 1);
    uint32_t quantised[SK_KINDS_MAX];
    for (uint32_t kind = 0; kind < kinds; kind++) {
        uint32_t fields = scene_draw(scene, limits.fields + 1);
        quantised[kind] = scene_draw(scene, fields + 1);
        for (uint32_t i = 0; i < fields; i++) {
            uint32_t bits = 1 + scene_draw(scene, 32);
            scene->fields[kind][i] = i < quantised[kind] ? make_field(i, bits) : make_exact(i);
        }
        add_kind(scene, kind, fields, 1 + scene_draw(scene, limits.capacity));
    }
    for (uint32_t i = 0; i < event_count; i++) {
        uint32_t rows = quantised[0] < SK_EVENT_FIELDS_MAX ? quantised[0] : SK_EVENT_FIELDS_MAX;
        scene->event_types[i] = (struct sk_event_type){
            "event", scene->fields[0], (uint16_t)scene_draw(scene, rows + 1), STRIDE_BYTES};
    }
    finish(scene, (uint16_t)kinds, (uint16_t)event_count);
}

void scene_init_exact(struct scene *scene, uint64_t seed, uint32_t fields, uint32_t capacity,
                      uint32_t bits)
{
    memset(scene, 0, sizeof(*scene));
    scene->rng = seed * 0x9e3779b97f4a7c15u + 1;
    for (uint32_t i = 0; i < fields; i++) {
        scene->fields[0][i] = make_field(i, bits);
    }
    add_kind(scene, 0, fields, capacity);
    finish(scene, 1, 0);
}

/* --- frames -------------------------------------------------------------------------------- */

struct sk_frame scene_new_frame(const struct scene *scene)
{
    struct sk_frame frame;
    struct sk_arena arena;
    size_t bytes = sk_frame_cost(&scene->schema);
    void *block = aligned_alloc(16, (bytes + 15) / 16 * 16);
    if (!block) {
        abort();
    }
    sk_arena_init(&arena, block, bytes);
    if (sk_frame_init(&frame, &scene->schema, &arena) != SK_OK) {
        abort();
    }
    return frame;
}

void scene_free_frame(struct sk_frame *frame)
{
    free(frame->values); /* the first piece of the block */
    memset(frame, 0, sizeof(*frame));
}

static uint32_t mask_of(const struct scene *scene, uint32_t kind, uint32_t row)
{
    uint32_t bits = scene->fields[kind][row - SK_ROWS_IMPLICIT].bits;
    return ~(uint32_t)0 >> (32 - bits);
}

static void draw_value(struct scene *scene, uint32_t *value, uint32_t kind, uint32_t row)
{
    if (row == SK_ROW_ID) {
        *value = scene_draw(scene, 1 << SK_ROW_ID_BITS);
    } else if (row == SK_ROW_OWNER) {
        *value = scene_draw(scene, SK_PLAYERS_MAX + 1);
    } else if (scene_draw(scene, 4) == 0) {
        *value = scene_draw(scene, ~(uint32_t)0) & mask_of(scene, kind, row);
    } else {
        *value = (*value + scene_draw(scene, 9) - 4) & mask_of(scene, kind, row);
    }
}

static void step_entity(struct scene *scene, uint32_t *values, uint32_t kind, bool is_new)
{
    uint32_t rows = scene->schema.row_counts[kind];
    for (uint32_t row = 0; row < rows; row++) {
        if (scene_draw(scene, 100) < (row < SK_ROWS_IMPLICIT && !is_new ? 5u : 60u)) {
            draw_value(scene, &values[row], kind, row);
        }
    }
}

static void step_slot(struct scene *scene, struct sk_frame *to, uint32_t kind, uint32_t slot)
{
    const struct sk_schema *schema = &scene->schema;
    uint32_t rows = schema->row_counts[kind];
    uint32_t *values = to->values + schema->value_starts[kind] + (size_t)slot * rows;
    uint64_t *alive = &to->alive[schema->alive_starts[kind] + slot / 64];
    uint64_t bit = (uint64_t)1 << (slot % 64);
    bool was_alive = (*alive & bit) != 0;
    if (was_alive && scene_draw(scene, 8) == 0) {
        *alive &= ~bit;
        memset(values, 0, rows * sizeof(values[0]));
        return;
    }
    *alive |= bit;
    step_entity(scene, values, kind, !was_alive);
}

void scene_step(struct scene *scene, const struct sk_frame *from, struct sk_frame *to,
                uint32_t chance)
{
    sk_frame_copy(to, from, &scene->schema);
    to->tick = from->tick + 1;
    for (uint32_t kind = 0; kind < scene->schema.kind_count; kind++) {
        for (uint32_t slot = 0; slot < scene->schema.places[kind].capacity; slot++) {
            if (scene_draw(scene, 100) < chance) {
                step_slot(scene, to, kind, slot);
            }
        }
    }
    to->hash = sk_frame_hash(to, &scene->schema);
}

static void draw_event(struct scene *scene, struct sk_event *event, uint32_t tick)
{
    *event = (struct sk_event){.tick = tick, .audience = SK_TO_ALL};
    event->type = (uint16_t)scene_draw(scene, scene->schema.event_count);
    const struct sk_event_type *type = &scene->event_types[event->type];
    for (uint32_t i = 0; i < type->field_count; i++) {
        event->values[i] = scene_draw(scene, ~(uint32_t)0) >> (32 - type->fields[i].bits);
    }
}

struct sk_event_list scene_draw_events(struct scene *scene, uint32_t tick, uint32_t age)
{
    uint32_t count = scene->schema.event_count == 0 ? 0 : scene_draw(scene, SCENE_EVENTS_MAX + 1);
    uint32_t at = tick > age ? tick - age : 1;
    for (uint32_t i = 0; i < count; i++) {
        at += at < tick ? scene_draw(scene, 2) : 0;
        draw_event(scene, &scene->events[i], at);
    }
    return (struct sk_event_list){scene->events, count};
}

bool scene_is_same(const struct scene *scene, const struct sk_frame *a, const struct sk_frame *b)
{
    const struct sk_schema *schema = &scene->schema;
    return a->hash == b->hash &&
           memcmp(a->values, b->values, schema->value_count * sizeof(uint32_t)) == 0 &&
           memcmp(a->alive, b->alive, schema->alive_words * sizeof(uint64_t)) == 0;
}
