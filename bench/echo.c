/* echo.c - CPU of the WebSocket front end for each echoed message, beside a raw epoll echo.
 *
 *   bench-echo [--connections N] [--rounds N] [--seconds-tenths N] [--transport ws|wss]
 *
 * Each connection keeps one or sixteen messages of 20 bytes in flight.  Raw and WebSocket take
 * turns, round by round, so that what else the machine does meets both; the ratio is the median of
 * the rounds' ratios.  CPU is the server process's, user and system.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench.h"
#include "bench_client.h"
#include "bench_options.h"
#include "bench_server.h"

enum { CONNECTIONS_MAX = 4096, ROUNDS_MAX = 99, EVENTS_MAX = 256, WARM_UP_NS = 200000000 };

static const struct bench_option options[] = {
    {"connections", "N", "of clients (200)"},
    {"rounds", "N", "of each side; the figures are their median (5)"},
    {"seconds-tenths", "N", "that a round takes (10)"},
    {"transport", "ws|wss", "one of the two alone (both)"},
};
static const struct bench_usage usage =
    BENCH_USAGE("echo", "CPU of an echoed message, beside a raw epoll echo.", options);

struct load {
    struct bench_server servers[BENCH_TRANSPORT_COUNT];
    struct bench_client clients[CONNECTIONS_MAX];
    uint32_t connections;
    uint32_t rounds;
    uint64_t measure_ns;
    SSL_CTX *ssl_context;
    const char *machine;
};

struct figures {
    double messages_per_s[ROUNDS_MAX];
    double cpu_us[ROUNDS_MAX];
};

/* Answers each reply with a new message until `until_ns`.  Returns the replies. */
static uint64_t exchange(struct load *load, int epoll_fd, uint64_t until_ns)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t total = 0;
    while (bench_now_ns() < until_ns) {
        int count = epoll_wait(epoll_fd, events, EVENTS_MAX, 100);
        for (int i = 0; i < count; i++) {
            struct bench_client *client = &load->clients[events[i].data.u32];
            size_t replies = bench_client_take(client);
            if (replies > 0) {
                bench_client_send(client, replies);
            }
            total += replies;
        }
    }
    return total;
}

static void measure(struct load *load, enum bench_transport transport, uint32_t depth,
                    uint32_t round, struct figures *figures)
{
    const struct bench_server *server = &load->servers[transport];
    int epoll_fd = bench_epoll();
    for (uint32_t i = 0; i < load->connections; i++) {
        bench_client_open(&load->clients[i], server, load->ssl_context);
        bench_watch(epoll_fd, load->clients[i].fd, i);
        bench_client_send(&load->clients[i], depth);
    }
    exchange(load, epoll_fd, bench_now_ns() + WARM_UP_NS);
    uint64_t start_ns = bench_now_ns();
    uint64_t cpu_ns = bench_process_cpu_ns(server->pid);
    uint64_t total = exchange(load, epoll_fd, start_ns + load->measure_ns);
    cpu_ns = bench_process_cpu_ns(server->pid) - cpu_ns;
    if (total == 0) {
        bench_die("%s echoes nothing", bench_transport_name(transport));
    }
    figures->messages_per_s[round] = (double)total * 1e9 / (double)(bench_now_ns() - start_ns);
    figures->cpu_us[round] = (double)cpu_ns / 1e3 / (double)total;
    for (uint32_t i = 0; i < load->connections; i++) {
        bench_client_close(&load->clients[i]);
    }
    close(epoll_fd);
}

static void compare(struct load *load, enum bench_transport transport, uint32_t depth)
{
    static struct figures raw;
    static struct figures own;
    double ratios[ROUNDS_MAX];
    for (uint32_t round = 0; round < load->rounds; round++) {
        measure(load, BENCH_RAW, depth, round, &raw);
        measure(load, transport, depth, round, &own);
        ratios[round] = own.cpu_us[round] / raw.cpu_us[round];
    }
    printf("bench=echo depth=%u transport=%s messages_per_s=%.0f cpu_us_per_message=%.3f "
           "raw_messages_per_s=%.0f raw_cpu_us_per_message=%.3f ratio=%.2f connections=%u "
           "machine=\"%s\"\n",
           depth, bench_transport_name(transport), bench_median(own.messages_per_s, load->rounds),
           bench_median(own.cpu_us, load->rounds), bench_median(raw.messages_per_s, load->rounds),
           bench_median(raw.cpu_us, load->rounds), bench_median(ratios, load->rounds),
           load->connections, load->machine);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct load load;
    static char machine[BENCH_MACHINE_BYTES];
    static const char *const transports[] = {"both", "ws", "wss", NULL};
    bench_options_check(argc, argv, &usage);
    const char *only = bench_word(argc, argv, "transport", "both", transports);
    bench_machine(machine);
    load.machine = machine;
    load.connections = bench_number(argc, argv, "connections", 200, CONNECTIONS_MAX);
    load.rounds = bench_number(argc, argv, "rounds", 5, ROUNDS_MAX);
    load.measure_ns = bench_number(argc, argv, "seconds-tenths", 10, 600) * (uint64_t)100000000;
    load.ssl_context = bench_client_context();
    bench_raise_files(load.connections + 64);
    bench_server_start(&load.servers[BENCH_RAW], BENCH_RAW);
    for (enum bench_transport transport = BENCH_WS; transport <= BENCH_WSS; transport++) {
        if (strcmp(only, "both") != 0 && strcmp(only, bench_transport_name(transport)) != 0) {
            continue;
        }
        bench_server_start(&load.servers[transport], transport);
        compare(&load, transport, 1);
        compare(&load, transport, 16);
        bench_server_stop(&load.servers[transport]);
    }
    bench_server_stop(&load.servers[BENCH_RAW]);
    SSL_CTX_free(load.ssl_context);
    return 0;
}
