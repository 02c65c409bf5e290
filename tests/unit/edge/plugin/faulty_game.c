/* faulty_game.c - a game with one fault, which the build chooses: a fixture of test_game_loader.c.
 */
#include "base/assert.h"
#include "sim/game.h"

#ifndef FAULTY_ABI
#define FAULTY_ABI SK_GAME_ABI
#endif
#ifndef FAULTY_BYTES
#define FAULTY_BYTES sizeof(struct sk_game)
#endif
#ifndef FAULTY_ENTRY
#define FAULTY_ENTRY sk_game_entry
#endif

static const struct sk_kind kinds[] = {{"thing", NULL, 0, sizeof(struct sk_entity)}};

static int layout(uint32_t players_max, const uint32_t *options, struct sk_place *places)
{
    (void)options;
    places[0] = (struct sk_place){sizeof(struct sk_world), players_max};
    return (int)(sizeof(struct sk_world) + players_max * sizeof(struct sk_entity));
}

/* Fails a check of its own, to show who hears of it. */
static void start(void *world, const void *content)
{
    (void)content;
    SK_GAME_ASSERT(world == NULL);
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    (void)world;
    (void)content;
    (void)player;
    (void)bot;
}

static void leave(void *world, const void *content, uint32_t player)
{
    join(world, content, player, false);
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    (void)world;
    (void)content;
    (void)inputs;
    (void)events;
}

static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)world;
    (void)content;
    (void)player;
    *input = (struct sk_input){0};
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)events;
    (void)input;
    join(world, content, player, false);
}

static const struct sk_game game = {
    .abi = FAULTY_ABI,
    .game_bytes = FAULTY_BYTES,
    .name = "faulty",
    .players_min = 1,
    .players_max = 4,
    .kinds = kinds,
    .kind_count = 1,
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .step = step,
    .think = think,
    .predict = predict,
};

const struct sk_game *FAULTY_ENTRY(void);
const struct sk_game *FAULTY_ENTRY(void)
{
    return &game;
}
