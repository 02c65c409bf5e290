/* enet.c - skirmishd's CPU time for players over ENet, beside WebSocket and beside the kernel's own
 * price of datagrams.
 *
 *   bench-enet [--players N] [--seconds N]
 *
 * 60 inputs and 20 snapshots a second; 100 and 1,000 players.  The floor (floor_run.h) moves
 * datagrams of the mean sizes that ENet's players sent and got in the same run, with recvfrom and
 * sendto on one socket.
 */
#include <stdio.h>

#include "bench.h"
#include "bench_match.h"
#include "bench_options.h"
#include "floor_run.h"

enum { LINE_BYTES = 8192, INPUT_HZ = 60, SNAPSHOT_HZ = 20 };

static const struct bench_option options[] = {
    {"players", "N", "players (100 and 1000)"},
    {"seconds", "N", "measured (5)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("enet", "A server's CPU time for players over ENet and WebSocket.", options);

struct figures {
    double cpu_us_per_player_s;
    double dropped_ticks;
    double late_p99_ms; /* of the bots themselves */
    double in_bytes;    /* of a message, with all that is around it but IP's heads */
    double out_bytes;
};

static void read_figures(struct bench_child *bots, struct figures *figures)
{
    cJSON *seen = bench_bots_figures(bots);
    figures->late_p99_ms = bench_bots_get(seen, "generator_late_p99_ms");
    figures->in_bytes =
        bench_bots_get(seen, "bytes_out_per_s") / bench_bots_get(seen, "messages_per_s");
    figures->out_bytes =
        bench_bots_get(seen, "bytes_in_per_s") / bench_bots_get(seen, "snapshots_per_s");
    cJSON_Delete(seen);
}

static void measure(const char *transport, uint32_t players, uint32_t seconds,
                    struct figures *figures)
{
    static struct bench_metrics metrics; /* half a megabyte */
    static const char *const enet[] = {"--enet", "127.0.0.1:0", NULL};
    char line[LINE_BYTES];
    char count[16];
    char time[16];
    struct bench_match match;
    struct bench_child bots;
    snprintf(count, sizeof(count), "%u", players);
    snprintf(time, sizeof(time), "%u", seconds);
    bench_match_start(&match, enet, NULL);
    const char *arguments[] = {"--url",       match.url, "--bots",   count,         "--seconds",
                               time,          "--rate",  "60",       "--transport", transport,
                               "--no-decode", "--json",  "--ramp=4", NULL};
    bench_child_start(&bots, "skirmish-bots", arguments, NULL);
    bench_child_line(&bots, line, sizeof(line)); /* all are in */
    double cpu_us = bench_match_cpu_us(&match);
    uint64_t began_ns = bench_now_ns();
    bench_child_line(&bots, line, sizeof(line)); /* the time is over */
    double spent_s = (double)(bench_now_ns() - began_ns) / 1e9;
    figures->cpu_us_per_player_s = (bench_match_cpu_us(&match) - cpu_us) / spent_s / players;
    bench_metrics_fetch(&metrics, match.admin_port);
    figures->dropped_ticks = bench_metrics_get(&metrics, "skirmish_ticks_dropped_total");
    read_figures(&bots, figures);
    bench_child_stop(&match.child);
}

static void print(const char *transport, uint32_t players, const struct figures *figures,
                  const struct floor_result *floor)
{
    char machine[BENCH_MACHINE_BYTES];
    bench_machine(machine);
    printf("bench=enet players=%u transport=%s cpu_us_per_player_s=%.1f floor_us_per_player_s=%.1f "
           "ratio=%.2f dropped_ticks=%.0f in_bytes=%.0f out_bytes=%.0f generator_late_p99_ms=%.1f "
           "floor_valid=%d machine=\"%s\"\n",
           players, transport, figures->cpu_us_per_player_s, floor->cpu_us_per_connection_s,
           figures->cpu_us_per_player_s / floor->cpu_us_per_connection_s, figures->dropped_ticks,
           figures->in_bytes, figures->out_bytes, figures->late_p99_ms, floor->is_valid, machine);
    fflush(stdout);
}

static void compare(uint32_t players, uint32_t seconds)
{
    struct figures ws;
    struct figures enet;
    struct floor_result floor;
    measure("ws", players, seconds, &ws);
    measure("enet", players, seconds, &enet);
    struct floor_config config = {.connections = players,
                                  .in_bytes = (uint32_t)enet.in_bytes,
                                  .out_bytes = (uint32_t)enet.out_bytes,
                                  .in_hz = INPUT_HZ,
                                  .out_hz = SNAPSHOT_HZ,
                                  .seconds = seconds,
                                  .is_datagram = true};
    floor_run(&config, &floor);
    print("ws", players, &ws, &floor);
    print("enet", players, &enet, &floor);
}

int main(int argc, char **argv)
{
    bench_options_check(argc, argv, &usage);
    uint32_t only = bench_number(argc, argv, "players", 0, 4000);
    uint32_t seconds = bench_number(argc, argv, "seconds", 5, 3600);
    bench_raise_files(4096);
    if (only > 0) {
        compare(only, seconds);
        return 0;
    }
    compare(100, seconds);
    compare(1000, seconds);
    return 0;
}
