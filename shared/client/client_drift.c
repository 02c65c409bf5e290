/* client_drift.c - see client_drift.h. */
#include "client/client_drift.h"

#include "base/assert.h"

/* What differs of some entities. */
struct difference {
    bool is_touched;
    struct sk_drift_place place; /* its field NULL: nothing that only the player's input changes */
};

static bool is_same_life(const struct sk_entity *a, const struct sk_entity *b, bool is_spawned)
{
    return (is_spawned || a->generation == b->generation) && a->jump == b->jump;
}

static void compare_rows(struct difference *difference, const struct sk_kind *kind,
                         const struct sk_entity *predicted, const struct sk_entity *told)
{
    for (uint32_t i = 0; i < kind->field_count; i++) {
        const struct sk_field *field = &kind->fields[i];
        if (!(field->flags & SK_EXACT) || sk_exact(field, predicted) == sk_exact(field, told)) {
            continue;
        }
        if (field->flags & SK_SHARED) {
            difference->is_touched = true;
        } else if (!difference->place.field) {
            difference->place.field = field;
            difference->place.predicted = sk_member(field, predicted);
            difference->place.told = sk_member(field, told);
        }
    }
}

/* The entity of the other world that this one is; NULL: none. */
static const struct sk_entity *find_same(const struct sk_client_own *own, const void *world,
                                         uint32_t kind, uint32_t slot,
                                         const struct sk_entity *entity)
{
    bool is_spawned = own->keys[kind] != NULL;
    const struct sk_entity *other =
        is_spawned ? sk_client_own_find(own, world, kind, sk_client_own_key(own, kind, entity))
                   : sk_client_own_at(own, world, kind, slot);
    bool is_same = other && sk_client_own_is(own, other) && is_same_life(entity, other, is_spawned);
    return is_same ? other : NULL;
}

static uint32_t count_own(const struct sk_client_own *own, const void *world)
{
    uint32_t count = 0;
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    while (sk_client_own_next(own, world, &kind, &slot) != NULL) {
        count++;
    }
    return count;
}

static struct difference compare(const struct sk_client_own *own, const void *predicted,
                                 const void *told)
{
    struct difference difference = {0};
    const struct sk_schema *schema = &own->plan->schema;
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    const struct sk_entity *entity;
    difference.is_touched = count_own(own, predicted) != count_own(own, told);
    while ((entity = sk_client_own_next(own, told, &kind, &slot)) != NULL) {
        const struct sk_entity *same = find_same(own, predicted, kind, slot, entity);
        bool had_place = difference.place.field != NULL;
        if (!same) {
            difference.is_touched = true;
            continue;
        }
        compare_rows(&difference, &schema->kinds[kind], same, entity);
        if (difference.place.field && !had_place) {
            difference.place.kind = (uint16_t)kind;
            difference.place.slot = (uint16_t)slot;
        }
    }
    difference.place.tick = ((const struct sk_world *)told)->tick;
    return difference;
}

enum sk_drift sk_client_drift_judge(struct sk_client_drift *drift, const struct sk_client_own *own,
                                    const void *predicted, const void *told, bool is_late)
{
    struct difference difference = compare(own, predicted, told);
    if (!difference.is_touched && !difference.place.field) {
        drift->counts.matched++;
        return SK_DRIFT_MATCHED;
    }
    if (is_late) {
        drift->counts.late++;
        return SK_DRIFT_LATE;
    }
    if (difference.is_touched) {
        drift->counts.touched++;
        return SK_DRIFT_TOUCHED;
    }
    drift->counts.diverging++;
    drift->newest = difference.place;
    return SK_DRIFT_DIVERGING;
}
