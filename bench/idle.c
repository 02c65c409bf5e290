/* idle.c - what a connection that has not joined costs: memory while it is idle, CPU to make it.
 *
 *   bench-idle --help
 *
 * A connection is accepted, shaken (wss), upgraded, and then silent.  heap_bytes_per_connection is
 * the growth of the server's anonymous memory; what the kernel keeps for a socket is not in it.
 * The reference of cpu_us_per_connect is a raw epoll loop that accepts, reads the request and
 * answers it with fixed bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "bench_client.h"
#include "bench_options.h"
#include "bench_server.h"

enum { WARM_UP_CONNECTIONS = 100, ROUNDS_MAX = 15, SETTLE_NS = 300000000 };

static const struct bench_option options[] = {
    {"connections", "N", "that are made (5000)"},
    {"rounds", "N", "of each side; the figures are their median (3)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("idle", "Memory and CPU of a connection that has not joined.", options);

struct figures {
    double heap_bytes;
    double cpu_us;
};

static void open_all(struct bench_client *clients, uint32_t count,
                     const struct bench_server *server, SSL_CTX *ssl_context)
{
    for (uint32_t i = 0; i < count; i++) {
        bench_client_open(&clients[i], server, ssl_context);
    }
    bench_sleep_until(bench_now_ns() + SETTLE_NS);
}

static void close_all(struct bench_client *clients, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bench_client_close(&clients[i]);
    }
    bench_sleep_until(bench_now_ns() + SETTLE_NS);
}

/* The first connections also make what all share; they go before it is measured. */
static struct figures measure(enum bench_transport transport, uint32_t count, SSL_CTX *ssl_context)
{
    struct bench_server server;
    struct bench_client *clients = calloc(count, sizeof(*clients));
    if (clients == NULL) {
        bench_die("out of memory");
    }
    bench_server_start(&server, transport);
    uint32_t first = count < WARM_UP_CONNECTIONS ? count : WARM_UP_CONNECTIONS;
    open_all(clients, first, &server, ssl_context);
    close_all(clients, first);
    uint64_t heap_bytes = bench_server_heap_bytes(&server);
    uint64_t cpu_ns = bench_process_cpu_ns(server.pid);
    open_all(clients, count, &server, ssl_context);
    struct figures figures = {
        .heap_bytes = (double)(bench_server_heap_bytes(&server) - heap_bytes) / count,
        .cpu_us = (double)(bench_process_cpu_ns(server.pid) - cpu_ns) / 1e3 / count,
    };
    close_all(clients, count);
    bench_server_stop(&server);
    free(clients);
    return figures;
}

/* Raw and own take turns, so that what else the machine does meets both. */
static void compare(enum bench_transport transport, uint32_t count, uint32_t rounds,
                    SSL_CTX *ssl_context)
{
    char machine[BENCH_MACHINE_BYTES];
    double raw_us[ROUNDS_MAX];
    double own_us[ROUNDS_MAX];
    double heap_bytes[ROUNDS_MAX];
    double ratios[ROUNDS_MAX];
    for (uint32_t round = 0; round < rounds; round++) {
        raw_us[round] = measure(BENCH_RAW, count, ssl_context).cpu_us;
        struct figures own = measure(transport, count, ssl_context);
        own_us[round] = own.cpu_us;
        heap_bytes[round] = own.heap_bytes;
        ratios[round] = own.cpu_us / raw_us[round];
    }
    bench_machine(machine);
    double ratio = bench_median(ratios, rounds);
    printf("bench=idle transport=%s heap_bytes_per_connection=%.0f cpu_us_per_connect=%.1f "
           "raw_answer_us_per_connect=%.1f ratio=%.2f ratio_min=%.2f ratio_max=%.2f "
           "connections=%u rounds=%u heap=smaps_anonymous machine=\"%s\"\n",
           bench_transport_name(transport), bench_median(heap_bytes, rounds),
           bench_median(own_us, rounds), bench_median(raw_us, rounds), ratio, ratios[0],
           ratios[rounds - 1], count, rounds, machine);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    bench_options_check(argc, argv, &usage);
    uint32_t count = bench_number(argc, argv, "connections", 5000, 20000);
    uint32_t rounds = bench_number(argc, argv, "rounds", 3, ROUNDS_MAX);
    SSL_CTX *ssl_context = bench_client_context();
    bench_raise_files(count + 64);
    for (enum bench_transport transport = BENCH_WS; transport <= BENCH_WSS; transport++) {
        compare(transport, count, rounds, ssl_context);
    }
    SSL_CTX_free(ssl_context);
    return 0;
}
