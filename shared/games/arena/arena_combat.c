/* arena_combat.c - see arena_combat.h. */
#include "arena/arena_combat.h"

#include "arena/arena_team.h"
#include "base/assert.h"
#include "base/trig.h"
#include "sim/audit.h"
#include "sim/entity.h"

enum {
    ONE = 32767,             /* sk_cos of 0 */
    PROJECTILE_SPEED = 3900, /* 14.3 tiles a second */
    PROJECTILE_RADIUS = 1600,
    PROJECTILE_LIFE_TICKS = 54,
    AGE_DOUBT = 1500,        /* a walk of the tick that an age may be off by */
    PLAYER_SPEED_MAX = 4600, /* a dash */
    MUZZLE = ARENA_RADIUS,   /* where a shot leaves the player */
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

/* Where a path comes nearest to a point: the share of the way, 0..65536, and the squared distance.
 */
struct touch {
    int32_t share;
    int64_t square;
};

static struct touch touch_of(const struct path *path, int32_t x, int32_t y)
{
    int64_t to_x = x - path->x;
    int64_t to_y = y - path->y;
    int64_t square = (int64_t)path->way_x * path->way_x + (int64_t)path->way_y * path->way_y;
    int64_t along = to_x * path->way_x + to_y * path->way_y;
    along = along < 0 ? 0 : along > square ? square : along;
    int64_t share = square == 0 ? 0 : along * 65536 / square;
    int64_t off_x = to_x - path->way_x * share / 65536;
    int64_t off_y = to_y - path->way_y * share / 65536;
    return (struct touch){(int32_t)share, off_x * off_x + off_y * off_y};
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

/* --- who is hit ---------------------------------------------------------------------------- */

/* A shot, and when it is judged. */
struct aim {
    uint32_t shooter;
    struct path path;
    int32_t radius;          /* how near is a hit */
    int32_t reach;           /* who is farther from its beginning on an axis is passed over */
    struct sk_moment moment; /* tick 0: now */
};

/* Whom it meets first or, if nobody, comes nearest to. */
struct aimed {
    uint32_t index; /* players_max: nobody is there */
    struct touch touch;
    struct arena_player seen; /* where he was */
};

static bool is_hit(const struct aim *aim, const struct aimed *aimed)
{
    return aimed->touch.square <= (int64_t)aim->radius * aim->radius;
}

static bool is_better(const struct aim *aim, const struct aimed *candidate,
                      const struct aimed *best)
{
    if (is_hit(aim, candidate) != is_hit(aim, best)) {
        return is_hit(aim, candidate);
    }
    return is_hit(aim, candidate) ? candidate->touch.share < best->touch.share
                                  : candidate->touch.square < best->touch.square;
}

static struct aimed find_first(const struct arena_world *world, const struct aim *aim)
{
    struct sk_rewind rewind = arena_rewind_of(world->head.players_max);
    struct aimed best = {.index = world->head.players_max, .touch = {65537, INT64_MAX}};
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        const struct arena_player *player = &world->players[i];
        bool is_past = aim->moment.tick != 0;
        if (!is_within(player->x - aim->path.x, player->y - aim->path.y, aim->reach) ||
            !arena_team_is_enemy(world, aim->shooter, i) || !can_be_hit(player)) {
            continue;
        }
        struct aimed next = {.index = i, .seen = *player};
        if (is_past && !sk_rewind_restore(&rewind, world->rewind, i, &aim->moment, &next.seen)) {
            continue;
        }
        next.touch = touch_of(&aim->path, next.seen.x, next.seen.y);
        best = is_better(aim, &next, &best) ? next : best;
    }
    return best;
}

/* players_max when nobody is hit. */
static uint32_t find_hit(const struct arena_world *world, const struct aim *aim)
{
    struct aimed aimed = find_first(world, aim);
    return is_hit(aim, &aimed) ? aimed.index : world->head.players_max;
}

/* --- the blaster --------------------------------------------------------------------------- */

struct arena_projectile *arena_combat_launch(struct arena_world *world, const struct arena_map *map,
                                             uint32_t player, struct sk_events *events)
{
    const struct arena_player *shooter = &world->players[player];
    uint32_t capacity = world->head.players_max * ARENA_PROJECTILES_A_PLAYER;
    struct arena_projectile *shot =
        sk_entity_find_dead(world->projectiles, sizeof(*shot), capacity);
    int32_t room = arena_map_ray(map, shooter->x, shooter->y, shooter->aim, MUZZLE);
    if (!shot) {
        return NULL;
    }
    struct path muzzle = path_from(shooter->x, shooter->y, shooter->aim, room);
    sk_entity_take(shot, sizeof(*shot), (uint16_t)player);
    shot->x = muzzle.x + muzzle.way_x;
    shot->y = muzzle.y + muzzle.way_y;
    shot->angle = shooter->aim;
    shot->key = (uint8_t)world->head.tick;
    sk_emit(events, ARENA_EVENT_SHOT, SK_TO_ALL, &(struct arena_shot){.player = (uint8_t)player});
    return shot;
}

/* Its next tick's way. */
static struct path flight_of(const struct arena_projectile *shot)
{
    return path_from(shot->x, shot->y, shot->angle, PROJECTILE_SPEED);
}

/* How long ago the shooter saw what he shoots at, 1/256 ticks; 0: he looks at the present. */
static uint16_t age_of(const struct arena_world *world, const struct sk_input *input)
{
    uint32_t age = sk_rewind_age(input, world->head.tick);
    return age > UINT16_MAX ? 0 : (uint16_t)age;
}

static uint8_t ticks_flown(const struct arena_world *world, const struct arena_projectile *shot)
{
    return (uint8_t)(world->head.tick - shot->key);
}

/* How long ago what a bolt hits was seen that is so many ticks old, in 1/256 ticks. */
static uint32_t bolt_age(const struct arena_projectile *shot, uint8_t flown)
{
    return sk_rewind_age_left(shot->view_age, flown, sk_rewind_past_ticks(ARENA_TICK_HZ));
}

/* When a bolt is judged that is so many ticks old, or was; tick 0: in the present. */
static struct sk_moment bolt_moment(const struct arena_world *world,
                                    const struct arena_projectile *shot, uint8_t flown)
{
    uint32_t age = bolt_age(shot, flown);
    uint32_t tick = world->head.tick - (uint8_t)(ticks_flown(world, shot) - flown);
    return age == 0 ? (struct sk_moment){0}
                    : sk_rewind_moment_of_age(age, tick, ARENA_SNAPSHOT_DIVISOR);
}

/* The next tick of a projectile, which hits by more than `doubt`. */
static struct aim aim_of(const struct arena_world *world, const struct arena_projectile *shot,
                         int32_t doubt)
{
    uint8_t flown = ticks_flown(world, shot);
    uint32_t age = bolt_age(shot, flown);
    int32_t walked = age > 0 ? (int32_t)(age / SK_FRACTION_ONE + 1) * PLAYER_SPEED_MAX : 0;
    SK_GAME_ASSERT(shot->entity.owner < world->head.players_max);
    return (struct aim){.shooter = shot->entity.owner,
                        .path = flight_of(shot),
                        .radius = ARENA_RADIUS + PROJECTILE_RADIUS - doubt,
                        .reach = ARENA_RADIUS + PROJECTILE_RADIUS + PROJECTILE_SPEED + walked,
                        .moment = bolt_moment(world, shot, flown)};
}

uint32_t arena_combat_find_known(const struct arena_world *world,
                                 const struct arena_projectile *shot, const struct sk_input *input)
{
    struct arena_projectile aged = *shot;
    /* No row has it, and what the owner sees is about as old as when he fired. */
    aged.view_age = age_of(world, input);
    struct aim aim = aim_of(world, &aged, AGE_DOUBT);
    return aim.moment.tick != 0 ? find_hit(world, &aim) : world->head.players_max;
}

void arena_combat_move(struct arena_world *world, const struct arena_map *map,
                       struct arena_projectile *shot)
{
    struct path flight = flight_of(shot);
    uint8_t age_ticks = ticks_flown(world, shot);
    shot->x += flight.way_x;
    shot->y += flight.way_y;
    bool is_in_wall = arena_map_is_wall(map, shot->x / ARENA_TILE, shot->y / ARENA_TILE);
    if (age_ticks >= PROJECTILE_LIFE_TICKS - 1 || is_in_wall) {
        sk_entity_free(shot, sizeof(*shot));
    }
}

static int32_t distance_between(const struct arena_player *player, const struct arena_player *seen)
{
    return (int32_t)sk_distance(player->x - seen->x, player->y - seen->y);
}

static int32_t miss_of(const struct aim *aim, const struct aimed *aimed)
{
    return (int32_t)sk_isqrt((uint64_t)aimed->touch.square) - aim->radius;
}

/* Notes whom it comes nearest to in its next tick, when it never came as near to anybody.  Who is
 * farther than a hit can be is passed over there: nobody was near. */
static void note_near(const struct arena_world *world, struct arena_projectile *shot,
                      const struct aim *aim, const struct aimed *aimed)
{
    if (aimed->index == world->head.players_max) {
        return;
    }
    int32_t missed = miss_of(aim, aimed);
    if (shot->near == ARENA_NOBODY || missed < shot->missed) {
        shot->near = (uint8_t)(aimed->index + 1);
        shot->near_ticks = ticks_flown(world, shot);
        shot->missed = missed;
        shot->moved = distance_between(&world->players[aimed->index], &aimed->seen);
    }
}

/* A bolt is at its end: says why to the operator. */
static void explain_bolt(const struct arena_world *world, const struct arena_projectile *shot,
                         struct sk_events *events)
{
    struct sk_audit audit = {.shooter = shot->entity.owner,
                             .limit = shot->view_limit,
                             .moment = bolt_moment(world, shot, ticks_flown(world, shot)),
                             .judged = {.target = SK_NO_OWNER}};
    if (shot->near != ARENA_NOBODY) {
        audit.moment = bolt_moment(world, shot, shot->near_ticks);
        audit.judged = (struct sk_judged){(uint16_t)(shot->near - 1), shot->moved, shot->missed};
    }
    sk_audit_flown(events, &audit);
}

static void fly_one(struct arena_world *world, const struct arena_map *map,
                    struct arena_projectile *shot, struct sk_events *events)
{
    struct aim aim = aim_of(world, shot, 0);
    struct aimed aimed = find_first(world, &aim);
    note_near(world, shot, &aim, &aimed);
    const struct arena_projectile flown = *shot;
    if (is_hit(&aim, &aimed)) {
        hurt(world, shot->entity.owner, aimed.index, ARENA_BLASTER, events);
        sk_entity_free(shot, sizeof(*shot));
    } else {
        arena_combat_move(world, map, shot);
    }
    if (!shot->entity.alive) {
        explain_bolt(world, &flown, events);
    }
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

/* The rail's beam, and what it is aimed at. */
static struct aim aim_beam(struct arena_world *world, const struct arena_map *map, uint32_t player,
                           const struct sk_input *input, struct sk_events *events)
{
    const struct arena_player *shooter = &world->players[player];
    int32_t length = arena_map_ray(map, shooter->x, shooter->y, shooter->aim, RAIL_LENGTH_MAX);
    const struct arena_beam shown = {
        .x = shooter->x,
        .y = shooter->y,
        .length = length,
        .angle = shooter->aim,
        .player = (uint8_t)player,
    };
    sk_emit(events, ARENA_EVENT_BEAM, SK_TO_ALL, &shown);
    return (struct aim){.shooter = player,
                        .path = path_from(shooter->x, shooter->y, shooter->aim, length),
                        .radius = ARENA_RADIUS + RAIL_RADIUS,
                        .reach = ARENA_POSITION_MAX,
                        .moment = sk_rewind_moment(input)};
}

uint32_t arena_combat_beam(struct arena_world *world, const struct arena_map *map, uint32_t player,
                           const struct sk_input *input, struct sk_events *events)
{
    struct aim aim = aim_beam(world, map, player, input, events);
    return find_hit(world, &aim);
}

/* Says why, to the operator and to the shooter. */
static void explain(const struct arena_world *world, const struct aim *aim,
                    const struct aimed *aimed, const struct sk_input *input,
                    struct sk_events *events)
{
    struct sk_judged judged = {.target = SK_NO_OWNER};
    struct arena_judged told = {.limit = input->view_limit};
    if (aimed->index < world->head.players_max) {
        judged.target = (uint16_t)aimed->index;
        judged.moved = distance_between(&world->players[aimed->index], &aimed->seen);
        judged.missed = miss_of(aim, aimed);
        told.target = (uint8_t)(aimed->index + 1);
        told.moved = judged.moved;
        told.missed = judged.missed;
    }
    told.view_tick = aim->moment.tick == 0 ? 0 : (uint8_t)(world->head.tick - aim->moment.tick);
    told.view_interval = (uint8_t)aim->moment.interval;
    told.view_fraction = aim->moment.fraction;
    sk_audit(events, aim->shooter, input, &judged);
    sk_emit(events, ARENA_EVENT_JUDGED, (uint16_t)aim->shooter, &told);
}

static void fire_rail(struct arena_world *world, const struct arena_map *map, uint32_t player,
                      const struct sk_input *input, struct sk_events *events)
{
    struct aim aim = aim_beam(world, map, player, input, events);
    struct aimed aimed = find_first(world, &aim);
    explain(world, &aim, &aimed, input, events);
    if (is_hit(&aim, &aimed)) {
        hurt(world, player, aimed.index, ARENA_RAIL, events);
    }
}

void arena_combat_fire(struct arena_world *world, const struct arena_map *map, uint32_t player,
                       int weapon, const struct sk_input *input, struct sk_events *events)
{
    SK_GAME_ASSERT(player < world->head.players_max);
    SK_GAME_ASSERT(can_be_hit(&world->players[player]));
    world->players[player].shield_ticks = 0; /* who shoots may be shot */
    if (weapon == ARENA_RAIL) {
        fire_rail(world, map, player, input, events);
        return;
    }
    struct arena_projectile *shot = arena_combat_launch(world, map, player, events);
    if (shot) {
        shot->view_age = age_of(world, input);
        shot->view_limit = input->view_limit;
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
