/* test_bot_options.c - the command line of skirmish-bots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bot_cheat.h"
#include "bot_options.h"
#include "client.h"

enum { WORDS_MAX = 40 };

static int parse(struct bot_options *options, char **words)
{
    int count = 0;
    while (words[count] != NULL) {
        count++;
    }
    return bot_options_parse(options, count, words);
}

static void test_bot_options_are_read(void **state)
{
    (void)state;
    struct bot_options options;
    char *words[] = {"bots",     "--url",   "http://a", "--bots",    "100", "--seconds", "0",
                     "--ramp",   "2",       "--json",   "--threads", "3",   "--expect",  "failed=0",
                     "--expect", "drops=0", "--churn",  "7",         NULL};
    assert_int_equal(parse(&options, words), SK_OK);
    assert_string_equal(options.url, "http://a");
    assert_int_equal(options.bots, 100);
    assert_int_equal(options.seconds, 0);
    assert_int_equal(options.ramp_ms, 2000);
    assert_int_equal(options.threads, 3);
    assert_int_equal(options.churn_s, 7);
    assert_true(options.json);
    assert_false(options.insecure);
    assert_int_equal(options.assertions.count, 2);
    assert_string_equal(options.assertions.items[1], "drops=0");
}

static void test_bot_options_seconds_are_kept_as_milliseconds(void **state)
{
    (void)state;
    struct bot_options options;
    char *words[] = {"bots",           "--url",       "a",        "--cut-at=3",
                     "--join-seconds", "0",           "--visit",  "--think",
                     "--insecure",     "--rate=30",   "--ramp=0", "--cheat",
                     "past",           "--transport", "auto",     NULL};
    assert_int_equal(parse(&options, words), SK_OK);
    assert_int_equal(options.cut_at_ms, 3000);
    assert_int_equal(options.join_ms, 0);
    assert_int_equal(options.ramp_ms, 0);
    assert_int_equal(options.rate_hz, 30);
    assert_true(options.visit);
    assert_true(options.think);
    assert_true(options.insecure);
    assert_int_equal(options.cheat, BOT_CHEAT_PAST);
    assert_int_equal(options.transport, CLIENT_TRANSPORT_AUTO);
}

static void test_bot_options_have_defaults(void **state)
{
    (void)state;
    struct bot_options options;
    char *words[] = {"bots", "--url", "http://a", "--bots", "3", "--threads", "8", NULL};
    assert_int_equal(parse(&options, words), SK_OK);
    assert_int_equal(options.seconds, 10);
    assert_int_equal(options.room_size, 16);
    assert_int_equal(options.rate_hz, 60);
    assert_int_equal(options.ramp_ms, 12);
    assert_int_equal(options.threads, 3); /* not more than bots */
    assert_null(options.game);
    assert_int_equal(options.join_ms, 30000);
    assert_false(options.think);
    assert_int_equal(options.cheat, BOT_CHEAT_NONE);
    assert_int_equal(options.transport, CLIENT_TRANSPORT_WS);
    assert_string_equal(options.assets, "assets");
}

static void test_bot_options_with_one_fault_are_refused(void **state)
{
    (void)state;
    char *rows[][WORDS_MAX] = {
        {"bots", NULL},
        {"bots", "--url", NULL},
        {"bots", "--url", "a", "--bots", "0", NULL},
        {"bots", "--url", "a", "--bots", "1e3", NULL},
        {"bots", "--url", "a", "--rate", "241", NULL},
        {"bots", "--url", "a", "--swarm", "1", NULL},
        {"bots", "--url", "a", "b", NULL},
        {"bots", "--url", "a", "--cut-at", "0", NULL},
        {"bots", "--url", "a", "--seconds", NULL},
        {"bots", "--url", "a", "--no-decode", "--think", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bot_options options;
        assert_int_equal(parse(&options, rows[i]), SK_ERR_CONFIG);
    }
}

static void test_bot_options_help_is_asked_for(void **state)
{
    (void)state;
    struct bot_options options;
    char *words[] = {"bots", "--help", NULL};
    assert_int_equal(parse(&options, words), SK_ERR_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bot_options_are_read),
        cmocka_unit_test(test_bot_options_seconds_are_kept_as_milliseconds),
        cmocka_unit_test(test_bot_options_have_defaults),
        cmocka_unit_test(test_bot_options_with_one_fault_are_refused),
        cmocka_unit_test(test_bot_options_help_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
