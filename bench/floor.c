/* floor.c - the kernel's own price of the traffic of a game server (floor_run.h).
 *
 *   bench-floor [--connections N] [--in-bytes N] [--out-bytes N] [--in-hz N] [--out-hz N]
 *               [--seconds N]
 *
 * Without --connections: 100, 500 and 1,000.  It is a reference, so its ratio is 1.
 */
#include <stdio.h>

#include "bench.h"
#include "bench_options.h"
#include "floor_run.h"

static const struct bench_option options[] = {
    {"connections", "N", "sockets (100, 500 and 1000)"},
    {"in-bytes", "N", "of a message to the server (64)"},
    {"out-bytes", "N", "of a message to a player (256)"},
    {"in-hz", "N", "messages of a player a second (60)"},
    {"out-hz", "N", "messages to a player a second (20)"},
    {"seconds", "N", "measured (5)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("floor", "The kernel's own price of a game server's traffic.", options);

static void print(const struct floor_config *config, const struct floor_result *result,
                  const char *machine)
{
    printf("bench=floor connections=%u in_bytes=%u out_bytes=%u in_per_s=%.0f out_per_s=%.0f "
           "cpu_us_per_connection_s=%.1f ratio=1.00 generator_cpu=%.2f valid=%d machine=\"%s\"\n",
           config->connections, config->in_bytes, config->out_bytes, result->in_per_s,
           result->out_per_s, result->cpu_us_per_connection_s, result->client_cpu, result->is_valid,
           machine);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const uint32_t sizes[] = {100, 500, 1000};
    char machine[BENCH_MACHINE_BYTES];
    bench_options_check(argc, argv, &usage);
    bench_machine(machine);
    uint32_t only = bench_number(argc, argv, "connections", 0, 100000);
    for (size_t i = 0; i < (only > 0 ? 1 : sizeof(sizes) / sizeof(sizes[0])); i++) {
        struct floor_config config = {
            .connections = only > 0 ? only : sizes[i],
            .in_bytes = bench_number(argc, argv, "in-bytes", 64, 65536),
            .out_bytes = bench_number(argc, argv, "out-bytes", 256, 65536),
            .in_hz = bench_number(argc, argv, "in-hz", 60, 1000),
            .out_hz = bench_number(argc, argv, "out-hz", 20, 1000),
            .seconds = bench_number(argc, argv, "seconds", 5, 3600),
        };
        struct floor_result result;
        floor_run(&config, &result);
        print(&config, &result, machine);
    }
    return 0;
}
