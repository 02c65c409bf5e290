/* desk.c - see desk.h.
 *
 *   RUNNING --SIGTERM--> DRAINING --nobody left, or time is up, or SIGINT--> STOPPED
 *      \------------------ SIGINT -------------------------------------------/
 *   a second SIGTERM or SIGINT stops at once: everybody gets the close frame, nobody is waited for
 */
#include "desk.h"

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
#include "host.h"
#include "http/response.h"
#include "log/log.h"
#include "loop/loop.h"
#include "manager.h"
#include "tls/tls_context.h"
#include "watch.h"
#include "worker.h"

enum { POLL_MS = 100, REPLY_BYTES = 64 << 10, HOLD_S = 10, HOLD_GRACE_S = 5, REAP_S = 10 };

struct desk {
    struct site *site;
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
    char reply[REPLY_BYTES]; /* scratch */
};

static uint64_t now_us(const struct desk *desk)
{
    return loop_now_ns(desk->loop) / 1000;
}

/* --- orders ----------------------------------------------------------------------------------- */

static struct worker *worker_of_room(const struct desk *desk, const struct lobby_room *room)
{
    SK_ASSERT(room->worker < desk->site->worker_count);
    return desk->site->workers[room->worker];
}

static struct order *order_for(const struct lobby_room *room, enum order_kind kind)
{
    struct order *order = post_order_create(kind);
    if (order) {
        order->room = room->id;
        order->epoch = room->epoch;
    }
    return order;
}

static bool order_open(struct desk *desk, const struct lobby_room *room)
{
    struct order *order = order_for(room, ORDER_OPEN);
    if (!order) {
        return false;
    }
    memcpy(order->code, room->code, SK_CODE_BYTES);
    memcpy(order->options, room->options, sizeof(order->options));
    order->game = room->game;
    order->players_max = room->players_max;
    order->is_public = room->is_public;
    order->seed = room->seed;
    order->secret_seed = room->secret_seed;
    atomic_store_explicit(&desk->site->room_workers[room->id], room->worker, memory_order_relaxed);
    worker_order(worker_of_room(desk, room), order);
    return true;
}

static bool order_hold(struct desk *desk, const struct lobby_grant *grant,
                       const struct lobby_request *request)
{
    struct order *order = order_for(grant->room, ORDER_HOLD);
    if (!order) {
        return false;
    }
    order->seat = grant->seat;
    order->nonce = grant->nonce;
    order->name_bytes = request->name_bytes;
    memcpy(order->name, request->name, request->name_bytes);
    worker_order(worker_of_room(desk, grant->room), order);
    return true;
}

static void order_all(struct desk *desk, enum order_kind kind, uint32_t seconds)
{
    for (uint32_t i = 0; i < desk->site->worker_count; i++) {
        struct order *order = post_order_create(kind);
        if (!order) {
            log_write(desk->site->log, LOG_ERROR, "out of memory",
                      LOG_FIELDS(log_text("what", "an order to all workers")));
            abort(); /* the server could not be stopped */
        }
        order->seconds = seconds;
        worker_order(desk->site->workers[i], order);
    }
}

/* --- asks ------------------------------------------------------------------------------------- */

static void reply(struct desk *desk, const struct ask *ask, uint16_t status, int size)
{
    size_t bytes = size > 0 ? (size_t)size : 0;
    struct reply *mail = post_reply_create(bytes);
    if (!mail) {
        return; /* the asker's head timeout tells it */
    }
    mail->conn = ask->conn;
    mail->status = size < 0 ? 500 : status;
    memcpy(mail->origin, ask->origin, sizeof(mail->origin));
    memcpy(mail->body, desk->reply, bytes);
    worker_reply(ask->worker, mail);
}

static void reply_reason(struct desk *desk, const struct ask *ask, enum sk_reason reason)
{
    size_t size = http_reason_body(reason, desk->reply);
    reply(desk, ask, sk_reason_http_status(reason), (int)size);
}

static void refuse(struct desk *desk, const struct ask *ask, enum sk_reason reason)
{
    reply_reason(desk, ask, reason);
    count_add(&desk->site->joins[reason], 1);
    log_write(desk->site->log, LOG_DEBUG, "join refused",
              LOG_FIELDS(log_text("reason", sk_reason_word(reason))));
}

/* Answers with where to go: the same server, under the name that the client used. */
static void grant(struct desk *desk, const struct ask *ask, const struct lobby_room *room,
                  struct sk_text ticket)
{
    char ws[SK_HTTP_HOST_BYTES_MAX + 16];
    const char *host = ask->host[0] != '\0' ? ask->host : desk->site->host;
    const struct catalog_game *entry = &desk->site->catalog->games[room->game];
    (void)snprintf(ws, sizeof(ws), "%s://%s/ws", ask->is_secure ? "wss" : "ws", host);
    struct api_grant answer = {.code = room->code,
                               .game = entry->game->name,
                               .ws = ws,
                               .content = entry->content_path,
                               .ticket = ticket.bytes,
                               .ticket_bytes = ticket.size,
                               .expires_s = HOLD_S,
                               .players_max = room->players_max};
    reply(desk, ask, 200, api_render_grant(&answer, desk->reply, sizeof(desk->reply)));
    count_add(&desk->site->joins[SK_REASON_NONE], 1);
}

static void resume(struct desk *desk, const struct ask *ask, struct sk_text text)
{
    struct ticket ticket;
    int result = ticket_read(&ticket, &desk->site->keys, text.bytes, text.size, host_wall_s(NULL));
    const struct lobby_room *room = NULL;
    if (result == SK_OK) {
        room = lobby_find(desk->lobby, ticket.room, ticket.epoch);
    }
    if (room) {
        grant(desk, ask, room, text);
    } else {
        refuse(desk, ask, result == SK_OK ? SK_REASON_SEAT_GONE : ticket_reason(result));
    }
}

static void seat_newcomer(struct desk *desk, const struct ask *ask,
                          const struct lobby_request *request)
{
    struct lobby_grant given;
    enum sk_reason reason = lobby_join(desk->lobby, request, now_us(desk), &given);
    if (reason == SK_REASON_NONE && given.is_new && !order_open(desk, given.room)) {
        lobby_on_room_gone(desk->lobby, given.room->id, given.room->epoch);
        reason = SK_REASON_SERVER_FULL;
    }
    if (reason == SK_REASON_NONE && !order_hold(desk, &given, request)) {
        reason = SK_REASON_SERVER_FULL; /* the hold expires by itself */
    }
    if (reason != SK_REASON_NONE) {
        refuse(desk, ask, reason);
        return;
    }
    char text[TICKET_TEXT_BYTES];
    struct ticket ticket = {.role = TICKET_JOIN,
                            .seat = given.seat,
                            .room = given.room->id,
                            .epoch = given.room->epoch,
                            .expiry_s = host_wall_s(NULL) + HOLD_S,
                            .nonce = given.nonce};
    ticket_write(&ticket, &desk->site->keys, text);
    grant(desk, ask, given.room, (struct sk_text){text, sizeof(text)});
}

static void join(struct desk *desk, const struct ask *ask)
{
    struct api_join request;
    enum sk_reason reason =
        api_parse_join(lobby_config_of(desk->lobby), ask->body, ask->size, &request);
    if (reason != SK_REASON_NONE) {
        refuse(desk, ask, reason);
    } else if (request.resume_bytes > 0) {
        resume(desk, ask, (struct sk_text){request.resume, request.resume_bytes});
    } else {
        request.request.peer = ask->peer;
        seat_newcomer(desk, ask, &request.request);
    }
}

static void list_rooms(struct desk *desk, const struct ask *ask)
{
    struct api_page page;
    if (api_parse_page((struct sk_text){ask->body, ask->size}, &page) != SK_REASON_NONE) {
        reply_reason(desk, ask, SK_REASON_REQUEST_BAD);
        return;
    }
    reply(desk, ask, 200, api_render_rooms(desk->lobby, &page, desk->reply, sizeof(desk->reply)));
}

static void deliver_ask(struct mail *mail, void *receiver)
{
    struct ask *ask = (struct ask *)mail; /* its first member */
    struct desk *desk = ask->desk;
    (void)receiver;
    switch (ask->kind) {
    case ASK_JOIN:
        join(desk, ask);
        break;
    case ASK_ROOMS:
        list_rooms(desk, ask);
        break;
    case ASK_GAMES:
        reply(desk, ask, 200,
              api_render_games(lobby_config_of(desk->lobby), desk->reply, sizeof(desk->reply)));
        break;
    }
    post_destroy(ask);
}

void desk_ask(struct desk *desk, struct ask *ask)
{
    ask->desk = desk;
    ask->mail.deliver = deliver_ask;
    loop_post(desk->loop, &ask->mail);
}

static void deliver_report(struct mail *mail, void *receiver)
{
    struct report *report = (struct report *)mail;
    struct lobby *lobby = report->desk->lobby;
    (void)receiver;
    switch (report->kind) {
    case REPORT_TAKEN:
        lobby_on_seat_taken(lobby, report->room, report->epoch, report->seat);
        break;
    case REPORT_FREED:
        lobby_on_seat_freed(lobby, report->room, report->epoch, report->seat, now_us(report->desk));
        break;
    case REPORT_GONE:
        lobby_on_room_gone(lobby, report->room, report->epoch);
        break;
    case REPORT_HEAVY:
    case REPORT_LIGHT:
        lobby_on_room_weight(lobby, report->room, report->epoch, report->kind == REPORT_HEAVY);
        break;
    }
    post_destroy(report);
}

void desk_report(struct desk *desk, struct report *report)
{
    report->desk = desk;
    report->mail.deliver = deliver_report;
    loop_post(desk->loop, &report->mail);
}

/* --- time ------------------------------------------------------------------------------------- */

static void on_expired(void *context, const struct lobby_room *room, uint16_t seat, uint64_t nonce)
{
    struct desk *desk = context;
    struct order *order = order_for(room, seat == LOBBY_SEATS_MAX ? ORDER_CLOSE : ORDER_UNHOLD);
    if (!order) {
        log_write(desk->site->log, LOG_ERROR, "out of memory",
                  LOG_FIELDS(log_text("what", "an order to a worker")));
        abort(); /* lobby and worker would disagree for ever */
    }
    order->seat = seat;
    order->nonce = nonce;
    worker_order(worker_of_room(desk, room), order);
}

static void stop(struct desk *desk)
{
    if (desk->is_stopped) {
        return;
    }
    desk->is_stopped = true;
    order_all(desk, ORDER_STOP, 0);
    front_close_all(desk->front, SK_REASON_SERVER_STOPPING);
    loop_stop(desk->loop);
}

static uint32_t people(const struct desk *desk)
{
    uint32_t count = 0;
    const struct lobby_room *room = lobby_next(desk->lobby, NULL);
    for (; room; room = lobby_next(desk->lobby, room)) {
        count += room->used_seats + room->watchers;
    }
    return count;
}

static void on_poll(struct wheel_timer *timer)
{
    struct desk *desk = (struct desk *)((char *)timer - offsetof(struct desk, poll));
    uint64_t now_ms = loop_now_ms(desk->loop);
    lobby_poll(desk->lobby, now_us(desk), on_expired, desk);
    watch_poll(&desk->watch, now_ms);
    loop_arm(desk->loop, timer, now_ms + POLL_MS);
    if (desk->is_draining && (now_ms >= desk->drain_until_ms || people(desk) == 0)) {
        stop(desk);
    }
}

/* --- signals ---------------------------------------------------------------------------------- */

static void drain(struct desk *desk, uint32_t seconds)
{
    if (desk->is_draining) {
        log_write(desk->site->log, LOG_INFO, "stopped at once",
                  LOG_FIELDS(log_text("why", "a second signal")));
        stop(desk);
        return;
    }
    log_write(desk->site->log, LOG_INFO, "draining",
              LOG_FIELDS(log_number("seconds", seconds), log_number("players", people(desk))));
    manager_tell(desk->site->log, "STOPPING=1");
    desk->is_draining = true;
    desk->drain_until_ms = loop_now_ms(desk->loop) + seconds * 1000u;
    atomic_store(&desk->site->is_ready, false);
    lobby_stop(desk->lobby);
    order_all(desk, ORDER_NOTICE, seconds);
}

static void reload(struct desk *desk)
{
    char why[TLS_WHY_BYTES] = "no certificate is in use";
    bool is_done =
        desk->site->profile.tls && tls_context_reload(desk->site->profile.tls, why) == SK_OK;
    if (is_done) {
        log_write(desk->site->log, LOG_INFO, "certificate taken",
                  LOG_FIELDS(log_text("file", desk->site->config->tls_cert)));
    } else {
        log_write(desk->site->log, LOG_ERROR, "certificate kept", LOG_FIELDS(log_text("why", why)));
    }
}

static void on_signals(struct loop_source *source, uint32_t events)
{
    struct desk *desk = (struct desk *)((char *)source - offsetof(struct desk, signals));
    struct signalfd_siginfo info;
    (void)events;
    while (read(desk->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGHUP) {
            reload(desk);
        } else {
            drain(desk, info.ssi_signo == SIGINT ? 0 : desk->site->config->drain_seconds);
        }
    }
}

static int watch_signals(struct desk *desk)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    desk->signals.on_ready = on_signals;
    desk->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (desk->signal_fd < 0) {
        return SK_ERR_SYSTEM;
    }
    return loop_add(desk->loop, desk->signal_fd, EPOLLIN, &desk->signals);
}

/* --- life ------------------------------------------------------------------------------------- */

static struct lobby *make_lobby(const struct site *site)
{
    struct lobby_config config = {.games = site->catalog->lobby_games,
                                  .game_count = site->catalog->count,
                                  .rooms_max = site->config->rooms_max,
                                  .worker_count = site->worker_count,
                                  .seats_a_peer = site->config->players_per_address,
                                  .hold_us = (HOLD_S + HOLD_GRACE_S) * 1000000,
                                  .reap_us = REAP_S * 1000000,
                                  .random_bits = host_random_bits,
                                  .allocator = host_allocator};
    return lobby_create(&config);
}

static int start(struct desk *desk, int admin_fd, const char **why)
{
    struct loop_config loop = {0};
    desk->loop = loop_create(&loop, why);
    if (!desk->loop) {
        return SK_ERR_SYSTEM;
    }
    desk->admin = admin_create(desk->site);
    struct front_config front = {.loop = desk->loop,
                                 .shared = &desk->site->shared,
                                 .connections_max = 64,
                                 .user = desk->admin};
    desk->front = front_create(&front);
    desk->lobby = make_lobby(desk->site);
    *why = "no memory for the lobby";
    if (!desk->admin || !desk->front || !desk->lobby || !desk->site->room_workers) {
        return SK_ERR_MEMORY;
    }
    *why = "the system gave no signal descriptor or no watch";
    int result = watch_signals(desk);
    return result == SK_OK ? front_listen(desk->front, admin_fd, &desk->admin_profile) : result;
}

struct desk *desk_create(struct site *site, int admin_fd, const char **why)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    *why = "no memory for the lobby";
    if (!desk) {
        return NULL;
    }
    desk->site = site;
    site->room_workers = calloc(site->config->rooms_max, sizeof(*site->room_workers));
    desk->signal_fd = -1;
    desk->poll.on_due = on_poll;
    desk->admin_profile = (struct conn_profile){.handler = &admin_handler};
    if (start(desk, admin_fd, why) != SK_OK) {
        desk_destroy(desk);
        return NULL;
    }
    return desk;
}

void desk_run(struct desk *desk)
{
    watch_init(&desk->watch, desk->site, manager_watchdog_ms());
    loop_arm(desk->loop, &desk->poll, loop_now_ms(desk->loop) + POLL_MS);
    loop_run(desk->loop);
}

void desk_destroy(struct desk *desk)
{
    if (!desk) {
        return;
    }
    if (desk->front) {
        front_destroy(desk->front);
    }
    if (desk->loop) {
        loop_destroy(desk->loop);
    }
    admin_destroy(desk->admin);
    lobby_destroy(desk->lobby);
    free(desk->site->room_workers);
    if (desk->signal_fd >= 0) {
        close(desk->signal_fd);
    }
    free(desk);
}
