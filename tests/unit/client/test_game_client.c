/* test_game_client.c - the client that owns its sockets, and names of several addresses.
 *
 * Sockets of the loopback, which carries at once; the clock is the test's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "skirmish.h"
#include "support/dots.h"
#include "support/fake_enet.h"

enum { STEP_US = 5000, ADDRESSES = 2 };

/* Whatever name is looked up: where TCP and UDP lead to. */
static struct sockaddr_in tcp_addresses[ADDRESSES];
static struct sockaddr_in udp_addresses[ADDRESSES];
static struct addrinfo found[ADDRESSES];

/* The linker sends look-ups here (CMakeLists.txt). */
int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **result);
void __wrap_freeaddrinfo(struct addrinfo *result);

int __wrap_getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                       struct addrinfo **result)
{
    bool is_udp = hints->ai_socktype == SOCK_DGRAM;
    assert_string_equal(name, "127.0.0.1");
    assert_string_equal(service, "7777");
    for (uint32_t i = 0; i < ADDRESSES; i++) {
        found[i] = (struct addrinfo){
            .ai_family = AF_INET,
            .ai_socktype = hints->ai_socktype,
            .ai_addr = (struct sockaddr *)(is_udp ? &udp_addresses[i] : &tcp_addresses[i]),
            .ai_addrlen = sizeof(struct sockaddr_in),
            .ai_next = i + 1 < ADDRESSES ? &found[i + 1] : NULL};
    }
    *result = found;
    return 0;
}

void __wrap_freeaddrinfo(struct addrinfo *result)
{
    assert_ptr_equal(result, found);
}

struct rig {
    struct sk_game_client *game_client;
    struct fake_server server;
    struct fake_enet enet;
    uint64_t now_us;
    int tcp_closed; /* nobody listens there */
    int udp_closed;
    int udp_silent; /* nobody reads there */
    int tcp;
    int udp;
    int connection; /* -1: none */
    struct sockaddr_in from;
};

/* ---- sockets ----------------------------------------------------------------------------- */

static int bind_socket(int type, struct sockaddr_in *address)
{
    socklen_t bytes = sizeof(*address);
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)address, sizeof(*address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)address, &bytes), 0);
    return fd;
}

/* A port of UDP that takes from itself alone refuses all others. */
static int close_port(struct sockaddr_in *address)
{
    int fd = bind_socket(SOCK_DGRAM, address);
    assert_int_equal(connect(fd, (struct sockaddr *)address, sizeof(*address)), 0);
    return fd;
}

static int setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    struct sockaddr_in ignored;
    fake_server_open(&rig->server);
    fake_enet_open(&rig->enet, &rig->server);
    rig->now_us = 1000000;
    rig->connection = -1;
    rig->tcp_closed = bind_socket(SOCK_STREAM, &tcp_addresses[0]);
    rig->tcp = bind_socket(SOCK_STREAM, &tcp_addresses[1]);
    rig->udp_closed = close_port(&udp_addresses[0]);
    rig->udp = bind_socket(SOCK_DGRAM, &udp_addresses[1]);
    rig->udp_silent = bind_socket(SOCK_DGRAM, &ignored);
    *state = rig;
    return listen(rig->tcp, 4);
}

static int teardown(void **state)
{
    struct rig *rig = *state;
    const int fds[] = {rig->tcp_closed, rig->udp_closed, rig->udp_silent,
                       rig->tcp,        rig->udp,        rig->connection};
    sk_game_client_close(rig->game_client, rig->now_us);
    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
        (void)close(fds[i]);
    }
    fake_enet_close(&rig->enet);
    fake_server_close(&rig->server);
    free(rig);
    return 0;
}

static void open_client(struct rig *rig, uint32_t transport)
{
    static const struct sk_game *games[1];
    const char *why = "";
    games[0] = dots_game();
    struct sk_client_config config = {.struct_size = sizeof(config),
                                      .url = "http://127.0.0.1:7777",
                                      .name = "Ada",
                                      .games = games,
                                      .game_count = 1,
                                      .transport = transport};
    rig->game_client = sk_game_client_open(&config, &why);
    assert_non_null(rig->game_client);
}

/* ---- the server's side ------------------------------------------------------------------- */

static void accept_connection(struct rig *rig)
{
    int fd = accept4(rig->tcp, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        (void)close(rig->connection);
        rig->connection = fd;
        fake_server_connect(&rig->server);
        fake_enet_offer(&rig->enet, "127.0.0.1:7777");
    }
}

static void serve_stream(struct rig *rig)
{
    uint8_t bytes[FAKE_SERVER_BYTES];
    accept_connection(rig);
    ssize_t size = recv(rig->connection, bytes, sizeof(bytes), 0);
    if (size > 0) {
        fake_server_take(&rig->server, bytes, (size_t)size);
    }
    if (rig->server.out_bytes > 0) {
        (void)send(rig->connection, rig->server.out, rig->server.out_bytes, MSG_NOSIGNAL);
        rig->server.out_bytes = 0;
    }
}

static void serve_datagrams(struct rig *rig)
{
    uint8_t bytes[SK_SEALED_BYTES_MAX];
    socklen_t from_bytes = sizeof(rig->from);
    ssize_t size =
        recvfrom(rig->udp, bytes, sizeof(bytes), 0, (struct sockaddr *)&rig->from, &from_bytes);
    if (size > 0) {
        fake_enet_take(&rig->enet, bytes, (size_t)size, rig->now_us);
    }
    for (uint32_t i = 0; i < rig->enet.out_count; i++) {
        (void)sendto(rig->udp, rig->enet.out[i], rig->enet.out_bytes[i], 0,
                     (struct sockaddr *)&rig->from, sizeof(rig->from));
    }
    rig->enet.out_count = 0;
}

/* Returns how long it took until the client plays. */
static uint64_t play(struct rig *rig)
{
    uint64_t begin_us = rig->now_us;
    uint32_t state = SK_CLIENT_STATE_JOINING;
    while (state != SK_CLIENT_STATE_PLAYING && rig->now_us < begin_us + 8000000) {
        rig->now_us += STEP_US;
        state = sk_game_client_update(rig->game_client, rig->now_us);
        serve_stream(rig);
        serve_datagrams(rig);
    }
    assert_int_equal(state, SK_CLIENT_STATE_PLAYING);
    return rig->now_us - begin_us;
}

/* ---- tests ------------------------------------------------------------------------------- */

static void test_game_client_goes_on_after_a_closed_port(void **state)
{
    struct rig *rig = *state;
    open_client(rig, SK_CLIENT_TRANSPORT_WS);
    assert_true(play(rig) < 100000);
    assert_int_equal(rig->server.joins, 1);
    assert_int_equal(rig->enet.taken, 0);
}

static void test_game_client_goes_on_after_a_closed_udp_port(void **state)
{
    struct rig *rig = *state;
    open_client(rig, SK_CLIENT_TRANSPORT_ENET);
    assert_true(play(rig) < 100000);
    assert_int_equal(rig->server.joins, 1);
    assert_non_null(rig->enet.peer);
}

static void test_game_client_goes_on_after_a_silent_udp_address(void **state)
{
    struct rig *rig = *state;
    socklen_t bytes = sizeof(udp_addresses[0]);
    (void)getsockname(rig->udp_silent, (struct sockaddr *)&udp_addresses[0], &bytes);
    open_client(rig, SK_CLIENT_TRANSPORT_AUTO);
    assert_true(play(rig) < 600000);
    assert_int_equal(rig->server.joins, 1);
    assert_non_null(rig->enet.peer);
}

static void test_game_client_refused_by_udp_everywhere_falls_back_at_once(void **state)
{
    struct rig *rig = *state;
    udp_addresses[1] = udp_addresses[0];
    open_client(rig, SK_CLIENT_TRANSPORT_AUTO);
    assert_true(play(rig) < 100000);
    assert_int_equal(rig->server.joins, 1);
    assert_null(rig->enet.peer);
}

#define WITH_RIG(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(test_game_client_goes_on_after_a_closed_port),
        WITH_RIG(test_game_client_goes_on_after_a_closed_udp_port),
        WITH_RIG(test_game_client_goes_on_after_a_silent_udp_address),
        WITH_RIG(test_game_client_refused_by_udp_everywhere_falls_back_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
