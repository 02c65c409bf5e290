/* client_predict.c - see client_predict.h.
 *
 * Invariants once a snapshot came: `base` is the newest snapshot; `world` is it moved on by the
 * inputs of snapshot_tick + 1 .. tick, of which each is in the ring; `before` is the same one tick
 * earlier, or as `world` when nothing was moved on.  `spare` holds nothing between calls.
 */
#include "client/client_predict.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sim/rewind.h"

enum { HALF_LIFE_US = 50000, REPEAT_MS_MAX = 250, SECOND_MS = 1000, TOLD_TICKS = 16 };

#ifdef SK_SLOW_ASSERTS
static const bool guards_by_default = true;
#else
static const bool guards_by_default = false;
#endif

size_t sk_client_predict_cost(const struct sk_plan *plan)
{
    return 4 * sk_arena_cost(plan->world_bytes) + sk_client_spawns_cost(plan);
}

int sk_client_predict_init(struct sk_client_predict *predict, const struct sk_plan *plan,
                           const void *content, uint32_t player, struct sk_arena *arena)
{
    *predict = (struct sk_client_predict){
        .plan = plan, .content = content, .player = player, .is_guarded = guards_by_default};
    sk_client_own_init(&predict->own, plan, player);
    sk_client_events_init(&predict->events, plan, player);
    predict->world = sk_arena_take(arena, plan->world_bytes);
    predict->before = sk_arena_take(arena, plan->world_bytes);
    predict->base = sk_arena_take(arena, plan->world_bytes);
    predict->spare = sk_arena_take(arena, plan->world_bytes);
    if (!predict->world || !predict->before || !predict->base || !predict->spare) {
        return SK_ERR_MEMORY;
    }
    memset(predict->base, 0, plan->world_bytes);
    return sk_client_spawns_init(&predict->spawns, &predict->own, arena);
}

bool sk_client_predict_covers(const struct sk_client_predict *predict, uint32_t kind,
                              uint32_t owner)
{
    return owner == predict->player && predict->own.is_predicted[kind];
}

/* --- stepping ------------------------------------------------------------------------------ */

static uint32_t ticks_of_ms(const struct sk_client_predict *predict, uint32_t ms)
{
    return ms * predict->plan->tick_hz / SECOND_MS;
}

static void step_world(const struct sk_client_predict *predict, void *world, uint32_t tick,
                       struct sk_events *sink)
{
    sk_world_predict(predict->plan, world, predict->content, predict->player,
                     &predict->inputs[tick % SK_PREDICT_INPUTS], sink);
    SK_ASSERT(((const struct sk_world *)world)->tick == tick);
}

/* How old what the player saw was when the newest tick's input was made. */
static uint32_t age_of_input(const struct sk_client_predict *predict)
{
    return sk_rewind_age(&predict->inputs[predict->tick % SK_PREDICT_INPUTS], predict->tick);
}

static void step(struct sk_client_predict *predict)
{
    struct sk_event emitted[SK_PREDICT_EVENTS];
    struct sk_events sink = {
        .events = emitted, .capacity = SK_PREDICT_EVENTS, .schema = &predict->plan->schema};
    if (predict->is_guarded) {
        memcpy(predict->spare, predict->world, predict->plan->world_bytes);
    }
    step_world(predict, predict->world, ++predict->tick, &sink);
    sk_client_spawns_on_step(&predict->spawns, predict->world, predict->tick,
                             age_of_input(predict));
    if (predict->is_guarded && !predict->fault.what) {
        predict->fault = sk_client_guard_check(&predict->own, predict->spare, predict->world);
    }
    sk_client_events_on_predicted(&predict->events, &sink);
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
    sk_client_spawns_on_predicted(&predict->spawns, predict->tick);
}

/* For ticks that no input was made for: the server repeats the last, but for what was pressed, and
 * then has none. */
static void fill_gap(struct sk_client_predict *predict, uint32_t tick)
{
    struct sk_input held = predict->inputs[predict->input_tick % SK_PREDICT_INPUTS];
    uint32_t repeats = ticks_of_ms(predict, REPEAT_MS_MAX);
    uint32_t missing = tick - predict->input_tick - 1;
    held.buttons &= ~predict->plan->game->press_buttons;
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
    predict->is_restamped = true;
    sk_client_events_on_dropped(&predict->events, predict->snapshot_tick, ticks);
    sk_client_spawns_on_dropped(&predict->spawns, predict->snapshot_tick, ticks);
}

bool sk_client_predict_is_held(const struct sk_client_predict *predict)
{
    return predict->tick != 0 && (int32_t)(predict->input_tick - predict->tick) > 0;
}

const struct sk_entity *sk_client_predict_entity(const struct sk_client_predict *predict,
                                                 uint32_t kind, uint32_t slot)
{
    return slot < predict->plan->schema.places[kind].capacity
               ? sk_client_own_at(&predict->own, predict->world, kind, slot)
               : sk_client_spawns_of(&predict->spawns, kind, slot);
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

/* One life of an entity, as it is drawn. */
struct identity {
    uint32_t kind;
    uint32_t slot;
    uint16_t life; /* generation and jump */
};

static uint16_t id_of(const struct sk_entity *entity)
{
    return (uint16_t)(entity->generation << 8 | entity->jump);
}

/* Goes on to the next own entity that is drawn in its slot: what was spawned has its own drawing.
 * As sk_client_own_next(). */
static const struct sk_entity *next_drawn(const struct sk_client_predict *predict,
                                          struct identity *identity)
{
    const struct sk_entity *entity;
    do {
        entity =
            sk_client_own_next(&predict->own, predict->world, &identity->kind, &identity->slot);
    } while (entity && predict->own.keys[identity->kind]);
    identity->life = entity ? id_of(entity) : 0;
    return entity;
}

static struct sk_predict_offset *find_offset(struct sk_client_predict *predict,
                                             const struct identity *identity)
{
    for (uint32_t i = 0; i < SK_PREDICT_OWN_MAX; i++) {
        struct sk_predict_offset *offset = &predict->offsets[i];
        if (offset->is_used && offset->kind == identity->kind && offset->slot == identity->slot &&
            offset->life == identity->life) {
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

/* The rows of an entity, `share` of the way from one tick's to another's. */
static void values_on_way(const struct sk_client_predict *predict, uint32_t kind,
                          const struct sk_spawn_way *way, double *values)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[kind];
    for (uint32_t i = 0; i < rows_of(predict, kind); i++) {
        const struct sk_field *field = &shape->fields[i];
        values[i] = sk_member(field, way->to);
        if (way->from != way->to && field->predictor != SK_HOLD) {
            double from = sk_member(field, way->from);
            values[i] = normal_of(field, from + distance_of(field, from, values[i]) * way->share);
        }
    }
}

/* The rows of an own entity between two ticks, without its offset. */
static void values_between(const struct sk_client_predict *predict, const struct identity *identity,
                           double share, double *values)
{
    uint32_t kind = identity->kind;
    uint32_t slot = identity->slot;
    const struct sk_entity *now = sk_client_own_at(&predict->own, predict->world, kind, slot);
    const struct sk_entity *before = sk_client_own_at(&predict->own, predict->before, kind, slot);
    bool is_same = sk_client_own_is(&predict->own, before) && id_of(before) == id_of(now);
    struct sk_spawn_way way = {is_same ? before : now, now, share};
    values_on_way(predict, kind, &way, values);
}

static void add_offset(struct sk_client_predict *predict, const struct identity *identity,
                       double *values)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[identity->kind];
    const struct sk_predict_offset *offset = find_offset(predict, identity);
    for (uint32_t i = 0; offset && i < rows_of(predict, identity->kind); i++) {
        values[i] = normal_of(&shape->fields[i], values[i] + offset->rows[i]);
    }
}

static void draw_spawns(struct sk_client_predict *predict, const struct sk_predict_moment *moment,
                        sk_draw_fn draw, void *context)
{
    double values[SK_FIELDS_MAX];
    struct sk_spawn_way way;
    uint64_t now = (uint64_t)(predict->tick - 1) * SK_FRACTION_ONE + moment->fraction;
    struct sk_spawn_moment spawned = {.now = now, .others = moment->others};
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        if (sk_client_spawns_draw(&predict->spawns, i, &spawned, &way)) {
            uint32_t kind = predict->spawns.spawns[i].kind;
            values_on_way(predict, kind, &way, values);
            draw(context, kind, sk_client_spawns_id(&predict->spawns, i), predict->player, values);
        }
    }
}

void sk_client_predict_draw(struct sk_client_predict *predict,
                            const struct sk_predict_moment *moment, sk_draw_fn draw, void *context)
{
    double values[SK_FIELDS_MAX];
    struct identity identity = {.slot = UINT32_MAX};
    decay(predict, moment->now_us);
    if (predict->tick == 0) {
        return;
    }
    while (next_drawn(predict, &identity)) {
        values_between(predict, &identity, moment->fraction / (double)SK_FRACTION_ONE, values);
        add_offset(predict, &identity, values);
        draw(context, identity.kind, identity.slot, predict->player, values);
    }
    draw_spawns(predict, moment, draw, context);
}

/* --- snapshots ----------------------------------------------------------------------------- */

/* An entity as it was drawn at the newest tick before a correction. */
struct drawn {
    struct identity identity;
    double values[SK_FIELDS_MAX];
};

static uint32_t note_drawn(struct sk_client_predict *predict, struct drawn *drawn)
{
    uint32_t count = 0;
    struct identity identity = {.slot = UINT32_MAX};
    while (predict->tick != 0 && count < SK_PREDICT_OWN_MAX && next_drawn(predict, &identity)) {
        struct drawn *one = &drawn[count++];
        one->identity = identity;
        values_between(predict, &identity, 1, one->values);
        add_offset(predict, &identity, one->values);
    }
    return count;
}

/* The entity that is the same life as one that was drawn; NULL: it is gone, or put elsewhere. */
static const struct sk_entity *find_drawn(const struct sk_client_predict *predict,
                                          const struct identity *drawn)
{
    const struct sk_entity *now =
        sk_client_own_at(&predict->own, predict->world, drawn->kind, drawn->slot);
    return sk_client_own_is(&predict->own, now) && id_of(now) == drawn->life ? now : NULL;
}

/* What is drawn goes on from where it was. */
static void set_offset(struct sk_client_predict *predict, struct sk_predict_offset *offset,
                       const struct drawn *drawn)
{
    const struct identity *identity = &drawn->identity;
    const struct sk_kind *shape = &predict->plan->schema.kinds[identity->kind];
    const struct sk_entity *now = find_drawn(predict, identity);
    *offset = (struct sk_predict_offset){0};
    if (!now) {
        return;
    }
    *offset = (struct sk_predict_offset){.kind = (uint16_t)identity->kind,
                                         .slot = (uint16_t)identity->slot,
                                         .life = identity->life,
                                         .is_used = true};
    for (uint32_t i = 0; i < rows_of(predict, identity->kind); i++) {
        const struct sk_field *field = &shape->fields[i];
        if (field->predictor != SK_HOLD) {
            offset->rows[i] = distance_of(field, sk_member(field, now), drawn->values[i]);
        }
    }
}

/* Of one entity, as sk_client_predict_offset(). */
static double offset_of(const struct sk_client_predict *predict,
                        const struct sk_predict_offset *offset)
{
    const struct sk_kind *shape = &predict->plan->schema.kinds[offset->kind];
    double most = 0;
    for (uint32_t i = 0; offset->is_used && i < rows_of(predict, offset->kind); i++) {
        const struct sk_field *field = &shape->fields[i];
        double part = offset->rows[i] / (field->max - field->min);
        part = part < 0 ? -part : part;
        most = part > most ? part : most;
    }
    return most;
}

double sk_client_predict_offset(const struct sk_client_predict *predict)
{
    double most = 0;
    for (uint32_t i = 0; i < SK_PREDICT_OWN_MAX; i++) {
        double part = offset_of(predict, &predict->offsets[i]);
        most = part > most ? part : most;
    }
    return most;
}

/* Since the snapshot before, has the server used an input that is not ours, or can it not say? */
static bool is_late(const struct sk_client_predict *predict, const struct sk_view *view)
{
    uint32_t ticks = view->newest_tick - predict->snapshot_tick;
    uint32_t mask = ((uint32_t)1 << (ticks < TOLD_TICKS ? ticks : TOLD_TICKS)) - 1;
    return ticks > TOLD_TICKS || (view->own.repeated & mask) != 0;
}

/* Was the snapshot's tick as it was predicted, from the snapshot before? */
static void judge(struct sk_client_predict *predict, const struct sk_view *view)
{
    struct sk_events unheard = {.schema = &predict->plan->schema};
    bool is_predicted = (int32_t)(predict->tick - view->newest_tick) >= 0;
    if (predict->snapshot_tick == 0 || !is_predicted || predict->is_restamped) {
        return;
    }
    memcpy(predict->spare, predict->base, predict->plan->world_bytes);
    for (uint32_t tick = predict->snapshot_tick; tick != view->newest_tick;) {
        step_world(predict, predict->spare, ++tick, &unheard);
    }
    predict->newest_verdict = sk_client_drift_judge(&predict->drift, &predict->own, predict->spare,
                                                    view->world, is_late(predict, view));
}

/* Makes the snapshot what is predicted from. */
static void rebase(struct sk_client_predict *predict, const struct sk_view *view)
{
    const struct sk_game *game = predict->plan->game;
    void *older = predict->base;
    memcpy(predict->spare, view->world, predict->plan->world_bytes);
    if (game->infer) {
        game->infer(predict->spare, older, predict->player);
    }
    predict->base = predict->spare;
    predict->spare = older;
    memcpy(predict->world, predict->base, predict->plan->world_bytes);
    memcpy(predict->before, predict->base, predict->plan->world_bytes);
    predict->tick = view->newest_tick;
    predict->snapshot_tick = view->newest_tick;
    predict->is_restamped = false;
}

void sk_client_predict_on_snapshot(struct sk_client_predict *predict, struct sk_view *view,
                                   uint64_t now_us)
{
    struct drawn drawn[SK_PREDICT_OWN_MAX];
    SK_ASSERT(view->plan == predict->plan);
    SK_ASSERT(((const struct sk_world *)view->world)->tick == view->newest_tick);
    decay(predict, now_us);
    judge(predict, view);
    sk_client_events_on_snapshot(&predict->events, view, predict->snapshot_tick);
    sk_client_spawns_on_snapshot(&predict->spawns, view->world, view->newest_tick);
    uint32_t count = note_drawn(predict, drawn);
    rebase(predict, view);
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
