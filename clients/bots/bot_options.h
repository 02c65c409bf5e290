/* bot_options.h - what the command line of skirmish-bots asks for.
 *
 * Memory   texts point into argv.
 */
#ifndef BOT_OPTIONS_H
#define BOT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/result.h"
#include "native/settings.h"

enum {
    BOT_ASSERTIONS_MAX = SK_SETTINGS_LIST_ITEMS_MAX,
    BOT_COUNT_MAX = 20000,
    BOT_THREADS_MAX = 64
};

struct bot_options {
    const char *url;
    const char *game;       /* NULL: the server's first */
    const char *ca;         /* PEM file to trust, NULL: the system's */
    uint32_t bots;          /* 10 */
    uint32_t seconds;       /* 10: measured, after the ramp; 0: until a signal */
    uint32_t room_size;     /* 16 */
    uint32_t seed;          /* 1 */
    uint32_t rate_hz;       /* 60: inputs sampled a second */
    uint32_t input_rate_hz; /* 0: messages that carry them, at most; 0: one each */
    uint32_t ramp_ms;       /* 4 a bot */
    uint32_t threads;       /* 1 */
    uint32_t churn_s;       /* 0: connections are not cut */
    uint32_t join_ms;       /* 30000: how long a join is tried again; 0: not */
    const char *assets;     /* "assets": where content is found */
    uint32_t cut_at_ms;     /* 0: never; from when measuring begins to when all are cut at once */
    uint32_t requests;      /* 0: of the game's first command, by each, as soon as they may */
    uint32_t cheat;         /* enum bot_cheat_kind: what is wrong with the inputs of all */
    uint32_t transport;     /* enum client_transport, ws */
    bool visit;             /* they leave as soon as they have joined */
    bool skip_snapshots;    /* acknowledge them, decode none */
    bool think;             /* the game's own bots play; else random input */
    bool json;
    bool insecure; /* any certificate; loopback without --ca does as well */
    struct sk_setting_list assertions;
};

/* Reads argv.  Returns SK_OK; SK_ERR_AGAIN when help was asked for; SK_ERR_CONFIG when an argument
 * is unknown or impossible, with a sentence about it on stderr. */
SK_MUST_CHECK int bot_options_parse(struct bot_options *options, int argc, char **argv);
/* Prints what --help prints. */
void bot_options_print_help(FILE *file);

#endif
