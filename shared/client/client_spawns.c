/* client_spawns.c - see client_spawns.h.
 *
 *   unused --seen in the predicted world--> goes on --gone from it--> ended --drawn to its end--+
 *     ^                                       ^                        |                        |
 *     |                                       +--- is there long after-+                        |
 *     +--- the snapshot has used the input and does not have it, nor has the predicted world ---+
 *
 * Invariant: notes of a spawn are of the ticks noted_from to noted_to, the last note_ticks of them.
 * Each is of the newest prediction of its tick.
 */
#include "client/client_spawns.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sim/interpolate.h"
#include "sim/rewind.h"

/* Notes reach back over what may lie between the predicted moment and that of the others. */
enum { SECOND_MS = 1000, NOTES_MS = 1200, ONE = SK_FRACTION_ONE };

/* --- life ---------------------------------------------------------------------------------- */

static uint32_t note_ticks_of(const struct sk_plan *plan)
{
    uint32_t ticks = 1;
    while (ticks < NOTES_MS * (uint32_t)plan->tick_hz / SECOND_MS) {
        ticks *= 2;
    }
    return ticks;
}

/* Of the largest entity of a kind that is spawned; 0 when there is none. */
static uint32_t note_bytes_of(const struct sk_plan *plan)
{
    struct sk_client_own own;
    uint32_t most = 0;
    sk_client_own_init(&own, plan, 0);
    for (uint32_t i = 0; i < plan->schema.kind_count; i++) {
        uint32_t bytes = plan->schema.kinds[i].stride_bytes;
        most = own.keys[i] && bytes > most ? bytes : most;
    }
    return (most + 7) & ~(uint32_t)7;
}

static size_t notes_bytes_of(const struct sk_plan *plan)
{
    return (size_t)SK_SPAWNS_MAX * note_ticks_of(plan) * note_bytes_of(plan);
}

size_t sk_client_spawns_cost(const struct sk_plan *plan)
{
    return sk_arena_cost(notes_bytes_of(plan));
}

int sk_client_spawns_init(struct sk_client_spawns *spawns, const struct sk_client_own *own,
                          struct sk_arena *arena)
{
    *spawns = (struct sk_client_spawns){.own = own,
                                        .notes = sk_arena_take(arena, notes_bytes_of(own->plan)),
                                        .note_ticks = note_ticks_of(own->plan),
                                        .note_bytes = note_bytes_of(own->plan)};
    return spawns->notes ? SK_OK : SK_ERR_MEMORY;
}

static bool is_after(uint32_t tick, uint32_t other)
{
    return (int32_t)(tick - other) > 0;
}

/* --- notes --------------------------------------------------------------------------------- */

static uint8_t *note_of(const struct sk_client_spawns *spawns, const struct sk_spawn *spawn,
                        uint32_t tick)
{
    size_t index = (size_t)(spawn - spawns->spawns) * spawns->note_ticks;
    return spawns->notes + (index + tick % spawns->note_ticks) * spawns->note_bytes;
}

static void note(struct sk_client_spawns *spawns, struct sk_spawn *spawn,
                 const struct sk_entity *entity, uint32_t tick)
{
    uint32_t bytes = spawns->own->plan->schema.kinds[spawn->kind].stride_bytes;
    SK_ASSERT(bytes <= spawns->note_bytes);
    bool is_gap = spawn->noted_to == 0 || is_after(tick, spawn->noted_to + 1) ||
                  is_after(spawn->noted_from, tick);
    spawn->noted_from = is_gap ? tick : spawn->noted_from;
    spawn->noted_to = is_gap || is_after(tick, spawn->noted_to) ? tick : spawn->noted_to;
    spawn->seen_tick = tick;
    memcpy(note_of(spawns, spawn, tick), entity, bytes);
}

/* The oldest tick that is still noted. */
static uint32_t oldest_note(const struct sk_client_spawns *spawns, const struct sk_spawn *spawn)
{
    uint32_t oldest = spawn->noted_to - spawns->note_ticks + 1;
    return is_after(oldest, spawn->noted_from) ? oldest : spawn->noted_from;
}

/* --- snapshots ----------------------------------------------------------------------------- */

/* Whether it was drawn up to its end, which is half a tick after the last that has it. */
static bool is_hidden(const struct sk_spawn *spawn)
{
    int64_t ticks = (int32_t)(spawn->ended_tick - 1 - spawn->tick);
    return spawn->ended_tick != 0 && spawn->drawn >= ticks * ONE + ONE / 2;
}

/* It has used the spawn's input, and has it. */
static void bind(struct sk_client_spawns *spawns, struct sk_spawn *spawn, uint32_t tick)
{
    uint32_t hidden_ticks = SK_SPAWN_ENDED_MS * spawns->own->plan->tick_hz / SECOND_MS;
    spawns->bound_count += !spawn->is_bound;
    spawn->is_bound = true;
    if (!is_hidden(spawn) || is_after(tick, spawn->ended_tick + hidden_ticks)) {
        spawn->ended_tick = 0; /* unless it is predicted again */
    }
}

/* It has used the spawn's input, and does not have it. */
static void settle(struct sk_client_spawns *spawns, struct sk_spawn *spawn, uint32_t tick)
{
    /* What was predicted to live and end before the snapshot was not undone. */
    bool should_live =
        spawn->ended_tick == 0 || spawn->is_withdrawn || is_after(spawn->ended_tick, tick);
    if (!spawn->is_bound && should_live) {
        spawns->undone_count++;
        *spawn = (struct sk_spawn){0};
        return;
    }
    if (should_live) { /* it ended since the snapshot before: in the middle, for want of more */
        uint32_t since =
            is_after(spawns->snapshot_tick, spawn->tick) ? spawns->snapshot_tick : spawn->tick;
        spawn->ended_tick = since + (tick - since) / 2 + 1;
    }
    spawn->is_over = true;
}

/* Those that are long over were not drawn for as long. */
static void forget(const struct sk_client_spawns *spawns, struct sk_spawn *spawn, uint32_t tick)
{
    if (is_after(tick, spawn->ended_tick + spawns->note_ticks)) {
        *spawn = (struct sk_spawn){0};
    }
}

void sk_client_spawns_on_snapshot(struct sk_client_spawns *spawns, const void *world, uint32_t tick)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        spawn->seen_tick = 0;
        if (!spawn->is_used || is_after(spawn->tick, tick)) {
            continue;
        }
        if (spawn->is_over) {
            forget(spawns, spawn, tick);
        } else if (sk_client_own_find(spawns->own, world, spawn->kind, spawn->key) != NULL) {
            bind(spawns, spawn, tick);
        } else {
            settle(spawns, spawn, tick);
        }
    }
    spawns->snapshot_tick = tick;
    sk_client_spawns_on_step(spawns, world, tick, 0);
}

/* A launch of another tick is another one: there are no notes of it. */
static void move_back(struct sk_spawn *spawn, uint32_t ticks)
{
    uint32_t parts = ticks * ONE;
    spawn->tick -= ticks;
    spawn->key = (uint8_t)(spawn->key - ticks);
    spawn->age = spawn->age > parts ? spawn->age - parts : 0;
    spawn->noted_to = 0;
}

void sk_client_spawns_on_dropped(struct sk_client_spawns *spawns, uint32_t tick, uint32_t ticks)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_used && is_after(spawn->tick, tick)) {
            move_back(spawn, ticks);
        }
    }
}

/* --- the predicted world ------------------------------------------------------------------- */

static struct sk_spawn *find(struct sk_client_spawns *spawns, uint32_t kind, uint8_t key)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (spawn->is_used && !spawn->is_over && spawn->kind == kind && spawn->key == key) {
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

/* The tick of a key: the newest up to `tick` that ends so. */
static uint32_t tick_of(uint8_t key, uint32_t tick)
{
    return tick - (uint8_t)(tick - key);
}

static struct sk_spawn *add(struct sk_client_spawns *spawns, uint32_t kind, uint8_t key,
                            uint32_t tick)
{
    struct sk_spawn *spawn = find_unused(spawns);
    if (spawn) {
        *spawn = (struct sk_spawn){
            .tick = tick_of(key, tick), .kind = (uint16_t)kind, .key = key, .is_used = true};
    }
    return spawn;
}

static void see(struct sk_client_spawns *spawns, uint32_t kind, const struct sk_entity *entity,
                uint32_t tick, uint32_t age)
{
    uint8_t key = sk_client_own_key(spawns->own, kind, entity);
    struct sk_spawn *spawn = find(spawns, kind, key);
    spawn = spawn ? spawn : add(spawns, kind, key, tick);
    if (spawn) {
        spawn->age = spawn->tick == tick && age > 0 ? age : spawn->age;
        note(spawns, spawn, entity, tick);
    }
}

void sk_client_spawns_on_step(struct sk_client_spawns *spawns, const void *world, uint32_t tick,
                              uint32_t age)
{
    const struct sk_client_own *own = spawns->own;
    for (uint32_t kind = 0; kind < own->plan->schema.kind_count; kind++) {
        uint32_t capacity = own->keys[kind] ? own->plan->schema.places[kind].capacity : 0;
        for (uint32_t slot = 0; slot < capacity; slot++) {
            const struct sk_entity *entity = sk_client_own_at(own, world, kind, slot);
            if (sk_client_own_is(own, entity)) {
                see(spawns, kind, entity, tick, age);
            }
        }
    }
}

/* It is not there any more: after the tick that it was seen in last or, when it was in none since
 * the snapshot, by a correction. */
static void end(struct sk_spawn *spawn)
{
    spawn->is_withdrawn = spawn->seen_tick == 0;
    spawn->ended_tick = spawn->is_withdrawn ? spawn->tick : spawn->seen_tick + 1;
}

void sk_client_spawns_on_predicted(struct sk_client_spawns *spawns, uint32_t tick)
{
    for (uint32_t i = 0; i < SK_SPAWNS_MAX; i++) {
        struct sk_spawn *spawn = &spawns->spawns[i];
        if (!spawn->is_used || spawn->is_over || is_after(spawn->tick, tick) || is_hidden(spawn)) {
            continue;
        }
        spawn->ended_tick = 0;
        if (spawn->seen_tick != tick) {
            end(spawn);
        }
    }
}

/* --- drawing ------------------------------------------------------------------------------- */

/* How far the spawn has flown where it is drawn, in 1/256 ticks.  A tick is judged as one, at its
 * end: on the screen it is half over then, but for the launch, which must not stand. */
static uint32_t flown_at(const struct sk_client_spawns *spawns, const struct sk_spawn *spawn,
                         const struct sk_spawn_moment *moment)
{
    uint64_t launch = (uint64_t)spawn->tick * ONE;
    uint64_t shown = moment->others + spawn->age;
    uint32_t passed = shown > launch ? (uint32_t)(shown - launch) : 0;
    uint32_t past_ticks = sk_rewind_past_ticks(spawns->own->plan->tick_hz);
    uint32_t flown = sk_rewind_flown(spawn->age, passed, past_ticks);
    uint32_t most = moment->now > launch ? (uint32_t)(moment->now - launch) : 0;
    flown -= flown < ONE ? flown / 2 : ONE / 2;
    flown = flown < most ? flown : most;
    return flown > spawn->drawn ? flown : spawn->drawn;
}

/* The notes around a moment; beyond the last by half a tick at most. */
static struct sk_spawn_way find_way(const struct sk_client_spawns *spawns,
                                    const struct sk_spawn *spawn)
{
    uint32_t oldest = oldest_note(spawns, spawn);
    bool is_cut = spawn->ended_tick != 0 && is_after(spawn->noted_to, spawn->ended_tick - 1);
    uint32_t newest = is_cut ? spawn->ended_tick - 1 : spawn->noted_to;
    int64_t at = (int64_t)(int32_t)(spawn->tick - oldest) * ONE + spawn->drawn;
    int64_t last = (int64_t)(int32_t)(newest - oldest) * ONE;
    at = at < 0 ? 0 : at > last + ONE / 2 ? last + ONE / 2 : at;
    int64_t before = last <= 0 ? 0 : at >= last ? last / ONE - 1 : at / ONE;
    uint32_t from = oldest + (uint32_t)before;
    uint32_t to = last <= 0 ? from : from + 1;
    const struct sk_entity *first = (const void *)note_of(spawns, spawn, from);
    const struct sk_entity *second = (const void *)note_of(spawns, spawn, to);
    bool is_same = first->jump == second->jump;
    return (struct sk_spawn_way){is_same ? first : second, second,
                                 (double)(at - before * ONE) / ONE};
}

bool sk_client_spawns_draw(struct sk_client_spawns *spawns, uint32_t index,
                           const struct sk_spawn_moment *moment, struct sk_spawn_way *way)
{
    SK_ASSERT(index < SK_SPAWNS_MAX);
    struct sk_spawn *spawn = &spawns->spawns[index];
    if (!spawn->is_used || spawn->noted_to == 0) {
        return false;
    }
    spawn->drawn = flown_at(spawns, spawn, moment);
    /* Of one that was not seen from its launch on, the beginning is not known. */
    bool is_known = spawn->noted_from == spawn->tick ||
                    !is_after(spawn->noted_from, spawn->tick + spawn->drawn / ONE);
    if (!is_known || is_hidden(spawn)) {
        return false;
    }
    *way = find_way(spawns, spawn);
    return true;
}

uint32_t sk_client_spawns_id(const struct sk_client_spawns *spawns, uint32_t index)
{
    SK_ASSERT(index < SK_SPAWNS_MAX);
    return spawns->own->plan->schema.places[spawns->spawns[index].kind].capacity + index;
}

const struct sk_entity *sk_client_spawns_of(const struct sk_client_spawns *spawns, uint32_t kind,
                                            uint32_t id)
{
    uint32_t index = id - spawns->own->plan->schema.places[kind].capacity;
    if (index >= SK_SPAWNS_MAX) {
        return NULL;
    }
    const struct sk_spawn *spawn = &spawns->spawns[index];
    bool is_shown = spawn->is_used && spawn->kind == kind && spawn->noted_to != 0;
    return is_shown && !is_hidden(spawn) ? find_way(spawns, spawn).to : NULL;
}
