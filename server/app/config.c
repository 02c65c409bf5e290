/* config.c - the table of config.h as rows, and the checks between them. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "address/address_setting.h"
#include "net/http_host.h"

#define KIND_TEXT    SK_SETTING_TEXT, NULL
#define KIND_ADDRESS SK_SETTING_TYPED, &address_setting
#define KIND_NUMBER  SK_SETTING_NUMBER, NULL
#define KIND_CHOICE  SK_SETTING_CHOICE, NULL
#define KIND_FLAG    SK_SETTING_FLAG, NULL
#define KIND_LIST    SK_SETTING_LIST, NULL
#define ROW(kind, member, default_, min, max, hint, help)                                          \
    {#member, KIND_##kind, offsetof(struct config, member), default_, min, max, hint, help},
static const struct sk_setting rows[] = {CONFIG_SETTINGS(ROW)};
#undef ROW

#define ROW_COUNT ((uint32_t)(sizeof(rows) / sizeof(rows[0])))
_Static_assert(ROW_COUNT <= SK_SETTINGS_ROWS_MAX, "the table must fit the reader");

static int bad(struct config *config, const char *line)
{
    (void)snprintf(config->settings.error, sizeof(config->settings.error), "%s", line);
    return SK_ERR_CONFIG;
}

/* Fills `bytes` from a file; returns what was read, at most `capacity`, or -1 with errno. */
static ssize_t read_whole(const char *path, char *bytes, size_t capacity)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = 0;
    ssize_t got = 1;
    while (fd >= 0 && got > 0 && (size_t)size < capacity) {
        got = read(fd, bytes + size, capacity - (size_t)size);
        size += got > 0 ? got : 0;
    }
    int failed = fd < 0 || got < 0 ? errno : 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    errno = failed;
    return failed != 0 ? -1 : size;
}

static int read_file(struct config *config)
{
    char bytes[SK_SETTINGS_TEXT_BYTES_MAX]; /* as much is refused as too large */
    ssize_t size = read_whole(config->config, bytes, sizeof(bytes));
    if (size < 0) {
        (void)snprintf(config->settings.error, sizeof(config->settings.error),
                       "--config: %.100s: %s", config->config, strerror(errno));
        return SK_ERR_CONFIG;
    }
    return sk_settings_read_file(&config->settings, config->config, bytes, (size_t)size);
}

static int check_proxies(struct config *config)
{
    for (uint32_t i = 0; i < config->trusted_proxy.count; i++) {
        const char *text = config->trusted_proxy.items[i];
        if (address_range_parse(text, &config->trusted_proxies[i]) != SK_OK) {
            (void)snprintf(config->settings.error, sizeof(config->settings.error),
                           "trusted-proxy: \"%.60s\" is no ADDRESS[/BITS]", text);
            return SK_ERR_CONFIG;
        }
    }
    return SK_OK;
}

/* An origin is scheme://host[:port], as a browser sends it: nothing stands behind. */
static bool is_origin(const char *text)
{
    struct sk_text host;
    struct sk_text rest;
    return sk_http_url_split(sk_text_of(text), &host, &rest) && host.size > 0 && rest.size == 0 &&
           strpbrk(text, "@ ") == NULL;
}

static int check_origins(struct config *config)
{
    for (uint32_t i = 0; i < config->origin.count; i++) {
        if (!is_origin(config->origin.items[i])) {
            (void)snprintf(config->settings.error, sizeof(config->settings.error),
                           "origin: \"%.60s\" is not https://HOST[:PORT]", config->origin.items[i]);
            return SK_ERR_CONFIG;
        }
    }
    return SK_OK;
}

static int check_admin_hosts(struct config *config)
{
    for (uint32_t i = 0; i < config->admin_host.count; i++) {
        struct sk_http_host host;
        const char *text = config->admin_host.items[i];
        if (sk_http_host_parse(sk_text_of(text), &host) != SK_OK || host.port.size > 0) {
            (void)snprintf(config->settings.error, sizeof(config->settings.error),
                           "admin-host: \"%.60s\" is no name of a host without a port", text);
            return SK_ERR_CONFIG;
        }
    }
    return SK_OK;
}

static int check_enet(struct config *config)
{
    struct sk_http_host host;
    if (config->enet && address_parse(config->enet, &config->enet_address) != SK_OK) {
        (void)snprintf(config->settings.error, sizeof(config->settings.error),
                       "enet: \"%.60s\" is no ADDR:PORT", config->enet);
        return SK_ERR_CONFIG;
    }
    if (config->enet_public &&
        (sk_http_host_parse(sk_text_of(config->enet_public), &host) != SK_OK ||
         host.port.size == 0)) {
        (void)snprintf(config->settings.error, sizeof(config->settings.error),
                       "enet-public: \"%.60s\" is no HOST:PORT", config->enet_public);
        return SK_ERR_CONFIG;
    }
    if (!config->enet && (config->enet_public || config->enet_over_http)) {
        return bad(config, config->enet_public ? "enet-public: needs --enet"
                                               : "enet-over-http: needs --enet");
    }
    return SK_OK;
}

static int check(struct config *config)
{
    if ((config->tls_cert == NULL) != (config->tls_key == NULL)) {
        return bad(config,
                   config->tls_cert ? "tls-cert: needs --tls-key" : "tls-key: needs --tls-cert");
    }
    if (!address_is_loopback(&config->admin) && config->admin_token == NULL) {
        return bad(config, "admin: an address that others reach needs --admin-token");
    }
    if (config->listen.port != 0 && config->listen.port == config->admin.port &&
        address_is_same_host(&config->listen, &config->admin)) {
        return bad(config, "admin: the same address as --listen");
    }
    if (config->proxy_protocol && config->trusted_proxy.count == 0) {
        return bad(config, "proxy-protocol: needs a --trusted-proxy to believe");
    }
    if (config->ping_interval_ms >= config->idle_timeout_ms) {
        return bad(config, "ping-interval-ms: not below --idle-timeout-ms");
    }
    int result = check_proxies(config);
    result = result == SK_OK ? check_origins(config) : result;
    result = result == SK_OK ? check_enet(config) : result;
    return result == SK_OK ? check_admin_hosts(config) : result;
}

static int load(struct config *config, int argc, char *const *argv, char *const *variables)
{
    int result = sk_settings_read_flags(&config->settings, argc, argv);
    if (result == SK_OK) {
        result = sk_settings_read_variables(&config->settings, variables);
    }
    if (result == SK_OK && config->config != NULL) {
        result = read_file(config);
    }
    if (result == SK_OK) {
        result = sk_settings_read_defaults(&config->settings);
    }
    return result == SK_OK ? check(config) : result;
}

enum config_verdict config_load(struct config *config, int argc, char *const *argv,
                                char *const *variables)
{
    memset(config, 0, sizeof(*config));
    sk_settings_init(&config->settings, rows, ROW_COUNT, "SKIRMISH_", config);
    if (sk_settings_is_asked(argc, argv, "--help")) {
        return CONFIG_HELP;
    }
    if (sk_settings_is_asked(argc, argv, "--version")) {
        return CONFIG_VERSION;
    }
    return load(config, argc, argv, variables) == SK_OK ? CONFIG_RUN : CONFIG_BAD;
}

void config_print_help(FILE *file)
{
    (void)fputs("skirmishd [OPTIONS]: serves matches, and the page that plays them\n\n", file);
    sk_settings_print(rows, ROW_COUNT, file);
    (void)fputs(
        "  --help, --version\n\n"
        "Each is also a variable (--seat-seconds: SKIRMISH_SEAT_SECONDS; lists part their\n"
        "items by commas) and a name in the file of --config.  A flag wins over a variable,\n"
        "a variable over the file.\n",
        file);
}
