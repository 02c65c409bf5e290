/* exchange.c - skirmishd under bots: what a player costs it, and whether ticks stay on time.
 *
 *   bench-exchange [--players N] [--transport ws|wss] [--seconds N] [--threads N] [--game NAME]
 *
 * Without --players: 100, 500 and 1,000, in rooms of sixteen, ws and wss, 60 inputs and 20
 * snapshots a second.  The reference is the floor with as many connections, the same bytes a
 * message and the same rates, run right after.
 *
 * valid=0 where less than 99% of what was due was delivered: an overloaded server looks cheaper a
 * player, not dearer.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bench_match.h"
#include "bench_options.h"
#include "floor_run.h"

enum { LINE_BYTES = 8192, INPUT_HZ = 60, SNAPSHOT_HZ = 20 };

static const struct bench_option options[] = {
    {"players", "N", "bots that play (100, 500 and 1000)"},
    {"transport", "ws|wss", "one of the two alone (both)"},
    {"seconds", "N", "that a measurement takes (10)"},
    {"threads", "N", "workers of the server (one a core)"},
    {"game", "NAME", "that is played (arena)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("exchange", "What a player costs skirmishd, beside the floor.", options);

struct load {
    uint32_t players;
    uint32_t seconds;
    const char *threads;
    const char *game;
    bool tls;
    char machine[BENCH_MACHINE_BYTES];
};

/* What happened to the server while the bots measured. */
struct span {
    struct bench_metrics before;
    struct bench_metrics after;
    double seconds;
    double cpu_us;
};

static void start_server(struct bench_match *server, const struct load *load,
                         const struct bench_certificate *certificate)
{
    const char *arguments[] = {"--threads", load->threads, "--game", load->game, NULL};
    bench_match_start(server, arguments, load->tls ? certificate : NULL);
}

static void start_bots(struct bench_child *bots, const struct load *load, const char *url)
{
    char players[16];
    char seconds[16];
    snprintf(players, sizeof(players), "%u", load->players);
    snprintf(seconds, sizeof(seconds), "%u", load->seconds);
    const char *arguments[] = {"--url",  url,          "--bots", players,       "--seconds",
                               seconds,  "--rate",     "60",     "--room-size", "16",
                               "--json", "--insecure", "--game", load->game,    NULL};
    bench_child_start(bots, "skirmish-bots", arguments, NULL);
}

/* Lets the bots measure, and measures the server between their two lines. */
static cJSON *run_bots(const struct load *load, const struct bench_match *server, struct span *span)
{
    char line[LINE_BYTES];
    struct bench_child bots;
    start_bots(&bots, load, server->url);
    bench_child_line(&bots, line, sizeof(line));
    bench_metrics_fetch(&span->before, server->admin_port);
    double cpu_us = bench_match_cpu_us(server);
    uint64_t begin_ns = bench_now_ns();
    bench_child_line(&bots, line, sizeof(line));
    span->cpu_us = bench_match_cpu_us(server) - cpu_us;
    span->seconds = (double)(bench_now_ns() - begin_ns) / 1e9;
    bench_metrics_fetch(&span->after, server->admin_port);
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

static bool is_valid(const struct load *load, const cJSON *figures,
                     const struct floor_result *floor)
{
    double due = 0.99 * load->players;
    return bench_bots_get(figures, "failed") < 0.5 && bench_bots_get(figures, "drops") < 0.5 &&
           bench_bots_get(figures, "inputs_per_s") >= due * INPUT_HZ &&
           bench_bots_get(figures, "snapshots_per_s") >= due * SNAPSHOT_HZ && floor->is_valid;
}

static double late_us(const struct span *span, double share)
{
    return 1e6 *
           bench_metrics_quantile(&span->before, &span->after, "skirmish_tick_late_seconds", share);
}

static double grown(const struct span *span, const char *name)
{
    return bench_metrics_get(&span->after, name) - bench_metrics_get(&span->before, name);
}

static void print(const struct load *load, const cJSON *figures, const struct span *span,
                  const struct floor_result *floor)
{
    double cpu_us = span->cpu_us / span->seconds / load->players;
    printf("bench=exchange players=%u transport=%s cpu_us_per_player_s=%.1f "
           "floor_us_per_player_s=%.1f ratio=%.2f ",
           load->players, load->tls ? "wss" : "ws", cpu_us, floor->cpu_us_per_connection_s,
           cpu_us / floor->cpu_us_per_connection_s);
    printf("inputs_per_s=%.0f snapshots_per_s=%.0f snapshot_bytes_mean=%.0f "
           "client_interval_p99_ms=%.1f ",
           bench_bots_get(figures, "inputs_per_s"), bench_bots_get(figures, "snapshots_per_s"),
           bench_bots_get(figures, "snapshot_bytes_mean"),
           bench_bots_get(figures, "interval_p99_ms"));
    printf("tick_late_p50_us=%.0f tick_late_p99_us=%.0f tick_late_p999_us=%.0f dropped_ticks=%.0f "
           "generator_cpu=%.2f valid=%d machine=\"%s\"\n",
           late_us(span, 0.5), late_us(span, 0.99), late_us(span, 0.999),
           grown(span, "skirmish_ticks_dropped_total"), bench_bots_get(figures, "generator_cpu"),
           is_valid(load, figures, floor), load->machine);
    fflush(stdout);
}

static void measure(const struct load *load, const struct bench_certificate *certificate)
{
    static struct span span; /* half a megabyte of metrics */
    struct bench_match server;
    start_server(&server, load, certificate);
    cJSON *figures = run_bots(load, &server, &span);
    bench_child_stop(&server.child);
    struct floor_result floor = run_floor(load, figures);
    print(load, figures, &span, &floor);
    cJSON_Delete(figures);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {100, 500, 1000};
    struct bench_certificate certificate;
    bench_options_check(argc, argv, &usage);
    uint32_t only = bench_number(argc, argv, "players", 0, 20000);
    const char *transport = bench_option(argc, argv, "transport", "both");
    struct load load = {.seconds = bench_number(argc, argv, "seconds", 10, 3600),
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
                measure(&load, &certificate);
            }
        }
    }
    bench_certificate_remove(&certificate);
    return 0;
}
