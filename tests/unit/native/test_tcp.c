/* test_tcp.c - a socket's retransmission timer, where the kernel lets it be set. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "native/tcp.h"

enum { RTO_MIN_US = 45 }; /* TCP_RTO_MIN_US of linux/tcp.h */

static int rto_min_of(int fd)
{
    int value = 0;
    socklen_t bytes = sizeof(value);
    return getsockopt(fd, IPPROTO_TCP, RTO_MIN_US, &value, &bytes) == 0 ? value : -errno;
}

static void test_tcp_rto_min_is_set_where_the_kernel_knows_it(void **state)
{
    (void)state;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    int before = rto_min_of(fd);
    sk_tcp_set_rto_min(fd, 0);
    assert_int_equal(rto_min_of(fd), before);
    sk_tcp_set_rto_min(fd, 20000);
    assert_int_equal(rto_min_of(fd), before < 0 ? before : 20000);
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_rto_min_is_set_where_the_kernel_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
