/* admin.c - see admin.h.  The rows below are the list of all metrics. */
#include "admin.h"

#include <stdlib.h>
#include <string.h>

#include "admin_shots.h"
#include "base/assert.h"
#include "base/secret.h"
#include "metrics/metrics.h"
#include "metrics/process.h"
#include "origin.h"
#include "own_host.h"
#include "platform.h"
#include "tls/crypto.h"
#include "tls/tls_context.h"
#include "udp_metrics.h"
#include "watch.h"

enum { PAGE_BYTES = 256 << 10 };

/* --- metrics ---------------------------------------------------------------------------------- */

static const uint64_t late_bounds[] = {50,   100,   200,   500,   1000,   2000,
                                       5000, 10000, 20000, 50000, 100000, 1000000};

/* What went well has no reason. */
static const char *reason_word(uint32_t index)
{
    return index == SK_REASON_NONE ? "ok" : sk_reason_word((enum sk_reason)index);
}

static const char *refusal_word(uint32_t index)
{
    return tls_refusal_word((enum tls_refusal)index);
}

/* By game; admin_create() fills in which there are. */
#define GAME(kind_, name_, member_, help_)                                                         \
    {                                                                                              \
        .name = "skirmish_" name_, .help = help_, .kind = kind_,                                   \
        .offset = offsetof(struct worker_stats, member_), .label = "game"                          \
    }
static const struct metrics_row game_rows[] = {
    GAME(METRICS_GAUGE, "rooms", rooms, "Rooms that run."),
    GAME(METRICS_GAUGE, "players", players, "People with a seat, away ones too."),
    GAME(METRICS_GAUGE, "players_connected", players_connected, "People who are connected."),
    GAME(METRICS_GAUGE, "bots", bots, "Seats that the server plays."),
    GAME(METRICS_COUNTER, "rooms_failed_total", rooms_failed,
         "Rooms ended by a failed check of their game."),
    GAME(METRICS_COUNTER, "diverged_total", diverged,
         "Times that a client said that its prediction diverged, at most one in 10 s each."),
};

/* The rows of room_counts.h. */
#define ROOM_COUNT(member_, name_, help_)                                                          \
    {.name = "skirmish_" name_,                                                                    \
     .help = help_,                                                                                \
     .kind = METRICS_COUNTER,                                                                      \
     .offset = offsetof(struct worker_stats, rooms_total.member_)},
#define ROOM_PART(member_, name_, label_, word_, help_)                                            \
    {.name = "skirmish_" name_,                                                                    \
     .help = help_,                                                                                \
     .kind = METRICS_COUNTER,                                                                      \
     .offset = offsetof(struct worker_stats, rooms_total.member_),                                 \
     .label = label_,                                                                              \
     .word = word_},
static const struct metrics_row room_rows[] = {ROOM_COUNTS(ROOM_COUNT, ROOM_PART)};

static const struct metrics_row stat_rows[] = {
    {.name = "skirmish_rooms_moved_total",
     .help = "Rooms that went to another worker.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct worker_stats, rooms_moved)},
    {.name = "skirmish_worker_cpu_seconds_total",
     .help = "CPU time of the worker threads.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct worker_stats, cpu_us),
     .scale = 1000000},
    {.name = "skirmish_waits_total",
     .help = "Times that the workers' loops waited for something to do.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct worker_stats, waits)},
    {.name = "skirmish_tick_late_seconds",
     .help = "From when a tick was due to when it began.",
     .kind = METRICS_HISTOGRAM,
     .offset = offsetof(struct worker_stats, late_us),
     .scale = 1000000,
     .bounds = late_bounds,
     .bound_count = sizeof(late_bounds) / sizeof(late_bounds[0])},
};

#define FRONT(kind_, name_, member_, help_)                                                        \
    {                                                                                              \
        .name = "skirmish_" name_, .help = help_, .kind = kind_,                                   \
        .offset = offsetof(struct front_counts, member_)                                           \
    }
static const struct metrics_row front_rows[] = {
    FRONT(METRICS_GAUGE, "connections", open, "Open connections."),
    FRONT(METRICS_COUNTER, "connections_total", accepted, "Connections accepted."),
    FRONT(METRICS_COUNTER, "connections_moved_total", moved_in,
          "Connections handed over between workers."),
    FRONT(METRICS_COUNTER, "http_requests_total", requests, "HTTP requests, upgrades too."),
    FRONT(METRICS_COUNTER, "websocket_upgrades_total", upgrades,
          "Connections that became WebSockets."),
    FRONT(METRICS_COUNTER, "messages_received_total", messages_in, "WebSocket messages received."),
    FRONT(METRICS_COUNTER, "messages_sent_total", messages_out, "WebSocket messages sent."),
    FRONT(METRICS_COUNTER, "bytes_received_total", stream.bytes_in, "Bytes received on the wire."),
    FRONT(METRICS_COUNTER, "bytes_sent_total", stream.bytes_out, "Bytes sent on the wire."),
    FRONT(METRICS_COUNTER, "reads_total", stream.reads, "System calls that received."),
    FRONT(METRICS_COUNTER, "writes_total", stream.writes, "System calls that sent."),
    FRONT(METRICS_COUNTER, "accept_pauses_total", accept_pauses,
          "Times that accepting paused for want of descriptors."),
    {.name = "skirmish_closed_total",
     .help = "Connections ended or refused.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct front_counts, closed),
     .label = "reason",
     .word_count = SK_REASON_COUNT,
     .word_of = reason_word},
};

static const struct metrics_row join_rows[] = {
    {.name = "skirmish_joins_total",
     .help = "Answers of the join API.",
     .kind = METRICS_COUNTER,
     .label = "reason",
     .word_count = SK_REASON_COUNT,
     .word_of = reason_word},
};

static const struct metrics_row refused_rows[] = {
    {.name = "skirmish_admin_refused_total",
     .help = "Requests of the admin port refused for what they call it or where they come from.",
     .kind = METRICS_COUNTER,
     .label = "reason",
     .word_count = SK_REASON_COUNT,
     .word_of = reason_word},
};

#define TLS(name_, member_, help_)                                                                 \
    {                                                                                              \
        .name = "skirmish_tls_" name_, .help = help_, .kind = METRICS_COUNTER,                     \
        .offset = offsetof(struct tls_counts, member_)                                             \
    }
static const struct metrics_row tls_rows[] = {
    TLS("handshakes_total", handshakes_done, "TLS handshakes done."),
    TLS("handshakes_failed_total", handshakes_failed, "TLS handshakes that failed."),
    TLS("sessions_failed_total", sessions_failed,
        "TLS sessions that failed after their handshake."),
    {.name = "skirmish_tls_refused_total",
     .help = "Records that a guard refused.",
     .kind = METRICS_COUNTER,
     .offset = offsetof(struct tls_counts, refused),
     .label = "why",
     .word_count = TLS_REFUSAL_COUNT,
     .word_of = refusal_word},
};

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

struct admin {
    struct server *server;
    const struct lobby *lobby;
    struct worker_stats *stats; /* one a worker */
    uint64_t start_time_seconds;
    const char *games[LOBBY_GAMES_MAX];
    struct metrics_row game_rows[COUNT_OF(game_rows)];
    struct counter refused[SK_REASON_COUNT];
    struct log_limit refused_log;
    char page[PAGE_BYTES]; /* of metrics, or of shots */
};
_Static_assert((int)ADMIN_SHOTS_BYTES_MAX <= (int)PAGE_BYTES, "shots fit the page");

static void add_workers(struct admin *admin, struct metrics_text *text)
{
    struct server *server = admin->server;
    const void *stats[SERVER_WORKERS_MAX];
    const void *fronts[SERVER_WORKERS_MAX];
    for (uint32_t i = 0; i < server->worker_count; i++) {
        worker_stats_read(server->workers[i].published, &admin->stats[i]);
        stats[i] = &admin->stats[i];
        fronts[i] = front_counts(server->workers[i].front);
    }
    metrics_add_rows(text, admin->game_rows, COUNT_OF(game_rows), stats, server->worker_count);
    metrics_add_rows(text, room_rows, COUNT_OF(room_rows), stats, server->worker_count);
    metrics_add_rows(text, stat_rows, COUNT_OF(stat_rows), stats, server->worker_count);
    metrics_add_rows(text, front_rows, COUNT_OF(front_rows), fronts, server->worker_count);
}

/* A system without /proc costs figures, not the page. */
static void add_process(const struct admin *admin, struct metrics_text *text)
{
    const struct metrics_label labels[] = {{"version", SKIRMISH_VERSION},
                                           {"wolfssl", crypto_build()}};
    struct process_figures figures;
    int result = process_read(&figures);
    figures.start_time_seconds = admin->start_time_seconds;
    metrics_add_info(text, "skirmish_build_info", "Which build runs.", labels, COUNT_OF(labels));
    if (result == SK_OK) {
        process_add(text, &figures);
    }
}

static int render(struct admin *admin, size_t *size)
{
    struct metrics_text text;
    struct server *server = admin->server;
    const void *joins = server->joins;
    const void *refused = admin->refused;
    metrics_init(&text, admin->page, sizeof(admin->page));
    add_process(admin, &text);
    add_workers(admin, &text);
    udp_metrics_add(&text, server);
    metrics_add_rows(&text, join_rows, COUNT_OF(join_rows), &joins, 1);
    metrics_add_rows(&text, refused_rows, COUNT_OF(refused_rows), &refused, 1);
    if (server->profile.tls) {
        struct tls_counts counts = tls_context_counts(server->profile.tls);
        const void *parts = &counts;
        metrics_add_rows(&text, tls_rows, COUNT_OF(tls_rows), &parts, 1);
    }
    *size = text.size;
    return metrics_end(&text);
}

/* --- requests --------------------------------------------------------------------------------- */

static void answer(struct conn *conn, uint16_t status, const char *type, const char *text,
                   size_t size)
{
    struct http_response response = {.status = status,
                                     .type = type,
                                     .headers = "cache-control: no-store\r\n",
                                     .body = (const uint8_t *)text,
                                     .body_bytes = size};
    conn_respond(conn, &response);
}

static void say(struct conn *conn, uint16_t status, const char *sentence)
{
    answer(conn, status, "text/plain; charset=utf-8", sentence, strlen(sentence));
}

/* Whether the request comes from a page that is not the port's own. */
static enum sk_reason judge_page(const struct admin *admin, const struct sk_http_request *request)
{
    const struct config *config = admin->server->config;
    struct own_host_rule own = {&config->admin, config->admin_host.items, config->admin_host.count};
    struct origin_rule same = {NULL, 0, false};
    if (!own_host_is(&own, request->host)) {
        return SK_REASON_HOST;
    }
    const struct sk_text *origin = sk_http_header_find(&request->headers, "origin");
    return origin_is_allowed(&same, origin, request->host) ? SK_REASON_NONE : SK_REASON_ORIGIN;
}

static void refuse_page(struct admin *admin, struct conn *conn, enum sk_reason reason,
                        const struct sk_http_request *request)
{
    counter_add(&admin->refused[reason], 1);
    log_write_limited(admin->server->log, &admin->refused_log, LOG_WARN, "admin request refused",
                      LOG_FIELDS(log_text("reason", sk_reason_word(reason)),
                                 log_bytes("host", request->host.bytes, request->host.size)));
    conn_refuse(conn, reason);
}

/* "Bearer TOKEN", the scheme in any case (RFC 9110, 11.1). */
static bool is_bearer(struct sk_text shown, const char *token)
{
    size_t token_bytes = strlen(token);
    struct sk_text scheme = sk_text_first(shown, sk_text_find(shown, ' '));
    shown = sk_text_trim(sk_text_after(shown, ' '));
    return sk_text_is_any_case(scheme, "bearer") && shown.size == token_bytes &&
           sk_secret_equal(shown.bytes, token, token_bytes);
}

static bool has_token(const struct admin *admin, const struct sk_http_request *request)
{
    const char *token = admin->server->config->admin_token;
    const struct sk_text *shown = sk_http_header_find(&request->headers, "authorization");
    if (!token) {
        return true; /* the listener is on loopback then: config.c checks it */
    }
    return shown && is_bearer(*shown, token);
}

static void send_metrics(struct admin *admin, struct conn *conn)
{
    size_t size = 0;
    if (render(admin, &size) != SK_OK) {
        say(conn, 500, "The page of metrics does not fit its buffer.\n");
        return;
    }
    answer(conn, 200, "text/plain; version=0.0.4; charset=utf-8", admin->page, size);
}

static void send_health(const struct admin *admin, struct conn *conn)
{
    char text[WATCH_TEXT_BYTES];
    uint64_t now_ms = loop_now_ms(front_loop(conn_front(conn)));
    uint16_t status = watch_health(admin->server, now_ms, text);
    say(conn, status, text);
}

static void send_readiness(const struct admin *admin, struct conn *conn)
{
    bool is_ready = atomic_load(&admin->server->is_ready);
    say(conn, is_ready ? 200 : 503, is_ready ? "ready\n" : "not ready\n");
}

static void send_shots(struct admin *admin, struct conn *conn, struct sk_text code)
{
    int size = admin_shots_render(admin->lobby, admin->server->shots, code, admin->page);
    if (size < 0) {
        say(conn, 404, "There is no such room.\n");
        return;
    }
    answer(conn, 200, "application/json", admin->page, (size_t)size);
}

static void send_page(struct admin *admin, struct conn *conn, struct sk_text path)
{
    struct sk_text code;
    if (sk_text_is(path, "/metrics")) {
        send_metrics(admin, conn);
    } else if (sk_text_is(path, "/healthz")) {
        send_health(admin, conn);
    } else if (sk_text_is(path, "/readyz")) {
        send_readiness(admin, conn);
    } else if (admin_shots_is_path(path, &code)) {
        send_shots(admin, conn, code);
    } else {
        say(conn, 404, "There is /metrics, /healthz, /readyz and /api/rooms/CODE/shots.\n");
    }
}

static void on_request(struct conn *conn, const struct sk_http_request *request,
                       const uint8_t *body)
{
    struct admin *admin = front_user(conn_front(conn));
    enum sk_reason reason = judge_page(admin, request);
    (void)body;
    if (reason != SK_REASON_NONE) {
        refuse_page(admin, conn, reason, request);
    } else if (!has_token(admin, request)) {
        say(conn, 401, "This needs the admin token.\n");
    } else if (!sk_text_is(request->method, "GET") && !sk_text_is(request->method, "HEAD")) {
        say(conn, 405, "Only GET is known here.\n");
    } else {
        send_page(admin, conn, request->path);
    }
}

static void on_message(struct conn *conn, const struct conn_message *message)
{
    (void)conn;
    (void)message;
    SK_UNREACHABLE("no connection of the admin port is upgraded");
}

static void on_close(struct conn *conn, enum sk_reason reason)
{
    (void)conn;
    (void)reason; /* nothing hangs on these connections */
}

const struct conn_handler admin_handler = {
    .on_request = on_request, .on_message = on_message, .on_close = on_close};

static void name_games(struct admin *admin)
{
    const struct catalog *catalog = admin->server->catalog;
    for (uint32_t i = 0; i < catalog->count; i++) {
        admin->games[i] = catalog->games[i].game->name;
    }
    for (size_t i = 0; i < COUNT_OF(game_rows); i++) {
        admin->game_rows[i] = game_rows[i];
        admin->game_rows[i].words = admin->games;
        admin->game_rows[i].word_count = catalog->count;
    }
}

struct admin *admin_create(struct server *server, const struct lobby *lobby)
{
    struct admin *admin = calloc(1, sizeof(*admin));
    if (!admin) {
        return NULL;
    }
    admin->server = server;
    admin->lobby = lobby;
    admin->start_time_seconds = platform_wall_s(NULL);
    name_games(admin);
    admin->stats = calloc(server->worker_count, sizeof(*admin->stats));
    if (!admin->stats) {
        admin_destroy(admin);
        return NULL;
    }
    return admin;
}

void admin_destroy(struct admin *admin)
{
    if (admin) {
        free(admin->stats);
        free(admin);
    }
}
