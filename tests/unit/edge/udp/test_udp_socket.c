/* test_udp_socket.c - one port, a socket a worker, and no second server on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "udp/udp_socket.h"

enum { WORKERS = 5 };

static void close_all(const int *fds, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        close(fds[i]);
    }
}

/* Sends one byte (none when it is negative) to a port of this machine. */
static void send_byte(const char *to, uint16_t port, int byte)
{
    struct sockaddr_storage storage;
    struct address address;
    uint8_t data = (uint8_t)byte;
    assert_int_equal(address_parse(to, &address), SK_OK);
    address.port = port;
    socklen_t bytes = address_to_socket(&address, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM, 0);
    assert_int_equal(
        sendto(fd, &data, byte >= 0 ? 1 : 0, 0, (const struct sockaddr *)&storage, bytes),
        byte >= 0 ? 1 : 0);
    close(fd);
}

static int read_byte(int fd)
{
    uint8_t data = 0;
    return recv(fd, &data, 1, MSG_DONTWAIT) == 1 ? data : -1;
}

/* Whether each datagram from `to` comes to the socket that its first byte names. */
static void check_steering(const char *listen, const char *to)
{
    int fds[WORKERS];
    const char *why = NULL;
    struct address address;
    assert_int_equal(address_parse(listen, &address), SK_OK);
    assert_int_equal(udp_socket_open(&address, fds, WORKERS, &why), SK_OK);
    assert_int_not_equal(address.port, 0);
    for (int i = 0; i < WORKERS; i++) {
        send_byte(to, address.port, i);
        for (int j = 0; j < WORKERS; j++) {
            assert_int_equal(read_byte(fds[j]), j == i ? i : -1);
        }
    }
    close_all(fds, WORKERS);
}

static void test_udp_socket_first_byte_names_the_socket(void **state)
{
    (void)state;
    check_steering("127.0.0.1:0", "127.0.0.1:0");
}

static void test_udp_socket_of_all_addresses_takes_both_families(void **state)
{
    (void)state;
    check_steering("[::]:0", "127.0.0.1:0");
    check_steering("[::]:0", "[::1]:0");
}

static void test_udp_socket_unknown_byte_comes_to_any(void **state)
{
    int fds[WORKERS];
    int found = 0;
    const char *why = NULL;
    struct address address;
    (void)state;
    assert_int_equal(address_parse("127.0.0.1:0", &address), SK_OK);
    assert_int_equal(udp_socket_open(&address, fds, WORKERS, &why), SK_OK);
    send_byte("127.0.0.1:0", address.port, 200);
    for (int i = 0; i < WORKERS; i++) {
        found += read_byte(fds[i]) == 200;
    }
    assert_int_equal(found, 1);
    close_all(fds, WORKERS);
}

static void test_udp_socket_second_server_is_refused(void **state)
{
    int fds[WORKERS];
    int others[WORKERS];
    const char *why = NULL;
    struct address address;
    (void)state;
    assert_int_equal(address_parse("127.0.0.1:0", &address), SK_OK);
    assert_int_equal(udp_socket_open(&address, fds, WORKERS, &why), SK_OK);
    assert_int_equal(udp_socket_open(&address, others, WORKERS, &why), SK_ERR_SYSTEM);
    assert_string_equal(why, "the UDP port is taken by another program");
    close_all(fds, WORKERS);
    assert_int_equal(udp_socket_open(&address, others, 1, &why), SK_OK);
    close_all(others, 1);
}

static void test_udp_socket_foreign_address_is_refused(void **state)
{
    int fd = -1;
    const char *why = NULL;
    struct address address;
    (void)state;
    assert_int_equal(address_parse("203.0.113.1:0", &address), SK_OK);
    assert_int_equal(udp_socket_open(&address, &fd, 1, &why), SK_ERR_SYSTEM);
    assert_string_equal(why, "this machine does not have that address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_socket_first_byte_names_the_socket),
        cmocka_unit_test(test_udp_socket_of_all_addresses_takes_both_families),
        cmocka_unit_test(test_udp_socket_unknown_byte_comes_to_any),
        cmocka_unit_test(test_udp_socket_second_server_is_refused),
        cmocka_unit_test(test_udp_socket_foreign_address_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
