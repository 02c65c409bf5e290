/* main.c - skirmishd: reads its settings, opens its ports, starts its threads, says `ready`.
 *
 * Everything that can fail is done before the ready line; what cannot be done is one line on stderr
 * and exit 2 (a setting) or 1 (the system).
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address/reachable.h"
#include "base/secret.h"
#include "control.h"
#include "crash.h"
#include "enet/enet_host.h"
#include "game_trap.h"
#include "log/log.h"
#include "native/clock.h"
#include "platform.h"
#include "player_ws.h"
#include "routes.h"
#include "sd_notify.h"
#include "store/secrets.h"
#include "stream/listener.h"
#include "tls/crypto.h"
#include "tls/tls_context.h"
#include "udp/udp_socket.h"
#include "watch.h"
#include "worker.h"

enum { EXIT_SETTING = 2, JOIN_MS = 50 };

struct program {
    struct config config;
    struct log log;
    struct secrets secrets;
    struct server server;
    struct control *control;
    struct worker *workers[SERVER_WORKERS_MAX];
    int listen_fd;
    int admin_fd;
    char host[ADDRESS_TEXT_BYTES_MAX];       /* of the listener, as others reach it */
    char admin_host[ADDRESS_TEXT_BYTES_MAX]; /* of the admin port, likewise */
    char enet_host[ADDRESS_TEXT_BYTES_MAX];  /* of the UDP port, likewise */
    int udp_fds[SERVER_WORKERS_MAX];         /* one a worker, until that has it */
    uint32_t udp_count;
};

static const struct conn_handler game_handler = {.on_request = routes_on_request,
                                                 .on_message = player_ws_on_message,
                                                 .on_ahead = player_ws_on_ahead,
                                                 .on_moved = player_ws_on_moved,
                                                 .on_close = player_ws_on_close};

/* One line on stderr; returns the exit code. */
static int refuse(int code, const char *what, const char *why)
{
    (void)fprintf(stderr, "skirmishd: %s%s%s\n", what, what[0] ? ": " : "", why);
    return code;
}

/* The same for a setting that names a folder. */
static int refuse_folder(const char *setting, const char *folder, const char *why)
{
    (void)fprintf(stderr, "skirmishd: %s: %s: %s\n", setting, folder, why);
    return EXIT_SETTING;
}

/* --- parts ------------------------------------------------------------------------------------ */

/* Opens a port and fills in how others name it. */
static int open_port(const struct address *address, int *fd, char text[ADDRESS_TEXT_BYTES_MAX])
{
    struct address bound = *address;
    struct address named;
    const char *why = NULL;
    address_text(address, text);
    *fd = listener_open(&bound, &why);
    if (*fd < 0) {
        return refuse(EXIT_SETTING, text, why);
    }
    reachable_find(&bound, &named);
    address_text(&named, text);
    return 0;
}

static uint32_t worker_count(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t count = config->threads ? config->threads : cores > 0 ? (uint32_t)cores : 1;
    return count <= SERVER_WORKERS_MAX ? count : SERVER_WORKERS_MAX;
}

static void hmac(const uint8_t key[TICKET_KEY_BYTES], const uint8_t *bytes, size_t size,
                 uint8_t mac[32])
{
    crypto_hmac_sha256((struct crypto_bytes){key, TICKET_KEY_BYTES},
                       (struct crypto_bytes){bytes, size}, mac);
}

static int make_tls(struct program *program)
{
    char why[TLS_WHY_BYTES];
    const struct config *config = &program->config;
    if (!config->tls_cert) {
        return 0;
    }
    program->server.profile.tls = tls_context_create(config->tls_cert, config->tls_key, why);
    return program->server.profile.tls ? 0 : refuse(EXIT_SETTING, "tls-cert, tls-key", why);
}

/* Bots that no room has a seat for would be asked for in vain. */
static int check_fill(const struct config *config, const struct catalog *catalog)
{
    char why[CATALOG_WHY_BYTES];
    uint32_t most = 0;
    for (uint32_t i = 0; i < catalog->count; i++) {
        uint32_t seats = catalog->games[i].game->players_max;
        most = seats > most ? seats : most;
    }
    if (config->bots_fill <= most) {
        return 0;
    }
    (void)snprintf(why, sizeof(why), "%u is more than the %u seats of the largest room here",
                   config->bots_fill, most);
    return refuse(EXIT_SETTING, "bots-fill", why);
}

static int make_catalog(struct program *program)
{
    char why[CATALOG_WHY_BYTES];
    const struct config *config = &program->config;
    struct catalog *catalog =
        catalog_create(config->game.items, config->game.count, config->assets, why);
    program->server.catalog = catalog;
    return catalog ? check_fill(config, catalog) : refuse(EXIT_SETTING, "game", why);
}

static int make_files(struct program *program)
{
    const char *why = NULL;
    if (!program->config.web) {
        return 0;
    }
    program->server.files = files_create(program->config.web, &why);
    return program->server.files ? 0 : refuse_folder("web", program->config.web, why);
}

static void describe_profile(struct program *program)
{
    const struct config *config = &program->config;
    struct conn_profile *profile = &program->server.profile;
    profile->handler = &game_handler;
    profile->fragments_max = SK_FRAGMENTS_MAX;
    profile->head_timeout_ms = config->head_timeout_ms;
    profile->admit_timeout_ms = config->head_timeout_ms; /* for the hello */
    profile->idle_timeout_ms = config->idle_timeout_ms;
    profile->ping_interval_ms = config->ping_interval_ms;
    profile->send_low_water_bytes = SK_SEND_LOW_WATER_BYTES;
    profile->rto_min_us = SK_RTO_MIN_US;
    profile->unadmitted_max = config->unadmitted_per_address;
    profile->admitted_max = config->players_per_address;
    profile->limits_loopback = config->limit_loopback;
    profile->proxies = config->trusted_proxies;
    profile->proxy_count = config->trusted_proxy.count;
    profile->proxy_header = config->proxy_protocol;
}

static void describe_server(struct program *program)
{
    struct server *server = &program->server;
    server->config = &program->config;
    front_shared_init(&server->shared, platform_random_bits(NULL));
    server->keys.hmac = hmac;
    server->scheme = program->config.tls_cert ? "wss" : "ws";
    server->host = program->host;
    server->is_loopback = address_is_loopback(&program->config.listen);
    server->worker_count = worker_count(&program->config);
    describe_profile(program);
}

/* Opens the UDP port, a socket for each worker. */
static int open_udp(struct program *program)
{
    const char *why = NULL;
    const struct config *config = &program->config;
    struct server *server = &program->server;
    struct address bound = config->enet_address;
    struct address named;
    if (!config->enet) {
        return 0;
    }
    if (sk_enet_self_test() != SK_OK) {
        return refuse(1, "enet",
                      "ENet does not use our datagrams: how this program was linked hides "
                      "them from the library");
    }
    if (udp_socket_open(&bound, program->udp_fds, server->worker_count, &why) != SK_OK) {
        return refuse(EXIT_SETTING, config->enet, why);
    }
    program->udp_count = server->worker_count;
    reachable_find(&bound, &named);
    address_text(&named, program->enet_host);
    server->enet_host = program->enet_host;
    server->enet_port = bound.port;
    return 0;
}

static int make_worker(struct program *program, uint32_t index)
{
    const char *why = NULL;
    struct worker *worker = worker_create(&program->server, index, &why);
    program->workers[index] = worker;
    if (!worker) {
        return refuse(1, "", why);
    }
    bool is_done = worker_listen(worker, program->listen_fd) == SK_OK;
    if (is_done && program->udp_count > 0) {
        is_done = worker_listen_udp(worker, program->udp_fds[index]) == SK_OK;
        program->udp_fds[index] = is_done ? -1 : program->udp_fds[index];
    }
    return is_done ? 0 : refuse(1, "epoll", "the system refused a watch");
}

static int make_threads(struct program *program)
{
    const char *why = NULL;
    struct server *server = &program->server;
    program->control = control_create(server, program->admin_fd, &why);
    if (!program->control) {
        return refuse(1, "", why);
    }
    int code = 0;
    for (uint32_t i = 0; code == 0 && i < server->worker_count; i++) {
        code = make_worker(program, i);
    }
    return code;
}

static int make_all(struct program *program)
{
    const char *why = NULL;
    if (crypto_start(&why) != SK_OK) {
        return refuse(1, "wolfSSL", why);
    }
    int code = make_tls(program);
    code = code ? code : make_catalog(program);
    code = code ? code : make_files(program);
    code = code ? code : open_port(&program->config.listen, &program->listen_fd, program->host);
    code = code ? code : open_port(&program->config.admin, &program->admin_fd, program->admin_host);
    if (code) {
        return code;
    }
    describe_server(program);
    code = open_udp(program);
    if (code) {
        return code;
    }
    if (secrets_open(&program->secrets, program->config.state_dir, &program->server.keys, &why) !=
        SK_OK) {
        const char *folder = program->config.state_dir;
        return folder ? refuse_folder("state-dir", folder, why) : refuse(1, "random", why);
    }
    return make_threads(program);
}

/* --- run -------------------------------------------------------------------------------------- */

/* Signals are the control thread's: blocked here, before any thread starts, and read from a
 * descriptor. */
static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void say_ready(const struct program *program)
{
    const char *http = program->config.tls_cert ? "https" : "http";
    bool has_enet = program->server.enet_host != NULL;
    printf("ready url=%s://%s ws=%s://%s/ws admin=http://%s%s%s pid=%ld\n", http, program->host,
           program->server.scheme, program->host, program->admin_host, has_enet ? " enet=" : "",
           program->enet_host, (long)getpid());
    (void)fflush(stdout);
}

static void log_start(struct program *program)
{
    const struct catalog *catalog = program->server.catalog;
    char games[512] = "";
    for (uint32_t i = 0; i < catalog->count; i++) {
        size_t used = strlen(games);
        (void)snprintf(games + used, sizeof(games) - used, "%s%s", i > 0 ? "," : "",
                       catalog->games[i].game->name);
    }
    for (uint32_t i = 0; i < catalog->count; i++) {
        const struct catalog_game *entry = &catalog->games[i];
        if (entry->module->lack) {
            log_write(&program->log, LOG_WARN, "pages cannot play a game",
                      LOG_FIELDS(log_text("game", entry->game->name),
                                 log_text("why", entry->module->lack)));
        }
    }
    if (program->config.enet_over_http && !program->config.tls_cert) {
        log_write(&program->log, LOG_WARN, "keys for UDP go over the network in the clear",
                  LOG_FIELDS(log_text("setting", "enet-over-http")));
    }
    log_write(&program->log, LOG_INFO, "started",
              LOG_FIELDS(log_text("version", SKIRMISH_VERSION),
                         log_number("threads", program->server.worker_count),
                         log_text("listen", program->host), log_text("admin", program->admin_host),
                         log_text("games", games), log_number("pid", (uint64_t)getpid())));
}

/* Waits for a worker as long as it has a pulse.  Returns false when it has none. */
static bool join_worker(const struct program *program, uint32_t index)
{
    while (!worker_join(program->workers[index], JOIN_MS)) {
        if (watch_is_lost(&program->server, index, sk_clock_ms())) {
            return false;
        }
    }
    return true;
}

/* Returns how many workers do not end: what they use cannot be freed. */
static uint32_t join_workers(const struct program *program)
{
    uint32_t hanging = 0;
    for (uint32_t i = 0; i < program->server.worker_count; i++) {
        hanging += !join_worker(program, i);
    }
    return hanging;
}

static int run(struct program *program)
{
    struct server *server = &program->server;
    uint32_t started = 0;
    while (started < server->worker_count && worker_start(program->workers[started]) == SK_OK) {
        started++;
    }
    if (started < server->worker_count) {
        /* threads that run cannot be taken back in order: end the process */
        _exit(refuse(1, "threads", "the system starts no more"));
    }
    atomic_store(&server->is_ready, true);
    log_start(program);
    say_ready(program);
    sd_notify_send(&program->log, "READY=1");
    control_run(program->control);
    uint32_t hanging = join_workers(program);
    if (hanging > 0) {
        log_write(&program->log, LOG_ERROR, "stopped without workers",
                  LOG_FIELDS(log_number("hanging", hanging)));
        _exit(1);
    }
    for (uint32_t i = 0; i < server->worker_count; i++) {
        worker_finish(program->workers[i]);
    }
    control_finish(program->control);
    log_write(&program->log, LOG_INFO, "stopped", LOG_FIELDS(log_text("why", "asked to")));
    return 0;
}

static void unmake_all(struct program *program)
{
    struct server *server = &program->server;
    for (uint32_t i = 0; i < server->worker_count; i++) {
        worker_destroy(program->workers[i]);
    }
    control_destroy(program->control);
    files_destroy(server->files);
    catalog_destroy((struct catalog *)(uintptr_t)server->catalog);
    if (server->profile.tls) {
        tls_context_destroy(server->profile.tls);
    }
    if (program->listen_fd >= 0) {
        close(program->listen_fd);
    }
    if (program->admin_fd >= 0) {
        close(program->admin_fd);
    }
    for (uint32_t i = 0; i < program->udp_count; i++) {
        if (program->udp_fds[i] >= 0) {
            close(program->udp_fds[i]);
        }
    }
    secrets_close(&program->secrets);
    sk_secret_wipe(program->server.keys.keys, sizeof(program->server.keys.keys));
}

int main(int argc, char **argv)
{
    extern char **environ;
    static uint8_t signal_stack[CRASH_STACK_BYTES];
    static struct program program = {.listen_fd = -1, .admin_fd = -1, .secrets = {-1}};
    switch (config_load(&program.config, argc, argv, environ)) {
    case CONFIG_RUN:
        break;
    case CONFIG_HELP:
        config_print_help(stdout);
        return 0;
    case CONFIG_VERSION:
        printf("skirmishd %s wolfssl=%s\n", SKIRMISH_VERSION, crypto_build());
        return 0;
    case CONFIG_BAD:
        return refuse(EXIT_SETTING, "", program.config.settings.error);
    }
    log_init(&program.log, STDERR_FILENO, (enum log_format)program.config.log,
             (enum log_level)program.config.log_level, NULL);
    program.server.log = &program.log;
    game_trap_install(&program.log);
    crash_install(&program.log);
    crash_thread_start(signal_stack, sizeof(signal_stack));
    block_signals();
    int code = make_all(&program);
    code = code ? code : run(&program);
    unmake_all(&program);
    return code;
}
