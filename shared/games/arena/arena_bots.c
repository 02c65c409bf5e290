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
#include "arena/arena_team.h"
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
struct bot {
    const struct arena_world *world;
    const struct arena_map *map;
    const struct arena_player *self;
    uint32_t player;
    uint32_t target; /* the nearest enemy in sight, or NOBODY */
    uint32_t skill;
    int32_t distance; /* to the target */
};

/* Randomness that stays the same for `ticks` ticks; each bot changes at its own time. */
static uint32_t choice(const struct bot *bot, uint32_t ticks, uint32_t purpose)
{
    SK_GAME_ASSERT(ticks > 0);
    uint32_t epoch = (bot->world->head.tick + bot->player * 7) / ticks;
    return sk_random(bot->world->head.secret_seed, epoch, bot->player, purpose);
}

/* --- looking ------------------------------------------------------------------------------- */

static bool is_enemy(const struct bot *bot, uint32_t player)
{
    const struct arena_player *other = &bot->world->players[player];
    return other->entity.alive && other->health > 0 &&
           arena_team_is_enemy(bot->world, bot->player, player);
}

static int32_t distance_to(const struct bot *bot, int32_t x, int32_t y)
{
    return (int32_t)sk_distance(x - bot->self->x, y - bot->self->y);
}

static void look(struct bot *bot)
{
    int64_t nearest = (int64_t)SIGHT * SIGHT;
    bot->target = NOBODY;
    for (uint32_t i = 0; i < bot->world->head.players_max; i++) {
        const struct arena_player *other = &bot->world->players[i];
        int64_t off_x = other->x - bot->self->x;
        int64_t off_y = other->y - bot->self->y;
        int64_t square = off_x * off_x + off_y * off_y;
        if (is_enemy(bot, i) && !other->shielded && square < nearest &&
            arena_map_sees(bot->map, bot->self->x, bot->self->y, other->x, other->y)) {
            nearest = square;
            bot->target = i;
        }
    }
    if (bot->target != NOBODY) {
        const struct arena_player *target = &bot->world->players[bot->target];
        bot->distance = distance_to(bot, target->x, target->y);
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
static bool has_reacted(const struct bot *bot)
{
    const struct arena_world *world = bot->world;
    struct sk_rewind rewind = arena_rewind_of(world->head.players_max);
    struct sk_moment then = {.tick = world->head.tick - skills[bot->skill].reaction_ticks};
    struct arena_player self = *bot->self;
    struct arena_player target = world->players[bot->target];
    return sk_rewind_restore(&rewind, world->rewind, bot->player, &then, &self) &&
           sk_rewind_restore(&rewind, world->rewind, bot->target, &then, &target) &&
           arena_map_sees(bot->map, self.x, self.y, target.x, target.y);
}

/* A person who has not killed more often than died in this round. */
static bool is_spared(const struct arena_player *player)
{
    return !player->bot && player->score <= player->deaths;
}

static int32_t error_of(const struct bot *bot)
{
    bool spared = is_spared(&bot->world->players[bot->target]);
    int32_t error_max = skills[bot->skill].error * (spared ? SPARED_ERROR : 1);
    return (int32_t)(choice(bot, AIM_TICKS, PURPOSE_AIM) % (uint32_t)(2 * error_max + 1)) -
           error_max;
}

static bool is_eager(const struct bot *bot)
{
    bool spared = is_spared(&bot->world->players[bot->target]);
    uint32_t eagerness = skills[bot->skill].eagerness / (spared ? SPARED_BURSTS : 1);
    return choice(bot, BURST_TICKS, PURPOSE_BURST) % 256 < eagerness;
}

static uint16_t wanted_aim(const struct bot *bot)
{
    const struct arena_player *target = &bot->world->players[bot->target];
    int32_t ahead_ticks = bot->distance / arena_combat_projectile_speed();
    if (bot->self->weapon == ARENA_RAIL) {
        ahead_ticks = 0;
    }
    int32_t x = target->x + target->speed_x * ahead_ticks - bot->self->x;
    int32_t y = target->y + target->speed_y * ahead_ticks - bot->self->y;
    return (uint16_t)(sk_atan2(y, x) + error_of(bot));
}

static void fight(const struct bot *bot, struct sk_input *input)
{
    SK_GAME_ASSERT(bot->target < bot->world->head.players_max);
    uint16_t wanted = wanted_aim(bot);
    uint16_t aim = turn_towards(bot->self->aim, wanted, skills[bot->skill].turn_max);
    int32_t off = (int16_t)(wanted - aim);
    input->axes[2] = (int16_t)aim;
    if (is_eager(bot) && off > -1500 && off < 1500 && has_reacted(bot)) {
        input->buttons |= ARENA_FIRE;
    }
    bool wants_rail = bot->self->slugs > 0 && bot->distance > RAIL_FROM;
    input->buttons |= wants_rail ? ARENA_TAKE_RAIL : ARENA_TAKE_BLASTER;
    bool is_in_trouble = bot->self->health < HURT_HEALTH;
    if (is_in_trouble && choice(bot, STRAFE_TICKS, PURPOSE_DASH) % 3 == 0) {
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
static uint32_t find_pickup(const struct bot *bot, uint8_t type)
{
    uint32_t tile = tile_of(bot->map, bot->self->x, bot->self->y);
    uint32_t found = NOBODY;
    uint8_t nearest = ARENA_UNREACHABLE;
    for (uint32_t i = 0; i < bot->map->pickup_count; i++) {
        const struct arena_pickup *pickup = &bot->world->pickups[i];
        uint32_t landmark = bot->map->spawn_count + i;
        uint8_t distance = bot->map->distances[landmark][tile];
        if (pickup->ready && pickup->type == type && distance < nearest) {
            nearest = distance;
            found = landmark;
        }
    }
    return found;
}

/* The landmark nearest to a player. */
static uint32_t find_landmark_at(const struct bot *bot, const struct arena_player *player)
{
    uint32_t tile = tile_of(bot->map, player->x, player->y);
    uint32_t landmark_count = (uint32_t)bot->map->spawn_count + bot->map->pickup_count;
    uint32_t found = 0;
    for (uint32_t i = 1; i < landmark_count; i++) {
        if (bot->map->distances[i][tile] < bot->map->distances[found][tile]) {
            found = i;
        }
    }
    return found;
}

/* Whom the bot looks for: the first enemy after a seat drawn at random; NOBODY most of the time. */
static uint32_t find_prey(const struct bot *bot)
{
    uint32_t dice = choice(bot, HUNT_TICKS, PURPOSE_HUNT);
    uint32_t count = bot->world->head.players_max;
    for (uint32_t i = 0; i < count && dice % HUNT_ONE_IN == 0; i++) {
        uint32_t seat = (dice / HUNT_ONE_IN + i) % count;
        if (is_enemy(bot, seat)) {
            return seat;
        }
    }
    return NOBODY;
}

static uint32_t choose_landmark(const struct bot *bot)
{
    uint32_t landmark_count = (uint32_t)bot->map->spawn_count + bot->map->pickup_count;
    uint32_t found = NOBODY;
    if (bot->self->health < HURT_HEALTH) {
        found = find_pickup(bot, ARENA_PICKUP_HEALTH);
    } else if (bot->self->slugs == 0) {
        found = find_pickup(bot, ARENA_PICKUP_SLUGS);
    }
    if (found != NOBODY) {
        return found;
    }
    uint32_t prey = find_prey(bot);
    if (prey != NOBODY) {
        return find_landmark_at(bot, &bot->world->players[prey]);
    }
    return choice(bot, ROAM_TICKS, PURPOSE_ROAM) % landmark_count;
}

/* One tile down the distances: to the neighbour nearest to the landmark. */
static void go_to_landmark(const struct bot *bot, uint32_t landmark, struct sk_input *input)
{
    static const int8_t ways[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    SK_GAME_ASSERT(landmark < (uint32_t)bot->map->spawn_count + bot->map->pickup_count);
    const uint8_t *distances = bot->map->distances[landmark];
    uint32_t tile = tile_of(bot->map, bot->self->x, bot->self->y);
    SK_GAME_ASSERT(!bot->map->walls[tile]); /* so it has four neighbours */
    int32_t column = bot->self->x / ARENA_TILE;
    int32_t row = bot->self->y / ARENA_TILE;
    int32_t to_column = column;
    int32_t to_row = row;
    uint8_t nearest = distances[tile];
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t next = (uint32_t)((row + ways[i][1]) * bot->map->width + column + ways[i][0]);
        if (distances[next] < nearest) {
            nearest = distances[next];
            to_column = column + ways[i][0];
            to_row = row + ways[i][1];
        }
    }
    int32_t x = to_column * ARENA_TILE + ARENA_TILE / 2 - bot->self->x;
    int32_t y = to_row * ARENA_TILE + ARENA_TILE / 2 - bot->self->y;
    go(input, sk_atan2(y, x));
}

/* Round the target, nearer when it is far and away when it is close. */
static void strafe(const struct bot *bot, struct sk_input *input)
{
    const struct arena_player *target = &bot->world->players[bot->target];
    uint16_t turn = sk_atan2(target->y - bot->self->y, target->x - bot->self->x);
    bool is_left = choice(bot, STRAFE_TICKS, PURPOSE_STRAFE) % 2 == 0;
    int32_t aside = bot->distance > CLOSE ? 11000 : 20000;
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
    struct bot bot = {
        .world = arena,
        .map = arena_map_of(arena, content),
        .self = self,
        .player = player,
        .skill = arena->head.options[ARENA_OPTION_BOT_SKILL],
    };
    SK_GAME_ASSERT(bot.skill < sizeof(skills) / sizeof(skills[0]));
    look(&bot);
    bool is_fleeing = self->health < HURT_HEALTH && bot.skill > 0 &&
                      find_pickup(&bot, ARENA_PICKUP_HEALTH) != NOBODY;
    if (bot.target == NOBODY || is_fleeing) {
        go_to_landmark(&bot, choose_landmark(&bot), input);
    } else {
        strafe(&bot, input);
    }
    if (bot.target != NOBODY) {
        fight(&bot, input);
        return;
    }
    uint16_t ahead = sk_atan2(input->axes[1], input->axes[0]);
    input->axes[2] = (int16_t)turn_towards(self->aim, ahead, skills[bot.skill].turn_max);
}
