/* arena_bots.c - see arena_bots.h.
 *
 *   look --> whom do I see? --> aim ahead of him, with an error; shoot in bursts; strafe
 *        \-> where do I go? --> health when hurt, slugs when empty, else near to an enemy, else
 * about; down the map's distances to the landmark there
 *
 * A bot plays like a person: it shoots only at whom it saw a reaction ago, misses, does not hunt
 * all the time, and spares people who die more than they kill.  Measured with the rookie of
 * tests/unit/games/test_arena_rookie.c: first kill after 9 s (23 s at p90) instead of 17 (61), and
 * 1.0 deaths a kill instead of 2.2.
 */
#include "arena/arena_bots.h"

#include "arena/arena_combat.h"
#include "base/assert.h"
#include "base/hash.h"
#include "base/trig.h"

enum {
    FULL_AXIS = 32767,
    SIGHT = 15 * ARENA_TILE,
    CLOSE = 4 * ARENA_TILE,
    RAIL_FROM = 5 * ARENA_TILE,
    HURT_HEALTH = 45,
    NOBODY = 0xffff,

    AIM_TICKS = 14,    /* an aiming error lasts so long */
    BURST_TICKS = 22,  /* the decision to shoot */
    STRAFE_TICKS = 35, /* the side to go to */
    ROAM_TICKS = 420,  /* the place to see */
    HUNT_TICKS = 240,  /* whether to look for somebody, and for whom */
    HUNT_ONE_IN = 3,
    SPARED_ERROR = 2,  /* times the error */
    SPARED_BURSTS = 2, /* times fewer bursts */

    PURPOSE_AIM = 16,
    PURPOSE_BURST,
    PURPOSE_STRAFE,
    PURPOSE_ROAM,
    PURPOSE_HUNT,
    PURPOSE_DASH,
};

/* By the option bot-skill: aiming error in turns, fastest turning a tick, bursts in 256, ticks from
 * seeing somebody to shooting. */
static const struct {
    int32_t error;
    int32_t turn_max;
    uint32_t eagerness;
    uint32_t reaction_ticks;
} skills[] = {
    {3000, 500, 110, 24}, {1700, 800, 165, 18}, {900, 1300, 210, 12}, {350, 2200, 245, 6}};

/* What a bot knows while it thinks. */
struct mind {
    const struct arena_world *world;
    const struct arena_map *map;
    const struct arena_player *self;
    uint32_t player;
    uint32_t target; /* the nearest enemy in sight, or NOBODY */
    uint32_t skill;
    int32_t distance; /* to the target */
};

/* Randomness that stays the same for `ticks` ticks; each bot changes at its own time. */
static uint32_t mood(const struct mind *mind, uint32_t ticks, uint32_t purpose)
{
    SK_GAME_ASSERT(ticks > 0);
    uint32_t epoch = (mind->world->head.tick + mind->player * 7) / ticks;
    return sk_random(mind->world->head.secret_seed, epoch, mind->player, purpose);
}

/* --- looking ------------------------------------------------------------------------------- */

static bool is_enemy(const struct mind *mind, uint32_t player)
{
    const struct arena_player *other = &mind->world->players[player];
    return player != mind->player && other->entity.alive && other->health > 0;
}

static int32_t distance_to(const struct mind *mind, int32_t x, int32_t y)
{
    return (int32_t)sk_distance(x - mind->self->x, y - mind->self->y);
}

static void look(struct mind *mind)
{
    int64_t nearest = (int64_t)SIGHT * SIGHT;
    mind->target = NOBODY;
    for (uint32_t i = 0; i < mind->world->head.players_max; i++) {
        const struct arena_player *other = &mind->world->players[i];
        int64_t off_x = other->x - mind->self->x;
        int64_t off_y = other->y - mind->self->y;
        int64_t square = off_x * off_x + off_y * off_y;
        if (is_enemy(mind, i) && !other->shielded && square < nearest &&
            arena_map_sees(mind->map, mind->self->x, mind->self->y, other->x, other->y)) {
            nearest = square;
            mind->target = i;
        }
    }
    if (mind->target != NOBODY) {
        const struct arena_player *target = &mind->world->players[mind->target];
        mind->distance = distance_to(mind, target->x, target->y);
    }
}

/* --- aiming -------------------------------------------------------------------------------- */

static uint16_t turn_towards(uint16_t from, uint16_t to, int32_t turn_max)
{
    int32_t way = (int16_t)(to - from);
    SK_GAME_ASSERT(turn_max > 0);
    way = way > turn_max ? turn_max : way < -turn_max ? -turn_max : way;
    return (uint16_t)(from + way);
}

/* Could the bot see its target a reaction ago, both where they were then? */
static bool has_reacted(const struct mind *mind)
{
    const struct arena_world *world = mind->world;
    struct sk_rewind rewind = arena_rewind_of(world->head.players_max);
    struct sk_moment then = {.tick = world->head.tick - skills[mind->skill].reaction_ticks};
    struct arena_player self = *mind->self;
    struct arena_player target = world->players[mind->target];
    return sk_rewind_restore(&rewind, world->rewind, mind->player, &then, &self) &&
           sk_rewind_restore(&rewind, world->rewind, mind->target, &then, &target) &&
           arena_map_sees(mind->map, self.x, self.y, target.x, target.y);
}

/* A person who has not killed more often than died in this round. */
static bool is_spared(const struct arena_player *player)
{
    return !player->bot && player->score <= player->deaths;
}

static int32_t error_of(const struct mind *mind)
{
    bool spared = is_spared(&mind->world->players[mind->target]);
    int32_t error_max = skills[mind->skill].error * (spared ? SPARED_ERROR : 1);
    return (int32_t)(mood(mind, AIM_TICKS, PURPOSE_AIM) % (uint32_t)(2 * error_max + 1)) -
           error_max;
}

static bool is_eager(const struct mind *mind)
{
    bool spared = is_spared(&mind->world->players[mind->target]);
    uint32_t eagerness = skills[mind->skill].eagerness / (spared ? SPARED_BURSTS : 1);
    return mood(mind, BURST_TICKS, PURPOSE_BURST) % 256 < eagerness;
}

static uint16_t wanted_aim(const struct mind *mind)
{
    const struct arena_player *target = &mind->world->players[mind->target];
    int32_t ahead_ticks = mind->distance / arena_combat_projectile_speed();
    if (mind->self->weapon == ARENA_RAIL) {
        ahead_ticks = 0;
    }
    int32_t x = target->x + target->speed_x * ahead_ticks - mind->self->x;
    int32_t y = target->y + target->speed_y * ahead_ticks - mind->self->y;
    return (uint16_t)(sk_atan2(y, x) + error_of(mind));
}

static void fight(const struct mind *mind, struct sk_input *input)
{
    SK_GAME_ASSERT(mind->target < mind->world->head.players_max);
    uint16_t wanted = wanted_aim(mind);
    uint16_t aim = turn_towards(mind->self->aim, wanted, skills[mind->skill].turn_max);
    int32_t off = (int16_t)(wanted - aim);
    input->axes[2] = (int16_t)aim;
    if (is_eager(mind) && off > -1500 && off < 1500 && has_reacted(mind)) {
        input->buttons |= ARENA_FIRE;
    }
    bool wants_rail = mind->self->slugs > 0 && mind->distance > RAIL_FROM;
    input->buttons |= wants_rail ? ARENA_TAKE_RAIL : ARENA_TAKE_BLASTER;
    bool is_in_trouble = mind->self->health < HURT_HEALTH;
    if (is_in_trouble && mood(mind, STRAFE_TICKS, PURPOSE_DASH) % 3 == 0) {
        input->buttons |= ARENA_DASH;
    }
}

/* --- going --------------------------------------------------------------------------------- */

static void go(struct sk_input *input, uint16_t turn)
{
    input->axes[0] = (int16_t)sk_cos(turn);
    input->axes[1] = (int16_t)sk_sin(turn);
}

static uint32_t tile_of(const struct arena_map *map, int32_t x, int32_t y)
{
    uint32_t tile = (uint32_t)(y / ARENA_TILE * map->width + x / ARENA_TILE);
    SK_GAME_ASSERT(tile < ARENA_TILES_MAX);
    return tile;
}

/* The landmark of the nearest ready pickup of a type; NOBODY when there is none. */
static uint32_t find_pickup(const struct mind *mind, uint8_t type)
{
    uint32_t tile = tile_of(mind->map, mind->self->x, mind->self->y);
    uint32_t found = NOBODY;
    uint8_t nearest = ARENA_UNREACHABLE;
    for (uint32_t i = 0; i < mind->map->pickup_count; i++) {
        const struct arena_pickup *pickup = &mind->world->pickups[i];
        uint32_t landmark = mind->map->spawn_count + i;
        uint8_t distance = mind->map->distances[landmark][tile];
        if (pickup->ready && pickup->type == type && distance < nearest) {
            nearest = distance;
            found = landmark;
        }
    }
    return found;
}

/* The landmark nearest to a player. */
static uint32_t find_landmark_at(const struct mind *mind, const struct arena_player *player)
{
    uint32_t tile = tile_of(mind->map, player->x, player->y);
    uint32_t landmark_count = (uint32_t)mind->map->spawn_count + mind->map->pickup_count;
    uint32_t found = 0;
    for (uint32_t i = 1; i < landmark_count; i++) {
        if (mind->map->distances[i][tile] < mind->map->distances[found][tile]) {
            found = i;
        }
    }
    return found;
}

/* Whom the bot looks for: the first enemy after a seat drawn at random; NOBODY most of the time. */
static uint32_t find_prey(const struct mind *mind)
{
    uint32_t dice = mood(mind, HUNT_TICKS, PURPOSE_HUNT);
    uint32_t count = mind->world->head.players_max;
    for (uint32_t i = 0; i < count && dice % HUNT_ONE_IN == 0; i++) {
        uint32_t seat = (dice / HUNT_ONE_IN + i) % count;
        if (is_enemy(mind, seat)) {
            return seat;
        }
    }
    return NOBODY;
}

static uint32_t choose_landmark(const struct mind *mind)
{
    uint32_t landmark_count = (uint32_t)mind->map->spawn_count + mind->map->pickup_count;
    uint32_t found = NOBODY;
    if (mind->self->health < HURT_HEALTH) {
        found = find_pickup(mind, ARENA_PICKUP_HEALTH);
    } else if (mind->self->slugs == 0) {
        found = find_pickup(mind, ARENA_PICKUP_SLUGS);
    }
    if (found != NOBODY) {
        return found;
    }
    uint32_t prey = find_prey(mind);
    if (prey != NOBODY) {
        return find_landmark_at(mind, &mind->world->players[prey]);
    }
    return mood(mind, ROAM_TICKS, PURPOSE_ROAM) % landmark_count;
}

/* One tile down the distances: to the neighbour nearest to the landmark. */
static void go_to_landmark(const struct mind *mind, uint32_t landmark, struct sk_input *input)
{
    static const int8_t ways[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    SK_GAME_ASSERT(landmark < (uint32_t)mind->map->spawn_count + mind->map->pickup_count);
    const uint8_t *distances = mind->map->distances[landmark];
    uint32_t tile = tile_of(mind->map, mind->self->x, mind->self->y);
    SK_GAME_ASSERT(!mind->map->walls[tile]); /* so it has four neighbours */
    int32_t column = mind->self->x / ARENA_TILE;
    int32_t row = mind->self->y / ARENA_TILE;
    int32_t to_column = column;
    int32_t to_row = row;
    uint8_t nearest = distances[tile];
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t next = (uint32_t)((row + ways[i][1]) * mind->map->width + column + ways[i][0]);
        if (distances[next] < nearest) {
            nearest = distances[next];
            to_column = column + ways[i][0];
            to_row = row + ways[i][1];
        }
    }
    int32_t x = to_column * ARENA_TILE + ARENA_TILE / 2 - mind->self->x;
    int32_t y = to_row * ARENA_TILE + ARENA_TILE / 2 - mind->self->y;
    go(input, sk_atan2(y, x));
}

/* Round the target, nearer when it is far and away when it is close. */
static void strafe(const struct mind *mind, struct sk_input *input)
{
    const struct arena_player *target = &mind->world->players[mind->target];
    uint16_t turn = sk_atan2(target->y - mind->self->y, target->x - mind->self->x);
    bool is_left = mood(mind, STRAFE_TICKS, PURPOSE_STRAFE) % 2 == 0;
    int32_t aside = mind->distance > CLOSE ? 11000 : 20000;
    go(input, (uint16_t)(is_left ? turn - aside : turn + aside));
}

void arena_bots_think(const void *world, const void *content, uint32_t player,
                      struct sk_input *input)
{
    const struct arena_world *arena = world;
    const struct arena_player *self = &arena->players[player];
    SK_GAME_ASSERT(player < arena->head.players_max);
    *input = (struct sk_input){0};
    if (!self->entity.alive || self->health == 0) {
        return;
    }
    struct mind mind = {
        .world = arena,
        .map = arena_map_of(arena, content),
        .self = self,
        .player = player,
        .skill = arena->head.options[ARENA_OPTION_BOT_SKILL],
    };
    SK_GAME_ASSERT(mind.skill < sizeof(skills) / sizeof(skills[0]));
    look(&mind);
    bool is_fleeing = self->health < HURT_HEALTH && mind.skill > 0 &&
                      find_pickup(&mind, ARENA_PICKUP_HEALTH) != NOBODY;
    if (mind.target == NOBODY || is_fleeing) {
        go_to_landmark(&mind, choose_landmark(&mind), input);
    } else {
        strafe(&mind, input);
    }
    if (mind.target != NOBODY) {
        fight(&mind, input);
        return;
    }
    uint16_t ahead = sk_atan2(input->axes[1], input->axes[0]);
    input->axes[2] = (int16_t)turn_towards(self->aim, ahead, skills[mind.skill].turn_max);
}
