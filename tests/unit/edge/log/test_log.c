/* test_log.c - lines reach the descriptor whole, by level, and not too often. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "log/log.h"

static struct log log_under_test;
static int ends[2];
static uint64_t now_ms;
static char text[8192];

static uint64_t clock_ms(void)
{
    return now_ms;
}

static int setup(void **state)
{
    (void)state;
    now_ms = 1767225600250; /* 2026-01-01T00:00:00.250Z */
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) {
        return -1;
    }
    log_init(&log_under_test, ends[1], LOG_LOGFMT, LOG_INFO, clock_ms);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    return close(ends[0]) + close(ends[1]);
}

/* What was written since the last call. */
static const char *written(void)
{
    ssize_t size = read(ends[0], text, sizeof(text) - 1);
    text[size < 0 ? 0 : size] = '\0';
    return text;
}

static void test_log_line_has_time_level_event_and_fields(void **state)
{
    (void)state;
    log_write(&log_under_test, LOG_WARN, "room closed",
              LOG_FIELDS(log_text("room", "K7QM2P"), log_number("players", 3)));
    assert_string_equal(written(), "ts=2026-01-01T00:00:00.250Z level=warn event=\"room closed\" "
                                   "room=K7QM2P players=3\n");
    log_under_test.format = LOG_JSON;
    log_write(&log_under_test, LOG_INFO, "ready", LOG_NO_FIELDS);
    assert_string_equal(
        written(),
        "{\"ts\":\"2026-01-01T00:00:00.250Z\",\"level\":\"info\",\"event\":\"ready\"}\n");
}

static void test_log_below_its_level_is_silent(void **state)
{
    (void)state;
    struct log_limit limit = {0};
    log_write(&log_under_test, LOG_DEBUG, "x", LOG_NO_FIELDS);
    log_write_limited(&log_under_test, &limit, LOG_DEBUG, "x", LOG_NO_FIELDS);
    assert_string_equal(written(), "");
}

static void test_log_limited_event_says_how_many_were_held_back(void **state)
{
    (void)state;
    struct log_limit limit = {0};
    for (int i = 0; i < LOG_BURST_LINES + 3; i++) {
        log_write_limited(&log_under_test, &limit, LOG_INFO, "x", LOG_NO_FIELDS);
    }
    size_t lines = 0;
    for (const char *at = written(); *at != '\0'; at++) {
        lines += *at == '\n';
    }
    assert_int_equal(lines, LOG_BURST_LINES);

    now_ms += 1000;
    log_write_limited(&log_under_test, &limit, LOG_INFO, "x", LOG_NO_FIELDS);
    assert_non_null(strstr(written(), " event=x held_back=3\n"));
    log_write_limited(&log_under_test, &limit, LOG_INFO, "x", LOG_NO_FIELDS);
    assert_null(strstr(written(), "held_back"));
}

static void test_log_full_descriptor_costs_the_line_not_the_caller(void **state)
{
    (void)state;
    for (int i = 0; i < 100000 && log_under_test.lost_count == 0; i++) {
        log_write(&log_under_test, LOG_INFO, "x", LOG_NO_FIELDS);
    }
    assert_true(log_under_test.lost_count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_log_line_has_time_level_event_and_fields, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_log_below_its_level_is_silent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_log_limited_event_says_how_many_were_held_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_log_full_descriptor_costs_the_line_not_the_caller,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
