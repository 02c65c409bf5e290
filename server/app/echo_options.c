/* echo_options.c - see echo_options.h. */
#include "echo_options.h"

#include <getopt.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/limits.h"
#include "net/text.h"

enum option_key { KEY_LISTEN = 256, KEY_CERT, KEY_KEY, KEY_MAX, KEY_HELP };

static const struct option known[] = {
    {"listen", required_argument, NULL, KEY_LISTEN},
    {"tls-cert", required_argument, NULL, KEY_CERT},
    {"tls-key", required_argument, NULL, KEY_KEY},
    {"max-message", required_argument, NULL, KEY_MAX},
    {"help", no_argument, NULL, KEY_HELP},
    {0},
};

static int fault(char why[ECHO_WHY_BYTES], const char *option, const char *value, const char *want)
{
    (void)snprintf(why, ECHO_WHY_BYTES, "%s %s: %s", option, value, want);
    return SK_ERR_CONFIG;
}

static int read_max(struct echo_options *options, const char *value, char why[ECHO_WHY_BYTES])
{
    unsigned long long bytes = 0;
    if (!sk_text_number(sk_text_of(value), &bytes) || bytes == 0 ||
        bytes > SK_ECHO_MESSAGE_BYTES_MAX) {
        return fault(why, "--max-message", value, "must be a number of 1 to 16777216 bytes");
    }
    options->message_bytes_max = (uint32_t)bytes;
    return SK_OK;
}

static int read_one(struct echo_options *options, int key, char *const *argv,
                    char why[ECHO_WHY_BYTES])
{
    switch (key) {
    case KEY_LISTEN:
        return address_parse(optarg, &options->listen) == SK_OK
                   ? SK_OK
                   : fault(why, "--listen", optarg, "must be ADDRESS:PORT");
    case KEY_CERT:
        options->tls_cert = optarg;
        return SK_OK;
    case KEY_KEY:
        options->tls_key = optarg;
        return SK_OK;
    case KEY_MAX:
        return read_max(options, optarg, why);
    case KEY_HELP:
        options->wants_help = true;
        return SK_OK;
    default: /* getopt_long says '?' or ':' */
        return fault(why, argv[optind - 1], "", "is no option, or lacks its value");
    }
}

int echo_options_read(struct echo_options *options, int argc, char **argv, char why[ECHO_WHY_BYTES])
{
    *options = (struct echo_options){.message_bytes_max = SK_ECHO_MESSAGE_BYTES_MAX};
    int result = address_parse("127.0.0.1:9001", &options->listen);
    SK_ASSERT(result == SK_OK);
    opterr = 0;
    for (int key = getopt_long(argc, argv, "", known, NULL); key != -1 && result == SK_OK;
         key = getopt_long(argc, argv, "", known, NULL)) {
        result = read_one(options, key, argv, why);
    }
    if (result == SK_OK && optind < argc) {
        return fault(why, argv[optind], "", "is no option");
    }
    if (result == SK_OK && (options->tls_cert == NULL) != (options->tls_key == NULL)) {
        return fault(why, "--tls-cert", "and --tls-key", "one needs the other");
    }
    return result;
}

const char *echo_options_help(void)
{
    return "ws-echo: an echo server for WebSocket conformance suites and benchmarks\n"
           "  --listen ADDRESS:PORT  where to listen (127.0.0.1:9001; port 0 picks one)\n"
           "  --tls-cert FILE        a PEM certificate chain: speak wss\n"
           "  --tls-key FILE         its key\n"
           "  --max-message BYTES    the largest message that is taken (16777216)\n"
           "  --help                 this\n";
}
