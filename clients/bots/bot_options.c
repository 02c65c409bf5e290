/* bot_options.c - see bot_options.h. */
#include "bot_options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "net/text.h"

enum option_kind { TEXT, NUMBER, FLAG, EXPECT, SECONDS_AS_MS };

struct option {
    const char *name;
    enum option_kind kind;
    size_t offset;
    uint32_t min;
    uint32_t max;
};

#define AT(member) offsetof(struct bot_options, member)
/* clang-format off */
static const struct option rows[] = {
    {"--url",          TEXT,          AT(url),       0, 0},
    {"--game",         TEXT,          AT(game),      0, 0},
    {"--ca",           TEXT,          AT(ca),        0, 0},
    {"--bots",         NUMBER,        AT(bots),      1, BOT_COUNT_MAX},
    {"--seconds",      NUMBER,        AT(seconds),   0, 86400},
    {"--room-size",    NUMBER,        AT(room_size), 1, 1024},
    {"--seed",         NUMBER,        AT(seed),      0, UINT32_MAX},
    {"--rate",         NUMBER,        AT(rate_hz),   1, 240},
    {"--ramp",         SECONDS_AS_MS, AT(ramp_ms),   0, 3600},
    {"--threads",      NUMBER,        AT(threads),   1, BOT_THREADS_MAX},
    {"--churn",        NUMBER,        AT(churn_s),   1, 3600},
    {"--cut-at",       SECONDS_AS_MS, AT(cut_at_ms), 1, 3600},
    {"--visit",        FLAG,          AT(visit),     0, 0},
    {"--join-seconds", SECONDS_AS_MS, AT(join_ms),   0, 3600},
    {"--assets",       TEXT,          AT(assets),    0, 0},
    {"--think",        FLAG,          AT(think),     0, 0},
    {"--json",         FLAG,          AT(json),      0, 0},
    {"--insecure",     FLAG,          AT(insecure),  0, 0},
    {"--expect",       EXPECT,        0,             0, 0},
};
/* clang-format on */

const char *bot_options_help(void)
{
    return "skirmish-bots --url http(s)://HOST:PORT [options]\n"
           "  --bots N          players (10)\n"
           "  --seconds S       measured, after the ramp; 0: until a signal (10)\n"
           "  --room-size N     seats of the rooms they open (16)\n"
           "  --game NAME       default: the server's first\n"
           "  --rate HZ         inputs a second (60)\n"
           "  --ramp S          over which they join (4 ms a bot)\n"
           "  --threads N       that play them (1)\n"
           "  --seed N          of what they do (1)\n"
           "  --think           they play as the game's own bots do, not at random\n"
           "  --assets DIR      where that finds maps and other content (assets)\n"
           "  --churn S         cuts each connection about every S seconds\n"
           "  --cut-at S        cuts all connections at once, S seconds into the measuring\n"
           "  --visit           each leaves as soon as it has joined\n"
           "  --join-seconds S  how long a join that the network or a busy server refused is\n"
           "                    tried again (30)\n"
           "  --ca FILE         certificates to trust; --insecure: any (loopback: any)\n"
           "  --json            lines of JSON: measuring begins, it ends, the figures\n"
           "  --expect 'F<V'    exit 3 unless figure F is below V, as ack_p99<60ms; may repeat\n";
}

static const struct option *find(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool set_number(struct bot_options *options, const struct option *row, const char *value)
{
    unsigned long long number;
    if (!sk_text_number(sk_text_of(value), &number) || number < row->min || number > row->max) {
        fprintf(stderr, "skirmish-bots: %s takes a number from %u to %u, not %s\n", row->name,
                row->min, row->max, value);
        return false;
    }
    uint32_t scaled = (uint32_t)number * (row->kind == SECONDS_AS_MS ? 1000 : 1);
    memcpy((char *)options + row->offset, &scaled, sizeof(scaled));
    return true;
}

static bool set_value(struct bot_options *options, const struct option *row, const char *value)
{
    switch (row->kind) {
    case TEXT:
        memcpy((char *)options + row->offset, &value, sizeof(value));
        return true;
    case NUMBER:
    case SECONDS_AS_MS:
        return set_number(options, row, value);
    case EXPECT:
        if (options->expect_count == BOT_EXPECTS_MAX) {
            fprintf(stderr, "skirmish-bots: at most %d --expect\n", BOT_EXPECTS_MAX);
            return false;
        }
        options->expects[options->expect_count++] = value;
        return true;
    case FLAG:
        break;
    }
    *((bool *)options + row->offset) = true;
    return true;
}

static bool take(struct bot_options *options, char **argv, int argc, int *at)
{
    const struct option *row = find(argv[*at]);
    if (row == NULL) {
        fprintf(stderr, "skirmish-bots: %s is no option; --help lists them\n", argv[*at]);
        return false;
    }
    if (row->kind == FLAG) {
        return set_value(options, row, NULL);
    }
    if (*at + 1 == argc) {
        fprintf(stderr, "skirmish-bots: %s needs a value\n", argv[*at]);
        return false;
    }
    *at += 1;
    return set_value(options, row, argv[*at]);
}

int bot_options_parse(struct bot_options *options, int argc, char **argv)
{
    *options = (struct bot_options){.bots = 10,
                                    .seconds = 10,
                                    .room_size = 16,
                                    .seed = 1,
                                    .rate_hz = 60,
                                    .ramp_ms = UINT32_MAX,
                                    .join_ms = 30000,
                                    .threads = 1,
                                    .assets = "assets"};
    for (int at = 1; at < argc; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            return SK_ERR_AGAIN;
        }
        if (!take(options, argv, argc, &at)) {
            return SK_ERR_CONFIG;
        }
    }
    if (options->url == NULL) {
        fprintf(stderr, "skirmish-bots: --url is needed; --help lists the options\n");
        return SK_ERR_CONFIG;
    }
    options->ramp_ms = options->ramp_ms == UINT32_MAX ? 4 * options->bots : options->ramp_ms;
    options->threads = options->threads > options->bots ? options->bots : options->threads;
    return SK_OK;
}
