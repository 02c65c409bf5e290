/* test_bucket.c - a token bucket lets a burst through, then the rate, and never more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bucket.h"

static uint32_t take_all(struct bucket *bucket, uint64_t now_us)
{
    uint32_t count = 0;
    while (bucket_spend(bucket, now_us)) {
        count++;
    }
    return count;
}

static void test_bucket_full_gives_its_burst_and_no_more(void **state)
{
    (void)state;
    struct bucket bucket = bucket_make(100, 10000);
    assert_int_equal(take_all(&bucket, 5000000), 1000);
}

static void test_bucket_empty_comes_back_at_its_rate(void **state)
{
    (void)state;
    struct bucket bucket = bucket_make(100, 10000);
    take_all(&bucket, 5000000);
    assert_int_equal(take_all(&bucket, 5009999), 0);
    assert_int_equal(take_all(&bucket, 6000000), 100);
}

static void test_bucket_idle_is_never_more_than_full(void **state)
{
    (void)state;
    struct bucket bucket = bucket_make(100, 1000);
    take_all(&bucket, 0);
    assert_int_equal(take_all(&bucket, 1000000000), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bucket_full_gives_its_burst_and_no_more),
        cmocka_unit_test(test_bucket_empty_comes_back_at_its_rate),
        cmocka_unit_test(test_bucket_idle_is_never_more_than_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
