/* sparks.c - see sparks.h. */
#include "support/sparks.h"

#include "sim/entity.h"

enum { X_MAX = 65535, COARSE = 256 };

static const struct sk_field dot_fields[] = {
    SK_FIELD(struct spark_dot, x, unit, 0, X_MAX, 16, SK_LINEAR),
    SK_OWN_FIELD(struct spark_dot, x, unit),
    SK_SHARED_FIELD(struct spark_dot, wait_ticks, tick), /* tests jam the gun */
};
static const struct sk_field spark_fields[] = {
    SK_FIELD(struct spark, x, unit, 0, X_MAX, 16, SK_LINEAR),
    SK_OWN_FIELD(struct spark, x, unit),
    SK_OWN_FIELD(struct spark, life_ticks, tick),
    SK_SPAWN_KEY_FIELD(struct spark, key),
};
static const struct sk_kind kinds[] = {
    [SPARKS_KIND_DOT] = SK_KIND("dot", dot_fields, struct spark_dot),
    [SPARKS_KIND_SPARK] = SK_KIND("spark", spark_fields, struct spark),
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
    places[SPARKS_KIND_SPARK] =
        (struct sk_place){offsetof(struct sparks_world, sparks), SPARKS_MAX};
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

static void fire(struct sparks_world *world, uint32_t player, struct sk_events *events)
{
    struct spark_dot *dot = &world->dots[player];
    struct spark *spark = sk_entity_find_dead(world->sparks, sizeof(*spark), SPARKS_MAX);
    if (!spark) {
        return;
    }
    sk_entity_take(spark, sizeof(*spark), (uint16_t)player);
    spark->x = dot->x;
    spark->key = (uint8_t)world->head.tick;
    spark->life_ticks = SPARKS_LIFE_TICKS;
    dot->wait_ticks = SPARKS_APART_TICKS;
    sk_emit(events, SPARKS_EVENT_FIRED, SK_TO_ALL,
            &(struct spark_fired){.player = (uint8_t)player, .x = (uint8_t)(dot->x / COARSE)});
}

static void fly(struct sparks_world *world, uint32_t player)
{
    for (uint32_t i = 0; i < SPARKS_MAX; i++) {
        struct spark *spark = &world->sparks[i];
        if (!spark->entity.alive || spark->entity.owner != player) {
            continue;
        }
        spark->x = (spark->x + SPARKS_SPEED) & X_MAX;
        if (--spark->life_ticks == 0) {
            sk_entity_free(spark, sizeof(*spark));
        }
    }
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)content;
    struct sparks_world *sparks = world;
    struct spark_dot *dot = &sparks->dots[player];
    dot->x = (dot->x + input->axes[0]) & X_MAX;
    dot->wait_ticks = dot->wait_ticks > 0 ? (uint16_t)(dot->wait_ticks - 1) : 0;
    if ((input->buttons & SPARKS_FIRE) != 0 && dot->wait_ticks == 0) {
        fire(sparks, player, events);
    }
    fly(sparks, player);
    if ((input->buttons & SPARKS_CHEAT) != 0) {
        sparks->dots[player ^ 3].x++;
    }
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
