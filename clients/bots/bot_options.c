/* bot_options.c - see bot_options.h. */
#include "bot_options.h"

#include <stddef.h>

#include "base/assert.h"
#include "bot_cheat.h"

#define AT(member)    offsetof(struct bot_options, member)
#define TEXT          SK_SETTING_TEXT, NULL
#define NUMBER        SK_SETTING_NUMBER, NULL
#define SECONDS_AS_MS SK_SETTING_SECONDS, NULL
#define CHOICE        SK_SETTING_CHOICE, NULL
#define FLAG          SK_SETTING_FLAG, NULL
#define LIST          SK_SETTING_LIST, NULL
/* clang-format off */
static const struct sk_setting rows[] = {
    {"url", TEXT, AT(url), NULL, 0, 0, "HTTP(S)://HOST:PORT", "the server; needed"},
    {"bots", NUMBER, AT(bots), "10", 1, BOT_COUNT_MAX, "N", "players"},
    {"seconds", NUMBER, AT(seconds), "10", 0, 86400, "S",
     "measured, after the ramp; 0: until a signal"},
    {"room_size", NUMBER, AT(room_size), "16", 1, 1024, "N", "seats of the rooms they open"},
    {"game", TEXT, AT(game), NULL, 0, 0, "NAME", "what they play (the server's first)"},
    {"rate", NUMBER, AT(rate_hz), "60", 1, 240, "HZ", "inputs a second"},
    {"input_rate", NUMBER, AT(input_rate_hz), "0", 0, 240, "N",
     "messages a second that carry inputs, of several ticks each; 0: one whenever one is made"},
    {"ramp", SECONDS_AS_MS, AT(ramp_ms), NULL, 0, 3600, "S", "over which they join (4 ms a bot)"},
    {"threads", NUMBER, AT(threads), "1", 1, BOT_THREADS_MAX, "N", "that play them"},
    {"seed", NUMBER, AT(seed), "1", 0, UINT32_MAX, "N", "of what they do"},
    {"no_decode", FLAG, AT(skip_snapshots), NULL, 0, 0, "",
     "snapshots are acknowledged, not decoded or verified, so that the bots are not the limit"},
    {"think", FLAG, AT(think), NULL, 0, 0, "",
     "they play as the game's own bots do, not at random"},
    {"assets", TEXT, AT(assets), "assets", 0, 0, "DIR",
     "where --think finds maps and other content"},
    {"churn", NUMBER, AT(churn_s), NULL, 1, 3600, "S",
     "cuts each connection about every S seconds"},
    {"cut_at", SECONDS_AS_MS, AT(cut_at_ms), NULL, 1, 3600, "S",
     "cuts all connections at once, S seconds into the measuring"},
    {"requests", NUMBER, AT(requests), "0", 0, 1000000, "N",
     "each asks the game so often by its first command, without bytes"},
    {"cheat", CHOICE, AT(cheat), "none", 0, 0, BOT_CHEAT_WORDS,
     "what is forged in the inputs of all, to see what the server makes of it"},
    {"transport", CHOICE, AT(transport), "ws", 0, 0, "ws|enet|auto",
     "what they speak; auto: ENet, WebSocket when no welcome came in a second"},
    {"visit", FLAG, AT(visit), NULL, 0, 0, "", "each leaves as soon as it has joined"},
    {"join_seconds", SECONDS_AS_MS, AT(join_ms), "30", 0, 3600, "S",
     "how long a join that the network or a busy server refused is tried again"},
    {"ca", TEXT, AT(ca), NULL, 0, 0, "FILE", "certificates to trust (the system's)"},
    {"insecure", FLAG, AT(insecure), NULL, 0, 0, "",
     "any certificate will do, as on loopback without --ca"},
    {"json", FLAG, AT(json), NULL, 0, 0, "",
     "lines of JSON: measuring begins, it ends, the figures"},
    {"expect", LIST, AT(assertions), NULL, 0, 0, "'F<V'",
     "exit 3 unless figure F is below V, as ack_p99<60ms; may repeat"},
};
/* clang-format on */
enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

void bot_options_print_help(FILE *file)
{
    fputs("skirmish-bots --url HTTP(S)://HOST:PORT [OPTIONS]: headless players\n\n", file);
    sk_settings_print(rows, ROW_COUNT, file);
    fputs("  --help\n", file);
}

static int complain(const char *what)
{
    fprintf(stderr, "skirmish-bots: %s\n", what);
    return SK_ERR_CONFIG;
}

int bot_options_parse(struct bot_options *options, int argc, char **argv)
{
    struct sk_settings settings;
    *options = (struct bot_options){.ramp_ms = UINT32_MAX};
    if (sk_settings_is_asked(argc, argv, "--help")) {
        return SK_ERR_AGAIN;
    }
    sk_settings_init(&settings, rows, ROW_COUNT, "", options);
    if (sk_settings_read_flags(&settings, argc, argv) != SK_OK) {
        return complain(settings.error);
    }
    int result = sk_settings_read_defaults(&settings);
    SK_ASSERT(result == SK_OK);
    if (options->url == NULL) {
        return complain("--url is needed; --help lists the options");
    }
    if (options->skip_snapshots && options->think) {
        return complain("--think needs what --no-decode leaves out");
    }
    options->ramp_ms = options->ramp_ms == UINT32_MAX ? 4 * options->bots : options->ramp_ms;
    options->threads = options->threads > options->bots ? options->bots : options->threads;
    return SK_OK;
}
