/* test_trig.c - the integer tables stay close to the real functions, everywhere. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/trig.h"

static const double TURN = 6.283185307179586;

static void test_trig_sine_and_cosine_of_every_turn_are_close(void **state)
{
    (void)state;
    for (uint32_t turn = 0; turn < 65536; turn++) {
        double angle = turn * TURN / 65536;
        assert_true(fabs(sk_sin((uint16_t)turn) - 32767 * sin(angle)) <= 2);
        assert_true(fabs(sk_cos((uint16_t)turn) - 32767 * cos(angle)) <= 2);
    }
}

static void test_trig_atan2_of_every_turn_gives_it_back(void **state)
{
    (void)state;
    for (uint32_t turn = 0; turn < 65536; turn++) {
        double angle = turn * TURN / 65536;
        int32_t x = (int32_t)(1e9 * cos(angle));
        int32_t y = (int32_t)(1e9 * sin(angle));
        int16_t off = (int16_t)(sk_atan2(y, x) - turn);
        assert_true(abs(off) <= 3);
    }
}

static void test_trig_atan2_of_the_corners_is_exact(void **state)
{
    (void)state;
    assert_int_equal(sk_atan2(0, 0), 0);
    assert_int_equal(sk_atan2(0, 5), 0);
    assert_int_equal(sk_atan2(5, 0), 16384);
    assert_int_equal(sk_atan2(0, -5), 32768);
    assert_int_equal(sk_atan2(-5, 0), 49152);
    assert_int_equal(sk_atan2(7, 7), 8192);
    assert_int_equal(sk_atan2(INT32_MIN, INT32_MIN), 40960);
}

static void test_trig_isqrt_is_rounded_down(void **state)
{
    (void)state;
    for (uint64_t root = 0; root <= UINT32_MAX; root = root * 3 / 2 + 1) {
        assert_int_equal(sk_isqrt(root * root), root);
        if (root > 0) {
            assert_int_equal(sk_isqrt(root * root - 1), root - 1);
        }
    }
    assert_int_equal(sk_isqrt(UINT64_MAX), UINT32_MAX);
}

static void test_trig_distance_takes_any_number(void **state)
{
    (void)state;
    assert_int_equal(sk_distance(3, -4), 5);
    assert_int_equal(sk_distance(INT32_MIN, INT32_MIN), 3037000499u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trig_sine_and_cosine_of_every_turn_are_close),
        cmocka_unit_test(test_trig_atan2_of_every_turn_gives_it_back),
        cmocka_unit_test(test_trig_atan2_of_the_corners_is_exact),
        cmocka_unit_test(test_trig_isqrt_is_rounded_down),
        cmocka_unit_test(test_trig_distance_takes_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
