/* test_bot_failures.c - why bots failed, counted and told to people and programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bot_report.h"

static void test_bot_failures_alike_are_one_row(void **state)
{
    (void)state;
    struct bot_failures failures = {0};
    bot_failures_add(&failures, SK_REASON_ROOM_FULL, "full", 1);
    bot_failures_add(&failures, SK_REASON_PEER_GONE, "Connection refused", 1);
    bot_failures_add(&failures, SK_REASON_PEER_GONE, "No route to host", 1);
    struct bot_failures other = {0};
    bot_failures_add(&other, SK_REASON_PEER_GONE, "No route to host", 3);
    bot_failures_merge(&failures, &other);
    assert_int_equal(failures.count, 3);
    assert_int_equal(failures.rows[0].count, 1);
    assert_int_equal(failures.rows[2].count, 4);
    assert_string_equal(failures.rows[2].sentence, "No route to host");
}

static void test_bot_failures_full_table_counts_on(void **state)
{
    (void)state;
    struct bot_failures failures = {0};
    uint32_t sum = 0;
    for (int reason = SK_REASON_LEFT; reason < SK_REASON_COUNT; reason++) {
        bot_failures_add(&failures, (enum sk_reason)reason, "", 1);
    }
    assert_int_equal(failures.count, BOT_FAILURES_MAX);
    for (uint32_t i = 0; i < failures.count; i++) {
        sum += failures.rows[i].count;
    }
    assert_int_equal(sum, SK_REASON_COUNT - SK_REASON_LEFT);
}

static void test_bot_failures_are_lines_for_people_and_json_for_programs(void **state)
{
    (void)state;
    char text[4096] = "";
    struct bot_stats *stats = calloc(1, sizeof(*stats));
    struct bot_figures figures;
    assert_non_null(stats);
    bot_figures_make(&figures, stats, 1, 1);
    bot_failures_add(&stats->failures, SK_REASON_PEER_GONE, "say \"no\\\"", 2);
    FILE *out = fmemopen(text, sizeof(text), "w");
    bot_report_failures(out, &stats->failures, 5);
    bot_report_json(out, &figures, stats);
    assert_int_equal(fclose(out), 0);
    const char *line = "skirmish-bots: 2 of 5 bots failed: peer_gone: say \"no\\\"\n{";
    assert_memory_equal(text, line, strlen(line));
    assert_non_null(strstr(text, ",\"failures\":[{\"reason\":\"peer_gone\","
                                 "\"message\":\"say \\\"no\\\\\\\"\",\"count\":2}]}\n"));
    free(stats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bot_failures_alike_are_one_row),
        cmocka_unit_test(test_bot_failures_full_table_counts_on),
        cmocka_unit_test(test_bot_failures_are_lines_for_people_and_json_for_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
