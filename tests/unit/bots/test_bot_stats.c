/* test_bot_stats.c - threads' stats add up, and figures are made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bot_stats.h"

static double figure(const struct bot_figures *figures, const char *name)
{
    const struct bot_figure *found = bot_figures_find(figures, name, strlen(name));
    assert_non_null(found);
    return found->value;
}

static void test_bot_stats_of_two_threads_adds_up(void **state)
{
    (void)state;
    static struct bot_stats sum;
    static struct bot_stats one;
    struct bot_figures figures;
    one.snapshots = 100;
    one.inputs = 300;
    one.connected = 5;
    one.failed = 1;
    one.cpu_us = 1000000;
    for (uint32_t i = 1; i <= 100; i++) {
        sk_histogram_add(&one.ack_us, i * 1000);
        sk_histogram_add(&one.age_us, i * 500);
    }
    bot_stats_merge(&sum, &one);
    bot_stats_merge(&sum, &one);
    bot_figures_make(&figures, &sum, 5, 2);
    assert_true(figure(&figures, "connected") == 10.0);
    assert_true(figure(&figures, "failed") == 2.0);
    assert_true(figure(&figures, "snapshots_per_s") == 40.0);
    assert_true(figure(&figures, "inputs_per_s") == 120.0);
    assert_true(figure(&figures, "ack_max") == 100000.0);
    assert_true(figure(&figures, "ack_p50") >= 50000 && figure(&figures, "ack_p50") < 51000);
    assert_true(figure(&figures, "age_max") == 50000.0);
    assert_true(figure(&figures, "generator_cpu") == 0.2);
}

static void test_bot_stats_of_nothing_gives_zeros(void **state)
{
    (void)state;
    static struct bot_stats nothing;
    struct bot_figures figures;
    bot_figures_make(&figures, &nothing, 0, 1);
    for (size_t i = 0; i < figures.count; i++) {
        assert_true(figures.rows[i].value == 0.0);
    }
    assert_null(bot_figures_find(&figures, "ack", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bot_stats_of_two_threads_adds_up),
        cmocka_unit_test(test_bot_stats_of_nothing_gives_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
