/* arena_match.c - see arena_match.h.  Invariant: slot 0 of the match kind lives as long as the
 * world.
 */
#include "arena/arena_match.h"

#include "arena/arena_result.h"
#include "arena/arena_spawn.h"
#include "arena/arena_team.h"
#include "base/assert.h"
#include "sim/entity.h"

enum {
    PAUSE_TICKS = 8 * ARENA_TICK_HZ,
    SHIELD_TICKS = 90,
    FIRST_SLUGS = 2,
};

/* --- places -------------------------------------------------------------------------------- */

void arena_match_spawn(struct arena_world *world, const struct arena_map *map, uint32_t player)
{
    struct arena_player *spawned = &world->players[player];
    SK_GAME_ASSERT(player < world->head.players_max);
    SK_GAME_ASSERT(spawned->entity.alive);
    const struct arena_start start = arena_spawn_choose(world, map, player);
    spawned->x = start.x;
    spawned->y = start.y;
    spawned->aim = start.aim;
    spawned->speed_x = 0;
    spawned->speed_y = 0;
    spawned->respawn_ticks = 0;
    spawned->dash_ticks = 0;
    spawned->dash_wait_ticks = 0;
    spawned->cooldown_ticks = 0;
    spawned->health = ARENA_HEALTH_MAX;
    spawned->weapon = ARENA_BLASTER;
    spawned->slugs = FIRST_SLUGS;
    spawned->shield_ticks = SHIELD_TICKS;
    spawned->shielded = 1;
    spawned->entity.jump++;
}

/* --- rounds -------------------------------------------------------------------------------- */

static void put_pickups(struct arena_world *world, const struct arena_map *map)
{
    SK_GAME_ASSERT(map->pickup_count <= ARENA_PICKUPS_MAX);
    for (uint32_t i = 0; i < ARENA_PICKUPS_MAX; i++) {
        struct arena_pickup *pickup = &world->pickups[i];
        sk_entity_free(pickup, sizeof(*pickup));
        if (i < map->pickup_count) {
            sk_entity_take(pickup, sizeof(*pickup), SK_NO_OWNER);
            pickup->x = arena_point_x(&map->pickups[i]);
            pickup->y = arena_point_y(&map->pickups[i]);
            pickup->type = map->pickups[i].type;
            pickup->ready = 1;
        }
    }
}

static uint8_t choose_map(const struct arena_world *world, const struct arena_content *content,
                          uint32_t round)
{
    uint32_t wanted = world->head.options[ARENA_OPTION_MAP];
    SK_GAME_ASSERT(content->map_count > 0 && content->map_count <= ARENA_MAPS_MAX);
    uint32_t index = wanted > 0 ? wanted - 1 : round;
    return (uint8_t)(index % content->map_count);
}

static void begin_round(struct arena_world *world, const struct arena_content *content)
{
    struct arena_match *match = &world->match;
    match->map = choose_map(world, content, match->round);
    match->next_map = choose_map(world, content, (uint8_t)(match->round + 1));
    match->state = ARENA_PLAYING;
    match->left_ticks = world->head.options[ARENA_OPTION_ROUND_SECONDS] * ARENA_TICK_HZ;
    match->left_seconds = (uint16_t)(match->left_ticks / ARENA_TICK_HZ);
    SK_GAME_ASSERT(match->left_ticks > 0);
    match->team_1_score = 0;
    match->team_2_score = 0;
    put_pickups(world, &content->maps[match->map]);
}

void arena_match_start(struct arena_world *world, const void *content)
{
    sk_entity_take(&world->match, sizeof(world->match), SK_NO_OWNER);
    begin_round(world, content);
}

/* Back to nothing: scores, projectiles, places. */
static void clear_round(struct arena_world *world, const struct arena_map *map,
                        struct sk_events *events)
{
    for (uint32_t i = 0; i < ARENA_PROJECTILES_MAX; i++) {
        sk_entity_free(&world->projectiles[i], sizeof(world->projectiles[i]));
    }
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        struct arena_player *player = &world->players[i];
        if (player->entity.alive) {
            player->score = 0;
            player->deaths = 0;
            player->streak = 0;
            player->best_streak = 0;
            player->shots = 0;
            player->hits = 0;
            player->health = 0;
        }
    }
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        if (world->players[i].entity.alive) {
            arena_match_spawn(world, map, i);
            sk_emit(events, ARENA_EVENT_SPAWN, SK_TO_ALL,
                    &(struct arena_spawn){.player = (uint8_t)i});
        }
    }
}

struct standing {
    uint32_t score;
    uint8_t leader; /* player + 1, or a team; ARENA_NOBODY when two are equal */
};

static struct standing find_leading_player(const struct arena_world *world)
{
    struct standing standing = {0};
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        const struct arena_player *player = &world->players[i];
        if (!player->entity.alive || player->score < standing.score) {
            continue;
        }
        bool is_ahead = player->score > standing.score;
        standing.leader = is_ahead ? (uint8_t)(i + 1) : ARENA_NOBODY;
        standing.score = player->score;
    }
    return standing;
}

static struct standing find_leader(const struct arena_world *world)
{
    const struct arena_match *match = &world->match;
    if (!arena_team_is_played(world)) {
        return find_leading_player(world);
    }
    if (match->team_1_score == match->team_2_score) {
        return (struct standing){.score = match->team_1_score, .leader = ARENA_NOBODY};
    }
    return match->team_1_score > match->team_2_score
               ? (struct standing){.score = match->team_1_score, .leader = 1}
               : (struct standing){.score = match->team_2_score, .leader = 2};
}

static void end_round(struct arena_world *world, uint8_t winner, struct sk_events *events)
{
    struct arena_match *match = &world->match;
    SK_GAME_ASSERT(match->state == ARENA_PLAYING);
    SK_GAME_ASSERT(winner <= world->head.players_max);
    match->state = ARENA_PAUSE;
    match->winner = winner;
    match->left_ticks = PAUSE_TICKS;
    sk_emit(events, ARENA_EVENT_ROUND_END, SK_TO_ALL,
            &(struct arena_round){.round = match->round, .winner = winner});
    arena_result_tell(world, events);
}

static void start_next_round(struct arena_world *world, const struct arena_content *content,
                             struct sk_events *events)
{
    SK_GAME_ASSERT(world->match.state == ARENA_PAUSE);
    SK_GAME_ASSERT(world->match.left_ticks == 0);
    world->match.round++;
    begin_round(world, content);
    arena_team_balance(world);
    clear_round(world, &content->maps[world->match.map], events);
    sk_emit(events, ARENA_EVENT_ROUND_START, SK_TO_ALL,
            &(struct arena_round){.round = world->match.round, .map = world->match.map});
}

void arena_match_step(struct arena_world *world, const void *content, struct sk_events *events)
{
    struct arena_match *match = &world->match;
    struct standing standing = find_leader(world);
    uint32_t limit = world->head.options[ARENA_OPTION_SCORE_LIMIT];
    if (match->left_ticks > 0) {
        match->left_ticks--;
    }
    if (match->state == ARENA_PLAYING &&
        (match->left_ticks == 0 || (limit > 0 && standing.score >= limit))) {
        end_round(world, standing.leader, events);
    } else if (match->state == ARENA_PAUSE && match->left_ticks == 0) {
        start_next_round(world, content, events);
    }
    match->left_seconds = (uint16_t)((match->left_ticks + ARENA_TICK_HZ - 1) / ARENA_TICK_HZ);
}
