/* arena_match_kit.c - see arena_match_kit.h. */
#include "support/arena_match_kit.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "built_in.h"

const char arena_kit_halls[] = "map Test\n"
                               "################\n"
                               "#S....#....H..S#\n"
                               "#..##.#..##....#\n"
                               "#..#......#..R.#\n"
                               "#....##.......##\n"
                               "#R.......#.#...#\n"
                               "#S...#..H..#..S#\n"
                               "################\n";
const uint32_t arena_kit_quick[SK_OPTIONS_MAX] = {20, 5, 20, 2, 0};

void arena_kit_start(struct arena_kit *kit, const char *map, uint32_t players_max,
                     const uint32_t *options)
{
    memset(kit, 0, sizeof(*kit));
    SK_ASSERT(sk_plan_init(&kit->plan, &arena_game, players_max, options) == SK_OK);
    kit->world = calloc(1, kit->plan.world_bytes);
    kit->content = calloc(1, sizeof(*kit->content));
    SK_ASSERT(kit->world && kit->content);
    int bytes =
        arena_content_parse((const uint8_t *)map, strlen(map), kit->content, sizeof(*kit->content));
    SK_ASSERT(bytes > 0);
    kit->events = (struct sk_events){
        .events = kit->kept, .capacity = KIT_EVENTS, .schema = &kit->plan.schema};
    sk_world_start(&kit->plan, kit->world, kit->content, 1, 2);
}

void arena_kit_join_at(struct arena_kit *kit, uint32_t player, int32_t x, int32_t y, uint16_t aim)
{
    arena_game.join(kit->world, kit->content, player, false);
    struct arena_player *joined = &kit->world->players[player];
    joined->x = x;
    joined->y = y;
    joined->aim = aim;
    joined->shield_ticks = 0;
    kit->inputs[player].axes[2] = (int16_t)aim;
}

void arena_kit_step(struct arena_kit *kit)
{
    kit->events.count = 0;
    sk_world_step(&kit->plan, kit->world, kit->content, kit->inputs, &kit->events);
}

void arena_kit_replicate(const struct arena_kit *kit, struct sk_frame *frame, uint32_t player,
                         void *client)
{
    uint8_t bytes[SK_OWN_PART_BYTES_MAX];
    struct sk_event spare[4];
    const struct sk_schema *schema = &kit->plan.schema;
    struct sk_events events = {.events = spare, .capacity = 4, .schema = schema};
    struct sk_own_part own = {
        .tick = kit->world->head.tick, .has_player = true, .player = (uint16_t)player};
    struct sk_world *head = client;
    memset(client, 0, kit->plan.world_bytes);
    *head = kit->world->head;
    head->secret_seed = 0;
    sk_frame_extract(frame, schema, kit->world, head->tick);
    sk_frame_apply(frame, schema, client);
    int size = sk_own_part_write(&own, schema, kit->world, (struct sk_event_list){0}, bytes,
                                 sizeof(bytes));
    SK_ASSERT(size > 0);
    int result = sk_own_part_read(&own, schema, frame, client, &events, bytes, (size_t)size);
    SK_ASSERT(result == SK_OK);
}

const struct sk_event *arena_kit_find_event(const struct arena_kit *kit, uint16_t type)
{
    for (uint32_t i = 0; i < kit->events.count; i++) {
        if (kit->kept[i].type == type) {
            return &kit->kept[i];
        }
    }
    return NULL;
}

void arena_kit_end(struct arena_kit *kit)
{
    free(kit->world);
    free(kit->content);
}

int32_t arena_kit_at(int32_t tile)
{
    return tile * ARENA_TILE + ARENA_TILE / 2;
}
