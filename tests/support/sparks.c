/* sparks.c - see sparks.h. */
#include "support/sparks.h"

enum { X_MAX = 65535, COARSE = 256 };

static const struct sk_field dot_fields[] = {
    SK_FIELD(struct spark_dot, x, unit, 0, X_MAX, 16, SK_LINEAR),
    SK_OWN_FIELD(struct spark_dot, x, unit),
    SK_OWN_FIELD(struct spark_dot, wait_ticks, tick),
};
static const struct sk_kind kinds[] = {
    [SPARKS_KIND_DOT] = SK_KIND("dot", dot_fields, struct spark_dot),
};

static const struct sk_field fired_fields[] = {
    SK_KEY_FIELD(struct spark_fired, player, player, 0, 15, 4, SK_HOLD),
    SK_FIELD(struct spark_fired, x, unit, 0, 255, 8, SK_HOLD),
};
static const struct sk_event_type event_types[] = {
    [SPARKS_EVENT_FIRED] = SK_EVENT_TYPE("fired", fired_fields, struct spark_fired),
};

static int layout(uint32_t players_max, const uint32_t *options, struct sk_place *places)
{
    (void)options;
    places[SPARKS_KIND_DOT] = (struct sk_place){offsetof(struct sparks_world, dots), players_max};
    return sizeof(struct sparks_world);
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
    struct sparks_world *sparks = world;
    sparks->dots[player].entity = (struct sk_entity){.alive = 1, .owner = (uint16_t)player};
    sparks->dots[player].x = X_MAX / 2;
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    ((struct sparks_world *)world)->dots[player] = (struct spark_dot){0};
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)content;
    struct spark_dot *dot = &((struct sparks_world *)world)->dots[player];
    dot->x = (dot->x + input->axes[0]) & X_MAX;
    dot->wait_ticks = dot->wait_ticks > 0 ? (uint16_t)(dot->wait_ticks - 1) : 0;
    if ((input->buttons & SPARKS_FIRE) == 0 || dot->wait_ticks > 0) {
        return;
    }
    dot->wait_ticks = SPARKS_APART_TICKS;
    sk_emit(events, SPARKS_EVENT_FIRED, SK_TO_ALL,
            &(struct spark_fired){.player = (uint8_t)player, .x = (uint8_t)(dot->x / COARSE)});
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    struct sparks_world *sparks = world;
    for (uint32_t i = 0; i < sparks->head.players_max; i++) {
        if (sparks->dots[i].entity.alive) {
            predict(world, content, i, &inputs[i], events);
        }
    }
}

static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)world;
    (void)content;
    (void)player;
    input->buttons = SPARKS_FIRE;
}

static const struct sk_game game = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "sparks",
    .players_min = 1,
    .players_max = 16,
    .kinds = kinds,
    .kind_count = SK_COUNT_OF(kinds),
    .events = event_types,
    .event_count = SK_COUNT_OF(event_types),
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .step = step,
    .think = think,
    .predict = predict,
};

const struct sk_game *sparks_game(void)
{
    return &game;
}
