/* client_guard.c - see client_guard.h. */
#include "client/client_guard.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/mem.h"

static bool is_bare(const struct sk_client_own *own, const struct sk_entity *entity)
{
    return entity->alive == 0 || entity->owner == own->player;
}

/* What is wrong with the change of an entity; NULL: nothing. */
static const char *find_wrong(const struct sk_client_own *own, uint32_t kind, uint32_t tick,
                              const struct sk_entity *before, const struct sk_entity *after)
{
    bool is_spawned = own->keys[kind] != NULL;
    if (!is_bare(own, before) || !is_bare(own, after) || !own->is_predicted[kind]) {
        return "predict() writes what is not its player's";
    }
    if (!is_spawned && (before->alive == 0 || after->alive == 0)) {
        return "predict() takes or frees a slot of a kind that has no key row";
    }
    if (is_spawned && before->alive == 0 && after->alive != 0 &&
        sk_client_own_key(own, kind, after) != (uint8_t)tick) {
        return "predict() spawns with a key that is not the low byte of the tick";
    }
    return NULL;
}

static const char *name_difference(const struct sk_kind *kind, const struct sk_entity *before,
                                   const struct sk_entity *after)
{
    for (uint32_t i = 0; i < kind->field_count; i++) {
        if (sk_exact(&kind->fields[i], before) != sk_exact(&kind->fields[i], after)) {
            return kind->fields[i].name;
        }
    }
    return NULL;
}

static bool check_kind(const struct sk_client_own *own, uint32_t kind, const void *before,
                       const void *after, struct sk_guard_fault *fault)
{
    const struct sk_kind *shape = &own->plan->schema.kinds[kind];
    uint32_t tick = ((const struct sk_world *)after)->tick;
    uint32_t spawn_count = 0;
    for (uint32_t slot = 0; slot < own->plan->schema.places[kind].capacity; slot++) {
        const struct sk_entity *was = sk_client_own_at(own, before, kind, slot);
        const struct sk_entity *is = sk_client_own_at(own, after, kind, slot);
        bool is_same = memcmp(was, is, shape->stride_bytes) == 0;
        const char *what = is_same ? NULL : find_wrong(own, kind, tick, was, is);
        spawn_count += own->keys[kind] && sk_client_own_is(own, is);
        bool is_excess = !is_same && spawn_count > SK_SPAWNS_MAX; /* not one that was told */
        what = is_excess ? "predict() spawns more than may be" : what;
        if (what) {
            *fault = (struct sk_guard_fault){what, shape->name, name_difference(shape, was, is),
                                             slot, tick};
            return false;
        }
    }
    return true;
}

static bool is_in_kind(const struct sk_schema *schema, uint32_t offset)
{
    for (uint32_t i = 0; i < schema->kind_count; i++) {
        const struct sk_place *place = &schema->places[i];
        uint32_t bytes = place->capacity * schema->kinds[i].stride_bytes;
        if (offset >= place->offset_bytes && offset - place->offset_bytes < bytes) {
            return true;
        }
    }
    return false;
}

/* But for the head's tick, which the host has set. */
static bool check_rest(const struct sk_client_own *own, const uint8_t *before, const uint8_t *after)
{
    uint32_t first = offsetof(struct sk_world, tick) + sizeof(uint32_t);
    for (uint32_t i = first; i < own->plan->world_bytes; i++) {
        if (before[i] != after[i] && !is_in_kind(&own->plan->schema, i)) {
            return false;
        }
    }
    return true;
}

struct sk_guard_fault sk_client_guard_check(const struct sk_client_own *own, const void *before,
                                            const void *after)
{
    struct sk_guard_fault fault = {0};
    for (uint32_t kind = 0; kind < own->plan->schema.kind_count; kind++) {
        if (!check_kind(own, kind, before, after, &fault)) {
            SK_ASSERT(fault.what != NULL);
            return fault;
        }
    }
    if (!check_rest(own, before, after)) {
        fault.what = "predict() writes outside of its kinds";
        fault.tick = ((const struct sk_world *)after)->tick;
    }
    return fault;
}
