/* test_reason.c - every reason has a word of its own and numbers that the wire may carry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/reason.h"

static void test_reason_words_differ(void **state)
{
    (void)state;
    for (int a = 0; a < SK_REASON_COUNT; a++) {
        for (int b = 0; b < a; b++) {
            assert_string_not_equal(sk_reason_word((enum sk_reason)a),
                                    sk_reason_word((enum sk_reason)b));
        }
    }
}

static void test_reason_word_fits_a_close_frame(void **state)
{
    (void)state;
    for (int i = 0; i < SK_REASON_COUNT; i++) {
        assert_in_range(strlen(sk_reason_word((enum sk_reason)i)), 1, 123);
        assert_in_range(sk_reason_ws_code((enum sk_reason)i), 1000, 4999);
        assert_in_range(sk_reason_http_status((enum sk_reason)i), 200, 599);
    }
}

static void test_reason_unknown_number_is_unknown(void **state)
{
    (void)state;
    assert_string_equal(sk_reason_word((enum sk_reason)SK_REASON_COUNT), "unknown");
    assert_int_equal(sk_reason_ws_code((enum sk_reason)SK_REASON_COUNT), 1011);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reason_words_differ),
        cmocka_unit_test(test_reason_word_fits_a_close_frame),
        cmocka_unit_test(test_reason_unknown_number_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
