/* toy_game.c - see toy_game.h.  MOVE puts the toy at its first byte; without one it is refused.
 * ECHO answers with its byte; with more than one, with as many of the first as an answer takes. */
#include "support/toy_game.h"

#include "base/hash.h"
#include "base/mem.h"
#include "sim/audit.h"

enum { X_MAX = 1023, ROCKS_MAX = SK_ENTITIES_MAX };

struct rock {
    struct sk_entity entity;
    uint32_t values[4];
};

struct pressed {
    uint32_t player;
};

struct toy_world {
    struct sk_world head;
    struct toy toys[];
};

static const struct sk_field toy_fields[] = {
    SK_FIELD(struct toy, x, step, 0, X_MAX, 10, SK_LINEAR),
    SK_OWN_FIELD(struct toy, presses, count),
};
static const struct sk_field rock_fields[] = {
    SK_FIELD(struct rock, values[0], any, 0, 4294967295.0, 32, SK_HOLD),
    SK_FIELD(struct rock, values[1], any, 0, 4294967295.0, 32, SK_HOLD),
    SK_FIELD(struct rock, values[2], any, 0, 4294967295.0, 32, SK_HOLD),
    SK_FIELD(struct rock, values[3], any, 0, 4294967295.0, 32, SK_HOLD),
};
static const struct sk_field pressed_fields[] = {
    SK_FIELD(struct pressed, player, index, 0, X_MAX, 10, SK_HOLD),
};

const struct toy *toy_of(const void *world, uint32_t player)
{
    return &((const struct toy_world *)world)->toys[player];
}

static int layout(uint32_t players_max, const uint32_t *options, struct sk_place *places)
{
    uint32_t rocks_at = sizeof(struct toy_world) + players_max * (uint32_t)sizeof(struct toy);
    places[0] = (struct sk_place){sizeof(struct toy_world), players_max};
    places[1] = (struct sk_place){rocks_at, options[0]};
    return (int)(rocks_at + options[0] * sizeof(struct rock));
}

static struct rock *rocks_of(void *world)
{
    struct toy_world *toys = world;
    return (struct rock *)(void *)&toys->toys[toys->head.players_max];
}

static void start(void *world, const void *content)
{
    struct sk_world *head = world;
    (void)content;
    for (uint32_t i = 0; i < head->options[0]; i++) {
        rocks_of(world)[i].entity = (struct sk_entity){.alive = 1, .owner = SK_NO_OWNER};
    }
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    struct toy *toy = &((struct toy_world *)world)->toys[player];
    (void)content;
    (void)bot;
    uint8_t generation = (uint8_t)(toy->entity.generation + 1);
    *toy =
        (struct toy){.entity = {.alive = 1, .generation = generation, .owner = (uint16_t)player}};
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    ((struct toy_world *)world)->toys[player] = (struct toy){0};
}

static bool command(void *world, const void *content, uint32_t player,
                    const struct sk_command *command, struct sk_answer *answer)
{
    struct toy *toy = &((struct toy_world *)world)->toys[player];
    (void)content;
    if (command->type == TOY_COMMAND_ECHO) {
        toy->echoes++;
        answer->size = command->size > 1 ? SK_ANSWER_BYTES_MAX : (uint32_t)command->size;
        memset(answer->bytes, command->size > 0 ? command->bytes[0] : 0, answer->size);
        return true;
    }
    if (command->type != TOY_COMMAND_MOVE || command->size == 0) {
        return false;
    }
    toy->x = command->bytes[0];
    return true;
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)events;
    struct toy *toy = &((struct toy_world *)world)->toys[player];
    (void)content;
    toy->presses += (input->buttons & TOY_PRESS) != 0;
    toy->taps += (input->buttons & TOY_TAP) != 0;
    toy->bot_ticks += (input->buttons & TOY_BOT) != 0;
}

static void roll(void *world)
{
    const struct sk_world *head = world;
    struct rock *rocks = rocks_of(world);
    for (uint32_t i = 0; i < 4 * head->options[0]; i++) {
        rocks[i / 4].values[i % 4] = (head->tick * 2654435761u) ^ (i * 2246822519u);
    }
}

/* What is pressed at another moment makes another world. */
static void look(struct toy *toy, const struct sk_input *input)
{
    const uint32_t view[] = {input->view_tick, input->view_interval, input->view_fraction};
    if (input->buttons != 0) {
        toy->seen = (uint32_t)sk_hash(toy->seen, view, sizeof(view));
    }
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    struct toy_world *toys = world;
    for (uint32_t i = 0; i < toys->head.players_max; i++) {
        if (toys->toys[i].entity.alive == 0) {
            continue;
        }
        int32_t way = 1 + inputs[i].axes[0];
        toys->toys[i].x = (toys->toys[i].x + (uint32_t)way) & X_MAX;
        look(&toys->toys[i], &inputs[i]);
        predict(world, content, i, &inputs[i], events);
        if ((inputs[i].buttons & TOY_PRESS) != 0) {
            sk_emit(events, TOY_PRESSED, SK_TO_ALL, &(struct pressed){.player = i});
        }
        if ((inputs[i].buttons & TOY_FEEL) != 0) {
            sk_emit(events, TOY_FELT, (uint16_t)i, &(struct pressed){.player = i});
            sk_audit(events, i, &inputs[i], &(struct sk_judged){.target = (uint16_t)i});
        }
    }
    roll(world);
}

static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)world;
    (void)content;
    (void)player;
    input->buttons = TOY_BOT;
}

static const struct sk_kind kinds[] = {{"toy", toy_fields, 2, sizeof(struct toy)},
                                       {"rock", rock_fields, 4, sizeof(struct rock)}};
static const struct sk_event_type event_types[] = {
    {"pressed", pressed_fields, 1, sizeof(struct pressed)},
    {"felt", pressed_fields, 1, sizeof(struct pressed)}};
static const struct sk_option options[] = {{"rocks", 1, ROCKS_MAX, 1}};
static const struct sk_command_type commands[] = {{"move", TOY_COMMAND_BYTES_MAX},
                                                  {"echo", TOY_COMMAND_BYTES_MAX}};

const struct sk_game toy_game = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "toy",
    .code_hash = 1,
    .players_min = 1,
    .players_max = 1000,
    .buttons = TOY_PRESS | TOY_BOT | TOY_FEEL | TOY_TAP,
    .press_buttons = TOY_TAP,
    .axes = {{-100, 100}},
    .kinds = kinds,
    .events = event_types,
    .options = options,
    .commands = commands,
    .kind_count = 2,
    .event_count = 2,
    .option_count = 1,
    .command_count = 2,
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .command = command,
    .step = step,
    .think = think,
    .predict = predict,
};
