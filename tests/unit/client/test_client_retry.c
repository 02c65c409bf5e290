/* test_client_retry.c - at once, then up to half a second, then doubling up to 8 s; and not for
 * ever to a server that finds fault each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/client_retry.h"

static void test_client_retry_first_is_at_once_then_bounds_double(void **state)
{
    (void)state;
    static const uint64_t bounds_us[] = {0, 500000, 1000000, 2000000, 4000000, 8000000, 8000000};
    uint64_t largest_us[7] = {0};
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct sk_client_retry retry = {.seed = seed};
        for (uint32_t i = 0; i < 7; i++) {
            uint64_t delay_us = sk_client_retry_next_us(&retry);
            assert_true(delay_us <= bounds_us[i]);
            largest_us[i] = delay_us > largest_us[i] ? delay_us : largest_us[i];
        }
    }
    for (uint32_t i = 0; i < 7; i++) {
        assert_true(largest_us[i] >= bounds_us[i] * 9 / 10); /* the whole range is used */
    }
}

static void test_client_retry_after_success_begins_anew(void **state)
{
    (void)state;
    struct sk_client_retry retry = {.seed = 1};
    sk_client_retry_next_us(&retry);
    sk_client_retry_next_us(&retry);
    sk_client_retry_reset(&retry);
    assert_int_equal(sk_client_retry_next_us(&retry), 0);
}

/* Welcomed each time, and closed for the same after `played_us`. */
static uint32_t returns_until_the_end(struct sk_client_retry *retry, enum sk_reason reason,
                                      uint64_t played_us)
{
    static const uint64_t bounds_us[] = {0, 500000, 1000000, 2000000};
    uint32_t count = 0;
    while (count < 100 && sk_client_retry_on_end(retry, reason, played_us)) {
        uint64_t delay_us = sk_client_retry_next_us(retry);
        assert_true(delay_us <= bounds_us[count < 3 ? count : 3]);
        sk_client_retry_reset(retry);
        count++;
    }
    return count;
}

static void test_client_retry_of_what_comes_again_backs_off_and_ends(void **state)
{
    (void)state;
    static const enum sk_reason reasons[] = {SK_REASON_INPUT_FUTURE, SK_REASON_RATE_LIMIT,
                                             SK_REASON_MALFORMED};
    for (uint32_t i = 0; i < 3; i++) {
        struct sk_client_retry retry = {.seed = i};
        assert_int_equal(returns_until_the_end(&retry, reasons[i], 12000000),
                         SK_RETRY_BLAMES_MAX - 1);
    }
    struct sk_client_retry retry = {.seed = 9, .blame_count = 2};
    assert_true(sk_client_retry_on_end(&retry, SK_REASON_RATE_LIMIT, 0));
    assert_int_equal(retry.attempt_count, 2); /* the join API is asked for another address */
}

static void test_client_retry_of_what_comes_seldom_goes_on(void **state)
{
    (void)state;
    struct sk_client_retry retry = {.seed = 1};
    assert_int_equal(returns_until_the_end(&retry, SK_REASON_INPUT_FUTURE, 60000000), 100);
    assert_int_equal(returns_until_the_end(&retry, SK_REASON_PEER_GONE, 1000), 100);
    assert_false(sk_client_retry_on_end(&retry, SK_REASON_KICKED, 60000000));
}

static void test_client_retry_words_are_those_of_the_session(void **state)
{
    (void)state;
    assert_true(sk_client_retry_is_final(SK_REASON_CODE));
    assert_true(sk_client_retry_is_final(SK_REASON_KICKED));
    assert_false(sk_client_retry_is_final(SK_REASON_SERVER_STOPPING));
    assert_false(sk_client_retry_is_final(SK_REASON_PEER_GONE));
    assert_true(sk_client_retry_is_blame(SK_REASON_INPUT_FUTURE));
    assert_true(sk_client_retry_is_blame(SK_REASON_INPUT_RANGE));
    assert_false(sk_client_retry_is_blame(SK_REASON_PEER_GONE));
    assert_true(sk_client_retry_is_passing(SK_REASON_JOIN_RATE));
    assert_true(sk_client_retry_is_passing(SK_REASON_SEAT_GONE)); /* its ticket grew old */
    assert_false(sk_client_retry_is_passing(SK_REASON_ROOM_FULL));
    assert_false(sk_client_retry_is_passing(SK_REASON_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_retry_first_is_at_once_then_bounds_double),
        cmocka_unit_test(test_client_retry_after_success_begins_anew),
        cmocka_unit_test(test_client_retry_of_what_comes_again_backs_off_and_ends),
        cmocka_unit_test(test_client_retry_of_what_comes_seldom_goes_on),
        cmocka_unit_test(test_client_retry_words_are_those_of_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
