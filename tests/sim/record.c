/* record.c - a match of arena as a server plays it, recorded for others to play again: record MAPS
 * TICKS FILE.
 *
 * A real room with the server's own bots and with players over bad lines, who come, go and come
 * back; what it calls of its game goes into FILE (sim/replay.h) with the world's hash after each
 * tick.  It prints what fixture_main.c prints when it has played all of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena_map.h"
#include "base/assert.h"
#include "base/hash.h"
#include "built_in.h"
#include "sim/replay.h"
#include "support/line_match.h"

enum { PLAYERS = 8, CLIENTS = 4, MS = 1000, HOLD_TICKS = 20, SOURCE_BYTES_MAX = 1 << 16 };

static struct {
    struct sk_game game; /* arena, whose functions note that they are called */
    struct line_match match;
    struct arena_content content;
    FILE *file;
    uint64_t hash;
    uint32_t tick_count;
} record;

static void put(const void *bytes, size_t size)
{
    SK_ASSERT(fwrite(bytes, 1, size, record.file) == size);
}

static void put_byte(uint32_t byte)
{
    put(&(uint8_t){(uint8_t)byte}, 1);
}

/* --- the game's functions --------------------------------------------------------------------- */

static void start(void *world, const void *content)
{
    const struct sk_world *head = world;
    put_byte(SK_REPLAY_START);
    put(&head->seed, sizeof(head->seed));
    put(&head->secret_seed, sizeof(head->secret_seed));
    arena_game.start(world, content);
}

static void join(void *world, const void *content, uint32_t player, bool is_bot)
{
    put_byte(SK_REPLAY_JOIN);
    put_byte(player);
    put_byte(is_bot);
    arena_game.join(world, content, player, is_bot);
}

static void leave(void *world, const void *content, uint32_t player)
{
    put_byte(SK_REPLAY_LEAVE);
    put_byte(player);
    arena_game.leave(world, content, player);
}

static bool command(void *world, const void *content, uint32_t player,
                    const struct sk_command *command, struct sk_answer *answer)
{
    uint16_t size = (uint16_t)command->size;
    put_byte(SK_REPLAY_COMMAND);
    put_byte(player);
    put(&command->type, sizeof(command->type));
    put(&command->number, sizeof(command->number));
    put_byte(command->wants_answer);
    put(&size, sizeof(size));
    put(command->bytes, size);
    return arena_game.command(world, content, player, command, answer);
}

static bool is_neutral(const struct sk_input *input)
{
    static const struct sk_input neutral;
    return memcmp(input, &neutral, sizeof(neutral)) == 0;
}

static void put_inputs(const struct sk_input *inputs)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < PLAYERS; i++) {
        count += !is_neutral(&inputs[i]);
    }
    put_byte(count);
    for (uint32_t i = 0; i < PLAYERS; i++) {
        if (!is_neutral(&inputs[i])) {
            put_byte(i);
            put(&inputs[i], sizeof(inputs[i]));
        }
    }
}

static void step(void *world, const void *content, const struct sk_input *inputs,
                 struct sk_events *events)
{
    put_byte(SK_REPLAY_TICK);
    put_inputs(inputs);
    arena_game.step(world, content, inputs, events);
    uint64_t hash = sk_world_hash(&record.match.toy.plan, world);
    put(&hash, sizeof(hash));
    record.hash = sk_mix(record.hash ^ hash);
    record.tick_count++;
}

/* --- the match -------------------------------------------------------------------------------- */

static void control(struct line_match *match, uint32_t client, struct sk_input *controller)
{
    uint32_t tick = match->clients[client].core.sampled_tick;
    uint64_t random = sk_mix(client * 7919 + tick / HOLD_TICKS);
    *controller = (struct sk_input){.buttons = (uint32_t)(random >> 48) & arena_game.buttons};
    controller->axes[0] = (int16_t)(random % 65535 - 32767);
    controller->axes[1] = (int16_t)((random >> 16) % 65535 - 32767);
    controller->axes[2] = (int16_t)(random >> 32);
}

static void load_maps(const char *path)
{
    static uint8_t source[SOURCE_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    SK_ASSERT(file != NULL);
    size_t size = fread(source, 1, sizeof(source), file);
    (void)fclose(file);
    SK_ASSERT(size < sizeof(source));
    SK_ASSERT(arena_content_parse(source, size, &record.content, sizeof(record.content)) > 0);
}

/* A client in four is away for a while in each second half of ten seconds: its bot's time. */
static void come_and_go(uint64_t second)
{
    struct line_client *client = &record.match.clients[second / 10 % CLIENTS];
    if (second % 10 == 5) {
        uint64_t from_us = record.match.now_us;
        client->sleep = (struct line_span){from_us, from_us + 1500 * MS};
    }
}

static void play(uint32_t tick_count)
{
    const struct line_match_config config = {
        .room = {.game = &record.game,
                 .content = &record.content,
                 .players_max = PLAYERS,
                 .bots_fill = PLAYERS,
                 .is_lossy = true},
        .client_count = CLIENTS,
        .predicts = true,
        .seed = 20,
        .faults = {.delay_us = 40 * MS, .jitter_us = 15 * MS, .lost_of_1000 = 20},
        .control = control,
    };
    line_match_open(&record.match, &config);
    for (uint64_t second = 0; record.tick_count < tick_count; second++) {
        come_and_go(second);
        line_match_run(&record.match, 1000);
    }
    line_match_close(&record.match);
}

int main(int argument_count, char **arguments)
{
    SK_ASSERT(argument_count == 4);
    load_maps(arguments[1]);
    record.file = fopen(arguments[3], "wb");
    SK_ASSERT(record.file != NULL);
    record.game = arena_game;
    record.game.start = start;
    record.game.join = join;
    record.game.leave = leave;
    record.game.command = command;
    record.game.step = step;
    play((uint32_t)strtoul(arguments[2], NULL, 10));
    SK_ASSERT(fclose(record.file) == 0);
    const struct sk_plan *plan = &record.match.toy.plan;
    printf("hash=%016" PRIx64 " layout=%016" PRIx64 " code=%016" PRIx64 " ticks=%u\n", record.hash,
           plan->layout_hash, arena_game.code_hash, record.tick_count);
    return EXIT_SUCCESS;
}
