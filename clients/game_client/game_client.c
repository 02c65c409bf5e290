/* game_client.c - sk_game_client_* of skirmish.h: a client and its socket.
 *
 *   OPEN --> look the name up --> connecting to one address --> open --> CLOSE, or the end
 *                                      | refused, or no answer for a while: the next address
 *                                      v none left
 *                                     lost
 *
 * A UDP socket is open at once, whoever is there.  While the server has not answered, the next
 * address gets the newest datagram again: what is sealed is the same to each, and a server that has
 * it drops it.
 *
 * Memory   sk_game_client_open() allocates; the addresses of a name are the resolver's, and live
 *          until another name is looked up.
 * Threads  one.
 * Time     the caller's.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "native/clock.h"
#include "native/tcp.h"
#include "skirmish.h"

enum {
    BUFFER_BYTES = 65536,
    RECEIVES_A_CALL = 64, /* then others come first */
    ADDRESS_US = 1000000, /* one that does not answer, when there are others */
    DATAGRAM_US = 300000, /* the same by UDP, at first: AUTO waits a second for all of them */
    DATAGRAM_BYTES_MAX = 1200,
    REFUSED = -1,      /* in ai_flags, which a result has no use for: nobody listens there by UDP */
    SERVES_A_CALL = 16 /* actions of the client: each leads to another one at most */
};

struct sk_game_client {
    struct sk_client *client;
    struct addrinfo *addresses; /* of the name that is connected to; NULL: none */
    struct addrinfo *address;   /* the one that is tried */
    int fd;                     /* -1: none */
    bool is_connecting;
    bool is_datagram;
    uint64_t tried_us;    /* when the address was */
    uint64_t patience_us; /* by UDP, with an address; longer with each */
    size_t sent_bytes;    /* of the newest datagram, while no server has answered */
    uint8_t sent[DATAGRAM_BYTES_MAX];
    _Alignas(8) uint8_t buffer[BUFFER_BYTES];
};

/* ---- life -------------------------------------------------------------------------------- */

static void game_client_destroy(struct sk_game_client *game_client)
{
    if (game_client != NULL) {
        sk_client_destroy(game_client->client);
        free(game_client);
    }
}

static struct sk_game_client *game_client_create(const struct sk_client_config *config,
                                                 const char **why)
{
    struct sk_game_client *game_client = calloc(1, sizeof(*game_client));
    if (game_client == NULL) {
        *why = "out of memory";
        return NULL;
    }
    game_client->fd = -1;
    game_client->client = sk_client_create(config, why);
    if (game_client->client == NULL) {
        game_client_destroy(game_client);
        return NULL;
    }
    return game_client;
}

struct sk_game_client *sk_game_client_open(const struct sk_client_config *config, const char **why)
{
    return game_client_create(config, why);
}

static void forget_addresses(struct sk_game_client *game_client)
{
    if (game_client->addresses != NULL) {
        freeaddrinfo(game_client->addresses);
        game_client->addresses = NULL;
    }
}

static void close_socket(struct sk_game_client *game_client)
{
    if (game_client->fd >= 0) {
        (void)close(game_client->fd);
        game_client->fd = -1;
    }
    game_client->is_connecting = false;
}

static void lose(struct sk_game_client *game_client, uint64_t now_us)
{
    close_socket(game_client);
    forget_addresses(game_client);
    sk_client_on_lost(game_client->client, now_us);
}

/* ---- connecting -------------------------------------------------------------------------- */

/* Begins with the address that is due.  Returns false when it cannot be tried. */
static bool try_address(struct sk_game_client *game_client, uint64_t now_us)
{
    const struct addrinfo *address = game_client->address;
    int one = 1;
    game_client->tried_us = now_us;
    game_client->fd =
        socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (game_client->fd < 0) {
        return false;
    }
    if (!game_client->is_datagram) {
        sk_tcp_set_rto_min(game_client->fd, SK_RTO_MIN_US);
        (void)setsockopt(game_client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    }
    game_client->is_connecting = true;
    return connect(game_client->fd, address->ai_addr, address->ai_addrlen) == 0 ||
           errno == EINPROGRESS;
}

/* Tries the addresses from the present one on; none left is a lost connection. */
static void try_addresses(struct sk_game_client *game_client, uint64_t now_us)
{
    while (game_client->address != NULL && !try_address(game_client, now_us)) {
        close_socket(game_client);
        game_client->address = game_client->address->ai_next;
    }
    if (game_client->address == NULL) {
        lose(game_client, now_us);
    }
}

static void try_next_address(struct sk_game_client *game_client, uint64_t now_us)
{
    close_socket(game_client);
    game_client->address = game_client->address->ai_next;
    try_addresses(game_client, now_us);
}

static void open_socket(struct sk_game_client *game_client, uint64_t now_us)
{
    char service[8];
    struct sk_client_target target = {.struct_size = sizeof(target)};
    (void)sk_client_target(game_client->client, &target);
    game_client->is_datagram = target.socket == SK_CLIENT_SOCKET_DATAGRAM;
    struct addrinfo hints = {.ai_socktype = game_client->is_datagram ? SOCK_DGRAM : SOCK_STREAM};
    (void)snprintf(service, sizeof(service), "%u", target.port & 0xffff);
    forget_addresses(game_client);
    game_client->patience_us = DATAGRAM_US;
    if (getaddrinfo(target.host, service, &hints, &game_client->addresses) != 0) {
        game_client->addresses = NULL;
    }
    game_client->address = game_client->addresses;
    try_addresses(game_client, now_us);
}

/* ---- addresses by UDP -------------------------------------------------------------------- */

/* A datagram has gone to an address, and none came back. */
static bool is_unanswered(const struct sk_game_client *game_client)
{
    return game_client->is_datagram && game_client->fd >= 0 && !game_client->is_connecting &&
           sk_client_state(game_client->client) == SK_CLIENT_STATE_CONNECTING;
}

/* The address to go on with, after the last one the first; NULL when nobody listens at the others.
 */
static struct addrinfo *find_other_address(const struct sk_game_client *game_client)
{
    struct addrinfo *other = game_client->address;
    do {
        other = other->ai_next != NULL ? other->ai_next : game_client->addresses;
    } while (other->ai_flags == REFUSED && other != game_client->address);
    return other == game_client->address ? NULL : other;
}

/* Sends what no server has answered to another address, or, when none of them can be reached, where
 * it went before.  Returns false when nobody listens at any. */
static bool turn_to_other_address(struct sk_game_client *game_client, uint64_t now_us)
{
    struct addrinfo *other = find_other_address(game_client);
    bool is_open = false;
    while (other != NULL && !is_open) {
        close_socket(game_client);
        game_client->address = other;
        is_open = try_address(game_client, now_us);
        other->ai_flags = is_open ? 0 : REFUSED;
        other = find_other_address(game_client);
    }
    game_client->is_connecting = false;
    game_client->patience_us += DATAGRAM_US;
    if (is_open) {
        (void)send(game_client->fd, game_client->sent, game_client->sent_bytes, MSG_NOSIGNAL);
    }
    return is_open;
}

/* The socket broke.  Returns false when that ends the connection. */
static bool turn_from_refusal(struct sk_game_client *game_client, uint64_t now_us)
{
    if (!is_unanswered(game_client)) {
        return false;
    }
    game_client->address->ai_flags = REFUSED;
    return turn_to_other_address(game_client, now_us);
}

static void turn_from_silence(struct sk_game_client *game_client, uint64_t now_us)
{
    if (is_unanswered(game_client) && find_other_address(game_client) != NULL &&
        now_us - game_client->tried_us >= game_client->patience_us &&
        !turn_to_other_address(game_client, now_us)) {
        lose(game_client, now_us);
    }
}

/* ---- connected --------------------------------------------------------------------------- */

static bool is_ready(int fd, short events, int wait_ms)
{
    struct pollfd watched = {.fd = fd, .events = events};
    return poll(&watched, 1, wait_ms) > 0;
}

static void go_on_connecting(struct sk_game_client *game_client, uint64_t now_us)
{
    int error = 0;
    socklen_t bytes = sizeof(error);
    if (!is_ready(game_client->fd, POLLOUT, 0)) {
        bool is_slow = now_us - game_client->tried_us >= ADDRESS_US;
        if (is_slow && game_client->address->ai_next != NULL) {
            try_next_address(game_client, now_us);
        }
        return;
    }
    if (getsockopt(game_client->fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0 || error != 0) {
        try_next_address(game_client, now_us);
        return;
    }
    game_client->is_connecting = false;
    sk_client_on_open(game_client->client, now_us);
}

/* ---- bytes ------------------------------------------------------------------------------- */

/* What UDP does not take is lost. */
static void send_datagrams(struct sk_game_client *game_client)
{
    size_t size;
    const uint8_t *bytes = sk_client_output(game_client->client, &size);
    while (size > 0) {
        if (is_unanswered(game_client) && size <= sizeof(game_client->sent)) {
            memcpy(game_client->sent, bytes, size);
            game_client->sent_bytes = size;
        }
        (void)send(game_client->fd, bytes, size, MSG_NOSIGNAL);
        sk_client_on_sent(game_client->client, size);
        bytes = sk_client_output(game_client->client, &size);
    }
}

static void send_output(struct sk_game_client *game_client, uint64_t now_us)
{
    size_t size;
    const uint8_t *bytes = sk_client_output(game_client->client, &size);
    if (game_client->fd < 0 || game_client->is_connecting || size == 0) {
        return;
    }
    if (game_client->is_datagram) {
        send_datagrams(game_client);
        return;
    }
    ssize_t sent = send(game_client->fd, bytes, size, MSG_NOSIGNAL);
    if (sent >= 0) {
        sk_client_on_sent(game_client->client, (size_t)sent);
    } else if (errno != EAGAIN && errno != EINTR) {
        lose(game_client, now_us);
    }
}

/* Does what the client wants of its socket, until it wants nothing. */
static void serve(struct sk_game_client *game_client, uint64_t now_us)
{
    uint32_t action = SK_CLIENT_ACTION_OPEN;
    for (uint32_t i = 0; i < SERVES_A_CALL && action != SK_CLIENT_ACTION_NONE; i++) {
        action = sk_client_poll(game_client->client, now_us);
        if (action == SK_CLIENT_ACTION_OPEN) {
            open_socket(game_client, now_us);
        } else if (action == SK_CLIENT_ACTION_CLOSE) {
            send_output(game_client, now_us); /* best effort: it is closed either way */
            close_socket(game_client);
        }
    }
    send_output(game_client, now_us);
}

/* Takes one piece of what has come.  Returns whether there may be more. */
static bool receive(struct sk_game_client *game_client, uint64_t now_us)
{
    if (game_client->fd < 0 || game_client->is_connecting) {
        return false;
    }
    ssize_t size = recv(game_client->fd, game_client->buffer, sizeof(game_client->buffer), 0);
    if (size > 0) {
        sk_client_on_bytes(game_client->client, game_client->buffer, (size_t)size, now_us);
        serve(game_client, now_us);
        return true;
    }
    bool is_end = size == 0 && !game_client->is_datagram;
    bool is_broken = size < 0 && errno != EAGAIN && errno != EINTR;
    if (is_broken && turn_from_refusal(game_client, now_us)) {
        return false;
    }
    if (is_end || is_broken) {
        lose(game_client, now_us);
    }
    return false;
}

uint32_t sk_game_client_update(struct sk_game_client *game_client, uint64_t now_us)
{
    if (game_client->is_connecting) {
        go_on_connecting(game_client, now_us);
    }
    for (uint32_t i = 0; i < RECEIVES_A_CALL && receive(game_client, now_us); i++) {
    }
    turn_from_silence(game_client, now_us);
    serve(game_client, now_us);
    return sk_client_state(game_client->client);
}

void sk_game_client_wait(struct sk_game_client *game_client, uint64_t wait_us)
{
    struct pollfd watched = {.fd = game_client->fd,
                             .events = game_client->is_connecting ? POLLOUT : POLLIN};
    struct timespec wait = {.tv_sec = (time_t)(wait_us / 1000000),
                            .tv_nsec = (long)(wait_us % 1000000) * 1000};
    (void)ppoll(&watched, 1, &wait, NULL); /* fd -1 is not looked at */
}

void sk_game_client_close(struct sk_game_client *game_client, uint64_t now_us)
{
    if (game_client != NULL) {
        sk_client_leave(game_client->client, now_us);
        serve(game_client, now_us);
        close_socket(game_client);
        forget_addresses(game_client);
        game_client_destroy(game_client);
    }
}

/* ---- its client -------------------------------------------------------------------------- */

int sk_game_client_next_event(struct sk_game_client *game_client, struct sk_client_event *event)
{
    return sk_client_next_event(game_client->client, event);
}

uint32_t sk_game_client_sample(struct sk_game_client *game_client,
                               const struct sk_client_input *input, uint64_t now_us)
{
    uint32_t tick = sk_client_sample(game_client->client, input, now_us);
    send_output(game_client, now_us);
    return tick;
}

/* Segments that the kernel has sent again. */
static uint32_t resends_of(int fd)
{
    struct tcp_info info = {0};
    socklen_t bytes = sizeof(info);
    bool is_known = fd >= 0 && getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) == 0;
    return is_known ? info.tcpi_total_retrans : 0;
}

int sk_game_client_stats(struct sk_game_client *game_client, uint64_t now_us,
                         struct sk_client_stats *stats)
{
    int result = sk_client_stats(game_client->client, now_us, stats);
    bool has_resends =
        stats->struct_size >= offsetof(struct sk_client_stats, resends) + sizeof(stats->resends);
    if (result == SK_CLIENT_OK && has_resends && !game_client->is_datagram) {
        stats->resends = resends_of(game_client->fd);
    }
    return result;
}

struct sk_client *sk_game_client_client(struct sk_game_client *game_client)
{
    return game_client->client;
}

uint64_t sk_game_client_now_us(void)
{
    return sk_clock_us();
}
