/* client_spawns.c - see client_spawns.h.
 *
 *   unused --seen in the predicted world--> there --gone from it--> ended --+
 *     ^                                       ^                             |
 *     |                                       +---- is there long after ----+
 *     +--- the snapshot has used the input and does not have it, nor has the predicted world ---+
 */
#include "client/client_spawns.h"

#include "base/assert.h"

enum { SECOND_MS = 1000 };

void sk_client_spawns_init(struct sk_client_spawns *spawns, const struct sk_client_own *own)
{
    *spawns = (struct sk_client_spawns){.own = own};
}

static bool is_after(uint32_t tick, uint32_t other)
{
    return (int32_t)(tick - other) > 0;
}

/* --- snapshots ----------------------------------------------------------------------------- */

/* It has used the spawn's input. */
static void settle(struct sk_client_spawns *spawns, struct sk_spawn *spawn, const void *world,
                   uint32_t tick)
{
    bool has = sk_client_own_find(spawns->own, world, spawn->kind, spawn->key) != NULL;
    if (has) {
        spawns->bound_count += !spawn->is_bound;
        spawn->is_bound = true;
        return;
    }
    /* What was predicted to live and end before the snapshot was not undone. */
    bool should_live =
        spawn->ended_tick == 0 || spawn->is_withdrawn || is_after(spawn->ended_tick, tick);
    spawns->undone_count += !spawn->is_bound && should_live;
    *spawn = (struct sk_spawn){0};
}

void sk_client_spawns_on_snapshot(struct sk_client_spawns *spawns, const void *world, uint32_t tick)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_used && !is_after(spawn->tick, tick)) {
            settle(spawns, spawn, world, tick);
        }
    }
}

void sk_client_spawns_on_dropped(struct sk_client_spawns *spawns, uint32_t tick, uint32_t ticks)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_used && is_after(spawn->tick, tick)) {
            spawn->tick -= ticks;
            spawn->key = (uint8_t)(spawn->key - ticks);
        }
    }
}

/* --- the predicted world ------------------------------------------------------------------- */

static struct sk_spawn *find(struct sk_client_spawns *spawns, uint32_t kind, uint8_t key)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_used && spawn->kind == kind && spawn->key == key && !spawn->is_there) {
            return spawn;
        }
    }
    return NULL;
}

static struct sk_spawn *find_unused(struct sk_client_spawns *spawns)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[spawns->next++ % SK_SPAWNS_MAX];
        if (!spawn->is_used) {
            return spawn;
        }
    }
    return NULL;
}

static struct sk_spawn *add(struct sk_client_spawns *spawns, uint32_t kind, uint8_t key,
                            uint32_t tick)
{
    struct sk_spawn *spawn = find_unused(spawns);
    if (spawn) {
        *spawn =
            (struct sk_spawn){.tick = tick, .kind = (uint16_t)kind, .key = key, .is_used = true};
    }
    return spawn;
}

/* The tick of a key: the newest up to `tick` that ends so. */
static uint32_t tick_of(uint8_t key, uint32_t tick)
{
    return tick - (uint8_t)(tick - key);
}

void sk_client_spawns_on_predicted(struct sk_client_spawns *spawns, const void *world,
                                   uint32_t snapshot_tick, uint32_t tick)
{
    const struct sk_client_own *own = spawns->own;
    uint32_t hidden_ticks = SK_SPAWN_ENDED_MS * own->plan->tick_hz / SECOND_MS;
    uint32_t kind = 0;
    uint32_t slot = UINT32_MAX;
    const struct sk_entity *entity;
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        spawns->spawns[i].is_there = false;
    }
    while ((entity = sk_client_own_next(own, world, &kind, &slot)) != NULL) {
        if (!own->keys[kind]) {
            continue;
        }
        uint8_t key = sk_client_own_key(own, kind, entity);
        struct sk_spawn *spawn = find(spawns, kind, key);
        spawn = spawn ? spawn : add(spawns, kind, key, tick_of(key, tick));
        if (spawn) {
            bool is_back = is_after(snapshot_tick, spawn->ended_tick + hidden_ticks);
            spawn->ended_tick = is_back ? 0 : spawn->ended_tick;
            spawn->slot = (uint16_t)slot;
            spawn->is_there = true;
        }
    }
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_used && !spawn->is_there && spawn->ended_tick == 0) {
            spawn->ended_tick = tick;
            spawn->is_withdrawn = tick == spawns->tick;
        }
    }
    spawns->tick = tick;
}

/* --- drawing ------------------------------------------------------------------------------- */

const struct sk_spawn *sk_client_spawns_in(const struct sk_client_spawns *spawns, uint32_t kind,
                                           uint32_t slot, uint32_t *id)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        const struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_there && spawn->kind == kind && spawn->slot == slot) {
            *id = spawns->own->plan->schema.places[kind].capacity + i;
            return spawn->ended_tick == 0 ? spawn : NULL;
        }
    }
    return NULL;
}

const struct sk_spawn *sk_client_spawns_of(const struct sk_client_spawns *spawns, uint32_t kind,
                                           uint32_t id)
{
    uint32_t index = id - spawns->own->plan->schema.places[kind].capacity;
    if (index >= SK_SPAWNS_MAX) {
        return NULL;
    }
    const struct sk_spawn *spawn = &spawns->spawns[index];
    return spawn->is_there && spawn->kind == kind && spawn->ended_tick == 0 ? spawn : NULL;
}
