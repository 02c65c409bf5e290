/* udp_storm.c - bad datagrams for a server's UDP port, beside the good ones of honest clients.
 *
 *   udp_storm RELAY_PORT SERVER_PORT COUNT PER_SECOND
 *
 *   honest clients <--> RELAY_PORT (here) <--> SERVER_PORT
 *                            | copies
 *   COUNT of them changed, cut, repeated ----> SERVER_PORT, from sockets of our own
 *
 * Clients come by the relay as the server tells them its port (--enet-public).  Begins when COPIES
 * datagrams have come by, goes on relaying when it is done, and ends with its standard input.
 * Prints how many it sent that must be refused with which word, and how many answers came to where
 * they came from: there must be none.  All is on 127.0.0.1.
 *
 * It stays on one processor.  What is sent over the loopback device waits in a queue of the
 * sender's processor; where it changes between two sends the second may come first, and a copy that
 * comes before what it was made of is a good datagram: taken, followed and answered.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "native/clock.h"
#include "net/sealed.h"

enum {
    CLIENTS_MAX = 1024,
    COPIES = 256,
    SOCKETS = 8, /* that the storm comes from */
    LONG_BYTES = 1400,
    A_STEP_MAX = 64, /* before the honest are looked at again */
    RELAY_A_STEP_MAX = 256,
    SEQUENCE_AT = 7 /* its highest byte */
};

/* What a datagram must be refused with. */
enum word { UNKNOWN_SESSION, FORGED, REPLAYED, TRUNCATED, WORD_COUNT };
static const char *const words[WORD_COUNT] = {"unknown_session", "forged", "replayed", "truncated"};

struct copy {
    size_t bytes;
    uint8_t data[SK_SEALED_BYTES_MAX];
};

struct client {
    struct sockaddr_in address;
    int fd; /* to the server */
};

/* What is ready, beside a client's index. */
enum { READY_RELAY = CLIENTS_MAX, READY_INPUT, EVENTS_MAX = 128 };

struct storm {
    int epoll_fd;
    int relay_fd;
    struct sockaddr_in server;
    struct client clients[CLIENTS_MAX];
    uint32_t client_count;
    int fds[SOCKETS];
    struct copy copies[COPIES];
    uint32_t copy_count; /* ever */
    uint64_t relayed;
    uint64_t sent[WORD_COUNT];
    uint64_t answers;
    uint64_t seed;
};

static struct storm storm;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static uint32_t chance(uint32_t below)
{
    storm.seed = storm.seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(storm.seed >> 33) % below;
}

static struct sockaddr_in local(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static void watch(int fd, uint32_t what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = what};
    if (epoll_ctl(storm.epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        fail("epoll");
    }
}

/* --- relay ---------------------------------------------------------------------------------- */

static int connected_socket(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&storm.server, sizeof(storm.server)) != 0) {
        fail("socket");
    }
    return fd;
}

static struct client *client_at(const struct sockaddr_in *address)
{
    for (uint32_t i = 0; i < storm.client_count; i++) {
        if (storm.clients[i].address.sin_port == address->sin_port) {
            return &storm.clients[i];
        }
    }
    SK_ASSERT(storm.client_count < CLIENTS_MAX);
    struct client *client = &storm.clients[storm.client_count];
    *client = (struct client){*address, connected_socket()};
    watch(client->fd, storm.client_count);
    storm.client_count++;
    return client;
}

static void send_bad(const uint8_t *bytes, size_t size, enum word word)
{
    int fd = storm.fds[chance(SOCKETS)];
    if (send(fd, bytes, size, 0) == (ssize_t)size) {
        storm.sent[word]++;
    }
}

/* A bit of what is sealed is flipped in a datagram that has not come yet. */
static void send_flipped(const uint8_t *bytes, size_t size)
{
    uint8_t flipped[SK_SEALED_BYTES_MAX];
    uint32_t bit = chance((uint32_t)(size - SK_SEALED_HEAD_BYTES) * 8);
    memcpy(flipped, bytes, size);
    flipped[SK_SEALED_HEAD_BYTES + bit / 8] ^= (uint8_t)(1u << bit % 8);
    send_bad(flipped, size, FORGED);
}

static void relay_in(bool is_storming)
{
    uint8_t bytes[LONG_BYTES];
    for (uint32_t i = 0; i < RELAY_A_STEP_MAX; i++) {
        struct sockaddr_in address;
        socklen_t address_bytes = sizeof(address);
        ssize_t size = recvfrom(storm.relay_fd, bytes, sizeof(bytes), MSG_DONTWAIT,
                                (struct sockaddr *)&address, &address_bytes);
        if (size < 0) {
            return;
        }
        if ((size_t)size < SK_SEALED_OVERHEAD_BYTES || (size_t)size > SK_SEALED_BYTES_MAX) {
            continue;
        }
        if (is_storming) {
            send_flipped(bytes, (size_t)size);
        }
        (void)!send(client_at(&address)->fd, bytes, (size_t)size, 0);
        struct copy *copy = &storm.copies[storm.copy_count++ % COPIES];
        copy->bytes = (size_t)size;
        memcpy(copy->data, bytes, (size_t)size);
        storm.relayed++;
    }
}

static void relay_out(const struct client *client)
{
    uint8_t bytes[LONG_BYTES];
    ssize_t size = recv(client->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    for (; size >= 0; size = recv(client->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) {
        (void)!sendto(storm.relay_fd, bytes, (size_t)size, 0,
                      (const struct sockaddr *)&client->address, sizeof(client->address));
    }
}

static void count_answers(void)
{
    uint8_t bytes[LONG_BYTES];
    for (uint32_t i = 0; i < SOCKETS; i++) {
        while (recv(storm.fds[i], bytes, sizeof(bytes), MSG_DONTWAIT) >= 0) {
            storm.answers++;
        }
    }
}

/* --- storm ---------------------------------------------------------------------------------- */

static void send_one(void)
{
    uint8_t bytes[LONG_BYTES] = {0};
    const struct copy *copy = &storm.copies[chance(COPIES)];
    memcpy(bytes, copy->data, copy->bytes);
    switch (chance(6)) {
    case 0:
        bytes[3] ^= 0x40; /* no session that was ever given out: these count up */
        send_bad(bytes, copy->bytes, UNKNOWN_SESSION);
        return;
    case 1:
        bytes[SEQUENCE_AT] ^= (uint8_t)(0x40 + chance(64));
        send_bad(bytes, copy->bytes, FORGED);
        return;
    case 2: /* in any order, near ones and those that left the window */
    case 3:
        send_bad(bytes, copy->bytes, REPLAYED);
        return;
    case 4:
        send_bad(bytes, chance(SK_SEALED_OVERHEAD_BYTES), TRUNCATED); /* 0: empty */
        return;
    default:
        send_bad(bytes, SK_SEALED_BYTES_MAX + 1 + chance(LONG_BYTES - SK_SEALED_BYTES_MAX),
                 TRUNCATED);
        return;
    }
}

static uint64_t sent_in_all(void)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < WORD_COUNT; i++) {
        sum += storm.sent[i];
    }
    return sum;
}

/* As many as are due, and no more than so many at once after a stall of this machine. */
static void send_due(uint64_t begin_us, uint64_t per_second, uint64_t count)
{
    uint64_t due = (sk_clock_ns() / 1000 - begin_us) * per_second / 1000000;
    uint64_t sent = sent_in_all();
    due = due < count ? due : count;
    for (uint32_t i = 0; i < A_STEP_MAX && sent + i < due; i++) {
        send_one();
    }
}

static void report(void)
{
    printf("storm sent=%llu", (unsigned long long)sent_in_all());
    for (uint32_t i = 0; i < WORD_COUNT; i++) {
        printf(" %s=%llu", words[i], (unsigned long long)storm.sent[i]);
    }
    printf(" relayed=%llu clients=%u answers=%llu\n", (unsigned long long)storm.relayed,
           storm.client_count, (unsigned long long)storm.answers);
    (void)fflush(stdout);
}

/* Relays what is there.  Returns whether somebody still holds our standard input open. */
static bool relay(bool is_storming)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(storm.epoll_fd, events, EVENTS_MAX, 1);
    for (int i = 0; i < count; i++) {
        uint32_t what = events[i].data.u32;
        if (what == READY_INPUT) {
            return false; /* nobody writes there: it was closed */
        }
        if (what == READY_RELAY) {
            relay_in(is_storming);
        } else {
            relay_out(&storm.clients[what]);
        }
    }
    return true;
}

static void run(uint64_t count, uint64_t per_second)
{
    uint64_t begin_us = 0;
    bool is_done = false;
    while (relay(begin_us != 0 && !is_done)) {
        if (begin_us == 0 && storm.copy_count >= COPIES) {
            begin_us = sk_clock_ns() / 1000;
        }
        if (begin_us == 0 || is_done) {
            continue;
        }
        send_due(begin_us, per_second, count);
        if (sent_in_all() >= count) {
            is_done = true;
            report();
        }
    }
    count_answers();
    report();
}

static void stay_on_this_processor(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    if (sched_setaffinity(0, sizeof(one), &one) != 0) {
        fail("affinity");
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        (void)fprintf(stderr, "udp_storm RELAY_PORT SERVER_PORT COUNT PER_SECOND\n");
        return 2;
    }
    stay_on_this_processor();
    struct sockaddr_in relay = local((uint16_t)atoi(argv[1]));
    int bytes = 4 << 20;
    storm.server = local((uint16_t)atoi(argv[2]));
    storm.seed = 1;
    storm.relay_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(storm.relay_fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    if (bind(storm.relay_fd, (const struct sockaddr *)&relay, sizeof(relay)) != 0) {
        fail("bind");
    }
    for (uint32_t i = 0; i < SOCKETS; i++) {
        storm.fds[i] = connected_socket();
    }
    storm.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    watch(storm.relay_fd, READY_RELAY);
    watch(STDIN_FILENO, READY_INPUT);
    run(strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
    return 0;
}
