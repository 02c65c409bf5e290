/* fuzz_arena_content.c - an operator's map file; what is accepted must be a map one can play on. */
#include <stdint.h>
#include <stdlib.h>

#include "arena/arena_map.h"
#include "base/assert.h"

static void check_map(const struct arena_map *map)
{
    SK_ASSERT(map->spawn_count >= 2);
    for (uint32_t i = 0; i < map->spawn_count; i++) {
        SK_ASSERT(!arena_map_is_wall(map, map->spawns[i].column, map->spawns[i].row));
    }
    for (uint32_t i = 0; i < map->pickup_count; i++) {
        SK_ASSERT(!arena_map_is_wall(map, map->pickups[i].column, map->pickups[i].row));
    }
    for (int32_t column = 0; column < map->width; column++) {
        SK_ASSERT(arena_map_is_wall(map, column, 0));
        SK_ASSERT(arena_map_is_wall(map, column, map->height - 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena_content *content = malloc(sizeof(*content));
    if (!content) {
        return 0;
    }
    if (arena_content_parse(bytes, size, content, sizeof(*content)) > 0) {
        for (uint32_t i = 0; i < content->map_count; i++) {
            check_map(&content->maps[i]);
        }
    }
    free(content);
    return 0;
}
