/* client_own.c - see client_own.h. */
#include "client/client_own.h"

#include "base/assert.h"

static const struct sk_field *find_key(const struct sk_kind *kind)
{
    for (uint32_t i = 0; i < kind->field_count; i++) {
        uint8_t flags = kind->fields[i].flags;
        if ((flags & SK_EXACT) != 0 && (flags & SK_KEY) != 0) {
            return &kind->fields[i];
        }
    }
    return NULL;
}

void sk_client_own_init(struct sk_client_own *own, const struct sk_plan *plan, uint32_t player)
{
    SK_ASSERT(player < plan->players_max);
    *own = (struct sk_client_own){.plan = plan, .player = player};
    for (uint32_t i = 0; i < plan->schema.kind_count; i++) {
        const struct sk_kind *kind = &plan->schema.kinds[i];
        uint32_t quantised_count = plan->schema.row_counts[i] - SK_ROWS_IMPLICIT;
        own->is_predicted[i] = quantised_count < kind->field_count;
        own->keys[i] = find_key(kind);
    }
}

const struct sk_entity *sk_client_own_at(const struct sk_client_own *own, const void *world,
                                         uint32_t kind, uint32_t slot)
{
    const struct sk_schema *schema = &own->plan->schema;
    const uint8_t *first = (const uint8_t *)world + schema->places[kind].offset_bytes;
    SK_ASSERT_SLOW(slot < schema->places[kind].capacity);
    return (const void *)(first + (size_t)slot * schema->kinds[kind].stride_bytes);
}

bool sk_client_own_is(const struct sk_client_own *own, const struct sk_entity *entity)
{
    return entity->alive != 0 && entity->owner == own->player;
}

const struct sk_entity *sk_client_own_next(const struct sk_client_own *own, const void *world,
                                           uint32_t *kind, uint32_t *slot)
{
    const struct sk_schema *schema = &own->plan->schema;
    for (; *kind < schema->kind_count; (*kind)++, *slot = UINT32_MAX) {
        while (own->is_predicted[*kind] && ++*slot < schema->places[*kind].capacity) {
            const struct sk_entity *entity = sk_client_own_at(own, world, *kind, *slot);
            if (sk_client_own_is(own, entity)) {
                return entity;
            }
        }
    }
    return NULL;
}

uint8_t sk_client_own_key(const struct sk_client_own *own, uint32_t kind,
                          const struct sk_entity *entity)
{
    SK_ASSERT(own->keys[kind] != NULL);
    return (uint8_t)sk_exact(own->keys[kind], entity);
}

const struct sk_entity *sk_client_own_find(const struct sk_client_own *own, const void *world,
                                           uint32_t kind, uint8_t key)
{
    uint32_t capacity = own->plan->schema.places[kind].capacity;
    for (uint32_t slot = 0; slot < capacity; slot++) {
        const struct sk_entity *entity = sk_client_own_at(own, world, kind, slot);
        if (sk_client_own_is(own, entity) && sk_client_own_key(own, kind, entity) == key) {
            return entity;
        }
    }
    return NULL;
}
