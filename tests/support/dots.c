/* dots.c - see dots.h. */
#include "dots.h"

#include "base/mem.h"

struct dot {
    struct sk_entity entity;
    int32_t x;
    int32_t y;
};

struct dots_world {
    struct sk_world head;
    struct dot dots[]; /* players_max */
};

static const struct sk_field dot_fields[] = {
    SK_FIELD(struct dot, x, unit, -32768, 32767, 16, SK_LINEAR),
    SK_FIELD(struct dot, y, unit, -32768, 32767, 16, SK_LINEAR),
    SK_SHARED_FIELD(struct dot, x, unit), /* tests push dots */
    SK_OWN_FIELD(struct dot, y, unit),
};

static int layout(uint32_t players_max, const uint32_t *options, struct sk_place *places)
{
    (void)options;
    places[0] = (struct sk_place){sizeof(struct dots_world), players_max};
    return (int)(sizeof(struct dots_world) + players_max * sizeof(struct dot));
}

static void start(void *world, const void *content)
{
    (void)world;
    (void)content;
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    (void)content;
    (void)bot;
    struct dots_world *dots = world;
    dots->dots[player].entity = (struct sk_entity){.alive = 1, .owner = (uint16_t)player};
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    struct dots_world *dots = world;
    dots->dots[player] = (struct dot){0};
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)events;
    (void)content;
    struct dot *dot = &((struct dots_world *)world)->dots[player];
    dot->x = (dot->x + input->axes[0]) % 32768;
    dot->y = (dot->y + input->axes[1]) % 32768;
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    struct dots_world *dots = world;
    for (uint32_t i = 0; i < dots->head.players_max; i++) {
        if (dots->dots[i].entity.alive) {
            predict(world, content, i, &inputs[i], events);
        }
    }
}

static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)world;
    (void)content;
    input->axes[0] = (int16_t)player;
}

static const struct sk_kind kinds[] = {{"dot", dot_fields, 4, sizeof(struct dot)}};

static const struct sk_game game = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "dots",
    .code_hash = 1,
    .players_min = 1,
    .players_max = 64,
    .buttons = UINT32_MAX,
    .axes = {{INT16_MIN, INT16_MAX}, {INT16_MIN, INT16_MAX}},
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

const struct sk_game *dots_game(void)
{
    return &game;
}

void dots_push_y(void *world, uint32_t player)
{
    ((struct dots_world *)world)->dots[player].y++;
}
