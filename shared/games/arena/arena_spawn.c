/* arena_spawn.c - see arena_spawn.h. */
#include "arena/arena_spawn.h"

#include "arena/arena_team.h"
#include "base/assert.h"
#include "base/hash.h"
#include "base/trig.h"

enum {
    GOOD_DISTANCE = 10 * ARENA_TILE, /* to the nearest enemy */
    SAFE_DISTANCE = 6 * ARENA_TILE,
    SIGHT = 14 * ARENA_TILE,
    SEEN_COST = 10 * ARENA_TILE,
    UNSAFE_COST = 64 * ARENA_TILE,
    NO_BASE_COST = 128 * ARENA_TILE, /* of a place in nobody's base; twice in that of others */

    WAY_COUNT = 16,            /* turns that are looked along */
    VIEW_MAX = 9 * ARENA_TILE, /* more open than this is no better */
    GOAL_WORTH = 4 * ARENA_TILE,
    ONE = 32767, /* sk_cos of 0 */

    PURPOSE_SPAWN = 1,
};

/* --- places -------------------------------------------------------------------------------- */

static bool is_enemy(const struct arena_world *world, uint32_t other, uint32_t player)
{
    return world->players[other].entity.alive && world->players[other].health > 0 &&
           arena_team_is_enemy(world, player, other);
}

/* The living enemy nearest to (x, y); NULL when there is none. */
static const struct arena_player *find_nearest(const struct arena_world *world, uint32_t player,
                                               int32_t x, int32_t y)
{
    const struct arena_player *nearest = NULL;
    uint32_t distance_min = UINT32_MAX;
    for (uint32_t i = 0; i < world->head.players_max; i++) {
        const struct arena_player *other = &world->players[i];
        uint32_t distance = sk_distance(other->x - x, other->y - y);
        if (is_enemy(world, i, player) && distance < distance_min) {
            nearest = other;
            distance_min = distance;
        }
    }
    return nearest;
}

/* Members of a team appear in its base, where the map has one. */
static int32_t base_cost_of(const struct arena_world *world, const struct arena_point *point,
                            uint32_t player)
{
    if (!arena_team_is_played(world) || point->type == world->players[player].team) {
        return 0;
    }
    return point->type == ARENA_NO_TEAM ? NO_BASE_COST : 2 * NO_BASE_COST;
}

/* How much worse than the best a place is. */
static int32_t cost_of(const struct arena_world *world, const struct arena_map *map,
                       const struct arena_point *point, uint32_t player)
{
    int32_t x = arena_point_x(point);
    int32_t y = arena_point_y(point);
    const struct arena_player *nearest = find_nearest(world, player, x, y);
    if (!nearest) {
        return 0;
    }
    int32_t distance = (int32_t)sk_distance(nearest->x - x, nearest->y - y);
    if (distance < SAFE_DISTANCE) {
        return UNSAFE_COST - distance;
    }
    int32_t cost = distance > GOOD_DISTANCE ? distance - GOOD_DISTANCE : GOOD_DISTANCE - distance;
    bool is_seen = distance < SIGHT && arena_map_sees(map, x, y, nearest->x, nearest->y);
    return is_seen ? cost + SEEN_COST : cost;
}

static const struct arena_point *choose_point(const struct arena_world *world,
                                              const struct arena_map *map, uint32_t player)
{
    uint32_t first = sk_random(world->head.secret_seed, world->head.tick, player, PURPOSE_SPAWN);
    SK_GAME_ASSERT(map->spawn_count >= 2 && map->spawn_count <= ARENA_SPAWNS_MAX);
    const struct arena_point *best = NULL;
    int32_t best_cost = 0;
    for (uint32_t i = 0; i < map->spawn_count; i++) {
        const struct arena_point *point =
            &map->spawns[(first % map->spawn_count + i) % map->spawn_count];
        int32_t cost = cost_of(world, map, point, player) + base_cost_of(world, point, player);
        if (!best || cost < best_cost) {
            best = point;
            best_cost = cost;
        }
    }
    SK_GAME_ASSERT(best != NULL);
    return best;
}

/* --- the way to look ------------------------------------------------------------------------- */

/* Towards the nearest enemy, or else the middle of the map. */
static uint16_t turn_to_goal(const struct arena_world *world, const struct arena_map *map,
                             uint32_t player, const struct arena_start *start)
{
    const struct arena_player *nearest = find_nearest(world, player, start->x, start->y);
    int32_t x = nearest ? nearest->x : map->width * ARENA_TILE / 2;
    int32_t y = nearest ? nearest->y : map->height * ARENA_TILE / 2;
    return sk_atan2(y - start->y, x - start->x);
}

static uint16_t choose_aim(const struct arena_map *map, const struct arena_start *start,
                           uint16_t goal)
{
    uint16_t best = goal;
    int32_t best_worth = INT32_MIN;
    for (uint32_t i = 0; i < WAY_COUNT; i++) {
        uint16_t turn = (uint16_t)(goal + i * (65536 / WAY_COUNT));
        int32_t worth = arena_map_ray(map, start->x, start->y, turn, VIEW_MAX);
        worth += GOAL_WORTH * (sk_cos((uint16_t)(turn - goal)) / 256) / (ONE / 256);
        if (worth > best_worth) {
            best = turn;
            best_worth = worth;
        }
    }
    return best;
}

struct arena_start arena_spawn_choose(const struct arena_world *world, const struct arena_map *map,
                                      uint32_t player)
{
    SK_GAME_ASSERT(player < world->head.players_max);
    const struct arena_point *point = choose_point(world, map, player);
    SK_GAME_ASSERT(!arena_map_is_wall(map, point->column, point->row));
    struct arena_start start = {.x = arena_point_x(point), .y = arena_point_y(point)};
    start.aim = choose_aim(map, &start, turn_to_goal(world, map, player, &start));
    return start;
}
