/* test_address_rate.c - a burst, then as many as come back, each address for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream/address_rate.h"

enum { TOKEN_US = 125000, BURST = 4, NOW_US = 5000000 };

static struct address_rate rate;

static bool take(uint32_t index, uint64_t now_us)
{
    return address_rate_take(&rate, index, TOKEN_US, BURST, now_us);
}

static void test_address_rate_gives_a_burst_then_what_comes_back(void **state)
{
    (void)state;
    for (int i = 0; i < BURST; i++) {
        assert_true(take(3, NOW_US));
    }
    assert_false(take(3, NOW_US));
    assert_false(take(3, NOW_US + TOKEN_US - 1));
    assert_true(take(3, NOW_US + TOKEN_US));
    assert_false(take(3, NOW_US + TOKEN_US)); /* a refusal costs nothing and gives nothing */
    assert_true(take(4, NOW_US));
}

static void test_address_rate_is_full_again_after_its_time(void **state)
{
    (void)state;
    uint64_t later_us = NOW_US + 100ull * TOKEN_US;
    for (int i = 0; i < BURST; i++) {
        assert_true(take(3, later_us));
    }
    assert_false(take(3, later_us));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_rate_gives_a_burst_then_what_comes_back),
        cmocka_unit_test(test_address_rate_is_full_again_after_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
