/* test_enet_hidden.c - linked so that libenet does not see our functions: that is found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enet/enet_host.h"

static void test_enet_hidden_symbols_fail_the_self_test(void **state)
{
    (void)state;
    assert_int_equal(sk_enet_self_test(), SK_ERR_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enet_hidden_symbols_fail_the_self_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
