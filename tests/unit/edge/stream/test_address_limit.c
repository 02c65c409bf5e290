/* test_address_limit.c - places of an address are taken and given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stream/address_limit.h"

static struct address_limit limit;

static struct address address_of(const char *text)
{
    struct address address;
    assert_int_equal(address_parse(text, &address), SK_OK);
    return address;
}

static void test_address_limit_counts_hosts_not_ports(void **state)
{
    (void)state;
    struct address one = address_of("192.0.2.1:1000");
    struct address same_host = address_of("192.0.2.1:2000");
    struct address other = address_of("192.0.2.2:1000");
    int first = address_limit_acquire(&limit, &one, 2);
    int second = address_limit_acquire(&limit, &same_host, 2);
    assert_int_equal(first, second);
    assert_int_equal(address_limit_acquire(&limit, &one, 2), SK_ERR_FULL);
    int third = address_limit_acquire(&limit, &other, 2);
    assert_true(third >= 0);
    address_limit_release(&limit, first);
    assert_int_equal(address_limit_acquire(&limit, &one, 2), first);
    address_limit_release(&limit, first);
    address_limit_release(&limit, second);
    address_limit_release(&limit, third);
    address_limit_release(&limit, ADDRESS_LIMIT_NONE);
}

static void test_address_limit_customer_of_ipv6_is_a_prefix(void **state)
{
    (void)state;
    struct address one = address_of("[2001:db8:1:2::1]:1");
    struct address same_net = address_of("[2001:db8:1:2:ffff::9]:1");
    struct address other_net = address_of("[2001:db8:1:3::1]:1");
    int first = address_limit_acquire(&limit, &one, 1);
    assert_true(first >= 0);
    assert_int_equal(address_limit_acquire(&limit, &same_net, 1), SK_ERR_FULL);
    assert_true(address_limit_acquire(&limit, &other_net, 1) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_limit_counts_hosts_not_ports),
        cmocka_unit_test(test_address_limit_customer_of_ipv6_is_a_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
