/* control.c - see control.h.
 *
 *   RUNNING --SIGTERM--> DRAINING --nobody left, or time is up, or SIGINT--> STOPPED
 *      \------------------ SIGINT -------------------------------------------/
 *   a second SIGTERM or SIGINT stops at once: everybody gets the close frame, nobody is waited for
 */
#include "control.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "admin.h"
#include "api.h"
#include "base/assert.h"
#include "http/response.h"
#include "log/log.h"
#include "loop/loop.h"
#include "platform.h"
#include "sd_notify.h"
#include "tls/tls_context.h"
#include "watch.h"

enum { POLL_MS = 100, BODY_BYTES = 64 << 10, HOLD_S = 10, HOLD_GRACE_S = 5, REAP_S = 10 };

struct control {
    struct server *server;
    struct loop *loop;
    struct admin *admin;
    struct front *front; /* of the admin port */
    struct conn_profile admin_profile;
    struct lobby *lobby;
    struct wheel_timer poll;
    struct loop_source signals;
    int signal_fd;
    struct watch watch;
    bool is_draining;
    bool is_stopped;
    uint64_t drain_until_ms;
    char body[BODY_BYTES]; /* scratch */
};

static uint64_t now_us(const struct control *control)
{
    return loop_now_ns(control->loop) / 1000;
}

/* --- commands --------------------------------------------------------------------------------- */

static void send_to_worker_of(struct control *control, const struct lobby_room *room,
                              struct worker_command *command)
{
    SK_ASSERT(room->worker < control->server->worker_count);
    worker_command_send(&control->server->workers[room->worker].mailbox, command);
}

static struct worker_command *command_for(const struct lobby_room *room,
                                          enum worker_command_kind kind)
{
    struct worker_command *command = worker_command_create(kind);
    if (command) {
        command->room = room->id;
        command->epoch = room->epoch;
    }
    return command;
}

static bool command_open(struct control *control, const struct lobby_room *room)
{
    struct worker_command *command = command_for(room, WORKER_COMMAND_OPEN);
    if (!command) {
        return false;
    }
    memcpy(command->code, room->code, SK_CODE_BYTES);
    memcpy(command->options, room->options, sizeof(command->options));
    command->game = room->game;
    command->players_max = room->players_max;
    command->is_public = room->is_public;
    command->seed = room->seed;
    command->secret_seed = room->secret_seed;
    atomic_store_explicit(&control->server->room_workers[room->id], room->worker,
                          memory_order_relaxed);
    send_to_worker_of(control, room, command);
    return true;
}

static bool command_hold(struct control *control, const struct lobby_grant *grant,
                         const struct lobby_request *newcomer)
{
    struct worker_command *command = command_for(grant->room, WORKER_COMMAND_HOLD);
    if (!command) {
        return false;
    }
    command->seat = grant->seat;
    command->nonce = grant->nonce;
    command->name_bytes = newcomer->name_bytes;
    memcpy(command->name, newcomer->name, newcomer->name_bytes);
    send_to_worker_of(control, grant->room, command);
    return true;
}

static void command_all(struct control *control, enum worker_command_kind kind, uint32_t seconds)
{
    for (uint32_t i = 0; i < control->server->worker_count; i++) {
        struct worker_command *command = worker_command_create(kind);
        if (!command) {
            log_write(control->server->log, LOG_ERROR, "out of memory",
                      LOG_FIELDS(log_text("what", "a command to all workers")));
            abort(); /* the server could not be stopped */
        }
        command->seconds = seconds;
        worker_command_send(&control->server->workers[i].mailbox, command);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static void respond(struct control *control, const struct control_request *request, uint16_t status,
                    int size)
{
    size_t bytes = size > 0 ? (size_t)size : 0;
    struct control_response *response = control_response_create(bytes);
    if (!response) {
        return; /* the asker's head timeout tells it */
    }
    response->conn = request->conn;
    response->on_response = request->on_response;
    response->status = size < 0 ? 500 : status;
    memcpy(response->origin, request->origin, sizeof(response->origin));
    memcpy(response->body, control->body, bytes);
    control_response_send(&control->server->workers[request->worker].mailbox, response);
}

static void respond_reason(struct control *control, const struct control_request *request,
                           enum sk_reason reason)
{
    size_t size = http_reason_body(reason, control->body);
    respond(control, request, sk_reason_http_status(reason), (int)size);
}

static void refuse(struct control *control, const struct control_request *request,
                   enum sk_reason reason)
{
    respond_reason(control, request, reason);
    count_add(&control->server->joins[reason], 1);
    log_write(control->server->log, LOG_DEBUG, "join refused",
              LOG_FIELDS(log_text("reason", sk_reason_word(reason))));
}

/* Answers with where to go: the same server, under the name that the client used. */
static void grant(struct control *control, const struct control_request *request,
                  const struct lobby_room *room, struct sk_text ticket)
{
    char ws[SK_HTTP_HOST_BYTES_MAX + 16];
    const char *host = request->host[0] != '\0' ? request->host : control->server->host;
    const struct catalog_game *entry = &control->server->catalog->games[room->game];
    (void)snprintf(ws, sizeof(ws), "%s://%s/ws", request->is_secure ? "wss" : "ws", host);
    struct api_grant answer = {.code = room->code,
                               .game = entry->game->name,
                               .ws = ws,
                               .content = entry->content_path,
                               .ticket = ticket.bytes,
                               .ticket_bytes = ticket.size,
                               .expires_s = HOLD_S,
                               .players_max = room->players_max};
    respond(control, request, 200, api_render_grant(&answer, control->body, sizeof(control->body)));
    count_add(&control->server->joins[SK_REASON_NONE], 1);
}

static void resume(struct control *control, const struct control_request *request,
                   struct sk_text text)
{
    struct ticket ticket;
    int result =
        ticket_read(&ticket, &control->server->keys, text.bytes, text.size, platform_wall_s(NULL));
    const struct lobby_room *room = NULL;
    if (result == SK_OK) {
        room = lobby_find(control->lobby, ticket.room, ticket.epoch);
    }
    if (room) {
        grant(control, request, room, text);
    } else {
        refuse(control, request, result == SK_OK ? SK_REASON_SEAT_GONE : ticket_reason(result));
    }
}

static void seat_newcomer(struct control *control, const struct control_request *request,
                          const struct lobby_request *newcomer)
{
    struct lobby_grant given;
    enum sk_reason reason = lobby_join(control->lobby, newcomer, now_us(control), &given);
    if (reason == SK_REASON_NONE && given.is_new && !command_open(control, given.room)) {
        lobby_on_room_gone(control->lobby, given.room->id, given.room->epoch);
        reason = SK_REASON_SERVER_FULL;
    }
    if (reason == SK_REASON_NONE && !command_hold(control, &given, newcomer)) {
        reason = SK_REASON_SERVER_FULL; /* the hold expires by itself */
    }
    if (reason != SK_REASON_NONE) {
        refuse(control, request, reason);
        return;
    }
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket = {.role = TICKET_JOIN,
                            .seat = given.seat,
                            .room = given.room->id,
                            .epoch = given.room->epoch,
                            .expiry_s = platform_wall_s(NULL) + HOLD_S,
                            .nonce = given.nonce};
    ticket_write(&ticket, &control->server->keys, text);
    grant(control, request, given.room, (struct sk_text){text, sizeof(text)});
}

static void answer_join(struct control *control, const struct control_request *request)
{
    struct api_join join;
    enum sk_reason reason =
        api_parse_join(lobby_config_of(control->lobby), request->body, request->size, &join);
    if (reason != SK_REASON_NONE) {
        refuse(control, request, reason);
    } else if (join.resume_bytes > 0) {
        resume(control, request, (struct sk_text){join.resume, join.resume_bytes});
    } else {
        join.request.peer = request->peer;
        seat_newcomer(control, request, &join.request);
    }
}

static void list_rooms(struct control *control, const struct control_request *request)
{
    struct api_page page;
    if (api_parse_page((struct sk_text){request->body, request->size}, &page) != SK_REASON_NONE) {
        respond_reason(control, request, SK_REASON_REQUEST_BAD);
        return;
    }
    respond(control, request, 200,
            api_render_rooms(control->lobby, &page, control->body, sizeof(control->body)));
}

static void on_request(void *context, struct control_request *request)
{
    struct control *control = context;
    switch (request->kind) {
    case CONTROL_REQUEST_JOIN:
        answer_join(control, request);
        break;
    case CONTROL_REQUEST_ROOMS:
        list_rooms(control, request);
        break;
    case CONTROL_REQUEST_GAMES:
        respond(control, request, 200,
                api_render_games(lobby_config_of(control->lobby), control->body,
                                 sizeof(control->body)));
        break;
    }
    control_mail_destroy(request);
}

static void on_event(void *context, struct worker_event *event)
{
    struct control *control = context;
    struct lobby *lobby = control->lobby;
    switch (event->kind) {
    case WORKER_EVENT_TAKEN:
        lobby_on_seat_taken(lobby, event->room, event->epoch, event->seat);
        break;
    case WORKER_EVENT_FREED:
        lobby_on_seat_freed(lobby, event->room, event->epoch, event->seat, now_us(control));
        break;
    case WORKER_EVENT_GONE:
        lobby_on_room_gone(lobby, event->room, event->epoch);
        break;
    case WORKER_EVENT_HEAVY:
    case WORKER_EVENT_LIGHT:
        lobby_on_room_weight(lobby, event->room, event->epoch, event->kind == WORKER_EVENT_HEAVY);
        break;
    }
    control_mail_destroy(event);
}

/* --- deadlines -------------------------------------------------------------------------------- */

static void on_expired(void *context, const struct lobby_room *room, uint16_t seat, uint64_t nonce)
{
    struct control *control = context;
    struct worker_command *command =
        command_for(room, seat == LOBBY_SEATS_MAX ? WORKER_COMMAND_CLOSE : WORKER_COMMAND_UNHOLD);
    if (!command) {
        log_write(control->server->log, LOG_ERROR, "out of memory",
                  LOG_FIELDS(log_text("what", "a command to a worker")));
        abort(); /* lobby and worker would disagree for ever */
    }
    command->seat = seat;
    command->nonce = nonce;
    send_to_worker_of(control, room, command);
}

static void stop(struct control *control)
{
    if (control->is_stopped) {
        return;
    }
    control->is_stopped = true;
    command_all(control, WORKER_COMMAND_STOP, 0);
    front_close_all(control->front, SK_REASON_SERVER_STOPPING);
    loop_stop(control->loop);
}

static uint32_t people(const struct control *control)
{
    uint32_t count = 0;
    const struct lobby_room *room = lobby_next(control->lobby, NULL);
    for (; room; room = lobby_next(control->lobby, room)) {
        count += room->used_seats + room->watchers;
    }
    return count;
}

static void on_poll(struct wheel_timer *timer)
{
    struct control *control = (struct control *)((char *)timer - offsetof(struct control, poll));
    uint64_t now_ms = loop_now_ms(control->loop);
    lobby_poll(control->lobby, now_us(control), on_expired, control);
    watch_poll(&control->watch, now_ms);
    loop_arm(control->loop, timer, now_ms + POLL_MS);
    if (control->is_draining && (now_ms >= control->drain_until_ms || people(control) == 0)) {
        stop(control);
    }
}

/* --- signals ---------------------------------------------------------------------------------- */

static void drain(struct control *control, uint32_t seconds)
{
    if (control->is_draining) {
        log_write(control->server->log, LOG_INFO, "stopped at once",
                  LOG_FIELDS(log_text("why", "a second signal")));
        stop(control);
        return;
    }
    log_write(control->server->log, LOG_INFO, "draining",
              LOG_FIELDS(log_number("seconds", seconds), log_number("players", people(control))));
    sd_notify_send(control->server->log, "STOPPING=1");
    control->is_draining = true;
    control->drain_until_ms = loop_now_ms(control->loop) + seconds * 1000u;
    atomic_store(&control->server->is_ready, false);
    lobby_stop(control->lobby);
    command_all(control, WORKER_COMMAND_NOTICE, seconds);
}

static void reload(struct control *control)
{
    char why[TLS_WHY_BYTES] = "no certificate is in use";
    bool is_done = control->server->profile.tls &&
                   tls_context_reload(control->server->profile.tls, why) == SK_OK;
    if (is_done) {
        log_write(control->server->log, LOG_INFO, "certificate taken",
                  LOG_FIELDS(log_text("file", control->server->config->tls_cert)));
    } else {
        log_write(control->server->log, LOG_ERROR, "certificate kept",
                  LOG_FIELDS(log_text("why", why)));
    }
}

static void on_signals(struct loop_source *source, uint32_t events)
{
    struct control *control =
        (struct control *)((char *)source - offsetof(struct control, signals));
    struct signalfd_siginfo info;
    (void)events;
    while (read(control->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGHUP) {
            reload(control);
        } else {
            drain(control, info.ssi_signo == SIGINT ? 0 : control->server->config->drain_seconds);
        }
    }
}

static int watch_signals(struct control *control)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    control->signals.on_ready = on_signals;
    control->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (control->signal_fd < 0) {
        return SK_ERR_SYSTEM;
    }
    return loop_add(control->loop, control->signal_fd, EPOLLIN, &control->signals);
}

/* --- create, run, destroy --------------------------------------------------------------------- */

static struct lobby *make_lobby(const struct server *server)
{
    struct lobby_config config = {.games = server->catalog->lobby_games,
                                  .game_count = server->catalog->count,
                                  .rooms_max = server->config->rooms_max,
                                  .worker_count = server->worker_count,
                                  .seats_a_peer = server->config->players_per_address,
                                  .hold_us = (HOLD_S + HOLD_GRACE_S) * 1000000,
                                  .reap_us = REAP_S * 1000000,
                                  .random_bits = platform_random_bits,
                                  .allocator = platform_allocator};
    return lobby_create(&config);
}

static int start(struct control *control, int admin_fd, const char **why)
{
    struct loop_config loop = {0};
    control->loop = loop_create(&loop, why);
    if (!control->loop) {
        return SK_ERR_SYSTEM;
    }
    control->server->control_mailbox =
        (struct control_mailbox){control->loop, control, on_request, on_event};
    control->admin = admin_create(control->server);
    struct front_config front = {.loop = control->loop,
                                 .shared = &control->server->shared,
                                 .connections_max = 64,
                                 .user = control->admin};
    control->front = front_create(&front);
    control->lobby = make_lobby(control->server);
    *why = "no memory for the lobby";
    if (!control->admin || !control->front || !control->lobby || !control->server->room_workers) {
        return SK_ERR_MEMORY;
    }
    *why = "the system gave no signal descriptor or no watch";
    int result = watch_signals(control);
    return result == SK_OK ? front_listen(control->front, admin_fd, &control->admin_profile)
                           : result;
}

struct control *control_create(struct server *server, int admin_fd, const char **why)
{
    struct control *control = calloc(1, sizeof(*control));
    *why = "no memory for the lobby";
    if (!control) {
        return NULL;
    }
    control->server = server;
    server->room_workers = calloc(server->config->rooms_max, sizeof(*server->room_workers));
    control->signal_fd = -1;
    control->poll.on_due = on_poll;
    control->admin_profile = (struct conn_profile){.handler = &admin_handler};
    if (start(control, admin_fd, why) != SK_OK) {
        control_destroy(control);
        return NULL;
    }
    return control;
}

void control_run(struct control *control)
{
    watch_init(&control->watch, control->server, sd_notify_watchdog_ms());
    loop_arm(control->loop, &control->poll, loop_now_ms(control->loop) + POLL_MS);
    loop_run(control->loop);
}

void control_destroy(struct control *control)
{
    if (!control) {
        return;
    }
    if (control->front) {
        front_destroy(control->front);
    }
    if (control->loop) {
        loop_destroy(control->loop);
    }
    admin_destroy(control->admin);
    lobby_destroy(control->lobby);
    free(control->server->room_workers);
    if (control->signal_fd >= 0) {
        close(control->signal_fd);
    }
    free(control);
}
