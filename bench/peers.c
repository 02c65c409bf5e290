/* peers.c - skirmishd beside another server that a team would take: Colyseus, from npm.
 *
 *   bench-peers --help
 *
 * Both have rooms of sixteen; a player sends 60 inputs of twenty bytes a second and gets 20 patches
 * a second.  skirmishd runs arena with one worker under skirmish-bots, Colyseus a simpler match
 * (peers/colyseus.mjs) under raw sockets (peers_swarm.h); neither's players decode what they get,
 * and only the servers are measured.  They take turns, round by round.
 *
 * players_a_core is extrapolated: a million microseconds over those of a player; a core that is
 * full is late before that.  valid=0 where in any round less than 95% of the patches came, or less
 * than 99% of the inputs were used by the server's own count.  Without node or its packages there
 * is one line that says that Colyseus was skipped, and why.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "bench_child.h"
#include "bench_match.h"
#include "bench_options.h"
#include "bench_process.h"
#include "peers_swarm.h"

enum {
    LINE_BYTES = 8192,
    ROUNDS_MAX = 15,
    INPUT_HZ = 60,
    PATCH_HZ = 20,
    WARM_UP_NS = 1000000000,
    MARGIN_SECONDS = 2
};

static const double used_share = 0.99;
static const double patch_share = 0.95; /* timers of node drift by up to a millisecond each time */

static const struct bench_option options[] = {
    {"players", "N", "in rooms of sixteen (160)"},
    {"rounds", "N", "of each server, in turns (3)"},
    {"seconds", "N", "that a measurement takes (5)"},
    {"colyseus", "DIR", "where its room and packages are (bench/peers)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("peers", "Players on skirmishd beside players on Colyseus.", options);

struct load {
    uint32_t players;
    uint32_t rounds;
    uint32_t seconds;
    const char *folder;
    char machine[BENCH_MACHINE_BYTES];
};

enum figure { CPU_US, PATCH_BYTES, MEMORY_BYTES, INTERVAL_P99_MS, PATCHES_PER_S, FIGURE_COUNT };

struct peer {
    const char *name;
    char version[32];
    double values[FIGURE_COUNT][ROUNDS_MAX];
    double inputs_used; /* in the worst round */
    bool is_valid;      /* in all of them */
};

/* --- either --------------------------------------------------------------------------------- */

/* `inputs_used`: of those that were due, 0 to 1. */
static void note(const struct load *load, struct peer *peer, uint32_t round, double inputs_used)
{
    double patches_due = patch_share * load->players * PATCH_HZ;
    bool is_valid = peer->values[PATCHES_PER_S][round] >= patches_due && inputs_used >= used_share;
    peer->inputs_used = inputs_used < peer->inputs_used ? inputs_used : peer->inputs_used;
    peer->is_valid = peer->is_valid && is_valid;
}

static double print(const struct load *load, struct peer *peer, double own_us)
{
    double cpu_us = bench_median(peer->values[CPU_US], load->rounds);
    double ratio = own_us > 0 ? cpu_us / own_us : 1;
    printf("bench=peers peer=%s version=%s players=%u rounds=%u cpu_us_per_player_s=%.1f "
           "cpu_us_per_player_s_min=%.1f cpu_us_per_player_s_max=%.1f ratio=%.2f ",
           peer->name, peer->version, load->players, load->rounds, cpu_us, peer->values[CPU_US][0],
           peer->values[CPU_US][load->rounds - 1], ratio);
    printf("patch_bytes_mean=%.0f memory_bytes_per_player=%.0f patch_interval_p99_ms=%.1f "
           "patches_per_s=%.0f players_a_core_extrapolated=%.0f inputs_used=%.4f valid=%d "
           "machine=\"%s\"\n",
           bench_median(peer->values[PATCH_BYTES], load->rounds),
           bench_median(peer->values[MEMORY_BYTES], load->rounds),
           bench_median(peer->values[INTERVAL_P99_MS], load->rounds),
           bench_median(peer->values[PATCHES_PER_S], load->rounds), 1e6 / cpu_us, peer->inputs_used,
           peer->is_valid, load->machine);
    fflush(stdout);
    return cpu_us;
}

/* --- skirmishd ------------------------------------------------------------------------------ */

static void start_bots(struct bench_child *bots, const struct load *load, const char *url)
{
    char players[16];
    char seconds[16];
    snprintf(players, sizeof(players), "%u", load->players);
    snprintf(seconds, sizeof(seconds), "%u", load->seconds + MARGIN_SECONDS);
    const char *arguments[] = {"--url",       url,      "--bots",      players,  "--seconds",
                               seconds,       "--json", "--no-decode", "--rate", "60",
                               "--room-size", "16",     NULL};
    bench_child_start(bots, "skirmish-bots", arguments, NULL);
}

static double grown(const struct bench_metrics *before, const struct bench_metrics *after,
                    const char *name)
{
    return bench_metrics_get(after, name) - bench_metrics_get(before, name);
}

/* Of the players' ticks those with an input of their own. */
static double inputs_used(const struct bench_metrics *before, const struct bench_metrics *after)
{
    double kept = grown(before, after, "skirmish_inputs_total");
    double repeated = grown(before, after, "skirmish_inputs_repeated_total");
    return kept > 0 ? kept / (kept + repeated) : 0;
}

static void run_skirmishd(const struct load *load, struct peer *peer, uint32_t round)
{
    static struct bench_metrics before;
    static struct bench_metrics after;
    static const char *const one_worker[] = {"--threads", "1", NULL};
    char line[LINE_BYTES];
    struct bench_match server;
    struct bench_child bots;
    struct bench_process idle;
    struct bench_process begin;
    struct bench_process end;
    bench_match_start(&server, one_worker, NULL);
    bench_process_read(server.child.pid, &idle);
    start_bots(&bots, load, server.url);
    bench_child_line(&bots, line, sizeof(line)); /* all play */
    bench_metrics_fetch(&before, server.admin_port);
    bench_process_read(server.child.pid, &begin);
    uint64_t begin_ns = bench_now_ns();
    bench_sleep_until(begin_ns + (uint64_t)load->seconds * 1000000000);
    bench_process_read(server.child.pid, &end);
    double seconds = (double)(bench_now_ns() - begin_ns) / 1e9;
    bench_metrics_fetch(&after, server.admin_port);
    bench_child_line(&bots, line, sizeof(line)); /* they leave */
    cJSON *figures = bench_bots_figures(&bots);
    bench_child_stop(&server.child);

    peer->values[CPU_US][round] = (end.cpu_us - begin.cpu_us) / seconds / load->players;
    peer->values[PATCH_BYTES][round] = bench_bots_get(figures, "snapshot_bytes_mean");
    peer->values[MEMORY_BYTES][round] = (end.rss_bytes - idle.rss_bytes) / load->players;
    peer->values[INTERVAL_P99_MS][round] = bench_bots_get(figures, "interval_p99_ms");
    peer->values[PATCHES_PER_S][round] = bench_bots_get(figures, "snapshots_per_s");
    note(load, peer, round, inputs_used(&before, &after));
    cJSON_Delete(figures);
}

/* --- Colyseus ------------------------------------------------------------------------------- */

/* The value behind `key` in a line of its server. */
static const char *value_in(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    if (at == NULL) {
        bench_die("the server of Colyseus does not say %s: %s", key, line);
    }
    return at + strlen(key);
}

static void start_colyseus(struct bench_child *child, const struct load *load, struct peer *peer,
                           uint16_t *port)
{
    char script[512];
    char line[LINE_BYTES];
    snprintf(script, sizeof(script), "%s/colyseus.mjs", load->folder);
    const char *arguments[] = {"NODE_ENV=production", "node", script, NULL};
    bench_child_start(child, "/usr/bin/env", arguments, NULL);
    bench_child_line(child, line, sizeof(line));
    const char *version = value_in(line, " version=");
    *port = (uint16_t)strtoul(value_in(line, "127.0.0.1:"), NULL, 10);
    snprintf(peer->version, sizeof(peer->version), "%.*s", (int)strcspn(version, " \n"), version);
}

/* How many inputs it has applied. */
static double count_inputs(struct bench_child *child)
{
    char line[LINE_BYTES];
    kill(child->pid, SIGUSR2);
    bench_child_line(child, line, sizeof(line));
    return strtod(value_in(line, "inputs="), NULL);
}

static void run_colyseus(const struct load *load, struct peer *peer, uint32_t round)
{
    struct peers_swarm swarm;
    struct bench_child child;
    struct bench_process idle;
    struct bench_process begin;
    struct bench_process end;
    uint16_t port = 0;
    start_colyseus(&child, load, peer, &port);
    bench_process_read(child.pid, &idle);
    peers_swarm_open(&swarm, port, load->players, INPUT_HZ, load->seconds);
    peers_swarm_run(&swarm, bench_now_ns() + WARM_UP_NS);
    double inputs = count_inputs(&child);
    peers_swarm_reset(&swarm);
    bench_process_read(child.pid, &begin);
    uint64_t begin_ns = bench_now_ns();
    peers_swarm_run(&swarm, begin_ns + (uint64_t)load->seconds * 1000000000);
    bench_process_read(child.pid, &end);
    double seconds = (double)(bench_now_ns() - begin_ns) / 1e9;
    inputs = count_inputs(&child) - inputs;

    peer->values[CPU_US][round] = (end.cpu_us - begin.cpu_us) / seconds / load->players;
    peer->values[PATCH_BYTES][round] =
        swarm.patches > 0 ? (double)swarm.patch_bytes / (double)swarm.patches : 0;
    peer->values[MEMORY_BYTES][round] = (end.rss_bytes - idle.rss_bytes) / load->players;
    peer->values[INTERVAL_P99_MS][round] =
        bench_quantile(swarm.intervals_ms, swarm.interval_count, 0.99);
    peer->values[PATCHES_PER_S][round] = (double)swarm.patches / seconds;
    note(load, peer, round, inputs / (seconds * load->players * INPUT_HZ));
    peers_swarm_close(&swarm);
    bench_child_stop(&child);
}

/* Returns NULL, or why Colyseus cannot be measured. */
static const char *find_obstacle(const struct load *load)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/node_modules/@colyseus/core/package.json", load->folder);
    if (access(path, R_OK) != 0) {
        return "its npm packages are not there";
    }
    return system("node --version >/dev/null 2>&1") == 0 ? NULL : "there is no node";
}

int main(int argc, char **argv)
{
    static struct peer own = {
        .name = "skirmishd", .version = "this", .inputs_used = 1, .is_valid = true};
    static struct peer other = {.name = "colyseus", .inputs_used = 1, .is_valid = true};
    bench_options_check(argc, argv, &usage);
    struct load load = {.players = bench_number(argc, argv, "players", 160, 4000),
                        .rounds = bench_number(argc, argv, "rounds", 3, ROUNDS_MAX),
                        .seconds = bench_number(argc, argv, "seconds", 5, 3600),
                        .folder = bench_option(argc, argv, "colyseus", "bench/peers")};
    const char *obstacle = find_obstacle(&load);
    bench_machine(load.machine);
    bench_raise_files(load.players + 64);
    for (uint32_t round = 0; round < load.rounds; round++) {
        run_skirmishd(&load, &own, round);
        if (obstacle == NULL) {
            run_colyseus(&load, &other, round);
        }
    }
    double own_us = print(&load, &own, 0);
    if (obstacle == NULL) {
        print(&load, &other, own_us);
    } else {
        printf("bench=peers peer=colyseus skipped=\"%s\" machine=\"%s\"\n", obstacle, load.machine);
    }
    return 0;
}
