/* test_notify.c - a state arrives as one datagram, by either kind of name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "notify/notify.h"

/* Binds a datagram socket to a path, '@' for abstract; the kernel wants its exact size. */
static int bind_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, size), 0);
    return fd;
}

static void assert_received(int fd, const char *want)
{
    char got[64] = "";
    assert_int_equal(recv(fd, got, sizeof(got) - 1, 0), strlen(want));
    assert_string_equal(got, want);
}

static void test_notify_reaches_a_path_and_an_abstract_name(void **state)
{
    (void)state;
    char path[64], name[64];
    (void)snprintf(path, sizeof(path), "/tmp/test_notify.%ld", (long)getpid());
    (void)snprintf(name, sizeof(name), "@test_notify.%ld", (long)getpid());
    int at_path = bind_to(path), at_name = bind_to(name);
    assert_int_equal(notify_send(path, "READY=1"), SK_OK);
    assert_int_equal(notify_send(name, "STOPPING=1"), SK_OK);
    assert_received(at_path, "READY=1");
    assert_received(at_name, "STOPPING=1");
    assert_int_equal(close(at_path) + close(at_name) + unlink(path), 0);
}

static void test_notify_without_a_socket_is_fine(void **state)
{
    (void)state;
    assert_int_equal(notify_send(NULL, "READY=1"), SK_OK);
}

static void test_notify_impossible_path_is_refused(void **state)
{
    char long_path[200];
    (void)state;
    memset(long_path, 'a', sizeof(long_path) - 1);
    long_path[0] = '/';
    long_path[sizeof(long_path) - 1] = '\0';
    assert_int_equal(notify_send("", "READY=1"), SK_ERR_CONFIG);
    assert_int_equal(notify_send("@", "READY=1"), SK_ERR_CONFIG);
    assert_int_equal(notify_send("relative", "READY=1"), SK_ERR_CONFIG);
    assert_int_equal(notify_send(long_path, "READY=1"), SK_ERR_CONFIG);
    assert_int_equal(notify_send("/nowhere/at/all", "READY=1"), SK_ERR_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notify_reaches_a_path_and_an_abstract_name),
        cmocka_unit_test(test_notify_without_a_socket_is_fine),
        cmocka_unit_test(test_notify_impossible_path_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
