/* test_secret.c - secrets are equal when every bit is, and wiped to the last byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/secret.h"

static void test_secret_equal_sees_any_bit(void **state)
{
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};
    (void)state;
    assert_true(sk_secret_equal(a, b, sizeof(a)));
    for (size_t bit = 0; bit < sizeof(a) * 8; bit++) {
        b[bit / 8] = (uint8_t)(1U << bit % 8);
        assert_false(sk_secret_equal(a, b, sizeof(a)));
        b[bit / 8] = 0;
    }
}

static void test_secret_equal_looks_no_further_than_its_size(void **state)
{
    static const uint8_t a[] = {1, 2};
    static const uint8_t b[] = {1, 3};
    (void)state;
    assert_true(sk_secret_equal(a, b, 1));
    assert_true(sk_secret_equal(NULL, NULL, 0));
}

static void test_secret_wipe_leaves_nothing_of_it_and_all_beside_it(void **state)
{
    static const uint8_t want[] = {1, 0, 0, 0, 5};
    uint8_t bytes[] = {1, 2, 3, 4, 5};
    (void)state;
    sk_secret_wipe(bytes + 1, 0);
    sk_secret_wipe(NULL, 0);
    assert_int_equal(bytes[1], 2);
    sk_secret_wipe(bytes + 1, 3);
    assert_memory_equal(bytes, want, sizeof(want));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret_equal_sees_any_bit),
        cmocka_unit_test(test_secret_equal_looks_no_further_than_its_size),
        cmocka_unit_test(test_secret_wipe_leaves_nothing_of_it_and_all_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
