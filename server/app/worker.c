/* worker.c - see worker.h.
 *
 *   command --> rooms --> on_tick: step each room that is due --> snapshots through the front
 *
 * Rooms lie in a table by their id and in a list of those that run; the
 * list's order is that of opening, so ticks run in a defined order.
 */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/mem.h"
#include "control.h"
#include "control_mail.h"
#include "crash.h"
#include "due_heap.h"
#include "game_trap.h"
#include "log/log.h"
#include "loop/loop.h"
#include "native/clock.h"
#include "pending_rooms.h"
#include "platform.h"
#include "room_cost.h"
#include "routes.h"
#include "tls/crypto.h"

enum {
    MESSAGE_BYTES = 64 << 10,
    PUBLISH_MS = 250,
    LAST_WORDS_MS = 1000,
    PHASES_A_TICK = 16, /* about a millisecond apart */
    ROUNDING_US = 2
};

struct worker {
    struct server *server;
    uint32_t index;
    struct loop *loop;
    struct front *front;
    pthread_t thread;
    struct sk_encoder *encoder;
    struct room **rooms;     /* by slot, rooms_max of them */
    struct room_cost *costs; /* by slot */
    struct room **running;
    uint32_t running_count;
    struct due_heap *due; /* of the slots, when their next tick is due, in microseconds */
    struct pending_rooms *pending;
    uint8_t *scratch;
    uint8_t *signal_stack;
    struct wheel_timer publish;
    uint64_t stop_ms;              /* when the loop ends at the latest; 0: it is not stopping */
    struct worker_stats stats;     /* the thread's own; rooms_total is of closed rooms */
    struct worker_stats published; /* under the lock */
    pthread_mutex_t lock;
};

/* --- parts ------------------------------------------------------------------------------------ */

struct server *worker_server(const struct worker *worker)
{
    return worker->server;
}

uint32_t worker_index(const struct worker *worker)
{
    return worker->index;
}

struct front *worker_front(const struct worker *worker)
{
    return worker->front;
}

struct sk_encoder *worker_encoder(const struct worker *worker)
{
    return worker->encoder;
}

uint64_t worker_now_us(const struct worker *worker)
{
    return loop_now_ns(worker->loop) / 1000;
}

uint8_t *worker_scratch(const struct worker *worker)
{
    return worker->scratch;
}

struct room *worker_find_room(struct worker *worker, uint32_t id, uint64_t epoch)
{
    if (id >= worker->server->config->rooms_max) {
        return NULL;
    }
    struct room *room = worker->rooms[id];
    return room && room_epoch(room) == epoch ? room : NULL;
}

/* --- events ----------------------------------------------------------------------------------- */

static void send_event(struct worker *worker, enum worker_event_kind kind, const struct room *room,
                       uint16_t seat)
{
    struct worker_event *mail = worker_event_create(kind);
    if (!mail) {
        log_write(worker->server->log, LOG_ERROR, "out of memory",
                  LOG_FIELDS(log_text("what", "a event to the lobby")));
        abort(); /* the lobby's count of seats would be wrong for ever */
    }
    mail->room = room_id(room);
    mail->epoch = room_epoch(room);
    mail->seat = seat;
    control_event(worker->server->control, mail);
}

static void on_phase(void *context, const struct room *room, enum room_phase phase, uint32_t tick)
{
    const struct worker *worker = context;
    struct pulse_work work = {.game = room_game(room)->name, .tick = tick, .phase = phase};
    memcpy(work.code, room_code(room), SK_CODE_BYTES);
    pulse_note(&worker->server->pulses[worker->index], &work);
}

static void on_seat_taken(void *context, struct room *room, uint16_t seat)
{
    send_event(context, WORKER_EVENT_TAKEN, room, seat);
}

static void on_seat_freed(void *context, struct room *room, uint16_t seat)
{
    send_event(context, WORKER_EVENT_FREED, room, seat);
}

/* --- rooms ------------------------------------------------------------------------------------ */

/* Which of the catalog's games it plays. */
static uint32_t game_of(const struct worker *worker, const struct room *room)
{
    const struct catalog *catalog = worker->server->catalog;
    uint32_t index = 0;
    while (catalog->games[index].game != room_game(room)) {
        index++;
        SK_ASSERT(index < catalog->count);
    }
    return index;
}

static void remove_room(struct worker *worker, struct room *room)
{
    struct room_counts counts = room_counts(room);
    room_counts_add(&worker->stats.rooms_total, &counts);
    worker->rooms[room_id(room)] = NULL;
    due_heap_set(worker->due, room_id(room), UINT64_MAX);
    uint32_t at = 0;
    while (worker->running[at] != room) {
        at++;
    }
    worker->running_count--;
    memmove(worker->running + at, worker->running + at + 1,
            (worker->running_count - at) * sizeof(*worker->running));
    room_destroy(room);
}

static void close_room(struct worker *worker, struct room *room, enum sk_reason reason)
{
    log_write(
        worker->server->log, LOG_INFO, "room closed",
        LOG_FIELDS(log_text("room", room_code(room)), log_text("reason", sk_reason_word(reason))));
    room_close(room, reason);
    remove_room(worker, room);
}

bool worker_end_failed(struct worker *worker, struct room *room)
{
    if (!room_failure(room)) {
        return false;
    }
    log_write(worker->server->log, LOG_ERROR, "room failed",
              LOG_FIELDS(log_text("room", room_code(room)), log_text("why", room_failure(room))));
    worker->stats.rooms_failed[game_of(worker, room)]++;
    send_event(worker, WORKER_EVENT_GONE, room, 0);
    close_room(worker, room, SK_REASON_ROOM_FAILED);
    return true;
}

/* When to look for due rooms: a little after the first is due, for those of one phase are due at
 * the same time but for rounding. */
static uint64_t next_tick_ns(const struct worker *worker)
{
    uint32_t slot = 0;
    uint64_t due_us = due_heap_first(worker->due, &slot);
    return due_us == UINT64_MAX ? LOOP_NEVER : (due_us + ROUNDING_US) * 1000;
}

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

static struct room *make_room(struct worker *worker, const struct worker_command *command,
                              const char **why)
{
    struct sk_plan plan;
    const struct config *config = worker->server->config;
    const struct catalog_game *entry = &worker->server->catalog->games[command->game];
    if (sk_plan_init(&plan, entry->game, command->players_max, command->options) != SK_OK) {
        *why = "the game refused these options";
        return NULL;
    }
    struct room_config room = {
        .plan = &plan,
        .content = entry->content,
        .content_hash = entry->content_hash,
        .content_path = entry->content_path,
        .id = command->room,
        .epoch = command->epoch,
        .is_public = command->is_public,
        .seed = command->seed,
        .secret_seed = command->secret_seed,
        .spectators_max = LOBBY_SPECTATORS_MAX,
        .bots_fill = (uint16_t)config->bots_fill,
        .seat_seconds = config->seat_seconds,
        .origin_us = origin_of(command->room, worker_now_us(worker), &plan),
        .keys = &worker->server->keys,
        .encoder = worker->encoder,
        .host = {.random_bits = platform_random_bits,
                 .now_s = platform_wall_s,
                 .on_seat_taken = on_seat_taken,
                 .on_seat_freed = on_seat_freed,
                 .on_phase = on_phase,
                 .trap = game_trap_run,
                 .context = worker},
        .allocator = platform_allocator,
    };
    memcpy(room.code, command->code, SK_CODE_BYTES);
    struct room *made = room_create(&room, why);
    worker->stats.rooms_failed[command->game] += made == NULL;
    return made;
}

static struct room *open_room(struct worker *worker, const struct worker_command *command)
{
    const char *why = NULL;
    struct room *room = make_room(worker, command, &why);
    if (!room) {
        log_write(worker->server->log, LOG_ERROR, "room not opened",
                  LOG_FIELDS(log_text("why", why)));
        struct worker_event *mail = worker_event_create(WORKER_EVENT_GONE);
        SK_ASSERT(mail != NULL);
        mail->room = command->room;
        mail->epoch = command->epoch;
        control_event(worker->server->control, mail);
        return NULL;
    }
    SK_ASSERT(worker->rooms[command->room] == NULL);
    worker->rooms[command->room] = room;
    worker->costs[command->room] = (struct room_cost){0};
    worker->running[worker->running_count++] = room;
    log_write(
        worker->server->log, LOG_INFO, "room opened",
        LOG_FIELDS(log_text("room", room_code(room)), log_number("worker", worker->index),
                   log_text("game", worker->server->catalog->games[command->game].game->name)));
    return room;
}

static void hold_seat(struct room *room, const struct worker_command *command)
{
    room_hold(room, command->seat, command->nonce, command->name, command->name_bytes);
}

/* Makes a pending room with the seats that it holds; NULL when that failed. */
static struct room *make_pending(struct worker *worker, struct worker_command *open)
{
    struct room *room = open_room(worker, open);
    struct worker_command *command = open;
    while (command) {
        struct worker_command *next = command->next;
        if (room && command != open) {
            hold_seat(room, command);
        }
        worker_mail_destroy(command);
        command = next;
    }
    return room && !worker_end_failed(worker, room) ? room : NULL;
}

enum sk_reason worker_enter_room(struct worker *worker, uint32_t id, uint64_t epoch,
                                 struct room **room)
{
    *room = worker_find_room(worker, id, epoch);
    if (*room) {
        return SK_REASON_NONE;
    }
    struct worker_command *open = pending_rooms_take(worker->pending, id, epoch);
    if (!open) {
        return SK_REASON_ROOM_UNKNOWN;
    }
    *room = make_pending(worker, open);
    return *room ? SK_REASON_NONE : SK_REASON_ROOM_FAILED;
}

void worker_expect_tick(struct worker *worker, const struct room *room)
{
    due_heap_set(worker->due, room_id(room), room_due_us(room));
    loop_wake_at(worker->loop, next_tick_ns(worker));
}

/* --- ticks ------------------------------------------------------------------------------------ */

/* Tells the lobby when the room wants a worker of its own, or no longer does. */
static void measure(struct worker *worker, const struct room *room, uint64_t step_us)
{
    struct room_cost *cost = &worker->costs[room_id(room)];
    if (room_cost_add(cost, step_us)) {
        log_write(worker->server->log, LOG_INFO, cost->is_heavy ? "room is heavy" : "room is light",
                  LOG_FIELDS(log_text("room", room_code(room)), log_number("step_us", step_us)));
        send_event(worker, cost->is_heavy ? WORKER_EVENT_HEAVY : WORKER_EVENT_LIGHT, room, 0);
    }
}

/* Steps a room whose turn it is, and notes when it is due again.  It may have become empty since
 * its turn was noted: its clock stands still then. */
static void step_room(struct worker *worker, struct room *room, uint64_t now_us)
{
    uint64_t began_us = sk_clock_us();
    uint64_t due_us = room_due_us(room);
    if (due_us > now_us) {
        due_heap_set(worker->due, room_id(room), due_us);
        return;
    }
    sk_histogram_add(&worker->stats.late_us, now_us - due_us);
    room_step(room, now_us);
    if (worker_end_failed(worker, room)) {
        return;
    }
    measure(worker, room, sk_clock_us() - began_us);
    due_heap_set(worker->due, room_id(room), room_due_us(room));
}

static uint64_t on_tick(void *context, uint64_t now_ns)
{
    struct worker *worker = context;
    uint64_t now_us = now_ns / 1000;
    uint32_t slot = 0;
    while (due_heap_first(worker->due, &slot) <= now_us) {
        step_room(worker, worker->rooms[slot], now_us);
    }
    return next_tick_ns(worker);
}

/* --- statistics ------------------------------------------------------------------------------- */

/* Adds what a room is now to what its game's rooms are. */
static void add_room(const struct worker *worker, struct worker_stats *stats,
                     const struct room *room)
{
    struct room_counts counts = room_counts(room);
    uint32_t game = game_of(worker, room);
    room_counts_add(&stats->rooms_total, &counts);
    stats->rooms[game]++;
    stats->players[game] += room_player_count(room);
    stats->players_connected[game] += room_connected_count(room);
    stats->bots[game] += room_bot_count(room);
}

/* stats holds what has ended; what runs is added to the copy. */
static void publish(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->published = worker->stats;
    worker->published.cpu_us = sk_thread_cpu_ns() / 1000;
    for (uint32_t i = 0; i < worker->running_count; i++) {
        add_room(worker, &worker->published, worker->running[i]);
    }
    pthread_mutex_unlock(&worker->lock);
}

static void on_publish(struct wheel_timer *timer)
{
    struct worker *worker = (struct worker *)((uint8_t *)timer - offsetof(struct worker, publish));
    uint64_t now_ms = loop_now_ms(worker->loop);
    bool is_stopping = worker->stop_ms != 0;
    bool is_quiet = count_read(&front_counts(worker->front)->open) == 0;
    publish(worker);
    pulse_beat(&worker->server->pulses[worker->index], now_ms);
    loop_arm(worker->loop, timer, now_ms + (is_stopping ? WHEEL_SLOT_MS : PUBLISH_MS));
    if (is_stopping && (is_quiet || now_ms >= worker->stop_ms)) {
        loop_stop(worker->loop);
    }
}

void worker_stats(struct worker *worker, struct worker_stats *stats)
{
    pthread_mutex_lock(&worker->lock);
    *stats = worker->published;
    pthread_mutex_unlock(&worker->lock);
}

/* --- mail ------------------------------------------------------------------------------------- */

static void notice_all(struct worker *worker, uint32_t seconds)
{
    struct sk_notice notice = {SK_NOTICE_STOPPING, seconds, sk_text_of("the server is stopping")};
    for (uint32_t i = 0; i < worker->running_count; i++) {
        room_notice(worker->running[i], &notice);
    }
}

static void stop(struct worker *worker)
{
    while (worker->running_count > 0) {
        close_room(worker, worker->running[0], SK_REASON_SERVER_STOPPING);
    }
    front_close_listeners(worker->front);
    front_close_all(worker->front, SK_REASON_SERVER_STOPPING);
    worker->stop_ms = loop_now_ms(worker->loop) + LAST_WORDS_MS;
    loop_arm(worker->loop, &worker->publish, loop_now_ms(worker->loop) + WHEEL_SLOT_MS);
}

static void apply(struct worker *worker, const struct worker_command *command)
{
    struct room *room = worker_find_room(worker, command->room, command->epoch);
    switch (command->kind) {
    case WORKER_COMMAND_OPEN:
        SK_UNREACHABLE("pending_rooms.h keeps it");
    case WORKER_COMMAND_HOLD:
        if (room) {
            hold_seat(room, command);
            (void)worker_end_failed(worker, room);
        }
        return;
    case WORKER_COMMAND_UNHOLD:
        if (room) {
            room_unhold(room, command->seat, command->nonce);
            (void)worker_end_failed(worker, room);
        }
        return;
    case WORKER_COMMAND_CLOSE:
        if (room) {
            close_room(worker, room, SK_REASON_ROOM_CLOSED);
        }
        return;
    case WORKER_COMMAND_NOTICE:
        notice_all(worker, command->seconds);
        return;
    case WORKER_COMMAND_STOP:
        stop(worker);
        return;
    }
}

/* Whether the command is for a room that nobody has entered yet: it is taken then. */
static bool is_for_pending(struct worker *worker, struct worker_command *command)
{
    if (command->kind == WORKER_COMMAND_OPEN) {
        pending_rooms_open(worker->pending, command);
        return true;
    }
    return pending_rooms_apply(worker->pending, command);
}

static void deliver_command(struct mail *mail, void *receiver)
{
    struct worker_command *command = (struct worker_command *)mail; /* its first member */
    struct worker *worker = command->worker;
    (void)receiver;
    if (!is_for_pending(worker, command)) {
        apply(worker, command);
        worker_mail_destroy(command);
    }
}

void worker_command(struct worker *worker, struct worker_command *command)
{
    command->worker = worker;
    command->mail.deliver = deliver_command;
    loop_post(worker->loop, &command->mail);
}

static void deliver_response(struct mail *mail, void *receiver)
{
    struct control_response *response = (struct control_response *)mail;
    (void)receiver;
    struct conn *conn = conn_find(response->worker->front, response->conn);
    if (conn) {
        routes_respond(conn, response);
    }
    worker_mail_destroy(response);
}

void worker_response(struct worker *worker, struct control_response *response)
{
    response->worker = worker;
    response->mail.deliver = deliver_response;
    loop_post(worker->loop, &response->mail);
}

/* --- create, start, join ---------------------------------------------------------------------- */

static int parts_create(struct worker *worker, const char **why)
{
    uint32_t rooms_max = worker->server->config->rooms_max;
    struct loop_config loop = {.on_tick = on_tick,
                               .context = worker,
                               .window_ns = worker->server->config->wake_window_us * 1000u};
    worker->loop = loop_create(&loop, why);
    if (!worker->loop) {
        return SK_ERR_SYSTEM;
    }
    struct front_config front = {.loop = worker->loop,
                                 .shared = &worker->server->shared,
                                 .connections_max = worker->server->config->connections_max,
                                 .user = worker};
    worker->front = front_create(&front);
    worker->encoder = sk_encoder_create(MESSAGE_BYTES);
    worker->rooms = calloc(rooms_max, sizeof(*worker->rooms));
    worker->costs = calloc(rooms_max, sizeof(*worker->costs));
    worker->running = calloc(rooms_max, sizeof(*worker->running));
    worker->scratch = aligned_alloc(8, SK_MESSAGE_BYTES_MAX);
    worker->pending = pending_rooms_create(rooms_max);
    worker->due = due_heap_create(rooms_max);
    worker->signal_stack = malloc(CRASH_STACK_BYTES);
    bool is_whole = worker->front && worker->encoder && worker->rooms && worker->costs &&
                    worker->running && worker->scratch && worker->pending && worker->due &&
                    worker->signal_stack;
    *why = "no memory for a worker";
    return is_whole ? SK_OK : SK_ERR_MEMORY;
}

struct worker *worker_create(struct server *server, uint32_t index, const char **why)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    *why = "no memory for a worker";
    if (!worker) {
        return NULL;
    }
    worker->server = server;
    worker->index = index;
    worker->publish.on_due = on_publish;
    pthread_mutex_init(&worker->lock, NULL);
    if (parts_create(worker, why) != SK_OK) {
        worker_destroy(worker);
        return NULL;
    }
    return worker;
}

void worker_destroy(struct worker *worker)
{
    if (!worker) {
        return;
    }
    while (worker->running_count > 0) {
        close_room(worker, worker->running[0], SK_REASON_SERVER_STOPPING);
    }
    if (worker->front) {
        front_destroy(worker->front);
    }
    if (worker->loop) {
        loop_destroy(worker->loop);
    }
    sk_encoder_destroy(worker->encoder);
    pthread_mutex_destroy(&worker->lock);
    pending_rooms_destroy(worker->pending);
    due_heap_destroy(worker->due);
    free(worker->rooms);
    free(worker->costs);
    free(worker->running);
    free(worker->scratch);
    free(worker->signal_stack);
    free(worker);
}

int worker_listen(struct worker *worker, int listen_fd)
{
    return front_listen(worker->front, listen_fd, &worker->server->profile);
}

static void *run(void *context)
{
    struct worker *worker = context;
    pulse_attach(&worker->server->pulses[worker->index]);
    crash_thread_start(worker->signal_stack, CRASH_STACK_BYTES);
    loop_arm(worker->loop, &worker->publish, loop_now_ms(worker->loop) + PUBLISH_MS);
    loop_run(worker->loop);
    crypto_thread_end();
    crash_thread_end(worker->signal_stack);
    return NULL;
}

int worker_start(struct worker *worker)
{
    pulse_beat(&worker->server->pulses[worker->index], sk_clock_ms());
    return pthread_create(&worker->thread, NULL, run, worker) == 0 ? SK_OK : SK_ERR_SYSTEM;
}

bool worker_join(struct worker *worker, uint64_t patience_ms)
{
    uint64_t until_ms = sk_wall_ms() + patience_ms; /* the clock of pthread_timedjoin_np() */
    struct timespec until = {(time_t)(until_ms / 1000), (long)(until_ms % 1000) * 1000000};
    return pthread_timedjoin_np(worker->thread, NULL, &until) == 0;
}
