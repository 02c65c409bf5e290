/* arena_map.h - maps from text; walls, rays and ways.
 *
 * A file holds up to ARENA_MAPS_MAX maps.  Lines that begin with ';' are comments, blank lines are
 * skipped, `map NAME` begins a map and each line after it is a row of tiles, all of one width:
 *
 *   #  wall: the whole border    .  floor           S  floor, a spawn point (2 at least)
 *   H  floor, a health pickup    R  floor, a pickup of slugs for the rail
 *   A  floor, a spawn point in the base of team 1    B  the same of team 2
 *
 * All floor must be reachable from the first spawn point: nobody may appear in a cage.
 *
 * Memory   the content is one block, the caller's; parsing uses 6 KiB of stack.
 * Errors   the text is an operator's: each fault is an error, never an assertion.
 */
#ifndef ARENA_MAP_H
#define ARENA_MAP_H

#include "arena/arena_world.h"

enum {
    ARENA_MAPS_MAX = 8,
    ARENA_MAP_WIDTH_MAX = 64,
    ARENA_MAP_HEIGHT_MAX = 48,
    ARENA_TILES_MAX = ARENA_MAP_WIDTH_MAX * ARENA_MAP_HEIGHT_MAX,
    ARENA_SPAWNS_MAX = 16,
    ARENA_LANDMARKS_MAX = ARENA_SPAWNS_MAX + ARENA_PICKUPS_MAX,
    ARENA_MAP_NAME_BYTES = 24, /* with its end */
    ARENA_UNREACHABLE = 255,
};
_Static_assert(ARENA_MAP_WIDTH_MAX *ARENA_TILE <= ARENA_POSITION_MAX + ARENA_STEP,
               "every place of a map is on the wire's grid");

/* A tile that matters. */
struct arena_point {
    uint8_t column;
    uint8_t row;
    uint8_t type; /* of pickups enum arena_pickup_type, of spawns whose base it is in */
    uint8_t reserved;
};

struct arena_map {
    char name[ARENA_MAP_NAME_BYTES];
    uint16_t width;
    uint16_t height;
    uint16_t spawn_count;
    uint16_t pickup_count;
    struct arena_point spawns[ARENA_SPAWNS_MAX];
    struct arena_point pickups[ARENA_PICKUPS_MAX];
    uint8_t walls[ARENA_TILES_MAX]; /* 1: wall; index row * width + column */
    /* How many tiles each tile is from a landmark (spawns, then pickups), for the ways of bots. */
    uint8_t distances[ARENA_LANDMARKS_MAX][ARENA_TILES_MAX];
};

struct arena_content {
    uint32_t map_count;
    uint32_t reserved;
    struct arena_map maps[ARENA_MAPS_MAX];
};
_Static_assert(sizeof(struct arena_content) <= SK_CONTENT_BYTES_MAX, "content fits a room");

/* sk_game.content: reads the text into a struct arena_content.  Returns its bytes; SK_ERR_RANGE for
 * a letter that means nothing, SK_ERR_TOO_BIG for too many maps, tiles, spawns or pickups,
 * SK_ERR_CONFIG for a map that breaks another rule of this file. */
SK_MUST_CHECK int arena_content_parse(const uint8_t *source, size_t size, void *content,
                                      size_t capacity);

/* The map that is played. */
const struct arena_map *arena_map_of(const struct arena_world *world, const void *content);

/* Is the tile a wall?  Outside of the map all is wall. */
bool arena_map_is_wall(const struct arena_map *map, int32_t column, int32_t row);

/* How far one sees from (x, y) along `turn` before a wall, at most `length_max`; found in steps of
 * an eighth of a tile. */
int32_t arena_map_ray(const struct arena_map *map, int32_t x, int32_t y, uint16_t turn,
                      int32_t length_max);
/* Is there no wall between two places? */
bool arena_map_sees(const struct arena_map *map, int32_t x, int32_t y, int32_t to_x, int32_t to_y);

/* The middle of a point's tile. */
int32_t arena_point_x(const struct arena_point *point);
int32_t arena_point_y(const struct arena_point *point);

#endif
