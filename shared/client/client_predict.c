/* client_predict.c - see client_predict.h.
 *
 * Invariants once a snapshot came: `world` is the newest snapshot moved on by the inputs of
 * snapshot_tick + 1 .. tick, of which each is in the ring; `before` is the same one tick earlier,
 * or as `world` when nothing was moved on.
 */
#include "client/client_predict.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"

enum { HALF_LIFE_US = 50000, REPEAT_MS_MAX = 250, SECOND_MS = 1000 };

size_t sk_client_predict_cost(const struct sk_plan *plan)
{
    return 2 * sk_arena_cost(plan->world_bytes);
}

int sk_client_predict_init(struct sk_client_predict *predict, const struct sk_plan *plan,
                           const void *content, uint32_t player, struct sk_arena *arena)
{
    SK_ASSERT(player < plan->players_max);
    *predict = (struct sk_client_predict){.plan = plan, .content = content, .player = player};
    sk_client_events_init(&predict->events, plan, player);
    predict->world = sk_arena_take(arena, plan->world_bytes);
    predict->before = sk_arena_take(arena, plan->world_bytes);
    return predict->world && predict->before ? SK_OK : SK_ERR_MEMORY;
}

/* --- own entities -------------------------------------------------------------------------- */

static const struct sk_entity *entity_of(const struct sk_client_predict *predict, const void *world,
                                         uint32_t kind, uint32_t slot)
{
    const struct sk_schema *schema = &predict->plan->schema;
    const uint8_t *first = (const uint8_t *)world + schema->places[kind].offset_bytes;
    return (const void *)(first + (size_t)slot * schema->kinds[kind].stride_bytes);
}

static bool is_own(const struct sk_client_predict *predict, const struct sk_entity *entity)
{
    return entity->alive != 0 && entity->owner == predict->player;
}

static uint16_t id_of(const struct sk_entity *entity)
{
    return (uint16_t)(entity->generation << 8 | entity->jump);
}

/* Does the owner get entities of this kind exactly?  Then predict() may move them, else not. */
static bool is_exact_kind(const struct sk_client_predict *predict, uint32_t kind)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[kind];
    return shape->field_count > 0 && (shape->fields[shape->field_count - 1].flags & SK_EXACT) != 0;
}

bool sk_client_predict_covers(const struct sk_client_predict *predict, uint32_t kind,
                              uint32_t owner)
{
    return owner == predict->player && is_exact_kind(predict, kind);
}

/* Goes on to the next own entity that is predicted, after (*kind, *slot); begins with *slot
 * UINT32_MAX of kind 0. */
static const struct sk_entity *next_own(const struct sk_client_predict *predict, const void *world,
                                        uint32_t *kind, uint32_t *slot)
{
    const struct sk_schema *schema = &predict->plan->schema;
    for (; *kind < schema->kind_count; (*kind)++, *slot = UINT32_MAX) {
        while (is_exact_kind(predict, *kind) && ++*slot < schema->places[*kind].capacity) {
            const struct sk_entity *entity = entity_of(predict, world, *kind, *slot);
            if (is_own(predict, entity)) {
                return entity;
            }
        }
    }
    return NULL;
}

/* Over what the snapshot has of the own entities exactly. */
static uint64_t hash_own(const struct sk_client_predict *predict, const void *world)
{
    uint64_t hash = predict->player;
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    const struct sk_entity *entity;
    while ((entity = next_own(predict, world, &kind, &slot)) != NULL) {
        const struct sk_kind *shape = &predict->plan->schema.kinds[kind];
        hash = sk_mix(hash ^ ((uint64_t)kind << 48 | (uint64_t)slot << 16 | id_of(entity)));
        for (uint32_t i = 0; i < shape->field_count; i++) {
            if (shape->fields[i].flags & SK_EXACT) {
                hash = sk_mix(hash ^ sk_exact(&shape->fields[i], entity));
            }
        }
    }
    return hash;
}

/* --- stepping ------------------------------------------------------------------------------ */

static uint32_t ticks_of_ms(const struct sk_client_predict *predict, uint32_t ms)
{
    return ms * predict->plan->tick_hz / SECOND_MS;
}

static void step(struct sk_client_predict *predict)
{
    struct sk_event emitted[SK_PREDICT_EVENTS];
    struct sk_events sink = {
        .events = emitted, .capacity = SK_PREDICT_EVENTS, .schema = &predict->plan->schema};
    uint32_t slot = ++predict->tick % SK_PREDICT_INPUTS;
    sk_world_predict(predict->plan, predict->world, predict->content, predict->player,
                     &predict->inputs[slot], &sink);
    sk_client_events_on_predicted(&predict->events, &sink);
    predict->own_hashes[slot] = hash_own(predict, predict->world);
    predict->hash_ticks[slot] = predict->tick;
}

/* Moves on to the newest input, or as far ahead of the snapshot as may be. */
static void step_on(struct sk_client_predict *predict)
{
    uint32_t most = predict->snapshot_tick + ticks_of_ms(predict, SK_PREDICT_MS_MAX);
    uint32_t end = (int32_t)(predict->input_tick - most) > 0 ? most : predict->input_tick;
    while ((int32_t)(end - predict->tick) > 0) {
        if (end - predict->tick == 1) {
            memcpy(predict->before, predict->world, predict->plan->world_bytes);
        }
        step(predict);
    }
}

/* For ticks that no input was made for: the server repeats the last, then has none. */
static void fill_gap(struct sk_client_predict *predict, uint32_t tick)
{
    struct sk_input held = predict->inputs[predict->input_tick % SK_PREDICT_INPUTS];
    uint32_t repeats = ticks_of_ms(predict, REPEAT_MS_MAX);
    uint32_t missing = tick - predict->input_tick - 1;
    for (uint32_t i = 0; i < missing && i < SK_PREDICT_INPUTS; i++) {
        uint32_t at = tick - missing + i;
        predict->inputs[at % SK_PREDICT_INPUTS] = i < repeats ? held : (struct sk_input){0};
    }
}

void sk_client_predict_on_input(struct sk_client_predict *predict, uint32_t tick,
                                const struct sk_input *input)
{
    if (predict->input_tick != 0) {
        SK_ASSERT((int32_t)(tick - predict->input_tick) > 0);
        fill_gap(predict, tick);
    }
    predict->inputs[tick % SK_PREDICT_INPUTS] = *input;
    predict->input_tick = tick;
    if (predict->tick != 0) {
        step_on(predict);
    }
}

void sk_client_predict_on_dropped(struct sk_client_predict *predict, uint32_t ticks)
{
    /* from the oldest that has a place on: each goes where one was that is moved already */
    for (uint32_t i = ticks; i < SK_PREDICT_INPUTS; i++) {
        uint32_t tick = predict->input_tick - SK_PREDICT_INPUTS + 1 + i;
        predict->inputs[(tick - ticks) % SK_PREDICT_INPUTS] =
            predict->inputs[tick % SK_PREDICT_INPUTS];
    }
    if (ticks >= SK_PREDICT_INPUTS) {
        memset(predict->inputs, 0, sizeof(predict->inputs));
    }
    predict->input_tick -= predict->input_tick == 0 ? 0 : ticks;
    sk_client_events_on_dropped(&predict->events, predict->snapshot_tick, ticks);
    memset(predict->hash_ticks, 0, sizeof(predict->hash_ticks));
}

bool sk_client_predict_is_held(const struct sk_client_predict *predict)
{
    return predict->tick != 0 && (int32_t)(predict->input_tick - predict->tick) > 0;
}

/* --- what is drawn ------------------------------------------------------------------------- */

static double wrap(const struct sk_field *field, double distance)
{
    double range = field->max - field->min;
    distance = distance > range / 2 ? distance - range : distance;
    return distance < -range / 2 ? distance + range : distance;
}

/* From one value of a row to another, the shortest way. */
static double distance_of(const struct sk_field *field, double from, double to)
{
    return field->predictor == SK_TURN ? wrap(field, to - from) : to - from;
}

static double normal_of(const struct sk_field *field, double value)
{
    double range = field->max - field->min;
    if (field->predictor != SK_TURN) {
        return value;
    }
    return value < field->min ? value + range : value >= field->max ? value - range : value;
}

static struct sk_predict_offset *find_offset(struct sk_client_predict *predict, uint32_t kind,
                                             uint32_t slot, uint16_t entity_id)
{
    for (uint32_t i = 0; i < SK_PREDICT_OWN_MAX; i++) {
        struct sk_predict_offset *offset = &predict->offsets[i];
        if (offset->is_used && offset->kind == kind && offset->slot == slot &&
            offset->entity_id == entity_id) {
            return offset;
        }
    }
    return NULL;
}

/* Half of it is gone after each HALF_LIFE_US: linear within one, which nobody can tell. */
static void decay(struct sk_client_predict *predict, uint64_t now_us)
{
    uint64_t passed_us = now_us > predict->offset_us ? now_us - predict->offset_us : 0;
    double factor = 1;
    predict->offset_us += passed_us;
    for (; passed_us >= HALF_LIFE_US && factor > 1e-6; passed_us -= HALF_LIFE_US) {
        factor /= 2;
    }
    factor *= 1 - 0.5 * (double)(passed_us % HALF_LIFE_US) / HALF_LIFE_US;
    for (uint32_t i = 0; i < SK_PREDICT_OWN_MAX; i++) {
        for (uint32_t row = 0; predict->offsets[i].is_used && row < SK_FIELDS_MAX; row++) {
            predict->offsets[i].rows[row] *= factor;
        }
    }
}

static uint32_t rows_of(const struct sk_client_predict *predict, uint32_t kind)
{
    return predict->plan->schema.row_counts[kind] - SK_ROWS_IMPLICIT;
}

/* The rows of an own entity between two ticks, without its offset. */
static void values_between(const struct sk_client_predict *predict, uint32_t kind, uint32_t slot,
                           double share, double *values)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[kind];
    const struct sk_entity *now = entity_of(predict, predict->world, kind, slot);
    const struct sk_entity *before = entity_of(predict, predict->before, kind, slot);
    bool is_same = is_own(predict, before) && id_of(before) == id_of(now);
    for (uint32_t i = 0; i < rows_of(predict, kind); i++) {
        const struct sk_field *field = &shape->fields[i];
        values[i] = sk_member(field, now);
        if (is_same && field->predictor != SK_HOLD) {
            double from = sk_member(field, before);
            values[i] = normal_of(field, from + distance_of(field, from, values[i]) * share);
        }
    }
}

static void add_offset(struct sk_client_predict *predict, uint32_t kind, uint32_t slot,
                       double *values)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[kind];
    const struct sk_entity *now = entity_of(predict, predict->world, kind, slot);
    const struct sk_predict_offset *offset = find_offset(predict, kind, slot, id_of(now));
    for (uint32_t i = 0; offset && i < rows_of(predict, kind); i++) {
        values[i] = normal_of(&shape->fields[i], values[i] + offset->rows[i]);
    }
}

void sk_client_predict_draw(struct sk_client_predict *predict, uint8_t fraction, uint64_t now_us,
                            sk_draw_fn draw, void *context)
{
    double values[SK_FIELDS_MAX];
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    decay(predict, now_us);
    while (predict->tick != 0 && next_own(predict, predict->world, &kind, &slot) != NULL) {
        values_between(predict, kind, slot, fraction / 256.0, values);
        add_offset(predict, kind, slot, values);
        draw(context, kind, slot, predict->player, values);
    }
}

/* --- snapshots ----------------------------------------------------------------------------- */

/* An entity as it was drawn at the newest tick before a correction. */
struct drawn {
    uint32_t kind;
    uint32_t slot;
    uint16_t entity_id;
    double values[SK_FIELDS_MAX];
};

static uint32_t note_drawn(struct sk_client_predict *predict, struct drawn *drawn)
{
    uint32_t count = 0;
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    const struct sk_entity *entity;
    while (predict->tick != 0 && count < SK_PREDICT_OWN_MAX &&
           (entity = next_own(predict, predict->world, &kind, &slot)) != NULL) {
        struct drawn *one = &drawn[count++];
        *one = (struct drawn){.kind = kind, .slot = slot, .entity_id = id_of(entity)};
        values_between(predict, kind, slot, 1, one->values);
        add_offset(predict, kind, slot, one->values);
    }
    return count;
}

/* What is drawn goes on from where it was. */
static void set_offset(struct sk_client_predict *predict, struct sk_predict_offset *offset,
                       const struct drawn *drawn)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[drawn->kind];
    const struct sk_entity *now = entity_of(predict, predict->world, drawn->kind, drawn->slot);
    *offset = (struct sk_predict_offset){0};
    if (!is_own(predict, now) || id_of(now) != drawn->entity_id) {
        return; /* gone, or put elsewhere */
    }
    *offset = (struct sk_predict_offset){.kind = (uint16_t)drawn->kind,
                                         .slot = (uint16_t)drawn->slot,
                                         .entity_id = drawn->entity_id,
                                         .is_used = true};
    for (uint32_t i = 0; i < rows_of(predict, drawn->kind); i++) {
        const struct sk_field *field = &shape->fields[i];
        if (field->predictor != SK_HOLD) {
            offset->rows[i] = distance_of(field, sk_member(field, now), drawn->values[i]);
        }
    }
}

/* Was the snapshot's tick as predicted? */
static void judge(struct sk_client_predict *predict, const struct sk_view *view)
{
    uint32_t slot = view->newest_tick % SK_PREDICT_INPUTS;
    if (predict->hash_ticks[slot] != view->newest_tick) {
        return; /* not predicted */
    }
    bool is_equal = predict->own_hashes[slot] == hash_own(predict, view->world);
    predict->counts.matched += is_equal;
    predict->counts.late += !is_equal && view->own.repeated != 0;
    predict->counts.corrected += !is_equal && view->own.repeated == 0;
}

void sk_client_predict_on_snapshot(struct sk_client_predict *predict, struct sk_view *view,
                                   uint64_t now_us)
{
    struct drawn drawn[SK_PREDICT_OWN_MAX];
    SK_ASSERT(view->plan == predict->plan);
    decay(predict, now_us);
    judge(predict, view);
    sk_client_events_on_snapshot(&predict->events, view, predict->snapshot_tick);
    uint32_t count = note_drawn(predict, drawn);
    memcpy(predict->world, view->world, predict->plan->world_bytes);
    memcpy(predict->before, view->world, predict->plan->world_bytes);
    predict->tick = view->newest_tick;
    predict->snapshot_tick = view->newest_tick;
    if (predict->input_tick != 0) {
        step_on(predict);
    }
    for (uint32_t i = 0; i < SK_PREDICT_OWN_MAX; i++) {
        predict->offsets[i].is_used = false;
    }
    for (uint32_t i = 0; i < count; i++) {
        set_offset(predict, &predict->offsets[i], &drawn[i]);
    }
}
