/* test_bot_assertion.c - what a figure must be, in the words of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bot_assertion.h"

static struct bot_figures some_figures(void)
{
    return (struct bot_figures){
        .rows = {{"ack_p99", BOT_TIME, 60000}, {"failed", BOT_COUNT, 2}, {"late", BOT_RATIO, 0.5}},
        .count = 3};
}

static bool holds(const char *text)
{
    struct bot_assertion assertion;
    struct bot_figures figures = some_figures();
    print_message("  %s\n", text);
    assert_int_equal(bot_assertion_parse(&assertion, text), SK_OK);
    assert_true(bot_assertion_is_known(&assertion, &figures));
    return bot_assertion_holds(&assertion, &figures);
}

static void test_bot_assertion_relations_and_units_are_read(void **state)
{
    (void)state;
    assert_true(holds("ack_p99<60.1ms"));
    assert_false(holds("ack_p99<60ms"));
    assert_true(holds("ack_p99<=60ms"));
    assert_false(holds("ack_p99>0.06s"));
    assert_true(holds("ack_p99>=60000us"));
    assert_true(holds("failed=2"));
    assert_false(holds("failed=0"));
    assert_true(holds("late>0.4"));
}

static void test_bot_assertion_with_one_fault_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "ack_p99",       "ack_p99<",      "<60ms", "ack_p99<60m",  "ack_p99<-60ms", "ack_p99<inf",
        "ack_p99< 60ms", "ack_p99<60ms ", "",      "ack_p99!60ms",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bot_assertion assertion;
        print_message("  %s\n", rows[i]);
        assert_int_equal(bot_assertion_parse(&assertion, rows[i]), SK_ERR_CONFIG);
    }
}

static void test_bot_assertion_of_no_figure_or_another_unit_is_unknown(void **state)
{
    (void)state;
    static const char *const rows[] = {"ack<60ms", "ack_p999<60ms", "ack_p99<60", "failed<1ms"};
    struct bot_figures figures = some_figures();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bot_assertion assertion;
        print_message("  %s\n", rows[i]);
        assert_int_equal(bot_assertion_parse(&assertion, rows[i]), SK_OK);
        assert_false(bot_assertion_is_known(&assertion, &figures));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bot_assertion_relations_and_units_are_read),
        cmocka_unit_test(test_bot_assertion_with_one_fault_is_refused),
        cmocka_unit_test(test_bot_assertion_of_no_figure_or_another_unit_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
