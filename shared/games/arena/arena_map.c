/* arena_map.c - see arena_map.h.
 *
 *   text --line by line--> walls, spawns, pickups --check--> border, reach --flood--> distances
 *
 * Invariant of a finished map: its border is wall, so a circle inside never leaves it.
 */
#include "arena/arena_map.h"

#include "base/mem.h"
#include "base/trig.h"

enum { RAY_STEPS_A_TILE = 8, SIGHT_STEPS_A_TILE = 3 };

/* --- reading ------------------------------------------------------------------------------- */

struct line {
    const uint8_t *text;
    size_t bytes;
};

/* Takes the next line off the source, without its end. */
static struct line take_line(const uint8_t **source, size_t *size)
{
    struct line line = {.text = *source};
    while (line.bytes < *size && line.text[line.bytes] != '\n') {
        line.bytes++;
    }
    size_t used = line.bytes < *size ? line.bytes + 1 : line.bytes;
    *source += used;
    *size -= used;
    if (line.bytes > 0 && line.text[line.bytes - 1] == '\r') {
        line.bytes--;
    }
    return line;
}

static int add_point(struct arena_point *points, uint16_t *count, uint32_t count_max,
                     struct arena_point point)
{
    if (*count == count_max) {
        return SK_ERR_TOO_BIG;
    }
    points[(*count)++] = point;
    return SK_OK;
}

static int read_tile(struct arena_map *map, uint32_t column, uint8_t letter)
{
    struct arena_point point = {.column = (uint8_t)column, .row = (uint8_t)map->height};
    map->walls[map->height * map->width + column] = letter == '#';
    switch (letter) {
    case '#':
    case '.':
        return SK_OK;
    case 'S':
        return add_point(map->spawns, &map->spawn_count, ARENA_SPAWNS_MAX, point);
    case 'A':
        point.type = 1;
        return add_point(map->spawns, &map->spawn_count, ARENA_SPAWNS_MAX, point);
    case 'B':
        point.type = 2;
        return add_point(map->spawns, &map->spawn_count, ARENA_SPAWNS_MAX, point);
    case 'H':
        point.type = ARENA_PICKUP_HEALTH;
        return add_point(map->pickups, &map->pickup_count, ARENA_PICKUPS_MAX, point);
    case 'R':
        point.type = ARENA_PICKUP_SLUGS;
        return add_point(map->pickups, &map->pickup_count, ARENA_PICKUPS_MAX, point);
    default:
        return SK_ERR_RANGE;
    }
}

static int read_row(struct arena_map *map, struct line line)
{
    if (map->height == 0) {
        map->width = line.bytes <= ARENA_MAP_WIDTH_MAX ? (uint16_t)line.bytes : 0;
    }
    if (map->width == 0 || map->height == ARENA_MAP_HEIGHT_MAX) {
        return SK_ERR_TOO_BIG;
    }
    if (line.bytes != map->width) {
        return SK_ERR_CONFIG;
    }
    for (uint32_t column = 0; column < map->width; column++) {
        int result = read_tile(map, column, line.text[column]);
        if (result != SK_OK) {
            return result;
        }
    }
    map->height++;
    return SK_OK;
}

static int begin_map(struct arena_content *content, struct line line)
{
    if (content->map_count == ARENA_MAPS_MAX) {
        return SK_ERR_TOO_BIG;
    }
    size_t name_bytes = line.bytes - 4;
    if (name_bytes == 0 || name_bytes >= ARENA_MAP_NAME_BYTES) {
        return SK_ERR_CONFIG;
    }
    memcpy(content->maps[content->map_count++].name, line.text + 4, name_bytes);
    return SK_OK;
}

static int read_line(struct arena_content *content, struct line line)
{
    if (line.bytes == 0 || line.text[0] == ';') {
        return SK_OK;
    }
    if (line.bytes >= 4 && memcmp(line.text, "map ", 4) == 0) {
        return begin_map(content, line);
    }
    if (content->map_count == 0) {
        return SK_ERR_CONFIG;
    }
    return read_row(&content->maps[content->map_count - 1], line);
}

/* --- checking and ways --------------------------------------------------------------------- */

static bool has_border(const struct arena_map *map)
{
    for (int32_t column = 0; column < map->width; column++) {
        if (!arena_map_is_wall(map, column, 0) ||
            !arena_map_is_wall(map, column, map->height - 1)) {
            return false;
        }
    }
    for (int32_t row = 0; row < map->height; row++) {
        if (!arena_map_is_wall(map, 0, row) || !arena_map_is_wall(map, map->width - 1, row)) {
            return false;
        }
    }
    return true;
}

/* Breadth first from a point: how many tiles each tile is away, along floor, in four directions. */
static void flood(const struct arena_map *map, struct arena_point from, uint8_t *distances)
{
    uint16_t queue[ARENA_TILES_MAX];
    const int32_t ways[4] = {1, -1, map->width, -(int32_t)map->width};
    uint32_t taken = 0;
    uint32_t count = 0;
    memset(distances, ARENA_UNREACHABLE, ARENA_TILES_MAX);
    queue[count] = (uint16_t)(from.row * map->width + from.column);
    distances[queue[count++]] = 0;
    while (taken < count) {
        uint32_t tile = queue[taken++];
        uint32_t next = distances[tile] + 1u;
        for (uint32_t i = 0; i < 4; i++) {
            uint32_t to = (uint32_t)((int32_t)tile + ways[i]); /* inside: the border is wall */
            if (!map->walls[to] && distances[to] == ARENA_UNREACHABLE && next < ARENA_UNREACHABLE) {
                distances[to] = (uint8_t)next;
                queue[count++] = (uint16_t)to;
            }
        }
    }
}

static bool is_all_reachable(const struct arena_map *map)
{
    uint32_t tile_count = (uint32_t)map->width * map->height;
    for (uint32_t i = 0; i < tile_count; i++) {
        if (!map->walls[i] && map->distances[0][i] == ARENA_UNREACHABLE) {
            return false;
        }
    }
    return true;
}

static int finish_map(struct arena_map *map)
{
    if (map->spawn_count < 2 || !has_border(map)) {
        return SK_ERR_CONFIG;
    }
    for (uint32_t i = 0; i < map->spawn_count; i++) {
        flood(map, map->spawns[i], map->distances[i]);
    }
    for (uint32_t i = 0; i < map->pickup_count; i++) {
        flood(map, map->pickups[i], map->distances[map->spawn_count + i]);
    }
    return is_all_reachable(map) ? SK_OK : SK_ERR_CONFIG;
}

int arena_content_parse(const uint8_t *source, size_t size, void *content, size_t capacity)
{
    struct arena_content *maps = content;
    int result = SK_OK;
    if (!maps) {
        return (int)sizeof(*maps);
    }
    if (capacity < sizeof(*maps)) {
        return SK_ERR_FULL;
    }
    memset(maps, 0, sizeof(*maps));
    while (result == SK_OK && size > 0) {
        result = read_line(maps, take_line(&source, &size));
    }
    for (uint32_t i = 0; result == SK_OK && i < maps->map_count; i++) {
        result = finish_map(&maps->maps[i]);
    }
    if (result == SK_OK && maps->map_count == 0) {
        result = SK_ERR_CONFIG;
    }
    return result == SK_OK ? (int)sizeof(*maps) : result;
}

/* --- asking -------------------------------------------------------------------------------- */

const struct arena_map *arena_map_of(const struct arena_world *world, const void *content)
{
    const struct arena_content *maps = content;
    return &maps->maps[world->match.map < maps->map_count ? world->match.map : 0];
}

bool arena_map_is_wall(const struct arena_map *map, int32_t column, int32_t row)
{
    if (column < 0 || row < 0 || column >= map->width || row >= map->height) {
        return true;
    }
    return map->walls[row * map->width + column] != 0;
}

/* Is this place in a wall?  Places are never negative by more than a ray's step. */
static bool is_in_wall(const struct arena_map *map, int32_t x, int32_t y)
{
    return x < 0 || y < 0 || arena_map_is_wall(map, x / ARENA_TILE, y / ARENA_TILE);
}

int32_t arena_map_ray(const struct arena_map *map, int32_t x, int32_t y, uint16_t turn,
                      int32_t length_max)
{
    int32_t step = ARENA_TILE / RAY_STEPS_A_TILE;
    int32_t cosine = sk_cos(turn);
    int32_t sine = sk_sin(turn);
    for (int32_t length = step; length < length_max; length += step) {
        int32_t at_x = x + (int32_t)((int64_t)cosine * length / 32768);
        int32_t at_y = y + (int32_t)((int64_t)sine * length / 32768);
        if (is_in_wall(map, at_x, at_y)) {
            return length - step;
        }
    }
    return length_max;
}

static int32_t size_of(int32_t value)
{
    return value < 0 ? -value : value;
}

bool arena_map_sees(const struct arena_map *map, int32_t x, int32_t y, int32_t to_x, int32_t to_y)
{
    int32_t wide = size_of(to_x - x);
    int32_t high = size_of(to_y - y);
    int32_t count = (wide > high ? wide : high) * SIGHT_STEPS_A_TILE / ARENA_TILE + 1;
    int32_t step_x = (to_x - x) / count;
    int32_t step_y = (to_y - y) / count;
    for (int32_t i = 1; i < count; i++) {
        if (is_in_wall(map, x + step_x * i, y + step_y * i)) {
            return false;
        }
    }
    return true;
}

int32_t arena_point_x(const struct arena_point *point)
{
    return point->column * ARENA_TILE + ARENA_TILE / 2;
}

int32_t arena_point_y(const struct arena_point *point)
{
    return point->row * ARENA_TILE + ARENA_TILE / 2;
}
