/* arena_combat.c - see arena_combat.h. */
#include "arena/arena_combat.h"

#include "arena/arena_team.h"
#include "base/assert.h"
#include "base/trig.h"
#include "sim/entity.h"

enum {
    ONE = 32767,             /* sk_cos of 0 */
    PROJECTILE_SPEED = 3900, /* 14.3 tiles a second */
    PROJECTILE_RADIUS = 1600,
    PROJECTILE_LIFE_TICKS = 54,
    MUZZLE = ARENA_RADIUS, /* where a shot leaves the player */
    RAIL_RADIUS = 600,
    RAIL_LENGTH_MAX = 40 * ARENA_TILE,
    PICKUP_RADIUS = ARENA_RADIUS + 5000,
    PICKUP_HEALTH = 40,
    PICKUP_SLUGS = 5,
};
_Static_assert((int)PROJECTILE_SPEED < (int)ARENA_TILE, "a projectile must not pass a wall");
_Static_assert((int)PICKUP_RADIUS < (int)ARENA_TILE, "a square of it fits an int32_t");

static const uint8_t damages[ARENA_WEAPON_COUNT] = {[ARENA_BLASTER] = 17, [ARENA_RAIL] = 65};
static const uint16_t pickup_wait_ticks[] = {
    [ARENA_PICKUP_HEALTH] = 15 * ARENA_TICK_HZ,
    [ARENA_PICKUP_SLUGS] = 20 * ARENA_TICK_HZ,
};

/* A line from (x, y) by (way_x, way_y). */
struct path {
    int32_t x;
    int32_t y;
    int32_t way_x;
    int32_t way_y;
};

static struct path path_from(int32_t x, int32_t y, uint16_t turn, int32_t length)
{
    return (struct path){
        .x = x,
        .y = y,
        .way_x = (int32_t)((int64_t)sk_cos(turn) * length / ONE),
        .way_y = (int32_t)((int64_t)sk_sin(turn) * length / ONE),
    };
}

/* Where along the path, 0..65536, its point nearest to (x, y) is; -1 when that point is further
 * than `radius` away. */
static int32_t find_touch(const struct path *path, int32_t x, int32_t y, int32_t radius)
{
    SK_GAME_ASSERT(radius > 0);
    int64_t to_x = x - path->x;
    int64_t to_y = y - path->y;
    int64_t square = (int64_t)path->way_x * path->way_x + (int64_t)path->way_y * path->way_y;
    int64_t along = to_x * path->way_x + to_y * path->way_y;
    along = along < 0 ? 0 : along > square ? square : along;
    int64_t share = square == 0 ? 0 : along * 65536 / square;
    int64_t off_x = to_x - path->way_x * share / 65536;
    int64_t off_y = to_y - path->way_y * share / 65536;
    return off_x * off_x + off_y * off_y <= (int64_t)radius * radius ? (int32_t)share : -1;
}

static bool is_within(int32_t x, int32_t y, int32_t reach)
{
    return x < reach && x > -reach && y < reach && y > -reach;
}

static bool can_be_hit(const struct arena_player *player)
{
    return player->entity.alive && player->health > 0;
}

/* --- damage -------------------------------------------------------------------------------- */

uint8_t arena_combat_damage(const struct arena_player *hit, int weapon)
{
    SK_GAME_ASSERT(weapon >= 0 && weapon < ARENA_WEAPON_COUNT);
    return hit->health < damages[weapon] ? hit->health : damages[weapon];
}

/* Counts a kill, unless who made it has left. */
static void credit(struct arena_world *world, uint32_t killer)
{
    struct arena_player *winner = &world->players[killer];
    if (!winner->entity.alive) {
        return;
    }
    winner->score++;
    if (winner->streak < ARENA_STREAK_MAX) {
        winner->streak++;
    }
    if (winner->streak > winner->best_streak) {
        winner->best_streak = winner->streak;
    }
    arena_team_score(world, killer);
}

static void die(struct arena_world *world, uint32_t killer, uint32_t victim, int weapon,
                struct sk_events *events)
{
    struct arena_player *dead = &world->players[victim];
    SK_GAME_ASSERT(arena_team_is_enemy(world, killer, victim));
    SK_GAME_ASSERT(dead->health == 0);
    dead->respawn_ticks = (uint16_t)world->head.options[ARENA_OPTION_RESPAWN_TICKS];
    dead->streak = 0;
    dead->deaths++;
    dead->speed_x = 0;
    dead->speed_y = 0;
    dead->dash_ticks = 0;
    credit(world, killer);
    const struct arena_kill kill = {
        .killer = (uint8_t)(killer + 1),
        .victim = (uint8_t)victim,
        .weapon = (uint8_t)weapon,
        .streak = world->players[killer].streak,
    };
    sk_emit(events, ARENA_EVENT_KILL, SK_TO_ALL, &kill);
}

static void hurt(struct arena_world *world, uint32_t attacker, uint32_t victim, int weapon,
                 struct sk_events *events)
{
    struct arena_player *hit = &world->players[victim];
    SK_GAME_ASSERT(attacker < world->head.players_max);
    SK_GAME_ASSERT(victim < world->head.players_max);
    SK_GAME_ASSERT(weapon >= 0 && weapon < ARENA_WEAPON_COUNT);
    SK_GAME_ASSERT(can_be_hit(hit));
    if (hit->shield_ticks > 0 || world->match.state != ARENA_PLAYING) {
        return;
    }
    uint8_t damage = arena_combat_damage(hit, weapon);
    hit->health = (uint8_t)(hit->health - damage);
    if (world->players[attacker].entity.alive) {
        world->players[attacker].hits++;
    }
    sk_emit(events, ARENA_EVENT_HIT, (uint16_t)attacker,
            &(struct arena_hit){.victim = (uint8_t)victim, .damage = damage});
    sk_emit(events, ARENA_EVENT_HURT, (uint16_t)victim,
            &(struct arena_hurt){.attacker = (uint8_t)attacker, .damage = damage});
    if (hit->health == 0) {
        die(world, attacker, victim, weapon, events);
    }
}

/* --- the blaster --------------------------------------------------------------------------- */

void arena_combat_launch(struct arena_world *world, const struct arena_map *map, uint32_t player,
                         struct sk_events *events)
{
    const struct arena_player *shooter = &world->players[player];
    uint32_t capacity = world->head.players_max * ARENA_PROJECTILES_A_PLAYER;
    struct arena_projectile *shot =
        sk_entity_find_dead(world->projectiles, sizeof(*shot), capacity);
    int32_t room = arena_map_ray(map, shooter->x, shooter->y, shooter->aim, MUZZLE);
    if (!shot) {
        return;
    }
    struct path muzzle = path_from(shooter->x, shooter->y, shooter->aim, room);
    sk_entity_take(shot, sizeof(*shot), (uint16_t)player);
    shot->x = muzzle.x + muzzle.way_x;
    shot->y = muzzle.y + muzzle.way_y;
    shot->angle = shooter->aim;
    shot->key = (uint8_t)world->head.tick;
    sk_emit(events, ARENA_EVENT_SHOT, SK_TO_ALL, &(struct arena_shot){.player = (uint8_t)player});
}

/* Its next tick's way. */
static struct path flight_of(const struct arena_projectile *shot)
{
    return path_from(shot->x, shot->y, shot->angle, PROJECTILE_SPEED);
}

/* The player that a projectile's step hits first; players_max when none. */
static uint32_t find_victim(const struct arena_world *world, const struct arena_projectile *shot)
{
    struct path path = flight_of(shot);
    SK_GAME_ASSERT(shot->entity.owner < world->head.players_max);
    uint32_t victim = world->head.players_max;
    int32_t nearest = 65537;
    int32_t radius = ARENA_RADIUS + PROJECTILE_RADIUS;
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        const struct arena_player *player = &world->players[i];
        if (!is_within(player->x - shot->x, player->y - shot->y, radius + PROJECTILE_SPEED) ||
            !arena_team_is_enemy(world, shot->entity.owner, i) || !can_be_hit(player)) {
            continue;
        }
        int32_t touch = find_touch(&path, player->x, player->y, radius);
        if (touch >= 0 && touch < nearest) {
            nearest = touch;
            victim = i;
        }
    }
    return victim;
}

void arena_combat_move(struct arena_world *world, const struct arena_map *map,
                       struct arena_projectile *shot)
{
    struct path flight = flight_of(shot);
    uint8_t age_ticks = (uint8_t)(world->head.tick - shot->key);
    shot->x += flight.way_x;
    shot->y += flight.way_y;
    bool is_in_wall = arena_map_is_wall(map, shot->x / ARENA_TILE, shot->y / ARENA_TILE);
    if (age_ticks >= PROJECTILE_LIFE_TICKS - 1 || is_in_wall) {
        sk_entity_free(shot, sizeof(*shot));
    }
}

static void fly_one(struct arena_world *world, const struct arena_map *map,
                    struct arena_projectile *shot, struct sk_events *events)
{
    uint32_t victim = find_victim(world, shot);
    if (victim < world->head.players_max) {
        hurt(world, shot->entity.owner, victim, ARENA_BLASTER, events);
        sk_entity_free(shot, sizeof(*shot));
        return;
    }
    arena_combat_move(world, map, shot);
}

void arena_combat_fly(struct arena_world *world, const struct arena_map *map,
                      struct sk_events *events)
{
    uint32_t capacity = world->head.players_max * ARENA_PROJECTILES_A_PLAYER;
    for (uint32_t i = 0; i < capacity; i++) {
        if (world->projectiles[i].entity.alive) {
            fly_one(world, map, &world->projectiles[i], events);
        }
    }
}

int32_t arena_combat_projectile_speed(void)
{
    return PROJECTILE_SPEED;
}

/* --- the rail ------------------------------------------------------------------------------ */

/* The player that a path meets first as the shooter saw them; players_max when none. */
static uint32_t find_seen(const struct arena_world *world, uint32_t shooter,
                          const struct path *path, int32_t radius, const struct sk_moment *moment)
{
    struct sk_rewind rewind = arena_rewind_of(world->head.players_max);
    uint32_t victim = world->head.players_max;
    int32_t nearest = 65537;
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct arena_player seen = world->players[i];
        bool is_past = moment->tick != 0;
        if (!arena_team_is_enemy(world, shooter, i) || !can_be_hit(&seen) ||
            (is_past && !sk_rewind_restore(&rewind, world->rewind, i, moment, &seen))) {
            continue;
        }
        int32_t touch = find_touch(path, seen.x, seen.y, radius);
        if (touch >= 0 && touch < nearest) {
            nearest = touch;
            victim = i;
        }
    }
    return victim;
}

uint32_t arena_combat_beam(struct arena_world *world, const struct arena_map *map, uint32_t player,
                           const struct sk_input *input, struct sk_events *events)
{
    const struct arena_player *shooter = &world->players[player];
    int32_t length = arena_map_ray(map, shooter->x, shooter->y, shooter->aim, RAIL_LENGTH_MAX);
    struct path path = path_from(shooter->x, shooter->y, shooter->aim, length);
    struct sk_moment moment = sk_rewind_moment(input);
    const struct arena_beam shown = {
        .x = shooter->x,
        .y = shooter->y,
        .length = length,
        .angle = shooter->aim,
        .player = (uint8_t)player,
    };
    sk_emit(events, ARENA_EVENT_BEAM, SK_TO_ALL, &shown);
    return find_seen(world, player, &path, ARENA_RADIUS + RAIL_RADIUS, &moment);
}

uint32_t arena_combat_find_drawn(const struct arena_world *world,
                                 const struct arena_projectile *shot, const struct sk_input *input)
{
    struct path path = flight_of(shot);
    struct sk_moment moment = sk_rewind_moment(input);
    return find_seen(world, shot->entity.owner, &path, ARENA_RADIUS + PROJECTILE_RADIUS, &moment);
}

void arena_combat_fire(struct arena_world *world, const struct arena_map *map, uint32_t player,
                       int weapon, const struct sk_input *input, struct sk_events *events)
{
    SK_GAME_ASSERT(player < world->head.players_max);
    SK_GAME_ASSERT(can_be_hit(&world->players[player]));
    world->players[player].shield_ticks = 0; /* who shoots may be shot */
    if (weapon != ARENA_RAIL) {
        arena_combat_launch(world, map, player, events);
        return;
    }
    uint32_t victim = arena_combat_beam(world, map, player, input, events);
    if (victim < world->head.players_max) {
        hurt(world, player, victim, ARENA_RAIL, events);
    }
}

/* --- pickups ------------------------------------------------------------------------------- */

/* Gives what a pickup of this type has.  Returns false when the player has no use for it. */
static bool give(struct arena_player *player, uint8_t type)
{
    if (type == ARENA_PICKUP_HEALTH) {
        uint32_t health = player->health + (uint32_t)PICKUP_HEALTH;
        bool has_use = player->health < ARENA_HEALTH_MAX;
        player->health = (uint8_t)(health < ARENA_HEALTH_MAX ? health : ARENA_HEALTH_MAX);
        return has_use;
    }
    SK_GAME_ASSERT(type == ARENA_PICKUP_SLUGS);
    uint32_t slugs = player->slugs + (uint32_t)PICKUP_SLUGS;
    bool has_use = player->slugs < ARENA_SLUGS_MAX;
    player->slugs = (uint8_t)(slugs < ARENA_SLUGS_MAX ? slugs : ARENA_SLUGS_MAX);
    return has_use;
}

static bool is_at(const struct arena_player *player, const struct arena_pickup *pickup)
{
    int32_t off_x = player->x - pickup->x;
    int32_t off_y = player->y - pickup->y;
    return is_within(off_x, off_y, PICKUP_RADIUS) &&
           off_x * off_x + off_y * off_y <= PICKUP_RADIUS * PICKUP_RADIUS;
}

bool arena_combat_take(struct arena_player *player, const struct arena_pickup *pickup)
{
    return can_be_hit(player) && is_at(player, pickup) && give(player, pickup->type);
}

static void offer_pickup(struct arena_world *world, struct arena_pickup *pickup,
                         struct sk_events *events)
{
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct arena_player *player = &world->players[i];
        if (arena_combat_take(player, pickup)) {
            pickup->ready = 0;
            pickup->wait_ticks = pickup_wait_ticks[pickup->type];
            sk_emit(events, ARENA_EVENT_PICKUP, SK_TO_ALL,
                    &(struct arena_taken){.player = (uint8_t)i, .type = pickup->type});
            return;
        }
    }
}

void arena_combat_take_pickups(struct arena_world *world, struct sk_events *events)
{
    for (uint32_t i = 0; i < ARENA_PICKUPS_MAX; i++) {
        struct arena_pickup *pickup = &world->pickups[i];
        if (pickup->wait_ticks > 0) {
            pickup->wait_ticks--;
            pickup->ready = pickup->wait_ticks == 0;
        }
        SK_GAME_ASSERT(!pickup->ready || pickup->entity.alive);
        if (pickup->ready) {
            offer_pickup(world, pickup, events);
        }
    }
}
