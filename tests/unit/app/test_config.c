/* test_config.c - the settings of skirmishd: their defaults, which source wins, what cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"

enum { WORDS_MAX = 8 };

static struct config config;
static char file_path[] = "/tmp/test_config.XXXXXX";

/* A file that sets what the precedence test asks for. */
static int make_file(void **state)
{
    static const char text[] = "seat-seconds = 11\ndrain-seconds = 12\nrooms-max = 13\n";
    (void)state;
    int fd = mkstemp(file_path);
    ssize_t wrote = fd < 0 ? -1 : write(fd, text, sizeof(text) - 1);
    return wrote == sizeof(text) - 1 && close(fd) == 0 ? 0 : -1;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file_path);
}

/* Loads with flags and variables, each list ended by NULL. */
static enum config_verdict load(const char *const *flags, const char *const *variables)
{
    char *argv[WORDS_MAX + 2] = {(char *)"skirmishd"};
    char *environment[WORDS_MAX + 1] = {NULL};
    int argc = 1;
    for (; flags[argc - 1] != NULL; argc++) {
        assert_in_range(argc, 1, WORDS_MAX);
        argv[argc] = (char *)flags[argc - 1];
    }
    for (size_t i = 0; variables[i] != NULL; i++) {
        assert_in_range(i, 0, WORDS_MAX - 1);
        environment[i] = (char *)variables[i];
    }
    return config_load(&config, argc, argv, environment);
}

#define NONE      ((const char *const[]){NULL})
#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_config_defaults_are_as_documented(void **state)
{
    (void)state;
    char text[ADDRESS_TEXT_BYTES_MAX];
    assert_int_equal(load(NONE, NONE), CONFIG_RUN);
    address_text(&config.listen, text);
    assert_string_equal(text, "127.0.0.1:7777");
    address_text(&config.admin, text);
    assert_string_equal(text, "127.0.0.1:7778");
    assert_int_equal(config.game.count, 1);
    assert_string_equal(config.game.items[0], "arena");
    assert_null(config.tls_cert);
    assert_int_equal(config.seat_seconds, 30);
    assert_int_equal(config.unadmitted_per_address, SK_UNADMITTED_AN_ADDRESS);
    assert_int_equal(config.head_timeout_ms, SK_HEAD_TIMEOUT_MS);
    assert_int_equal(config.idle_timeout_ms, SK_IDLE_TIMEOUT_MS);
    assert_int_equal(config.ping_interval_ms, SK_PING_INTERVAL_MS);
    assert_false(config.limit_loopback);
    assert_null(config.enet);
    assert_false(config.enet_over_http);
}

/* config precedence: flag over variable over file over default, each setting by itself. */
static void test_config_precedence_is_flag_variable_file_default(void **state)
{
    (void)state;
    assert_int_equal(load(LIST("--config", file_path, "--seat-seconds", "31"),
                          LIST("SKIRMISH_SEAT_SECONDS=21", "SKIRMISH_DRAIN_SECONDS=22")),
                     CONFIG_RUN);
    assert_int_equal(config.seat_seconds, 31);
    assert_int_equal(config.drain_seconds, 22);
    assert_int_equal(config.rooms_max, 13);
    assert_int_equal(config.connections_max, 8192);
}

static void test_config_file_may_be_named_by_a_variable(void **state)
{
    (void)state;
    char variable[64] = "SKIRMISH_CONFIG=";
    strcat(variable, file_path);
    assert_int_equal(load(NONE, LIST(variable)), CONFIG_RUN);
    assert_int_equal(config.seat_seconds, 11);
}

static void test_config_help_and_version_come_before_mistakes(void **state)
{
    (void)state;
    assert_int_equal(load(LIST("--nonsense", "--help"), NONE), CONFIG_HELP);
    assert_int_equal(load(LIST("--version"), NONE), CONFIG_VERSION);
}

static void test_config_what_cannot_be_is_named(void **state)
{
    static const struct {
        const char *flags[5];
        const char *error;
    } rows[] = {
        {{"--tls-cert", "a.pem"}, "tls-cert: needs --tls-key"},
        {{"--tls-key", "a.pem"}, "tls-key: needs --tls-cert"},
        {{"--admin", "0.0.0.0:7778"}, "admin: an address that others reach needs --admin-token"},
        {{"--admin", "127.0.0.1:7777"}, "admin: the same address as --listen"},
        {{"--ping-interval-ms", "15000"}, "ping-interval-ms: not below --idle-timeout-ms"},
        {{"--trusted-proxy", "proxy"}, "trusted-proxy: \"proxy\" is no ADDRESS[/BITS]"},
        {{"--origin", "example.net"}, "origin: \"example.net\" is not https://HOST[:PORT]"},
        {{"--origin", "https://a/"}, "origin: \"https://a/\" is not https://HOST[:PORT]"},
        {{"--origin", "https://"}, "origin: \"https://\" is not https://HOST[:PORT]"},
        {{"--config", "/nowhere/x"}, "--config: /nowhere/x: No such file or directory"},
        {{"--config", "/"}, "--config: /: Is a directory"},
        {{"--enet", "udp"}, "enet: \"udp\" is no ADDR:PORT"},
        {{"--enet=[::]:1", "--enet-public", "host"}, "enet-public: \"host\" is no HOST:PORT"},
        {{"--enet-public", "host:1"}, "enet-public: needs --enet"},
        {{"--enet-over-http"}, "enet-over-http: needs --enet"},
        {{"--threads", "257"}, "--threads: \"257\" is no number from 0 to 256"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].error);
        assert_int_equal(load(rows[i].flags, NONE), CONFIG_BAD);
        assert_string_equal(config.settings.error, rows[i].error);
    }
}

static void test_config_what_fits_together_is_taken(void **state)
{
    (void)state;
    assert_int_equal(load(LIST("--listen=127.0.0.1:0", "--admin=127.0.0.1:0"), NONE), CONFIG_RUN);
    assert_int_equal(load(LIST("--admin=0.0.0.0:1"), LIST("SKIRMISH_ADMIN_TOKEN=x")), CONFIG_RUN);
    assert_int_equal(load(LIST("--tls-cert=a", "--tls-key=b", "--log=json"), NONE), CONFIG_RUN);
    assert_int_equal(config.log, 1);
    assert_int_equal(load(LIST("--origin=https://a.example:1", "--trusted-proxy=10.0.0.0/8"), NONE),
                     CONFIG_RUN);
    assert_int_equal(config.trusted_proxies[0].bits, 104);
    assert_int_equal(
        load(LIST("--enet=[::]:7", "--enet-public=a.example:8", "--enet-over-http"), NONE),
        CONFIG_RUN);
    assert_int_equal(config.enet_address.port, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config_defaults_are_as_documented),
        cmocka_unit_test(test_config_precedence_is_flag_variable_file_default),
        cmocka_unit_test(test_config_file_may_be_named_by_a_variable),
        cmocka_unit_test(test_config_help_and_version_come_before_mistakes),
        cmocka_unit_test(test_config_what_cannot_be_is_named),
        cmocka_unit_test(test_config_what_fits_together_is_taken),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
