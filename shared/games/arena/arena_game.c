/* arena_game.c - the game's constants, who takes part, and one tick:
 *
 *   clock --> the dead wait or respawn --> the living move --> they fire --> projectiles fly
 *         --> pickups --> the rewind ring notes where everybody is
 *
 * All move before anybody fires, so that the order of seats gives nobody an advantage.
 */
#include "arena/arena_world.h"

#include "arena/arena_bots.h"
#include "arena/arena_combat.h"
#include "arena/arena_infer.h"
#include "arena/arena_match.h"
#include "arena/arena_player.h"
#include "arena/arena_predict.h"
#include "arena/arena_team.h"
#include "base/assert.h"
#include "code_hash.gen.h"
#include "sim/entity.h"

enum { COLOUR_COUNT = 8 };

/* clang-format off */
static const struct sk_option options[ARENA_OPTION_COUNT] = {
    [ARENA_OPTION_ROUND_SECONDS] = {"round_seconds", 20, 1800, 240},
    [ARENA_OPTION_SCORE_LIMIT]   = {"score_limit",    0,  200,  30},
    [ARENA_OPTION_RESPAWN_TICKS] = {"respawn_ticks", 15,  600, 120},
    [ARENA_OPTION_BOT_SKILL]     = {"bot_skill",      0,    3,   1},
    [ARENA_OPTION_MAP]           = {"map",            0, ARENA_MAPS_MAX, 0},
    [ARENA_OPTION_MODE]          = {"mode",           0, ARENA_MODE_COUNT - 1, ARENA_FREE_FOR_ALL},
};
/* clang-format on */
static const struct sk_command_type commands[] = {[ARENA_COMMAND_COLOUR] = {"colour", 1}};
/* What the page needs to know by name. */
static const struct sk_constant constants[] = {
    {"tile", ARENA_TILE},
    {"health_max", ARENA_HEALTH_MAX},
    {"button_fire", ARENA_FIRE},
    {"button_dash", ARENA_DASH},
    {"button_take_blaster", ARENA_TAKE_BLASTER},
    {"button_take_rail", ARENA_TAKE_RAIL},
    {"weapon_blaster", ARENA_BLASTER},
    {"weapon_rail", ARENA_RAIL},
    {"pickup_health", ARENA_PICKUP_HEALTH},
    {"pickup_slugs", ARENA_PICKUP_SLUGS},
    {"state_playing", ARENA_PLAYING},
    {"state_pause", ARENA_PAUSE},
    {"rank_count", ARENA_RANK_COUNT},
    {"mode_free_for_all", ARENA_FREE_FOR_ALL},
    {"mode_teams", ARENA_TEAMS},
    {"bot_skill_gentle", 0},
    {"bot_skill_fair", 1},
    {"bot_skill_sharp", 2},
    {"bot_skill_merciless", 3},
    {"limit_none", SK_VIEW_FREE},
    {"limit_old", SK_VIEW_OLD},
    {"limit_wide", SK_VIEW_WIDE},
    {"limit_ahead", SK_VIEW_AHEAD},
    {"limit_behind", SK_VIEW_BEHIND},
};

static int layout(uint32_t players_max, const uint32_t *values, struct sk_place *places)
{
    (void)values;
    SK_GAME_ASSERT(players_max <= ARENA_PLAYERS_MAX);
    struct sk_rewind rewind = arena_rewind_of(players_max);
    places[ARENA_KIND_PLAYER] =
        (struct sk_place){offsetof(struct arena_world, players), players_max};
    places[ARENA_KIND_PROJECTILE] = (struct sk_place){offsetof(struct arena_world, projectiles),
                                                      players_max * ARENA_PROJECTILES_A_PLAYER};
    places[ARENA_KIND_PICKUP] =
        (struct sk_place){offsetof(struct arena_world, pickups), ARENA_PICKUPS_MAX};
    places[ARENA_KIND_MATCH] = (struct sk_place){offsetof(struct arena_world, match), 1};
    return (int)(sizeof(struct arena_world) + sk_rewind_bytes(&rewind));
}
_Static_assert(sizeof(struct arena_world) % 8 == 0, "the ring follows, and a world is whole words");

static void start(void *world, const void *content)
{
    arena_match_start(world, content);
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    struct arena_world *arena = world;
    struct arena_player *joined = &arena->players[player];
    SK_GAME_ASSERT(player < arena->head.players_max);
    sk_entity_take(joined, sizeof(*joined), (uint16_t)player);
    joined->colour = (uint8_t)(player % COLOUR_COUNT);
    joined->bot = bot;
    joined->team = arena_team_choose(arena, player);
    arena_match_spawn(arena, arena_map_of(arena, content), player);
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    struct arena_world *arena = world;
    SK_GAME_ASSERT(player < arena->head.players_max);
    SK_GAME_ASSERT(arena->players[player].entity.alive);
    sk_entity_free(&arena->players[player], sizeof(arena->players[player]));
}

static bool command(void *world, const void *content, uint32_t player,
                    const struct sk_command *command, struct sk_answer *answer)
{
    (void)content;
    (void)answer;
    struct arena_world *arena = world;
    SK_GAME_ASSERT(player < arena->head.players_max);
    if (command->type != ARENA_COMMAND_COLOUR || command->size != 1 ||
        command->bytes[0] >= COLOUR_COUNT) {
        return false;
    }
    arena->players[player].colour = command->bytes[0];
    return true;
}

static void revive(struct arena_world *world, const struct arena_map *map, uint32_t player,
                   struct sk_events *events)
{
    struct arena_player *dead = &world->players[player];
    if (dead->respawn_ticks > 0) {
        dead->respawn_ticks--;
        return;
    }
    arena_match_spawn(world, map, player);
    sk_emit(events, ARENA_EVENT_SPAWN, SK_TO_ALL, &(struct arena_spawn){.player = (uint8_t)player});
}

/* Moves everybody; shots[i] is what player i fires. */
static void advance_all(struct arena_world *world, const struct arena_map *map,
                        const struct sk_input *inputs, int *shots, struct sk_events *events)
{
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct arena_player *player = &world->players[i];
        shots[i] = ARENA_NO_SHOT;
        if (!player->entity.alive) {
            continue;
        }
        if (player->health == 0) {
            revive(world, map, i, events);
            continue;
        }
        shots[i] = arena_player_advance(player, map, &inputs[i]);
        player->shield_ticks = player->shield_ticks > 0 ? (uint8_t)(player->shield_ticks - 1) : 0;
    }
}

/* What a tick leaves behind; only the authority asks, for a client's world is what it was told. */
static void check_player(const struct arena_world *world, const struct arena_map *map,
                         uint32_t index)
{
    const struct arena_player *player = &world->players[index];
    SK_GAME_ASSERT(player->entity.owner == index);
    SK_GAME_ASSERT(player->x > 0 && player->y > 0);
    SK_GAME_ASSERT(!arena_map_is_wall(map, player->x / ARENA_TILE, player->y / ARENA_TILE));
    SK_GAME_ASSERT(player->health <= ARENA_HEALTH_MAX);
    SK_GAME_ASSERT(player->weapon < ARENA_WEAPON_COUNT);
    SK_GAME_ASSERT(player->slugs <= ARENA_SLUGS_MAX);
    SK_GAME_ASSERT(player->colour < COLOUR_COUNT);
    SK_GAME_ASSERT(player->streak <= player->score);
    SK_GAME_ASSERT(player->streak <= player->best_streak);
    SK_GAME_ASSERT(player->rank < ARENA_RANK_COUNT);
    SK_GAME_ASSERT(player->team <= ARENA_TEAM_COUNT);
    SK_GAME_ASSERT((player->team != ARENA_NO_TEAM) == arena_team_is_played(world));
    SK_GAME_ASSERT(player->respawn_ticks <= world->head.options[ARENA_OPTION_RESPAWN_TICKS]);
}

static void check_world(const struct arena_world *world, const struct arena_map *map)
{
    SK_GAME_ASSERT(world->head.players_max <= ARENA_PLAYERS_MAX);
    SK_GAME_ASSERT(world->match.entity.alive);
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        if (world->players[i].entity.alive) {
            check_player(world, map, i);
        }
    }
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    struct arena_world *arena = world;
    int shots[ARENA_PLAYERS_MAX];
    arena_match_step(arena, content, events);
    const struct arena_map *map = arena_map_of(arena, content);
    advance_all(arena, map, inputs, shots, events);
    for (uint32_t i = 0; i < arena->head.players_max; i++) {
        if (shots[i] != ARENA_NO_SHOT && arena->players[i].health > 0) {
            arena->players[i].shots++;
            arena_combat_fire(arena, map, i, shots[i], &inputs[i], events);
        }
        arena->players[i].shielded = arena->players[i].shield_ticks > 0;
    }
    struct sk_rewind rewind = arena_rewind_of(arena->head.players_max);
    sk_rewind_record(&rewind, arena->rewind, arena->players, arena->head.tick);
    arena_combat_fly(arena, map, events); /* what flies may be judged a little before now */
    arena_combat_take_pickups(arena, events);
    check_world(arena, map);
}

const struct sk_game arena_game = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "arena",
    .code_hash = SK_CODE_HASH,
    .tick_hz = ARENA_TICK_HZ,
    .snapshot_divisor = ARENA_SNAPSHOT_DIVISOR,
    .players_min = 2,
    .players_max = ARENA_PLAYERS_MAX,
    .buttons = ARENA_BUTTONS,
    .press_buttons = ARENA_PRESSES,
    .view_age_ms = ARENA_VIEW_AGE_MS,
    .axes = {{-INT16_MAX, INT16_MAX}, {-INT16_MAX, INT16_MAX}, {INT16_MIN, INT16_MAX}},
    .kinds = arena_kinds,
    .events = arena_events,
    .options = options,
    .commands = commands,
    .constants = constants,
    .kind_count = ARENA_KIND_COUNT,
    .event_count = ARENA_EVENT_COUNT,
    .option_count = ARENA_OPTION_COUNT,
    .command_count = SK_COUNT_OF(commands),
    .constant_count = SK_COUNT_OF(constants),
    .content_name = "maps/arena.txt",
    .content = arena_content_parse,
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .command = command,
    .step = step,
    .think = arena_bots_think,
    .predict = arena_predict,
    .infer = arena_infer,
};
