/* replay.c - see replay.h. */
#include "sim/replay.h"

#include "base/hash.h"
#include "base/mem.h"

struct cursor {
    const uint8_t *bytes;
    size_t size;
    bool is_cut;
};

/* Takes what lies next; zeros, and the record is cut, when there is less. */
static void take(struct cursor *cursor, void *out, size_t bytes)
{
    if (bytes > cursor->size) {
        cursor->is_cut = true;
        cursor->size = 0;
        memset(out, 0, bytes);
        return;
    }
    memcpy(out, cursor->bytes, bytes);
    cursor->bytes += bytes;
    cursor->size -= bytes;
}

static uint8_t take_byte(struct cursor *cursor)
{
    uint8_t byte;
    take(cursor, &byte, sizeof(byte));
    return byte;
}

static int take_player(struct cursor *cursor, const struct sk_replay *replay, uint32_t *player)
{
    *player = take_byte(cursor);
    return *player < replay->plan->players_max ? SK_OK : SK_ERR_RANGE;
}

static int start(struct sk_replay *replay, struct cursor *cursor)
{
    uint64_t seeds[2];
    take(cursor, seeds, sizeof(seeds));
    replay->events.schema = &replay->plan->schema;
    sk_world_start(replay->plan, replay->world, replay->content, seeds[0], seeds[1]);
    return SK_OK;
}

static int come_or_go(struct sk_replay *replay, struct cursor *cursor, enum sk_replay_call call)
{
    uint32_t player = 0;
    int result = take_player(cursor, replay, &player);
    bool is_bot = call == SK_REPLAY_JOIN && take_byte(cursor) != 0;
    if (result == SK_OK && call == SK_REPLAY_JOIN) {
        replay->plan->game->join(replay->world, replay->content, player, is_bot);
    } else if (result == SK_OK) {
        replay->plan->game->leave(replay->world, replay->content, player);
    }
    return result;
}

static int send_command(struct sk_replay *replay, struct cursor *cursor)
{
    const struct sk_game *game = replay->plan->game;
    uint8_t bytes[SK_COMMAND_BYTES_MAX];
    struct sk_command command = {.bytes = bytes};
    struct sk_answer answer = {0};
    uint32_t player = 0;
    uint16_t size;
    int result = take_player(cursor, replay, &player);
    take(cursor, &command.type, sizeof(command.type));
    take(cursor, &command.number, sizeof(command.number));
    command.wants_answer = take_byte(cursor) != 0;
    take(cursor, &size, sizeof(size));
    if (result != SK_OK || command.type >= game->command_count || size > sizeof(bytes)) {
        return SK_ERR_RANGE;
    }
    command.size = size;
    take(cursor, bytes, size);
    (void)game->command(replay->world, replay->content, player, &command, &answer);
    return SK_OK;
}

/* SK_ERR_MISMATCH when the world is another one than it was. */
static int play_tick(struct sk_replay *replay, struct cursor *cursor)
{
    uint64_t hash;
    memset(replay->inputs, 0, replay->plan->players_max * sizeof(*replay->inputs));
    for (uint32_t count = take_byte(cursor); count > 0; count--) {
        uint32_t player = 0;
        if (take_player(cursor, replay, &player) != SK_OK) {
            return SK_ERR_RANGE;
        }
        take(cursor, &replay->inputs[player], sizeof(replay->inputs[player]));
    }
    take(cursor, &hash, sizeof(hash));
    if (cursor->is_cut) {
        return SK_ERR_TRUNCATED;
    }
    replay->events.count = 0;
    sk_world_step(replay->plan, replay->world, replay->content, replay->inputs, &replay->events);
    if (sk_world_hash(replay->plan, replay->world) != hash) {
        return SK_ERR_MISMATCH;
    }
    replay->hash = sk_mix(replay->hash ^ hash);
    return SK_OK;
}

static int make_call(struct sk_replay *replay, struct cursor *cursor, uint8_t call)
{
    switch (call) {
    case SK_REPLAY_START:
        return start(replay, cursor);
    case SK_REPLAY_JOIN:
    case SK_REPLAY_LEAVE:
        return come_or_go(replay, cursor, (enum sk_replay_call)call);
    case SK_REPLAY_COMMAND:
        return send_command(replay, cursor);
    case SK_REPLAY_TICK:
        return play_tick(replay, cursor);
    default:
        return SK_ERR_RANGE;
    }
}

int sk_replay_run(struct sk_replay *replay, const uint8_t *bytes, size_t size)
{
    struct cursor cursor = {bytes, size, false};
    int equal_count = 0;
    if (size == 0 || bytes[0] != SK_REPLAY_START) {
        return SK_ERR_RANGE;
    }
    while (cursor.size > 0) {
        uint8_t call = take_byte(&cursor);
        int result = make_call(replay, &cursor, call);
        if (result == SK_ERR_MISMATCH) {
            return equal_count;
        }
        if (result != SK_OK || cursor.is_cut) {
            return result != SK_OK ? result : SK_ERR_TRUNCATED;
        }
        equal_count += call == SK_REPLAY_TICK;
    }
    return equal_count;
}
