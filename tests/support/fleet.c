/* fleet.c - see fleet.h. */
#include "support/fleet.h"

#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

enum { SEED = 7, PURPOSE_MOVE, PURPOSE_FIRE, PURPOSE_HIT, EVENT_AGE_TICKS = 15 };

struct bang {
    uint8_t power;
    uint8_t reserved;
    uint16_t x;
};

struct hush {
    uint32_t reserved;
};

enum { BANG, HUSH };

/* clang-format off */
static const struct sk_field ship_fields[] = {
    SK_FIELD(struct fleet_ship, x, step, 0, 65535, 12, SK_LINEAR),
    SK_FIELD(struct fleet_ship, y, step, 0, 65535, 16, SK_LINEAR),
    SK_FIELD(struct fleet_ship, angle, turn, 0, 65536, 8, SK_TURN),
    SK_FIELD(struct fleet_ship, health, percent, 0, 100, 7, SK_HOLD),
    SK_FIELD(struct fleet_ship, flags, none, 0, 1, 1, SK_HOLD),
    SK_FIELD(struct fleet_ship, heat, kelvin, -1, 1, 9, SK_LINEAR),
    SK_FIELD(struct fleet_ship, lean, degree, -5, 5, 4, SK_HOLD),
    SK_OWN_FIELD(struct fleet_ship, x, step),
    SK_OWN_FIELD(struct fleet_ship, heat, kelvin),
    SK_OWN_FIELD(struct fleet_ship, lean, degree),
    SK_OWN_FIELD(struct fleet_ship, ammo, piece),
};
static const struct sk_field shot_fields[] = {
    SK_FIELD(struct fleet_shot, x, step, 0, 4294967295.0, 32, SK_LINEAR),
    SK_FIELD(struct fleet_shot, y, step, -100000, 100000, 15, SK_LINEAR),
};
static const struct sk_field bang_fields[] = {
    SK_FIELD(struct bang, power, step, 0, 255, 8, SK_HOLD),
    SK_FIELD(struct bang, x, step, 0, 65535, 12, SK_HOLD),
};

#define COUNT(rows) (uint16_t)(sizeof(rows) / sizeof((rows)[0]))
static const struct sk_kind kinds[] = {
    {"ship", ship_fields, COUNT(ship_fields), sizeof(struct fleet_ship)},
    {"shot", shot_fields, COUNT(shot_fields), sizeof(struct fleet_shot)},
    {"mine", NULL, 0, sizeof(struct fleet_mine)},
};
static const struct sk_event_type event_types[] = {
    {"bang", bang_fields, COUNT(bang_fields), sizeof(struct bang)},
    {"hush", bang_fields, 0, sizeof(struct hush)},
    {"clap", bang_fields, 1, sizeof(struct bang)},
};
static const struct sk_place places[] = {
    {offsetof(struct fleet_world, ships), FLEET_SHIPS},
    {offsetof(struct fleet_world, shots), FLEET_SHOTS},
    {offsetof(struct fleet_world, mines), FLEET_MINES},
};
/* clang-format on */

void fleet_init_plan(struct sk_plan *plan)
{
    *plan = (struct sk_plan){.world_bytes = sizeof(struct fleet_world),
                             .players_max = FLEET_SHIPS,
                             .tick_hz = 60,
                             .snapshot_divisor = FLEET_DIVISOR};
    SK_ASSERT(sk_schema_init(&plan->schema, kinds, COUNT(kinds), places) == SK_OK);
    SK_ASSERT(sk_schema_set_events(&plan->schema, event_types, COUNT(event_types)) == SK_OK);
}

void fleet_init(struct fleet *fleet)
{
    struct sk_arena arena;
    memset(fleet, 0, sizeof(*fleet));
    fleet_init_plan(&fleet->plan);
    fleet->sink = (struct sk_events){
        .events = fleet->events, .capacity = SK_FRAME_EVENTS_MAX, .schema = &fleet->plan.schema};
    sk_arena_init(&arena, fleet->block, sizeof(fleet->block));
    SK_ASSERT(sk_frame_init(&fleet->empty, &fleet->plan.schema, &arena) == SK_OK);
    for (uint32_t i = 0; i < FLEET_FRAMES; i++) {
        SK_ASSERT(sk_frame_init(&fleet->frames[i], &fleet->plan.schema, &arena) == SK_OK);
    }
}

/* --- the match ----------------------------------------------------------------------------- */

static uint32_t draw(const struct fleet *fleet, uint32_t entity, uint32_t purpose, uint32_t below)
{
    uint32_t mixed = sk_random(SEED, fleet->world.head.tick, entity, purpose);
    return (uint32_t)(((uint64_t)mixed * below) >> 32);
}

static void move_ship(struct fleet *fleet, uint16_t slot)
{
    struct fleet_ship *ship = &fleet->world.ships[slot];
    if (ship->entity.alive == 0) {
        ship->entity = (struct sk_entity){
            .alive = 1, .generation = (uint8_t)(fleet->world.head.tick & 255), .owner = slot};
        ship->x = (uint16_t)(slot * 5000);
        ship->health = 100;
    }
    ship->x = (uint16_t)(ship->x + draw(fleet, slot, PURPOSE_MOVE, 200));
    ship->y = (uint16_t)(ship->y - 30 * slot);
    ship->angle = (uint16_t)(ship->angle + 900 - 150 * slot);
    ship->heat = (float)draw(fleet, slot, PURPOSE_FIRE, 2000) / 1000.0f - 1.0f;
    ship->lean = (int16_t)(slot % 11 - 5);
    ship->flags = (uint8_t)(draw(fleet, slot, PURPOSE_HIT, 10) == 0);
    ship->ammo = (uint16_t)(ship->ammo + 1);
}

static void hit_ship(struct fleet *fleet, uint16_t slot)
{
    struct fleet_ship *ship = &fleet->world.ships[slot];
    struct bang bang = {.power = (uint8_t)(slot * 20), .x = ship->x};
    sk_emit(&fleet->sink, BANG, SK_TO_ALL, &bang);
    if (ship->health <= 40) {
        struct hush hush = {0};
        sk_emit(&fleet->sink, HUSH, slot, &hush);
        ship->health = 100;
        ship->entity.jump++;
        ship->x = 0;
        return;
    }
    ship->health = (uint8_t)(ship->health - 40);
}

static void move_shot(struct fleet *fleet, uint16_t slot)
{
    struct fleet_shot *shot = &fleet->world.shots[slot];
    if (shot->entity.alive != 0 && draw(fleet, slot, PURPOSE_HIT, 12) == 0) {
        memset(shot, 0, sizeof(*shot));
        return;
    }
    if (shot->entity.alive == 0 && draw(fleet, slot, PURPOSE_FIRE, 20) == 0) {
        shot->entity = (struct sk_entity){
            .alive = 1, .generation = (uint8_t)slot, .owner = (uint16_t)(slot % FLEET_SHIPS)};
        shot->x = draw(fleet, slot, PURPOSE_MOVE, 0xffffffff);
    }
    shot->x += shot->entity.alive * 1000u * slot;
    shot->y -= shot->entity.alive * 200;
}

static void step_tick(struct fleet *fleet)
{
    uint32_t tick = ++fleet->world.head.tick;
    fleet->sink.tick = tick;
    for (uint16_t slot = 0; slot < FLEET_SHIPS; slot++) {
        if (slot % 3 != 0 || tick % 30 < 20) { /* some rest at times */
            move_ship(fleet, slot);
        }
        if (draw(fleet, slot, PURPOSE_HIT, 60) == 7) {
            hit_ship(fleet, slot);
        }
    }
    for (uint16_t slot = 0; slot < FLEET_SHOTS; slot++) {
        move_shot(fleet, slot);
    }
    struct sk_entity *mine = &fleet->world.mines[tick % FLEET_MINES].entity;
    *mine = (struct sk_entity){.alive = tick / 10 % 2 == 0, .owner = SK_NO_OWNER};
    mine->owner = mine->alive != 0 ? SK_NO_OWNER : 0;
}

static void drop_old_events(struct fleet *fleet)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < fleet->sink.count; i++) {
        if (fleet->events[i].tick + EVENT_AGE_TICKS >= fleet->world.head.tick) {
            fleet->events[kept++] = fleet->events[i];
        }
    }
    fleet->sink.count = kept;
}

void fleet_step(struct fleet *fleet)
{
    for (uint32_t i = 0; i < FLEET_DIVISOR; i++) {
        step_tick(fleet);
    }
    drop_old_events(fleet);
    uint32_t tick = fleet->world.head.tick;
    sk_frame_extract(&fleet->frames[tick / FLEET_DIVISOR % FLEET_FRAMES], &fleet->plan.schema,
                     &fleet->world, tick);
}

/* --- messages ------------------------------------------------------------------------------ */

const struct sk_frame *fleet_frame(const struct fleet *fleet, uint32_t tick)
{
    if (tick == 0) {
        return &fleet->empty;
    }
    const struct sk_frame *frame = &fleet->frames[tick / FLEET_DIVISOR % FLEET_FRAMES];
    SK_ASSERT(frame->tick == tick);
    return frame;
}

static struct sk_event_list pick(const struct fleet *fleet, uint32_t after, uint16_t audience,
                                 struct sk_event *picked)
{
    struct sk_event_list list = {picked, 0};
    for (uint32_t i = 0; i < fleet->sink.count; i++) {
        if (fleet->events[i].tick > after && fleet->events[i].audience == audience) {
            picked[list.count++] = fleet->events[i];
        }
    }
    return list;
}

size_t fleet_message(const struct fleet *fleet, uint32_t baseline_tick, uint16_t player,
                     uint8_t *out, size_t capacity)
{
    struct sk_event picked[SK_FRAME_EVENTS_MAX];
    uint8_t part[SK_OWN_PART_BYTES_MAX];
    const struct sk_schema *schema = &fleet->plan.schema;
    uint32_t tick = fleet->world.head.tick;
    const struct sk_frame *baseline = fleet_frame(fleet, baseline_tick);
    bool tells_dropped = tick / FLEET_DIVISOR % 5 == 0;
    bool tells_command = player < FLEET_SHIPS && tick / FLEET_DIVISOR % 3 == 0;
    struct sk_own_part own = {.tick = tick,
                              .input_tick = player == 0 ? 0 : tick + player,
                              .newest_sixteenths =
                                  (int16_t)(player * 10 - 16 + (int)(tick % 7) * 9),
                              .margin_sixteenths = (int16_t)(player * 10 - 16),
                              .repeated = (uint16_t)(tick % 4 == 0 ? tick * 613 : tick / 3 & 3),
                              .dropped_ticks = (uint16_t)(tells_dropped ? tick * 1000 : 0),
                              .tells_dropped = tells_dropped,
                              .command_number = (uint8_t)(tells_command ? tick * 7 : 0),
                              .tells_command = tells_command,
                              .has_player = player < FLEET_SHIPS,
                              .player = player < FLEET_SHIPS ? player : 0};
    int part_bytes =
        sk_own_part_write(&own, schema, &fleet->world, pick(fleet, baseline_tick, player, picked),
                          part, sizeof(part));
    SK_ASSERT(part_bytes > 0);
    struct sk_snapshot_head head = {
        .tick = tick,
        .baseline_ticks = baseline_tick == 0 ? 0 : tick - baseline_tick,
        .baseline_hash = (uint16_t)(baseline->hash & 0xffff),
        .own_part_bytes = (uint16_t)part_bytes,
    };
    int at = sk_snapshot_write_head(&head, out, capacity);
    SK_ASSERT(at > 0 && (size_t)(at + part_bytes) <= capacity);
    memcpy(out + at, part, (size_t)part_bytes);
    at += part_bytes;
    int body = sk_delta_encode(schema, baseline, fleet_frame(fleet, tick),
                               pick(fleet, baseline_tick, SK_TO_ALL, picked), out + at,
                               capacity - (size_t)at);
    SK_ASSERT(body > 0);
    return (size_t)(at + body);
}
