/* exchange.c - skirmishd under bots: what a player costs it, and whether ticks stay on time.
 *
 *   bench-exchange --help
 *
 * Without --players: 100, 500 and 1,000, in rooms of sixteen, ws and wss, 60 inputs and 20
 * snapshots a second.  The reference is the floor with as many connections, the same bytes a
 * message and the same rates.  Server and floor take turns, round by round, so that what else the
 * machine does meets both; figures are medians of the rounds, with the range of the three that are
 * compared, and the worst round of those that say whether it is true.
 *
 * valid=0 where in any round less than 99% of what was due was delivered, or the server used less
 * than 99% of the inputs that were due, by its own counters: an overloaded server, or one that
 * throws inputs away, looks cheaper a player, not dearer.  `limit` says who could not do more:
 * `generator` for the bots (their thread's core is full), `machine` where they were late without
 * that, `server`, or `floor`.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "bench_match.h"
#include "bench_options.h"
#include "bench_process.h"
#include "bench_timer.h"
#include "floor_run.h"

enum {
    LINE_BYTES = 8192,
    INPUT_HZ = 60,
    SNAPSHOT_HZ = 20,
    ROUNDS_MAX = 15,
    BOTS_A_THREAD = 1000,
    DECODED_PLAYERS_MAX = 1000, /* with more the bots' decoding would be the limit */
    MARGIN_SECONDS = 5,         /* that the bots play longer than is measured */
    BEFORE_SECONDS = 3,         /* of it before: the leads have settled then */
};

static const double due_share = 0.99;
static const double publish_seconds_max = 1.1; /* how old the server's counters may be */

static const struct bench_option options[] = {
    {"players", "N", "bots that play (100, 500 and 1000)"},
    {"transport", "ws|wss", "one of the two alone (both)"},
    {"rounds", "N", "of server and floor, in turns (3)"},
    {"seconds", "N", "that a measurement takes (10)"},
    {"threads", "N", "workers of the server (one a core)"},
    {"bot-threads", "N", "that play the bots (one for each 1000, at most one a core)"},
    {"game", "NAME", "that is played (arena)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("exchange", "What a player costs skirmishd, beside the floor.", options);

struct load {
    uint32_t players;
    uint32_t seconds;
    uint32_t rounds;
    uint32_t bot_threads; /* 0: chosen by the players */
    const char *threads;
    const char *game;
    bool tls;
    char machine[BENCH_MACHINE_BYTES];
};

/* --- figures -------------------------------------------------------------------------------- */

enum figure {
    CPU_US,
    FLOOR_US,
    RATIO,
    USER_US,
    SYSTEM_US,
    INPUTS_USED,
    INPUTS_DROPPED,
    INPUTS_PER_S,
    SNAPSHOTS_PER_S,
    SNAPSHOT_BYTES,
    INTERVAL_P99_MS,
    LATE_P50_US,
    LATE_P99_US,
    LATE_P999_US,
    TIMER_P999_US,
    DROPPED_TICKS,
    WAITS_PER_S,
    SLEEPS_PER_S,
    READS_PER_S,
    GENERATOR_CPU,
    GENERATOR_LATE_P99_MS,
    FIGURE_COUNT
};

/* Of the rounds. */
enum choice { MEDIAN, MEDIAN_AND_RANGE, SMALLEST, LARGEST };

static const struct {
    const char *name;
    int digits;
    enum choice choice;
} rows[FIGURE_COUNT] = {
    [CPU_US] = {"cpu_us_per_player_s", 1, MEDIAN_AND_RANGE},
    [FLOOR_US] = {"floor_us_per_player_s", 1, MEDIAN_AND_RANGE},
    [RATIO] = {"ratio", 2, MEDIAN_AND_RANGE},
    [USER_US] = {"user_us_per_player_s", 1, MEDIAN},
    [SYSTEM_US] = {"system_us_per_player_s", 1, MEDIAN},
    [INPUTS_USED] = {"inputs_used", 4, SMALLEST},
    [INPUTS_DROPPED] = {"inputs_dropped", 4, LARGEST},
    [INPUTS_PER_S] = {"inputs_per_s", 0, MEDIAN},
    [SNAPSHOTS_PER_S] = {"snapshots_per_s", 0, MEDIAN},
    [SNAPSHOT_BYTES] = {"snapshot_bytes_mean", 0, MEDIAN},
    [INTERVAL_P99_MS] = {"client_interval_p99_ms", 1, MEDIAN},
    [LATE_P50_US] = {"tick_late_p50_us", 0, MEDIAN},
    [LATE_P99_US] = {"tick_late_p99_us", 0, MEDIAN},
    [LATE_P999_US] = {"tick_late_p999_us", 0, MEDIAN},
    [TIMER_P999_US] = {"timer_late_p999_us", 0, MEDIAN},
    [DROPPED_TICKS] = {"dropped_ticks", 0, LARGEST},
    [WAITS_PER_S] = {"waits_per_s", 0, MEDIAN},
    [SLEEPS_PER_S] = {"sleeps_per_s", 0, MEDIAN},
    [READS_PER_S] = {"reads_per_s", 0, MEDIAN},
    [GENERATOR_CPU] = {"generator_cpu", 2, LARGEST},
    [GENERATOR_LATE_P99_MS] = {"generator_late_p99_ms", 1, LARGEST},
};

enum limit { LIMIT_NONE, LIMIT_FLOOR, LIMIT_SERVER, LIMIT_MACHINE, LIMIT_GENERATOR };
static const char *const limit_words[] = {"none", "floor", "server", "machine", "generator"};

struct result {
    double values[FIGURE_COUNT][ROUNDS_MAX]; /* NAN: the server does not tell */
    bool is_valid;                           /* in every round */
    enum limit limit;                        /* of the worst round */
};

/* --- a round -------------------------------------------------------------------------------- */

/* What happened to the server while the bots played. */
struct span {
    struct bench_metrics before;
    struct bench_metrics after;
    struct bench_process used;
    double seconds; /* from the first to the second */
    double timer_p999_us;
};

static void start_server(struct bench_match *server, const struct load *load,
                         const struct bench_certificate *certificate)
{
    const char *arguments[] = {"--threads", load->threads, "--game", load->game, NULL};
    bench_match_start(server, arguments, load->tls ? certificate : NULL);
}

static uint32_t bot_threads(const struct load *load)
{
    uint32_t cores = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t wanted = (load->players + BOTS_A_THREAD - 1) / BOTS_A_THREAD;
    if (load->bot_threads > 0) {
        return load->bot_threads;
    }
    return wanted < cores ? wanted : cores;
}

static void start_bots(struct bench_child *bots, const struct load *load, const char *url)
{
    char players[16];
    char seconds[16];
    char threads[16];
    bool is_decoded = load->players <= DECODED_PLAYERS_MAX;
    snprintf(players, sizeof(players), "%u", load->players);
    snprintf(seconds, sizeof(seconds), "%u", load->seconds + MARGIN_SECONDS);
    snprintf(threads, sizeof(threads), "%u", bot_threads(load));
    const char *arguments[] = {"--url",
                               url,
                               "--bots",
                               players,
                               "--seconds",
                               seconds,
                               "--rate",
                               "60",
                               "--room-size",
                               "16",
                               "--json",
                               "--insecure",
                               "--game",
                               load->game,
                               "--threads",
                               threads,
                               is_decoded ? NULL : "--no-decode",
                               NULL};
    bench_child_start(bots, "skirmish-bots", arguments, NULL);
}

/* Measures the server while the bots, who began before, play on. */
static void measure_span(const struct load *load, const struct bench_match *server,
                         struct span *span)
{
    static struct bench_timer timer;
    struct bench_process before;
    struct bench_process after;
    bench_timer_start(&timer, load->seconds + MARGIN_SECONDS);
    bench_metrics_fetch(&span->before, server->admin_port);
    bench_process_read(server->child.pid, &before);
    uint64_t begin_ns = bench_now_ns();
    bench_sleep_until(begin_ns + (uint64_t)load->seconds * 1000000000);
    bench_metrics_fetch(&span->after, server->admin_port);
    bench_process_read(server->child.pid, &after);
    span->seconds = (double)(bench_now_ns() - begin_ns) / 1e9;
    span->used = bench_process_between(&before, &after);
    span->timer_p999_us = bench_timer_stop(&timer, 0.999);
}

static cJSON *run_bots(const struct load *load, const struct bench_match *server, struct span *span)
{
    char line[LINE_BYTES];
    struct bench_child bots;
    start_bots(&bots, load, server->url);
    bench_child_line(&bots, line, sizeof(line)); /* all play */
    bench_sleep_until(bench_now_ns() + BEFORE_SECONDS * (uint64_t)1000000000);
    measure_span(load, server, span);
    bench_child_line(&bots, line, sizeof(line)); /* they leave */
    return bench_bots_figures(&bots);
}

static uint32_t bytes_each(const cJSON *figures, const char *bytes, const char *messages)
{
    double count = bench_bots_get(figures, messages);
    return count > 0 ? (uint32_t)(bench_bots_get(figures, bytes) / count + 0.5) : 1;
}

static struct floor_result run_floor(const struct load *load, const cJSON *figures)
{
    struct floor_result result;
    struct floor_config config = {
        .connections = load->players,
        .in_bytes = bytes_each(figures, "bytes_out_per_s", "messages_per_s"),
        .out_bytes = bytes_each(figures, "bytes_in_per_s", "snapshots_per_s"),
        .in_hz = INPUT_HZ,
        .out_hz = SNAPSHOT_HZ,
        .seconds = load->seconds,
    };
    floor_run(&config, &result);
    return result;
}

/* --- what it gave --------------------------------------------------------------------------- */

static double late_us(const struct span *span, double share)
{
    return 1e6 *
           bench_metrics_quantile(&span->before, &span->after, "skirmish_tick_late_seconds", share);
}

static double grown(const struct span *span, const char *name)
{
    return bench_metrics_get(&span->after, name) - bench_metrics_get(&span->before, name);
}

/* Not all servers have all counters. */
static double grown_per_s(const struct span *span, const char *name)
{
    return bench_metrics_has(&span->after, name) ? grown(span, name) / span->seconds : (double)NAN;
}

/* The players' ticks that the server stepped, with an input of their own or without. */
static double player_ticks(const struct span *span)
{
    return grown(span, "skirmish_inputs_total") + grown(span, "skirmish_inputs_repeated_total");
}

/* The share of the inputs due that were used: of the players' ticks those with an input of their
 * own, of the ticks due those that were stepped.  All four counters are of the same moments; the
 * server publishes them once a second, so a clock of ours would be off by up to that. */
static double inputs_used(const struct span *span)
{
    double kept = grown(span, "skirmish_inputs_total");
    double stepped = grown(span, "skirmish_ticks_total");
    double dropped = grown(span, "skirmish_ticks_dropped_total");
    return kept > 0 && stepped > 0 ? kept / player_ticks(span) * stepped / (stepped + dropped) : 0;
}

/* Whether the server counted as many ticks of players as our clock says were due, but for what it
 * had not published yet. */
static bool is_counted(const struct load *load, const struct span *span)
{
    double due = (double)load->players * INPUT_HZ * span->seconds;
    double unpublished = (double)load->players * INPUT_HZ * publish_seconds_max;
    return player_ticks(span) >= due_share * due - unpublished;
}

static void note_server(const struct load *load, const struct span *span, uint32_t round,
                        struct result *result)
{
    double player_s = span->seconds * load->players;
    result->values[CPU_US][round] = span->used.cpu_us / player_s;
    result->values[USER_US][round] = span->used.user_us / player_s;
    result->values[SYSTEM_US][round] = span->used.system_us / player_s;
    result->values[INPUTS_USED][round] = inputs_used(span);
    result->values[INPUTS_DROPPED][round] =
        grown(span, "skirmish_inputs_dropped_total") / (player_ticks(span) + 1);
    result->values[LATE_P50_US][round] = late_us(span, 0.5);
    result->values[LATE_P99_US][round] = late_us(span, 0.99);
    result->values[LATE_P999_US][round] = late_us(span, 0.999);
    result->values[TIMER_P999_US][round] = span->timer_p999_us;
    result->values[DROPPED_TICKS][round] = grown(span, "skirmish_ticks_dropped_total");
    result->values[WAITS_PER_S][round] = grown_per_s(span, "skirmish_waits_total");
    result->values[SLEEPS_PER_S][round] = span->used.sleeps / span->seconds;
    result->values[READS_PER_S][round] = grown_per_s(span, "skirmish_reads_total");
}

static void note_bots(const cJSON *figures, uint32_t round, struct result *result)
{
    static const struct {
        enum figure figure;
        const char *name;
    } told[] = {
        {INPUTS_PER_S, "inputs_per_s"},          {SNAPSHOTS_PER_S, "snapshots_per_s"},
        {SNAPSHOT_BYTES, "snapshot_bytes_mean"}, {INTERVAL_P99_MS, "interval_p99_ms"},
        {GENERATOR_CPU, "generator_cpu"},        {GENERATOR_LATE_P99_MS, "generator_late_p99_ms"},
    };
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        result->values[told[i].figure][round] = bench_bots_get(figures, told[i].name);
    }
}

static bool is_round_valid(const struct load *load, const struct span *span, const cJSON *figures)
{
    double due = due_share * load->players;
    return bench_bots_get(figures, "failed") < 0.5 && bench_bots_get(figures, "drops") < 0.5 &&
           bench_bots_get(figures, "inputs_per_s") >= due * INPUT_HZ &&
           bench_bots_get(figures, "snapshots_per_s") >= due * SNAPSHOT_HZ &&
           inputs_used(span) >= due_share && is_counted(load, span);
}

static enum limit find_limit(const cJSON *figures, bool is_valid, bool is_floor_valid)
{
    if (bench_bots_get(figures, "generator_limit") > 0.5) {
        return bench_bots_get(figures, "generator_cpu") > 0.9 ? LIMIT_GENERATOR : LIMIT_MACHINE;
    }
    if (!is_valid) {
        return LIMIT_SERVER;
    }
    return is_floor_valid ? LIMIT_NONE : LIMIT_FLOOR;
}

static void run_round(const struct load *load, const struct bench_certificate *certificate,
                      uint32_t round, struct result *result)
{
    static struct span span; /* half a megabyte of metrics */
    struct bench_match server;
    start_server(&server, load, certificate);
    cJSON *figures = run_bots(load, &server, &span);
    bench_child_stop(&server.child);
    struct floor_result floor = run_floor(load, figures);
    note_server(load, &span, round, result);
    note_bots(figures, round, result);
    double floor_us = floor.cpu_us_per_connection_s;
    result->values[FLOOR_US][round] = floor_us;
    result->values[RATIO][round] = result->values[CPU_US][round] / floor_us;
    bool is_valid = is_round_valid(load, &span, figures);
    enum limit limit = find_limit(figures, is_valid, floor.is_valid);
    result->is_valid = result->is_valid && is_valid && floor.is_valid;
    result->limit = limit > result->limit ? limit : result->limit;
    cJSON_Delete(figures);
}

/* --- all rounds ----------------------------------------------------------------------------- */

/* Sorts the rounds' values. */
static void print_figure(enum figure figure, double *values, uint32_t count)
{
    const char *name = rows[figure].name;
    int digits = rows[figure].digits;
    if (isnan(values[0])) {
        return;
    }
    double middle = bench_median(values, count);
    switch (rows[figure].choice) {
    case MEDIAN:
        printf("%s=%.*f ", name, digits, middle);
        break;
    case MEDIAN_AND_RANGE:
        printf("%s=%.*f %s_min=%.*f %s_max=%.*f ", name, digits, middle, name, digits, values[0],
               name, digits, values[count - 1]);
        break;
    case SMALLEST:
        printf("%s=%.*f ", name, digits, values[0]);
        break;
    case LARGEST:
        printf("%s=%.*f ", name, digits, values[count - 1]);
        break;
    }
}

/* `ws_us`: of a player over ws in this run, 0 when that was not measured.  Returns this one's. */
static double print(const struct load *load, struct result *result, double ws_us)
{
    double cpu_us = bench_median(result->values[CPU_US], load->rounds);
    printf("bench=exchange players=%u transport=%s rounds=%u ", load->players,
           load->tls ? "wss" : "ws", load->rounds);
    for (enum figure figure = 0; figure < FIGURE_COUNT; figure++) {
        print_figure(figure, result->values[figure], load->rounds);
    }
    if (ws_us > 0) {
        printf("ws_ratio=%.2f ", cpu_us / ws_us);
    }
    printf("bot_threads=%u decoded=%d limit=%s valid=%d machine=\"%s\"\n", bot_threads(load),
           load->players <= DECODED_PLAYERS_MAX, limit_words[result->limit], result->is_valid,
           load->machine);
    fflush(stdout);
    return cpu_us;
}

static double measure(const struct load *load, const struct bench_certificate *certificate,
                      double ws_us)
{
    static struct result result;
    result = (struct result){.is_valid = true};
    for (uint32_t round = 0; round < load->rounds; round++) {
        run_round(load, certificate, round, &result);
    }
    return print(load, &result, ws_us);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {100, 500, 1000};
    static const char *const transports[] = {"both", "ws", "wss", NULL};
    double ws_us[sizeof(sizes) / sizeof(sizes[0])] = {0};
    struct bench_certificate certificate;
    bench_options_check(argc, argv, &usage);
    uint32_t only = bench_number(argc, argv, "players", 0, 20000);
    const char *transport = bench_word(argc, argv, "transport", "both", transports);
    struct load load = {.seconds = bench_number(argc, argv, "seconds", 10, 3600),
                        .rounds = bench_number(argc, argv, "rounds", 3, ROUNDS_MAX),
                        .bot_threads = bench_number(argc, argv, "bot-threads", 0, 64),
                        .threads = bench_option(argc, argv, "threads", "0"),
                        .game = bench_option(argc, argv, "game", "arena")};
    bench_machine(load.machine);
    bench_raise_files(4096);
    bench_certificate_make(&certificate);
    for (int tls = 0; tls < 2; tls++) {
        for (size_t i = 0; i < (only > 0 ? 1 : sizeof(sizes) / sizeof(sizes[0])); i++) {
            load.players = only > 0 ? only : sizes[i];
            load.tls = tls == 1;
            if (strcmp(transport, load.tls ? "ws" : "wss") != 0) {
                ws_us[i] = measure(&load, &certificate, ws_us[i]);
            }
        }
    }
    bench_certificate_remove(&certificate);
    return 0;
}
