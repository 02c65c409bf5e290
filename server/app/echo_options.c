/* echo_options.c - see echo_options.h. */
#include "echo_options.h"

#include <stddef.h>
#include <string.h>

#include "address/address_setting.h"
#include "base/assert.h"
#include "base/limits.h"

#define AT(member) offsetof(struct echo_options, member)
/* clang-format off */
static const struct sk_setting rows[] = {
    {"listen", SK_SETTING_TYPED, &address_setting, AT(listen), "127.0.0.1:9001", 0, 0, "ADDR:PORT",
     "where to listen; port 0 picks one"},
    {"tls_cert", SK_SETTING_TEXT, NULL, AT(tls_cert), NULL, 0, 0, "FILE",
     "a PEM certificate chain: speak wss"},
    {"tls_key", SK_SETTING_TEXT, NULL, AT(tls_key), NULL, 0, 0, "FILE", "its key"},
    {"max_message", SK_SETTING_NUMBER, NULL, AT(message_bytes_max), "16777216", 1,
     SK_ECHO_MESSAGE_BYTES_MAX, "BYTES", "the largest message that is taken"},
};
/* clang-format on */
enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };
_Static_assert(SK_ECHO_MESSAGE_BYTES_MAX == 16777216, "the default is the largest there may be");

int echo_options_read(struct echo_options *options, int argc, char **argv, char why[ECHO_WHY_BYTES])
{
    struct sk_settings settings;
    *options = (struct echo_options){.wants_help = sk_settings_is_asked(argc, argv, "--help")};
    if (options->wants_help) {
        return SK_OK;
    }
    sk_settings_init(&settings, rows, ROW_COUNT, "", options);
    int result = sk_settings_read_flags(&settings, argc, argv);
    if (result != SK_OK) {
        memcpy(why, settings.error, ECHO_WHY_BYTES);
        return result;
    }
    result = sk_settings_read_defaults(&settings);
    SK_ASSERT(result == SK_OK);
    if ((options->tls_cert == NULL) != (options->tls_key == NULL)) {
        (void)snprintf(why, ECHO_WHY_BYTES, "--tls-cert and --tls-key: one needs the other");
        return SK_ERR_CONFIG;
    }
    return SK_OK;
}

void echo_options_print_help(FILE *file)
{
    fputs("ws-echo [OPTIONS]: an echo server for WebSocket conformance suites and benchmarks\n\n",
          file);
    sk_settings_print(rows, ROW_COUNT, file);
    fputs("  --help\n", file);
}
