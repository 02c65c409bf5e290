/* worker_room.c - see worker_room.h.
 *
 * A room's counters start with the room and go with it.  Each worker has in its sums what they grew
 * by on it, so that no sum shrinks when a room leaves, and none counts twice.
 */
#include "worker_room.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "log/log.h"
#include "room_event.h"
#include "room_make.h"
#include "room_move.h"
#include "sim/audit.h"

struct worker_room *worker_room_create(const struct worker_parts *parts,
                                       struct worker_command *open, const struct room_host *host,
                                       const char **why)
{
    struct worker_room *made = calloc(1, sizeof(*made));
    *why = "no memory for another room";
    if (!made) {
        return NULL;
    }
    made->room = room_make(parts, open, host, why);
    if (!made->room) {
        free(made);
        return NULL;
    }
    made->event = open->event;
    open->event = NULL;
    return made;
}

void worker_room_destroy(struct worker_room *running)
{
    room_destroy(running->room);
    room_event_send_gone(running->event);
    free(running);
}

void worker_room_log_shot(const struct worker_parts *parts, const char *code,
                          const struct sk_audit *shot)
{
    char missed[16];
    (void)snprintf(missed, sizeof(missed), "%d", (int)shot->judged.missed);
    log_write(
        parts->server->log, LOG_DEBUG, "shot judged",
        LOG_FIELDS(log_text("room", code), log_number("tick", shot->tick),
                   log_number("shooter", shot->shooter), log_number("target", shot->judged.target),
                   log_number("view_tick", shot->moment.tick),
                   log_number("view_interval", shot->moment.interval),
                   log_number("view_fraction", shot->moment.fraction),
                   log_text("limit", sk_view_limit_word(shot->limit)),
                   log_number("moved", (uint64_t)shot->judged.moved), log_text("missed", missed)));
}

void worker_room_tell(const struct worker_room *running, const struct worker_parts *parts)
{
    struct lobby_room_state state = {.is_heavy = running->cost.is_heavy,
                                     .worker = (uint8_t)parts->index,
                                     .moves = running->moves};
    room_occupancy(running->room, &state.occupancy);
    room_event_send(running->event, &state);
}

void worker_room_measure(struct worker_room *running, const struct worker_parts *parts,
                         uint64_t late_us, uint64_t step_us)
{
    recent_times_add(&running->lates, late_us);
    recent_times_add(&running->steps, step_us);
    if (room_cost_add(&running->cost, step_us)) {
        log_write(
            parts->server->log, LOG_INFO,
            running->cost.is_heavy ? "room is heavy" : "room is light",
            LOG_FIELDS(log_text("room", room_code(running->room)), log_number("step_us", step_us)));
        worker_room_tell(running, parts);
    }
}

void worker_room_notice(struct worker_room *running, uint32_t seconds, uint64_t now_us)
{
    struct sk_notice notice = {SK_NOTICE_STOPPING, seconds, sk_text_of("the server is stopping")};
    if (!room_is_waiting(running->room, now_us)) {
        room_notice(running->room, &notice);
        running->is_noticed = true;
    }
}

uint32_t worker_room_game(const struct worker_room *running, const struct catalog *catalog)
{
    uint32_t index = 0;
    while (catalog->games[index].game != room_game(running->room)) {
        index++;
        SK_ASSERT(index < catalog->count);
    }
    return index;
}

static void add_counts(const struct worker_room *running, struct room_counts *total)
{
    struct room_counts counts = room_counts(running->room);
    room_counts_add(total, &counts);
    room_counts_subtract(total, &running->counted);
}

void worker_room_add_stats(const struct worker_room *running, const struct catalog *catalog,
                           struct worker_stats *stats)
{
    const struct room *room = running->room;
    uint32_t game = worker_room_game(running, catalog);
    add_counts(running, &stats->rooms_total);
    stats->rooms[game]++;
    stats->players[game] += room_player_count(room);
    stats->players_connected[game] += room_connected_count(room);
    stats->bots[game] += room_bot_count(room);
}

void worker_room_leave_counts(struct worker_room *running, struct room_counts *total)
{
    add_counts(running, total);
    running->counted = room_counts(running->room);
}
