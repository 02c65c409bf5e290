/* entity.c - see entity.h. */
#include "sim/entity.h"

#include "base/assert.h"
#include "base/mem.h"

void sk_entity_take(void *entity, size_t bytes, uint16_t owner)
{
    struct sk_entity *head = entity;
    uint8_t generation = (uint8_t)(head->generation + 1);
    SK_GAME_ASSERT(!head->alive);
    SK_GAME_ASSERT(bytes >= sizeof(*head));
    SK_GAME_ASSERT(owner < SK_PLAYERS_MAX || owner == SK_NO_OWNER);
    memset(entity, 0, bytes);
    *head = (struct sk_entity){.alive = 1, .generation = generation, .owner = owner};
}

void sk_entity_free(void *entity, size_t bytes)
{
    struct sk_entity *head = entity;
    uint8_t generation = head->generation;
    SK_GAME_ASSERT(bytes >= sizeof(*head));
    memset(entity, 0, bytes);
    head->generation = generation;
}

void *sk_entity_find_dead(void *entities, size_t bytes, uint32_t capacity)
{
    uint8_t *at = entities;
    SK_GAME_ASSERT(bytes >= sizeof(struct sk_entity));
    for (uint32_t i = 0; i < capacity; i++, at += bytes) {
        const struct sk_entity *head = (const void *)at;
        if (!head->alive) {
            return at;
        }
    }
    return NULL;
}
