/* idle.c - what a connection that has not joined costs: memory while it is idle, CPU to make it.
 *
 *   bench-idle [--connections N]
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

enum { WARM_UP_CONNECTIONS = 100, SETTLE_NS = 300000000 };

static const struct bench_option options[] = {
    {"connections", "N", "that are made (5000)"},
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

int main(int argc, char **argv)
{
    char machine[BENCH_MACHINE_BYTES];
    bench_options_check(argc, argv, &usage);
    uint32_t count = bench_number(argc, argv, "connections", 5000, 20000);
    SSL_CTX *ssl_context = bench_client_context();
    bench_machine(machine);
    bench_raise_files(count + 64);
    struct figures raw = measure(BENCH_RAW, count, ssl_context);
    for (enum bench_transport transport = BENCH_WS; transport <= BENCH_WSS; transport++) {
        struct figures own = measure(transport, count, ssl_context);
        printf("bench=idle transport=%s heap_bytes_per_connection=%.0f cpu_us_per_connect=%.1f "
               "raw_answer_us_per_connect=%.1f ratio=%.2f connections=%u heap=smaps_anonymous "
               "machine=\"%s\"\n",
               bench_transport_name(transport), own.heap_bytes, own.cpu_us, raw.cpu_us,
               own.cpu_us / raw.cpu_us, count, machine);
        fflush(stdout);
    }
    SSL_CTX_free(ssl_context);
    return 0;
}
