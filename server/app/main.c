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
#include "crash.h"
#include "desk.h"
#include "guard.h"
#include "host.h"
#include "log/log.h"
#include "manager.h"
#include "native/clock.h"
#include "player.h"
#include "routes.h"
#include "store/secrets.h"
#include "tls/crypto.h"
#include "tls/tls_context.h"
#include "transport/listener.h"
#include "watch.h"
#include "worker.h"

enum { EXIT_SETTING = 2, JOIN_MS = 50 };

struct server {
    struct config config;
    struct log log;
    struct secrets secrets;
    struct site site;
    int listen_fd;
    int admin_fd;
    char host[ADDRESS_TEXT_BYTES_MAX];       /* of the listener, as others reach it */
    char admin_host[ADDRESS_TEXT_BYTES_MAX]; /* of the admin port, likewise */
};

static const struct conn_handler game_handler = {.on_request = routes_on_request,
                                                 .on_message = player_on_message,
                                                 .on_moved = player_on_moved,
                                                 .on_close = player_on_close};

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

/* --- parts, in the order in which they are made ----------------------------------------------- */

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
    return count <= SITE_WORKERS_MAX ? count : SITE_WORKERS_MAX;
}

static void hmac(const uint8_t key[TICKET_KEY_BYTES], const uint8_t *bytes, size_t size,
                 uint8_t mac[32])
{
    crypto_hmac_sha256((struct crypto_bytes){key, TICKET_KEY_BYTES},
                       (struct crypto_bytes){bytes, size}, mac);
}

static int make_tls(struct server *server)
{
    char why[TLS_WHY_BYTES];
    const struct config *config = &server->config;
    if (!config->tls_cert) {
        return 0;
    }
    server->site.profile.tls = tls_context_create(config->tls_cert, config->tls_key, why);
    return server->site.profile.tls ? 0 : refuse(EXIT_SETTING, "tls-cert, tls-key", why);
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

static int make_catalog(struct server *server)
{
    char why[CATALOG_WHY_BYTES];
    const struct config *config = &server->config;
    struct catalog *catalog =
        catalog_create(config->game.items, config->game.count, config->assets, why);
    for (uint32_t i = 0; catalog && i < catalog->count; i++) {
        catalog->lobby_games[i].bots_fill = (uint16_t)config->bots_fill;
    }
    server->site.catalog = catalog;
    return catalog ? check_fill(config, catalog) : refuse(EXIT_SETTING, "game", why);
}

static int make_files(struct server *server)
{
    const char *why = NULL;
    if (!server->config.web) {
        return 0;
    }
    server->site.files = files_create(server->config.web, &why);
    return server->site.files ? 0 : refuse_folder("web", server->config.web, why);
}

static void describe_profile(struct server *server)
{
    const struct config *config = &server->config;
    struct conn_profile *profile = &server->site.profile;
    profile->handler = &game_handler;
    profile->fragments_max = SK_FRAGMENTS_MAX;
    profile->head_timeout_ms = config->head_timeout_ms;
    profile->admit_timeout_ms = config->head_timeout_ms; /* for the hello */
    profile->idle_timeout_ms = config->idle_timeout_ms;
    profile->ping_interval_ms = config->ping_interval_ms;
    profile->send_low_water_bytes = SK_SEND_LOW_WATER_BYTES;
    profile->unadmitted_max = config->unadmitted_per_address;
    profile->admitted_max = config->players_per_address;
    profile->limits_loopback = config->limit_loopback;
    profile->proxies = config->trusted_proxies;
    profile->proxy_count = config->trusted_proxy.count;
    profile->proxy_header = config->proxy_protocol;
}

static void describe_site(struct server *server)
{
    struct site *site = &server->site;
    site->config = &server->config;
    front_shared_init(&site->shared, host_random_bits(NULL));
    site->keys.hmac = hmac;
    site->scheme = server->config.tls_cert ? "wss" : "ws";
    site->host = server->host;
    site->is_loopback = address_is_loopback(&server->config.listen);
    site->worker_count = worker_count(&server->config);
    describe_profile(server);
}

static int make_threads(struct server *server)
{
    const char *why = NULL;
    struct site *site = &server->site;
    site->desk = desk_create(site, server->admin_fd, &why);
    if (!site->desk) {
        return refuse(1, "", why);
    }
    for (uint32_t i = 0; i < site->worker_count; i++) {
        site->workers[i] = worker_create(site, i, &why);
        if (!site->workers[i]) {
            return refuse(1, "", why);
        }
        if (worker_listen(site->workers[i], server->listen_fd) != SK_OK) {
            return refuse(1, "epoll", "the system refused a watch");
        }
    }
    return 0;
}

static int make_all(struct server *server)
{
    const char *why = NULL;
    if (crypto_start(&why) != SK_OK) {
        return refuse(1, "wolfSSL", why);
    }
    int code = make_tls(server);
    code = code ? code : make_catalog(server);
    code = code ? code : make_files(server);
    code = code ? code : open_port(&server->config.listen, &server->listen_fd, server->host);
    code = code ? code : open_port(&server->config.admin, &server->admin_fd, server->admin_host);
    if (code) {
        return code;
    }
    describe_site(server);
    if (secrets_open(&server->secrets, server->config.state_dir, &server->site.keys, &why) !=
        SK_OK) {
        const char *folder = server->config.state_dir;
        return folder ? refuse_folder("state-dir", folder, why) : refuse(1, "random", why);
    }
    return make_threads(server);
}

/* --- running ---------------------------------------------------------------------------------- */

/* Signals are the desk's: blocked here, before any thread starts, and read from a descriptor. */
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

static void say_ready(const struct server *server)
{
    const char *http = server->config.tls_cert ? "https" : "http";
    printf("ready url=%s://%s ws=%s://%s/ws admin=http://%s pid=%ld\n", http, server->host,
           server->site.scheme, server->host, server->admin_host, (long)getpid());
    (void)fflush(stdout);
}

static void log_start(struct server *server)
{
    const struct catalog *catalog = server->site.catalog;
    char games[512] = "";
    for (uint32_t i = 0; i < catalog->count; i++) {
        size_t used = strlen(games);
        (void)snprintf(games + used, sizeof(games) - used, "%s%s", i > 0 ? "," : "",
                       catalog->games[i].game->name);
    }
    log_write(&server->log, LOG_INFO, "started",
              LOG_FIELDS(log_text("version", SKIRMISH_VERSION),
                         log_number("threads", server->site.worker_count),
                         log_text("listen", server->host), log_text("admin", server->admin_host),
                         log_text("games", games), log_number("pid", (uint64_t)getpid())));
}

/* Waits for a worker as long as it has a pulse.  Returns false when it has none. */
static bool join_worker(const struct site *site, uint32_t index)
{
    while (!worker_join(site->workers[index], JOIN_MS)) {
        if (watch_is_lost(site, index, sk_clock_ms())) {
            return false;
        }
    }
    return true;
}

/* Returns how many workers do not end: what they use cannot be freed. */
static uint32_t join_workers(const struct site *site)
{
    uint32_t hanging = 0;
    for (uint32_t i = 0; i < site->worker_count; i++) {
        hanging += !join_worker(site, i);
    }
    return hanging;
}

static int run(struct server *server)
{
    struct site *site = &server->site;
    uint32_t started = 0;
    while (started < site->worker_count && worker_start(site->workers[started]) == SK_OK) {
        started++;
    }
    if (started < site->worker_count) {
        /* threads that run cannot be taken back in order: end the process */
        _exit(refuse(1, "threads", "the system starts no more"));
    }
    atomic_store(&site->is_ready, true);
    log_start(server);
    say_ready(server);
    manager_tell(&server->log, "READY=1");
    desk_run(site->desk);
    uint32_t hanging = join_workers(site);
    if (hanging > 0) {
        log_write(&server->log, LOG_ERROR, "stopped without workers",
                  LOG_FIELDS(log_number("hanging", hanging)));
        _exit(1);
    }
    log_write(&server->log, LOG_INFO, "stopped", LOG_FIELDS(log_text("why", "asked to")));
    return 0;
}

static void unmake_all(struct server *server)
{
    struct site *site = &server->site;
    for (uint32_t i = 0; i < site->worker_count; i++) {
        worker_destroy(site->workers[i]);
    }
    desk_destroy(site->desk);
    files_destroy(site->files);
    catalog_destroy((struct catalog *)(uintptr_t)site->catalog);
    if (site->profile.tls) {
        tls_context_destroy(site->profile.tls);
    }
    if (server->listen_fd >= 0) {
        close(server->listen_fd);
    }
    if (server->admin_fd >= 0) {
        close(server->admin_fd);
    }
    secrets_close(&server->secrets);
}

int main(int argc, char **argv)
{
    extern char **environ;
    static uint8_t signal_stack[CRASH_STACK_BYTES];
    static struct server server = {.listen_fd = -1, .admin_fd = -1, .secrets = {-1}};
    switch (config_load(&server.config, argc, argv, environ)) {
    case CONFIG_RUN:
        break;
    case CONFIG_HELP:
        config_print_help(stdout);
        return 0;
    case CONFIG_VERSION:
        printf("skirmishd %s wolfssl=%s\n", SKIRMISH_VERSION, crypto_build());
        return 0;
    case CONFIG_BAD:
        return refuse(EXIT_SETTING, "", server.config.settings.error);
    }
    log_init(&server.log, STDERR_FILENO, (enum log_format)server.config.log,
             (enum log_level)server.config.log_level, NULL);
    server.site.log = &server.log;
    guard_install(&server.log);
    crash_install(&server.log);
    crash_thread_start(signal_stack, sizeof(signal_stack));
    block_signals();
    int code = make_all(&server);
    code = code ? code : run(&server);
    unmake_all(&server);
    return code;
}
