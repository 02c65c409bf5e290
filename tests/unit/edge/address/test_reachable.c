/* test_reachable.c - which of a machine's addresses is told to others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "address/reachable.h"

enum { UP = 1, TUNNEL = 2 };

static struct reachable_candidate candidate(const char *text, int flags)
{
    struct reachable_candidate made = {.is_up = (flags & UP) != 0,
                                       .is_tunnel = (flags & TUNNEL) != 0};
    assert_int_equal(address_parse(text, &made.address), SK_OK);
    return made;
}

static void test_reachable_network_comes_before_tunnel_and_v4_before_v6(void **state)
{
    (void)state;
    const struct reachable_candidate list[] = {
        candidate("127.0.0.1:0", UP),  candidate("10.8.0.2:0", UP | TUNNEL),
        candidate("[fd00::2]:0", UP),  candidate("192.168.1.5:0", UP),
        candidate("172.17.0.1:0", UP),
    };
    assert_int_equal(reachable_best(list, 5), 3);
    assert_int_equal(reachable_best(list, 3), 2);
    assert_int_equal(reachable_best(list, 2), 1);
}

static void test_reachable_what_nobody_reaches_is_passed_over(void **state)
{
    (void)state;
    const struct reachable_candidate list[] = {
        candidate("127.0.0.1:0", UP),  candidate("[::1]:0", UP),   candidate("169.254.3.4:0", UP),
        candidate("[fe80::1]:0", UP),  candidate("0.0.0.0:0", UP), candidate("[::]:0", UP),
        candidate("192.168.1.5:0", 0),
    };
    assert_int_equal(reachable_best(list, 7), 7);
    assert_int_equal(reachable_best(list, 0), 0);
}

static void test_reachable_address_that_is_one_stays(void **state)
{
    struct address bound;
    struct address found;
    (void)state;
    assert_int_equal(address_parse("127.0.0.1:7777", &bound), SK_OK);
    reachable_find(&bound, &found);
    assert_memory_equal(&found, &bound, sizeof(found));
}

static void test_reachable_any_keeps_its_port(void **state)
{
    struct address bound;
    struct address found;
    (void)state;
    assert_int_equal(address_parse("0.0.0.0:7777", &bound), SK_OK);
    reachable_find(&bound, &found);
    assert_int_equal(found.port, 7777);
    assert_true(address_is_v4(&found));
    assert_false(address_is_loopback(&found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reachable_network_comes_before_tunnel_and_v4_before_v6),
        cmocka_unit_test(test_reachable_what_nobody_reaches_is_passed_over),
        cmocka_unit_test(test_reachable_address_that_is_one_stays),
        cmocka_unit_test(test_reachable_any_keeps_its_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
