/* config.h - the settings of skirmishd, as one table.
 *
 * The struct, the flags, the variables, the file's names and the help all come from these rows, so
 * a setting without help or without bounds cannot exist.
 *
 * Memory   plain; config->settings holds what the strings point to, so a config must not be moved.
 * Threads  filled by one before the others start, then read by all.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "address/address.h"
#include "base/limits.h"
#include "native/settings.h"

/* clang-format off */
/*      kind     member                   default            min    max      value   help        */
#define CONFIG_SETTINGS(ROW)                                                                      \
    ROW(ADDRESS, listen,                  "127.0.0.1:7777",  0,     0,       "ADDR:PORT",        \
        "page, ws and join API; port 0 picks one")                                               \
    ROW(TEXT,    enet,                    NULL,              0,     0,       "ADDR:PORT",        \
        "UDP for native clients; port 0 picks one (none)")                                       \
    ROW(TEXT,    enet_public,             NULL,              0,     0,       "HOST:PORT",        \
        "what clients are told of it, behind NAT (the name that they use here)")                 \
    ROW(FLAG,    enet_over_http,          "false",           0,     0,       "",                 \
        "without TLS, give keys for UDP to other machines too: whoever listens has them")        \
    ROW(TEXT,    tls_cert,                NULL,              0,     0,       "FILE",             \
        "certificate chain, PEM; with --tls-key: https and wss")                                 \
    ROW(TEXT,    tls_key,                 NULL,              0,     0,       "FILE",             \
        "its key, PEM")                                                                          \
    ROW(LIST,    game,                    "arena",           0,     0,       "NAME|FILE.so",     \
        "a game to offer; may repeat")                                                           \
    ROW(NUMBER,  threads,                 "0",               0,     256,     "N",                \
        "workers; 0: one a core")                                                                \
    ROW(TEXT,    web,                     NULL,              0,     0,       "DIR",              \
        "the page's files")                                                                      \
    ROW(TEXT,    assets,                  "assets",          0,     0,     "DIR",                  \
        "the games' maps")                                                                         \
    ROW(ADDRESS, admin,                   "127.0.0.1:7778",  0,     0,       "ADDR:PORT",        \
        "metrics and administration")                                                            \
    ROW(TEXT,    admin_token,             NULL,              0,     0,       "TOKEN",            \
        "what administration asks for; better as a variable, flags are visible")                 \
    ROW(LIST,    admin_host,              NULL,              0,     0,       "HOST",             \
        "a further name of the admin port; may repeat (its address; localhost)")                 \
    ROW(TEXT,    config,                  NULL,              0,     0,       "FILE",             \
        "lines of NAME = VALUE with these names")                                                \
    ROW(CHOICE,  log,                     "logfmt",          0,     0,       "logfmt|json",      \
        "form of the lines on stderr")                                                           \
    ROW(CHOICE,  log_level,               "info",            0,     0,     "debug|info|warn|error",\
        "the least that is logged")                                                              \
    ROW(LIST,    origin,                  NULL,              0,     0,       "ORIGIN",           \
        "a page that may connect, https://HOST; may repeat (the server's own)")                  \
    ROW(TEXT,    state_dir,               NULL,              0,     0,       "DIR",              \
        "where secrets are kept over a restart (they are not)")                                  \
    ROW(LIST,    trusted_proxy,           NULL,              0,     0,       "ADDR[/BITS]",      \
        "whose X-Forwarded-For and -Proto count; may repeat (nobody's)")                         \
    ROW(FLAG,    proxy_protocol,          "false",           0,     0,       "",                 \
        "trusted proxies pass connections through, with a PROXY header in front of each")        \
    ROW(NUMBER,  seat_seconds,            "30",              1,     3600,    "N",                \
        "how long a seat waits for its player to come back")                                     \
    ROW(NUMBER,  drain_seconds,           "30",              0,     3600,    "N",                \
        "how long SIGTERM lets matches go on")                                                   \
    ROW(NUMBER,  rooms_max,               "1024",            1,     65536,   "N",                \
        "rooms at once")                                                                         \
    ROW(NUMBER,  connections_max,         "8192",            1,     1000000, "N",                \
        "connections at once")                                                                   \
    ROW(NUMBER,  unadmitted_per_address,  "32",              1,     65536,   "N",                \
        "connections of one address that have not joined")                                       \
    ROW(NUMBER,  players_per_address,     "256",             1,     65535,   "N",                \
        "players of one address: connections, and seats that wait for one")                      \
    ROW(NUMBER,  joins_per_second,        "8",               1,     100000,  "N",                \
        "requests to the join API of one address, after a burst of sixteen seconds' worth")      \
    ROW(FLAG,    limit_loopback,          "false",           0,     0,       "",                 \
        "limits per address hold for this machine too")                                          \
    ROW(NUMBER,  head_timeout_ms,         "10000",           100,   60000,   "N",                \
        "for TLS and the request head, from accept or the last answer")                          \
    ROW(NUMBER,  idle_timeout_ms,         "15000",           1000,  600000,  "N",                \
        "silence that ends a connection")                                                        \
    ROW(NUMBER,  ping_interval_ms,        "5000",            100,   60000,   "N",                \
        "silence after which a ping asks")                                                       \
    ROW(NUMBER,  wake_window_us,          "1000",            0,     10000,   "N",                \
        "how long players' inputs may wait for their tick before they are read")                 \
    ROW(NUMBER,  bots_fill,               "0",               0,     SK_PLAYERS_MAX, "N",         \
        "server-side players fill a room up to N")
/* clang-format on */

enum { CONFIG_TRUSTED_PROXIES_MAX = SK_SETTINGS_LIST_ITEMS_MAX };

#define CONFIG_TYPE_TEXT                                            const char *
#define CONFIG_TYPE_ADDRESS                                         struct address
#define CONFIG_TYPE_NUMBER                                          uint32_t
#define CONFIG_TYPE_CHOICE                                          uint32_t
#define CONFIG_TYPE_FLAG                                            bool
#define CONFIG_TYPE_LIST                                            struct sk_setting_list
#define CONFIG_MEMBER(kind, member, default_, min, max, hint, help) CONFIG_TYPE_##kind member;

struct config {
    CONFIG_SETTINGS(CONFIG_MEMBER)
    struct address_range trusted_proxies[CONFIG_TRUSTED_PROXIES_MAX]; /* trusted_proxy, read */
    struct address enet_address;                                      /* enet, read */
    struct sk_settings settings;                                      /* and settings.error */
};

enum config_verdict { CONFIG_RUN, CONFIG_HELP, CONFIG_VERSION, CONFIG_BAD };

/* Reads flags, variables, the file that one of them names, and defaults; then checks what must fit
 * together.  CONFIG_BAD sets config->settings.error to the line for the operator: the caller prints
 * it and exits 2.  CONFIG_HELP and CONFIG_VERSION: it was asked for, nothing else was read. */
enum config_verdict config_load(struct config *config, int argc, char *const *argv,
                                char *const *variables);

/* Prints what --help prints. */
void config_print_help(FILE *file);

#endif
