/* hanging_game.c - a game that does the worst that a game can, when the room's options say so: a
 * fixture of test_hang.py.  One that is only slow is one of test_room_moves.py.
 */
#include <signal.h>
#include <time.h>

#include "base/assert.h"
#include "sim/game.h"

enum { PLAYERS_MAX = 4, OPTION_FAULT = 0, OPTION_PHASE = 1, OPTION_TICK = 2, OPTION_SPIN = 3 };
enum fault {
    FAULT_NONE,
    FAULT_HANG,
    FAULT_SEGV,
    FAULT_ABRT,
    FAULT_BUS,
    FAULT_FPE,
    FAULT_STACK,
    FAULT_CHECK
};
enum phase { PHASE_STEP, PHASE_THINK, PHASE_COMMAND, PHASE_JOIN, PHASE_LEAVE, PHASE_START };

static const struct sk_kind kinds[] = {{"thing", NULL, 0, sizeof(struct sk_entity)}};
static const struct sk_option options[] = {
    {"fault", FAULT_NONE, FAULT_CHECK, FAULT_NONE},
    {"phase", PHASE_STEP, PHASE_START, PHASE_STEP},
    {"tick", 0, 100000, 0},
    {"spin_us", 0, 15000, 0},
};
static const struct sk_command_type commands[] = {{"poke", 4}};

static int recurse(volatile int depth)
{
    volatile char block[4096];
    block[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + block[0];
}

static void fail(uint32_t fault)
{
    static volatile bool is_over;
    SK_GAME_ASSERT(fault < FAULT_CHECK);
    switch ((enum fault)fault) {
    case FAULT_NONE:
        return;
    case FAULT_HANG:
        while (!is_over) {
        }
        return;
    case FAULT_SEGV:
        *(volatile int *)(uintptr_t)4096 = 1;
        return;
    case FAULT_ABRT:
        (void)raise(SIGABRT);
        return;
    case FAULT_BUS:
        (void)raise(SIGBUS);
        return;
    case FAULT_FPE:
        (void)raise(SIGFPE);
        return;
    case FAULT_STACK:
        is_over = recurse(0) != 0;
        return;
    case FAULT_CHECK:
        return; /* the check above saw it */
    }
}

static void reach(const struct sk_world *world, enum phase phase)
{
    if (world->options[OPTION_PHASE] == phase && world->tick >= world->options[OPTION_TICK]) {
        fail(world->options[OPTION_FAULT]);
    }
}

static uint64_t clock_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Uses up as much of the worker's time. */
static void spin(uint32_t for_us)
{
    uint64_t until_us = for_us > 0 ? clock_us() + for_us : 0;
    while (until_us > 0 && clock_us() < until_us) {
    }
}

static int layout(uint32_t players_max, const uint32_t *chosen, struct sk_place *places)
{
    (void)chosen;
    places[0] = (struct sk_place){sizeof(struct sk_world), players_max};
    return (int)(sizeof(struct sk_world) + players_max * sizeof(struct sk_entity));
}

static void start(void *world, const void *content)
{
    (void)content;
    reach(world, PHASE_START);
}

static void join(void *world, const void *content, uint32_t player, bool bot)
{
    (void)content;
    (void)player;
    (void)bot;
    reach(world, PHASE_JOIN);
}

static void leave(void *world, const void *content, uint32_t player)
{
    (void)content;
    (void)player;
    reach(world, PHASE_LEAVE);
}

static bool command(void *world, const void *content, uint32_t player,
                    const struct sk_command *command, struct sk_answer *answer)
{
    (void)content;
    (void)player;
    (void)command;
    (void)answer;
    reach(world, PHASE_COMMAND);
    return true;
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    (void)content;
    (void)inputs;
    (void)events;
    reach(world, PHASE_STEP);
    spin(((const struct sk_world *)world)->options[OPTION_SPIN]);
}

static void think(const void *world, const void *content, uint32_t player, struct sk_input *input)
{
    (void)content;
    (void)player;
    *input = (struct sk_input){0};
    reach(world, PHASE_THINK);
}

static void predict(void *world, const void *content, uint32_t player, const struct sk_input *input,
                    struct sk_events *events)
{
    (void)events;
    (void)world;
    (void)content;
    (void)player;
    (void)input;
}

static const struct sk_game game = {
    .abi = SK_GAME_ABI,
    .game_bytes = sizeof(struct sk_game),
    .name = "hanging",
    .players_min = 1,
    .players_max = PLAYERS_MAX,
    .kinds = kinds,
    .kind_count = 1,
    .options = options,
    .option_count = 4,
    .commands = commands,
    .command_count = 1,
    .layout = layout,
    .start = start,
    .join = join,
    .leave = leave,
    .command = command,
    .step = step,
    .think = think,
    .predict = predict,
};

const struct sk_game *sk_game_entry(void)
{
    return &game;
}
