/* test_enet_port.c - the queue, the made-up addresses, and sockets that are not ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enet/enet_port.h"

static void on_send(void *context, uint32_t peer, const uint8_t *bytes, size_t size)
{
    uint32_t *seen = context;
    assert_int_equal(size, 5);
    assert_memory_equal(bytes, "hello", 5);
    *seen = peer;
}

static void test_enet_port_addresses_lie_in_the_upper_half_of_127(void **state)
{
    static const uint32_t peers[] = {0, 1, 0x7fffff, 0x800000, 0xffffffff};
    (void)state;
    for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
        ENetAddress address = sk_enet_port_address(peers[i]);
        assert_int_equal(ENET_NET_TO_HOST_32(address.host) >> 23, 0x7f800000 >> 23);
        assert_int_not_equal(address.port, 0);
        assert_int_equal(sk_enet_port_peer(&address), peers[i]);
    }
}

static void test_enet_port_gives_what_was_pushed_in_order(void **state)
{
    struct sk_enet_port_config config = {.queue_count = 2};
    struct sk_enet_port *port = sk_enet_port_create(&config);
    uint8_t taken[4096];
    ENetBuffer buffer = {.data = taken, .dataLength = sizeof(taken)};
    ENetAddress from;
    (void)state;
    struct sk_enet_port *before = sk_enet_port_enter(port);
    ENetSocket socket = enet_socket_create(ENET_SOCKET_TYPE_DATAGRAM);
    assert_true(sk_enet_port_adopt(port, socket));
    for (uint32_t round = 0; round < 3; round++) {
        assert_int_equal(sk_enet_port_push(port, 7, (const uint8_t *)"one", 3), SK_OK);
        assert_int_equal(sk_enet_port_push(port, 8, (const uint8_t *)"four", 4), SK_OK);
        assert_int_equal(sk_enet_port_push(port, 9, (const uint8_t *)"more", 4), SK_ERR_FULL);
        assert_int_equal(enet_socket_receive(socket, &from, &buffer, 1), 3);
        assert_int_equal(sk_enet_port_peer(&from), 7);
        assert_int_equal(enet_socket_receive(socket, &from, &buffer, 1), 4);
        assert_memory_equal(taken, "four", 4);
        assert_int_equal(enet_socket_receive(socket, &from, &buffer, 1), 0);
    }
    (void)sk_enet_port_enter(before);
    sk_enet_port_destroy(port);
}

static void test_enet_port_discards_what_waits_of_a_peer(void **state)
{
    struct sk_enet_port_config config = {.queue_count = 4};
    struct sk_enet_port *port = sk_enet_port_create(&config);
    uint8_t taken[4096];
    ENetBuffer buffer = {.data = taken, .dataLength = sizeof(taken)};
    ENetAddress from;
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(sk_enet_port_push(port, i & 1, (const uint8_t *)"word", 4), SK_OK);
    }
    sk_enet_port_discard(port, 0);
    struct sk_enet_port *before = sk_enet_port_enter(port);
    ENetSocket socket = enet_socket_create(ENET_SOCKET_TYPE_DATAGRAM);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(enet_socket_receive(socket, &from, &buffer, 1), 4);
        assert_int_equal(sk_enet_port_peer(&from), 1);
    }
    assert_int_equal(enet_socket_receive(socket, &from, &buffer, 1), 0);
    (void)sk_enet_port_enter(before);
    sk_enet_port_destroy(port);
}

static void test_enet_port_refuses_what_is_too_big(void **state)
{
    static const uint8_t bytes[SK_ENET_DATAGRAM_BYTES_MAX + 1];
    struct sk_enet_port_config config = {0};
    struct sk_enet_port *port = sk_enet_port_create(&config);
    (void)state;
    assert_int_equal(sk_enet_port_push(port, 1, bytes, sizeof(bytes)), SK_ERR_TOO_BIG);
    assert_int_equal(sk_enet_port_push(port, 1, bytes, sizeof(bytes) - 1), SK_OK);
    assert_int_equal(sk_enet_port_waiting(port), 1);
    sk_enet_port_destroy(port);
}

static void test_enet_port_sends_parts_as_one(void **state)
{
    uint32_t seen = 0;
    struct sk_enet_port_config config = {.on_send = on_send, .context = &seen};
    struct sk_enet_port *port = sk_enet_port_create(&config);
    ENetAddress to = sk_enet_port_address(42);
    char words[2][4] = {"hel", "lo"};
    const ENetBuffer parts[] = {{.data = words[0], .dataLength = 3},
                                {.data = words[1], .dataLength = 2}};
    (void)state;
    struct sk_enet_port *before = sk_enet_port_enter(port);
    assert_int_equal(enet_socket_send(enet_socket_create(ENET_SOCKET_TYPE_DATAGRAM), &to, parts, 2),
                     5);
    (void)sk_enet_port_enter(before);
    assert_int_equal(seen, 42);
    sk_enet_port_destroy(port);
}

static void test_enet_port_time_is_the_ports_while_it_is_entered(void **state)
{
    struct sk_enet_port_config config = {0};
    struct sk_enet_port *port = sk_enet_port_create(&config);
    (void)state;
    sk_enet_port_set_time(port, 123456);
    struct sk_enet_port *before = sk_enet_port_enter(port);
    assert_int_equal(enet_time_get(), 123456);
    assert_ptr_equal(sk_enet_port_enter(before), port);
    enet_time_set(1000);
    assert_true(enet_time_get() - 1000 < 60000); /* the library's own clock */
    sk_enet_port_destroy(port);
}

/* Another library of the program may play over ENet. */
static void test_enet_port_other_sockets_reach_the_network(void **state)
{
    ENetAddress address = {.host = ENET_HOST_TO_NET_32(0x7f000001), .port = 0};
    uint8_t taken[16];
    char word[] = "hello";
    ENetBuffer out = {.data = word, .dataLength = 5};
    ENetBuffer in = {.data = taken, .dataLength = sizeof(taken)};
    enet_uint32 condition = ENET_SOCKET_WAIT_RECEIVE;
    (void)state;
    ENetSocket socket = enet_socket_create(ENET_SOCKET_TYPE_DATAGRAM);
    assert_true(socket >= 0);
    assert_false(sk_enet_port_adopt(NULL, socket));
    assert_int_equal(enet_socket_set_option(socket, ENET_SOCKOPT_NONBLOCK, 1), 0);
    assert_int_equal(enet_socket_bind(socket, &address), 0);
    assert_int_equal(enet_socket_get_address(socket, &address), 0);
    assert_int_equal(enet_socket_send(socket, &address, &out, 1), 5);
    assert_int_equal(enet_socket_wait(socket, &condition, 1000), 0);
    assert_int_equal(enet_socket_receive(socket, &address, &in, 1), 5);
    enet_socket_destroy(socket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enet_port_addresses_lie_in_the_upper_half_of_127),
        cmocka_unit_test(test_enet_port_gives_what_was_pushed_in_order),
        cmocka_unit_test(test_enet_port_discards_what_waits_of_a_peer),
        cmocka_unit_test(test_enet_port_refuses_what_is_too_big),
        cmocka_unit_test(test_enet_port_sends_parts_as_one),
        cmocka_unit_test(test_enet_port_time_is_the_ports_while_it_is_entered),
        cmocka_unit_test(test_enet_port_other_sockets_reach_the_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
