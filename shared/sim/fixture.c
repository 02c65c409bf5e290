/* fixture.c - see fixture.h.
 *
 * Even seats are bots and stay.  Odd seats are players: they come and go every few hundred ticks.
 * A neutral input has no buttons, so who has left is known from the world's tick and the seed
 * alone.
 */
#include "sim/fixture.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/mem.h"

enum {
    STAY_TICKS = 600, /* a player comes or goes with a chance once in so many ticks */
    HOLD_TICKS = 12,  /* an input is held so long */
    COMMAND_TICKS = 97,
    VIEW_AGE_TICKS = 40,
    RARE = 4, /* one in so many: axes are at their ends */

    PURPOSE_BUTTONS = 100,
    PURPOSE_AXES, /* and the three after it */
    PURPOSE_VIEW = PURPOSE_AXES + 4,
    PURPOSE_STAY,
    PURPOSE_COMMAND,
};

static bool is_bot(uint32_t player)
{
    return player % 2 == 0;
}

static uint32_t chance(const struct sk_fixture *fixture, uint32_t when, uint32_t player,
                       uint32_t purpose)
{
    return sk_random(fixture->seed, when, player, purpose);
}

/* Is the player's seat taken in this epoch of STAY_TICKS? */
static bool is_here(const struct sk_fixture *fixture, uint32_t tick, uint32_t player)
{
    return is_bot(player) ||
           chance(fixture, (tick + player * 31) / STAY_TICKS, player, PURPOSE_STAY) % 4 != 0;
}

void sk_fixture_start(struct sk_fixture *fixture)
{
    const struct sk_plan *plan = fixture->plan;
    fixture->hash = fixture->seed;
    fixture->events.schema = &plan->schema;
    sk_world_start(plan, fixture->world, fixture->content, fixture->seed, sk_mix(fixture->seed));
    for (uint32_t i = 0; i < plan->players_max; i++) {
        if (is_here(fixture, 0, i)) {
            plan->game->join(fixture->world, fixture->content, i, is_bot(i));
        }
    }
}

static void come_and_go(struct sk_fixture *fixture, uint32_t tick, uint32_t player)
{
    const struct sk_game *game = fixture->plan->game;
    bool was_here = is_here(fixture, tick - 1, player);
    bool stays = is_here(fixture, tick, player);
    if (was_here && !stays) {
        game->leave(fixture->world, fixture->content, player);
    } else if (!was_here && stays) {
        game->join(fixture->world, fixture->content, player, false);
    }
}

static void send_command(struct sk_fixture *fixture, uint32_t tick, uint32_t player)
{
    const struct sk_game *game = fixture->plan->game;
    uint32_t dice = chance(fixture, tick, player, PURPOSE_COMMAND);
    if (game->command_count == 0 || dice % COMMAND_TICKS != 0) {
        return;
    }
    uint8_t bytes[SK_COMMAND_BYTES_MAX];
    uint16_t type = (uint16_t)((dice >> 8) % game->command_count);
    uint32_t size = game->commands[type].bytes_max;
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(chance(fixture, tick, i, PURPOSE_COMMAND) % 10);
    }
    struct sk_command command = {.type = type, .bytes = bytes, .size = size};
    struct sk_answer answer = {0};
    (void)game->command(fixture->world, fixture->content, player, &command, &answer);
    SK_ASSERT(answer.size <= sizeof(answer.bytes));
}

static struct sk_input make_input(const struct sk_fixture *fixture, uint32_t tick, uint32_t player)
{
    uint32_t epoch = (tick + player * 5) / HOLD_TICKS;
    uint32_t view = chance(fixture, tick, player, PURPOSE_VIEW);
    struct sk_input input = {
        .buttons = chance(fixture, epoch, player, PURPOSE_BUTTONS),
        .view_fraction = (uint8_t)view,
        .view_interval = (uint8_t)((view >> 28) + 1),
    };
    uint32_t age = (view >> 8) % VIEW_AGE_TICKS;
    input.view_tick = age < tick ? tick - age : 0;
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t dice = chance(fixture, epoch, player, PURPOSE_AXES + i);
        int32_t end = dice & 1 ? INT16_MAX : INT16_MIN;
        input.axes[i] = (int16_t)((dice >> 8) % RARE == 0 ? end : (int32_t)(dice >> 16) - 32768);
    }
    return input;
}

/* Commands, joins and leaves, inputs, step. */
static void play_tick(struct sk_fixture *fixture)
{
    const struct sk_plan *plan = fixture->plan;
    const struct sk_world *head = fixture->world;
    SK_ASSERT(head->players_max == plan->players_max);
    uint32_t tick = head->tick + 1;
    for (uint32_t i = 0; i < plan->players_max; i++) {
        fixture->inputs[i] = (struct sk_input){0};
        come_and_go(fixture, tick, i);
        if (!is_here(fixture, tick, i)) {
            continue;
        }
        if (is_bot(i)) {
            plan->game->think(fixture->world, fixture->content, i, &fixture->inputs[i]);
        } else {
            send_command(fixture, tick, i);
            fixture->inputs[i] = make_input(fixture, tick, i);
        }
    }
    fixture->events.count = 0;
    sk_world_step(plan, fixture->world, fixture->content, fixture->inputs, &fixture->events);
    if (tick % SK_FIXTURE_HASH_TICKS == 0) {
        fixture->hash = sk_mix(fixture->hash ^ sk_world_hash(plan, fixture->world));
    }
}

uint64_t sk_fixture_run(struct sk_fixture *fixture, uint32_t tick_count)
{
    for (uint32_t i = 0; i < tick_count; i++) {
        play_tick(fixture);
    }
    return fixture->hash;
}
