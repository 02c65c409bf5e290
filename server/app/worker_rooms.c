/* worker_rooms.c - see worker_rooms.h.
 *
 * Rooms lie in a table by their id and in a list of those that run; the list's order is that of
 * opening, so notices and closes come in a defined order.  The heap has exactly those that run and
 * whose clock runs.
 */
#include "worker_rooms.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "due_heap.h"
#include "game_trap.h"
#include "native/clock.h"
#include "platform.h"
#include "room_move.h"
#include "worker_room.h"

enum { ROUNDING_US = 2 };

struct worker_rooms {
    const struct worker_parts *parts;
    struct worker_room **rooms; /* by id, rooms_max of them */
    struct worker_room **running;
    uint32_t running_count;
    struct due_heap *due; /* of the ids, when their next tick is due, in microseconds */
    struct pending_rooms *pending;
    struct worker_stats stats; /* rooms_total is of rooms that were closed here or have left */
    bool is_noticed;           /* the server is to stop */
    uint32_t notice_seconds;
    bool is_stopped;
};

/* --- events ----------------------------------------------------------------------------------- */

static void on_phase(void *context, const struct room *room, enum room_phase phase, uint32_t tick)
{
    const struct worker_rooms *rooms = context;
    struct pulse_work work = {.game = room_game(room)->name, .tick = tick, .phase = phase};
    memcpy(work.code, room_code(room), SK_CODE_BYTES);
    pulse_note(&rooms->parts->server->workers[rooms->parts->index].pulse, &work);
}

static void on_occupancy(void *context, const struct room *room)
{
    const struct worker_rooms *rooms = context;
    worker_room_tell(rooms->rooms[room_id(room)], rooms->parts);
}

/* Of each shot: whoever runs the server can tell a player why he missed. */
static void on_shot(void *context, const struct room *room, const struct sk_audit *shot)
{
    const struct worker_rooms *rooms = context;
    shot_log_add(rooms->parts->server->shots, room_id(room), room_epoch(room), shot);
    worker_room_log_shot(rooms->parts, room_code(room), shot);
}

/* --- open and close --------------------------------------------------------------------------- */

struct room *worker_rooms_find(const struct worker_rooms *rooms, uint32_t id, uint64_t epoch)
{
    if (id >= rooms->parts->server->config->rooms_max) {
        return NULL;
    }
    const struct worker_room *running = rooms->rooms[id];
    return running && room_epoch(running->room) == epoch ? running->room : NULL;
}

static void enter_tables(struct worker_rooms *rooms, struct worker_room *running)
{
    uint32_t id = room_id(running->room);
    SK_ASSERT(rooms->rooms[id] == NULL);
    rooms->rooms[id] = running;
    rooms->running[rooms->running_count++] = running;
}

static void leave_tables(struct worker_rooms *rooms, struct worker_room *running)
{
    uint32_t id = room_id(running->room);
    worker_room_leave_counts(running, &rooms->stats.rooms_total);
    rooms->rooms[id] = NULL;
    due_heap_set(rooms->due, id, UINT64_MAX);
    uint32_t at = 0;
    while (rooms->running[at] != running) {
        at++;
        SK_ASSERT(at < rooms->running_count);
    }
    rooms->running_count--;
    memmove(rooms->running + at, rooms->running + at + 1,
            (rooms->running_count - at) * sizeof(*rooms->running));
}

void worker_rooms_close(struct worker_rooms *rooms, struct room *room, enum sk_reason reason)
{
    log_write(
        rooms->parts->server->log, LOG_INFO, "room closed",
        LOG_FIELDS(log_text("room", room_code(room)), log_text("reason", sk_reason_word(reason))));
    struct worker_room *running = rooms->rooms[room_id(room)];
    room_close(room, reason);
    leave_tables(rooms, running);
    worker_room_destroy(running);
}

void worker_rooms_stop(struct worker_rooms *rooms)
{
    rooms->is_stopped = true;
    while (rooms->running_count > 0) {
        worker_rooms_close(rooms, rooms->running[0]->room, SK_REASON_SERVER_STOPPING);
    }
}

bool worker_rooms_end_failed(struct worker_rooms *rooms, struct room *room)
{
    if (!room_failure(room)) {
        return false;
    }
    log_write(rooms->parts->server->log, LOG_ERROR, "room failed",
              LOG_FIELDS(log_text("room", room_code(room)), log_text("why", room_failure(room))));
    const struct worker_room *running = rooms->rooms[room_id(room)];
    rooms->stats.rooms_failed[worker_room_game(running, rooms->parts->server->catalog)]++;
    worker_rooms_close(rooms, room, SK_REASON_ROOM_FAILED);
    return true;
}

static void on_not_made(struct worker_rooms *rooms, struct worker_command *open, const char *why)
{
    log_write(rooms->parts->server->log, LOG_ERROR, "room not opened",
              LOG_FIELDS(log_text("why", why)));
    rooms->stats.rooms_failed[open->game]++;
    room_event_send_gone(open->event);
    open->event = NULL;
}

static struct room *open_room(struct worker_rooms *rooms, struct worker_command *open)
{
    const char *why = NULL;
    const struct worker_parts *parts = rooms->parts;
    struct room_host host = {.random_bits = platform_random_bits,
                             .now_s = platform_wall_s,
                             .on_occupancy = on_occupancy,
                             .on_phase = on_phase,
                             .on_shot = on_shot,
                             .trap = game_trap_run,
                             .context = rooms};
    struct worker_room *made = worker_room_create(parts, open, &host, &why);
    if (!made) {
        on_not_made(rooms, open, why);
        return NULL;
    }
    made->is_noticed = rooms->is_noticed; /* who comes now was told that the server stops */
    enter_tables(rooms, made);
    log_write(parts->server->log, LOG_INFO, "room opened",
              LOG_FIELDS(log_text("room", room_code(made->room)),
                         log_number("worker", parts->index),
                         log_text("game", room_game(made->room)->name)));
    return made->room;
}

void worker_rooms_hold(const struct worker_rooms *rooms, struct room *room,
                       const struct worker_command *hold)
{
    uint64_t now_us = worker_parts_now_us(rooms->parts);
    if (hold->until_us > now_us) {
        uint32_t kept_ms = (uint32_t)((hold->until_us - now_us + 999) / 1000);
        struct sk_text name = {hold->name, hold->name_bytes};
        room_hold(room, hold->seat, hold->nonce, name, kept_ms);
    }
}

/* Makes a pending room with the seats that it holds; NULL when that failed. */
static struct room *open_pending(struct worker_rooms *rooms, struct worker_command *open)
{
    struct room *room = open_room(rooms, open);
    struct worker_command *command = open;
    while (command) {
        struct worker_command *next = command->next;
        if (room && command != open) {
            worker_rooms_hold(rooms, room, command);
        }
        worker_command_destroy(command);
        command = next;
    }
    return room && !worker_rooms_end_failed(rooms, room) ? room : NULL;
}

enum sk_reason worker_rooms_enter(struct worker_rooms *rooms, uint32_t id, uint64_t epoch,
                                  struct room **room)
{
    *room = worker_rooms_find(rooms, id, epoch);
    if (*room) {
        return SK_REASON_NONE;
    }
    struct worker_command *open = pending_rooms_take(rooms->pending, id, epoch);
    if (!open) {
        return SK_REASON_ROOM_UNKNOWN;
    }
    *room = open_pending(rooms, open);
    return *room ? SK_REASON_NONE : SK_REASON_ROOM_FAILED;
}

const struct worker_parts *worker_rooms_parts(const struct worker_rooms *rooms)
{
    return rooms->parts;
}

struct pending_rooms *worker_rooms_pending(const struct worker_rooms *rooms)
{
    return rooms->pending;
}

void worker_rooms_notice(struct worker_rooms *rooms, uint32_t seconds)
{
    rooms->is_noticed = true;
    rooms->notice_seconds = seconds;
    for (uint32_t i = 0; i < rooms->running_count; i++) {
        worker_room_notice(rooms->running[i], seconds, worker_parts_now_us(rooms->parts));
    }
}

/* --- ticks ------------------------------------------------------------------------------------ */

/* When to look for due rooms: a little after the first is due, for those of one phase are due at
 * the same time but for rounding. */
static uint64_t next_tick_ns(const struct worker_rooms *rooms)
{
    uint32_t id = 0;
    uint64_t due_us = due_heap_first(rooms->due, &id);
    return due_us == UINT64_MAX ? LOOP_NEVER : (due_us + ROUNDING_US) * 1000;
}

void worker_rooms_expect_tick(struct worker_rooms *rooms, const struct room *room)
{
    due_heap_set(rooms->due, room_id(room), room_due_us(room));
    loop_wake_at(rooms->parts->loop, next_tick_ns(rooms));
}

/* Steps a room whose turn it is, and notes when it is due again.  It may have become empty since
 * its turn was noted: its clock stands still then. */
static void step_room(struct worker_rooms *rooms, struct worker_room *running, uint64_t now_us)
{
    struct room *room = running->room;
    uint64_t began_us = sk_clock_us();
    uint64_t due_us = room_due_us(room);
    if (due_us > now_us) {
        due_heap_set(rooms->due, room_id(room), due_us);
        return;
    }
    sk_histogram_add(&rooms->stats.late_us, now_us - due_us);
    if (rooms->is_noticed && !running->is_noticed) {
        worker_room_notice(running, rooms->notice_seconds, now_us);
    }
    room_step(room, now_us);
    if (worker_rooms_end_failed(rooms, room)) {
        return;
    }
    worker_room_measure(running, rooms->parts, now_us - due_us, sk_clock_us() - began_us);
    due_heap_set(rooms->due, room_id(room), room_due_us(room));
}

uint64_t worker_rooms_step(struct worker_rooms *rooms, uint64_t now_us)
{
    uint32_t id = 0;
    while (due_heap_first(rooms->due, &id) <= now_us) {
        step_room(rooms, rooms->rooms[id], now_us);
    }
    return next_tick_ns(rooms);
}

void worker_rooms_probe(const struct worker_rooms *rooms, const struct room *room,
                        struct sk_probed *probed)
{
    const struct worker_room *running = rooms->rooms[room_id(room)];
    SK_ASSERT(running->room == room);
    probed->step_us_p50 = recent_times_quantile(&running->steps, 50);
    probed->step_us_p99 = recent_times_quantile(&running->steps, 99);
    probed->late_us_p50 = recent_times_quantile(&running->lates, 50);
    probed->late_us_p99 = recent_times_quantile(&running->lates, 99);
}

void worker_rooms_count_diverged(struct worker_rooms *rooms, const struct room *room)
{
    const struct worker_room *running = rooms->rooms[room_id(room)];
    SK_ASSERT(running->room == room);
    rooms->stats.diverged[worker_room_game(running, rooms->parts->server->catalog)]++;
}

/* --- moves ------------------------------------------------------------------------------------ */

static void arrive(struct mail *mail, void *receiver)
{
    struct worker_room *running = (struct worker_room *)mail; /* its first member */
    struct worker_rooms *rooms = running->to;
    const struct worker_parts *parts = rooms->parts;
    (void)receiver;
    room_arrive(running->room, parts->encoder, rooms, worker_parts_now_us(parts));
    enter_tables(rooms, running);
    running->moves++;
    worker_room_tell(running, rooms->parts);
    rooms->stats.rooms_moved++;
    log_write(
        parts->server->log, LOG_INFO, "room moved",
        LOG_FIELDS(log_text("room", room_code(running->room)), log_number("worker", parts->index)));
    if (rooms->is_stopped) {
        worker_rooms_close(rooms, running->room, SK_REASON_SERVER_STOPPING);
    } else {
        worker_rooms_expect_tick(rooms, running->room);
    }
}

/* The order matters: the room, then the row that others read, then the connections, which leave at
 * the end of this turn (room_workers.h). */
bool worker_rooms_send_away(struct worker_rooms *rooms, struct room *room, uint32_t target)
{
    const struct worker_parts *parts = rooms->parts;
    struct worker_room *running = rooms->rooms[room_id(room)];
    struct server_worker *to = &parts->server->workers[target];
    uint32_t id = room_id(room);
    uint64_t epoch = room_epoch(room);
    if (target == parts->index || !room_can_move(room)) {
        return false;
    }
    leave_tables(rooms, running);
    room_depart(room, target);
    running->to = to->rooms;
    running->mail.deliver = arrive;
    loop_post(to->mailbox.loop, &running->mail); /* from here on it is the other thread's */
    room_workers_change(&parts->server->room_workers[id], epoch, parts->index, target);
    return true;
}

void worker_rooms_keep(struct worker_rooms *rooms, const struct room *room)
{
    struct worker_room *running = rooms->rooms[room_id(room)];
    running->moves++;
    worker_room_tell(running, rooms->parts);
}

/* --- statistics ------------------------------------------------------------------------------- */

/* rooms->stats holds what has ended; what runs is added to the copy. */
void worker_rooms_stats(const struct worker_rooms *rooms, struct worker_stats *stats)
{
    *stats = rooms->stats;
    for (uint32_t i = 0; i < rooms->running_count; i++) {
        worker_room_add_stats(rooms->running[i], rooms->parts->server->catalog, stats);
    }
}

/* --- create, destroy -------------------------------------------------------------------------- */

struct worker_rooms *worker_rooms_create(const struct worker_parts *parts)
{
    uint32_t rooms_max = parts->server->config->rooms_max;
    struct worker_rooms *rooms = calloc(1, sizeof(*rooms));
    if (!rooms) {
        return NULL;
    }
    rooms->parts = parts;
    rooms->rooms = calloc(rooms_max, sizeof(*rooms->rooms));
    rooms->running = calloc(rooms_max, sizeof(*rooms->running));
    rooms->pending = pending_rooms_create(rooms_max);
    rooms->due = due_heap_create(rooms_max);
    if (!rooms->rooms || !rooms->running || !rooms->pending || !rooms->due) {
        worker_rooms_destroy(rooms);
        return NULL;
    }
    return rooms;
}

void worker_rooms_destroy(struct worker_rooms *rooms)
{
    if (!rooms) {
        return;
    }
    worker_rooms_stop(rooms);
    pending_rooms_destroy(rooms->pending);
    due_heap_destroy(rooms->due);
    free(rooms->rooms);
    free(rooms->running);
    free(rooms);
}
