/* control.c - see control.h.
 *
 *   RUNNING --SIGTERM--> DRAINING --nobody left, or time is up, or SIGINT--> STOPPED
 *      \------------------ SIGINT -------------------------------------------/
 *   a second SIGTERM or SIGINT stops at once: everybody gets the close frame, nobody is waited for
 */
#include "control.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "admin.h"
#include "base/assert.h"
#include "control_commands.h"
#include "control_requests.h"
#include "log/log.h"
#include "loop/loop.h"
#include "platform.h"
#include "sd_notify.h"
#include "tls/tls_context.h"
#include "watch.h"

enum { POLL_MS = 100, HOLD_GRACE_S = 5, REAP_S = 10 };

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
    struct control_requests requests;
};

static uint64_t now_us(const struct control *control)
{
    return loop_now_ns(control->loop) / 1000;
}

/* --- mail ------------------------------------------------------------------------------------- */

static void on_request(void *context, struct control_request *request)
{
    struct control *control = context;
    control_requests_answer(&control->requests, request, now_us(control));
    control_request_destroy(request);
}

static void on_event(void *context, const struct worker_event *event)
{
    struct control *control = context;
    if (event->is_gone) {
        lobby_on_room_gone(control->lobby, event->room, event->epoch);
    } else {
        lobby_on_room_state(control->lobby, event->room, event->epoch, &event->state,
                            now_us(control));
    }
}

/* --- deadlines -------------------------------------------------------------------------------- */

/* Returns false when memory is short: the lobby asks again. */
static bool close_room(void *context, const struct lobby_room *room)
{
    return control_commands_close(context, room);
}

/* The same. */
static bool move_room(void *context, const struct lobby_room *room, uint32_t target)
{
    return control_commands_move(context, room, target);
}

static void stop(struct control *control)
{
    if (control->is_stopped) {
        return;
    }
    control->is_stopped = true;
    for (uint32_t i = 0; i < control->server->worker_count; i++) {
        worker_stop_send(&control->server->workers[i].mailbox);
    }
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
    if (control->is_stopped) {
        return;
    }
    lobby_poll(control->lobby, now_us(control), close_room, control->server);
    if (!control->is_draining) {
        lobby_poll_moves(control->lobby, now_us(control), move_room, control->server);
    }
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
    for (uint32_t i = 0; i < control->server->worker_count; i++) {
        worker_notice_send(&control->server->workers[i].mailbox, seconds);
    }
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
                                  .hold_us = (CONTROL_HOLD_S + HOLD_GRACE_S) * 1000000,
                                  .reap_us = REAP_S * 1000000,
                                  .keys = &server->keys,
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
    control->lobby = make_lobby(control->server);
    control->admin = control->lobby ? admin_create(control->server, control->lobby) : NULL;
    struct front_config front = {.loop = control->loop,
                                 .shared = &control->server->shared,
                                 .connections_max = 64,
                                 .user = control->admin};
    control->front = front_create(&front);
    control->requests.server = control->server;
    control->requests.lobby = control->lobby;
    enet_grants_init(&control->requests.enet, control->server);
    *why = "no memory for the lobby";
    if (!control->admin || !control->front || !control->server->room_workers ||
        !control->server->shots) {
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
    server->shots = shot_log_create(server->config->rooms_max);
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

void control_finish(struct control *control)
{
    SK_ASSERT(control->is_stopped);
    loop_turn(control->loop, 0);
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
    shot_log_destroy(control->server->shots);
    if (control->signal_fd >= 0) {
        close(control->signal_fd);
    }
    free(control);
}
