/* floor_run.c - see floor_run.h.
 *
 * Both ends are the same machine: an epoll, N sockets, a period cut into phases, messages to send
 * in each phase, and bytes to read and count in between.  They share the start time and nothing
 * else while they run.
 */
#include "floor_run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { MESSAGE_BYTES_MAX = 65536, EVENTS_MAX = 512, READ_BYTES = 512 << 10 };

struct end {
    const int *fds;
    const struct sockaddr_in *peers; /* where fds[0] sends to; NULL: a descriptor each */
    uint32_t fd_count;               /* or of peers */
    uint32_t message_bytes;
    uint32_t phase_divisor; /* connection i sends in phase i / phase_divisor % FLOOR_PHASES */
    uint64_t period_ns;
    uint64_t start_ns;
    uint64_t measure_ns; /* from here */
    uint64_t end_ns;     /* to here */
    int epoll_fd;
    uint8_t *read_buffer;
    uint64_t phases_done;
    uint64_t bytes_read;
    uint64_t measured_bytes; /* read in the measured time */
    uint64_t measured_cpu_ns;
};

static void send_message(const struct end *end, uint32_t index)
{
    static const uint8_t message[MESSAGE_BYTES_MAX];
    const struct sockaddr_in *to = end->peers != NULL ? &end->peers[index] : NULL;
    int fd = end->fds[to != NULL ? 0 : index];
    ssize_t sent = sendto(fd, message, end->message_bytes, MSG_NOSIGNAL | MSG_DONTWAIT,
                          (const struct sockaddr *)to, to != NULL ? (socklen_t)sizeof(*to) : 0);
    if (sent < 0 && errno != EAGAIN) {
        bench_die("send: %s", strerror(errno));
    }
}

static void send_phase(struct end *end)
{
    uint32_t phase = (uint32_t)(end->phases_done % FLOOR_PHASES);
    for (uint32_t i = 0; i < end->fd_count; i++) {
        if (i / end->phase_divisor % FLOOR_PHASES == phase) {
            send_message(end, i);
        }
    }
    end->phases_done++;
}

static uint64_t phase_due_ns(const struct end *end)
{
    return end->start_ns + end->phases_done * end->period_ns / FLOOR_PHASES;
}

/* What waits of a connection; of a socket for all so many datagrams as a server takes a wake. */
static void read_one(struct end *end, int fd)
{
    struct sockaddr_in from;
    uint32_t count = end->peers != NULL ? EVENTS_MAX : 1;
    for (uint32_t i = 0; i < count; i++) {
        socklen_t from_bytes = sizeof(from);
        ssize_t bytes = recvfrom(fd, end->read_buffer, READ_BYTES, MSG_DONTWAIT,
                                 (struct sockaddr *)&from, &from_bytes);
        if (bytes < 0 && errno == EAGAIN) {
            return;
        }
        if (bytes <= 0) {
            bench_die("a connection of the floor is gone");
        }
        end->bytes_read += (uint64_t)bytes;
    }
}

static void read_ready(struct end *end, uint64_t now_ns, uint64_t due_ns)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t wait_ns = due_ns > now_ns ? due_ns - now_ns : 0;
    struct timespec wait = {(time_t)(wait_ns / 1000000000), (long)(wait_ns % 1000000000)};
    int count = epoll_pwait2(end->epoll_fd, events, EVENTS_MAX, &wait, NULL);
    for (int i = 0; i < count; i++) {
        read_one(end, end->fds[events[i].data.u32]);
    }
}

/* Sends what is due and reads until `until_ns`.  It reads after each phase, also when it is late:
 * who only sends while behind never catches up. */
static void run_until(struct end *end, uint64_t until_ns)
{
    while (bench_now_ns() < until_ns) {
        if (bench_now_ns() >= phase_due_ns(end)) {
            send_phase(end);
        }
        uint64_t due_ns = phase_due_ns(end);
        read_ready(end, bench_now_ns(), due_ns < until_ns ? due_ns : until_ns);
    }
}

static void *run_end(void *argument)
{
    struct end *end = argument;
    end->epoll_fd = bench_epoll();
    for (uint32_t i = 0; i < (end->peers != NULL ? 1 : end->fd_count); i++) {
        bench_watch(end->epoll_fd, end->fds[i], i);
    }
    run_until(end, end->measure_ns);
    uint64_t bytes = end->bytes_read;
    uint64_t cpu_ns = bench_thread_cpu_ns();
    run_until(end, end->end_ns);
    end->measured_bytes = end->bytes_read - bytes;
    end->measured_cpu_ns = bench_thread_cpu_ns() - cpu_ns;
    close(end->epoll_fd);
    return NULL;
}

static uint32_t or_default(uint32_t value, uint32_t default_value)
{
    return value > 0 ? value : default_value;
}

static struct floor_config filled(const struct floor_config *config)
{
    struct floor_config full = {
        .connections = or_default(config->connections, 1000),
        .in_bytes = or_default(config->in_bytes, 64),
        .out_bytes = or_default(config->out_bytes, 256),
        .in_hz = or_default(config->in_hz, 60),
        .out_hz = or_default(config->out_hz, 20),
        .seconds = or_default(config->seconds, 5),
        .warm_up_ms = or_default(config->warm_up_ms, 1000),
        .is_datagram = config->is_datagram,
    };
    if (full.in_bytes > MESSAGE_BYTES_MAX || full.out_bytes > MESSAGE_BYTES_MAX) {
        bench_die("a message of the floor has at most %d bytes", MESSAGE_BYTES_MAX);
    }
    return full;
}

/* Fills both arrays with the two ends of `count` connections. */
static void connect_all(int *players, int *servers, uint32_t count)
{
    uint16_t port = 0;
    int listen_fd = bench_listen(&port);
    for (uint32_t i = 0; i < count; i++) {
        players[i] = bench_connect(port);
        servers[i] = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (servers[i] < 0) {
            bench_die("accept: %s", strerror(errno));
        }
        bench_unblock(players[i]);
    }
    close(listen_fd);
}

static int udp_socket(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int buffer_bytes = 4 << 20;
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        bench_die("a UDP socket cannot be had: %s", strerror(errno));
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof(buffer_bytes));
    return fd;
}

static struct sockaddr_in address_of(int fd)
{
    struct sockaddr_in address = {0};
    socklen_t bytes = sizeof(address);
    if (getsockname(fd, (struct sockaddr *)&address, &bytes) != 0) {
        bench_die("getsockname: %s", strerror(errno));
    }
    return address;
}

/* The same for datagrams: one socket for the server, whose peers are told. */
static void connect_all_datagrams(int *players, int *servers, struct sockaddr_in *peers,
                                  uint32_t count)
{
    servers[0] = udp_socket();
    struct sockaddr_in server = address_of(servers[0]);
    for (uint32_t i = 0; i < count; i++) {
        players[i] = udp_socket();
        peers[i] = address_of(players[i]);
        if (connect(players[i], (const struct sockaddr *)&server, sizeof(server)) != 0) {
            bench_die("connect: %s", strerror(errno));
        }
    }
}

static void run_both(struct end *server, struct end *player)
{
    pthread_t threads[2];
    struct end *ends[2] = {server, player};
    for (int i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, run_end, ends[i]) != 0) {
            bench_die("a thread cannot be had");
        }
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void sum_up(const struct floor_config *config, const struct end *server,
                   const struct end *player, struct floor_result *result)
{
    double seconds = config->seconds;
    double in_due = (double)config->connections * config->in_hz;
    double out_due = (double)config->connections * config->out_hz;
    result->in_per_s = (double)server->measured_bytes / config->in_bytes / seconds;
    result->out_per_s = (double)player->measured_bytes / config->out_bytes / seconds;
    result->cpu_us_per_connection_s =
        (double)server->measured_cpu_ns / 1e3 / seconds / config->connections;
    result->client_cpu = (double)player->measured_cpu_ns / 1e9 / seconds;
    result->is_valid = result->in_per_s >= 0.99 * in_due && result->out_per_s >= 0.99 * out_due;
}

void floor_run(const struct floor_config *config, struct floor_result *result)
{
    struct floor_config full = filled(config);
    bench_raise_files(2 * full.connections + 64);
    int *fds = calloc(2 * (size_t)full.connections, sizeof(*fds));
    struct sockaddr_in *peers = calloc(full.connections, sizeof(*peers));
    uint8_t *buffers = malloc((size_t)2 * READ_BYTES);
    if (fds == NULL || buffers == NULL || peers == NULL) {
        bench_die("out of memory");
    }
    if (full.is_datagram) {
        connect_all_datagrams(fds, fds + full.connections, peers, full.connections);
    } else {
        connect_all(fds, fds + full.connections, full.connections);
    }

    uint64_t start_ns = bench_now_ns() + 50000000;
    struct end player = {
        .fds = fds,
        .fd_count = full.connections,
        .message_bytes = full.in_bytes,
        .phase_divisor = 1,
        .period_ns = 1000000000 / full.in_hz,
        .start_ns = start_ns,
        .measure_ns = start_ns + (uint64_t)full.warm_up_ms * 1000000,
        .read_buffer = buffers,
    };
    player.end_ns = player.measure_ns + (uint64_t)full.seconds * 1000000000;
    struct end server = player;
    server.fds = fds + full.connections;
    server.message_bytes = full.out_bytes;
    server.phase_divisor = FLOOR_PHASES;
    server.period_ns = 1000000000 / full.out_hz;
    server.read_buffer = buffers + READ_BYTES;
    server.peers = full.is_datagram ? peers : NULL;

    run_both(&server, &player);
    sum_up(&full, &server, &player, result);
    uint32_t server_fds = full.is_datagram ? 1 : full.connections;
    for (uint32_t i = 0; i < full.connections + server_fds; i++) {
        close(fds[i]);
    }
    free(peers);
    free(buffers);
    free(fds);
}
