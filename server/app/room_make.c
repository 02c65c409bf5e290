/* room_make.c - see room_make.h. */
#include "room_make.h"

#include <string.h>

#include "platform.h"

enum { PHASES_A_TICK = 16 }; /* about a millisecond apart */

/* Spreads the rooms of a worker over a snapshot interval, on a grid of PHASES_A_TICK: neighbours in
 * the table lie a golden section apart, so any number of them is spread evenly, and the worker has
 * at most so many moments a tick at which rooms are due. */
static uint64_t origin_of(uint32_t id, uint64_t now_us, const struct sk_plan *plan)
{
    uint64_t interval_us = 1000000u * (uint64_t)plan->snapshot_divisor / plan->tick_hz;
    uint64_t phases = PHASES_A_TICK * (uint64_t)plan->snapshot_divisor;
    uint64_t phase = (uint64_t)id * 618034 % 1000000 * phases / 1000000;
    return now_us - now_us % interval_us + phase * interval_us / phases;
}

struct room *room_make(const struct worker_parts *parts, const struct worker_command *open,
                       const struct room_host *host, const char **why)
{
    struct sk_plan plan;
    const struct config *config = parts->server->config;
    const struct catalog_game *entry = &parts->server->catalog->games[open->game];
    if (sk_plan_init(&plan, entry->game, open->players_max, open->options) != SK_OK) {
        *why = "the game refused these options";
        return NULL;
    }
    struct room_config room = {
        .plan = &plan,
        .content = entry->content,
        .content_hash = entry->content_hash,
        .content_path = entry->content_path,
        .id = open->room,
        .epoch = open->epoch,
        .is_public = open->is_public,
        .seed = open->seed,
        .secret_seed = open->secret_seed,
        .spectators_max = LOBBY_SPECTATORS_MAX,
        .bots_fill = (uint16_t)config->bots_fill,
        .seat_seconds = config->seat_seconds,
        .origin_us = origin_of(open->room, worker_parts_now_us(parts), &plan),
        .keys = &parts->server->keys,
        .encoder = parts->encoder,
        .host = *host,
        .allocator = platform_allocator,
    };
    memcpy(room.code, open->code, SK_CODE_BYTES);
    memcpy(room.password_hash, open->password_hash, sizeof(room.password_hash));
    return room_create(&room, why);
}
