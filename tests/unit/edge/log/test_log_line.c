/* test_log_line.c - whatever a peer is called, one line stays one line with the fields it has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "log/log_line.h"

/* One field as a whole line, without its newline. */
static const char *one(enum log_format format, struct log_field field)
{
    static struct log_line line;
    log_line_init(&line, format);
    log_line_add(&line, &field);
    log_line_end(&line);
    assert_int_equal(line.bytes[line.size - 1], '\n');
    line.bytes[line.size - 1] = '\0';
    return line.bytes;
}

static void test_log_line_value_is_quoted_only_where_needed(void **state)
{
    (void)state;
    assert_string_equal(one(LOG_LOGFMT, log_text("name", "ann")), "name=ann");
    assert_string_equal(one(LOG_LOGFMT, log_text("url", "ws://[::1]:80/ws")),
                        "url=ws://[::1]:80/ws");
    assert_string_equal(one(LOG_LOGFMT, log_text("name", "a b")), "name=\"a b\"");
    assert_string_equal(one(LOG_LOGFMT, log_text("name", "a=b")), "name=\"a=b\"");
    assert_string_equal(one(LOG_LOGFMT, log_text("name", "")), "name=\"\"");
    assert_string_equal(one(LOG_LOGFMT, log_text("name", NULL)), "name=\"\"");
    assert_string_equal(one(LOG_JSON, log_text("name", "ann")), "{\"name\":\"ann\"}");
}

static void test_log_line_numbers_have_no_quotes(void **state)
{
    (void)state;
    assert_string_equal(one(LOG_LOGFMT, log_number("n", UINT64_MAX)), "n=18446744073709551615");
    assert_string_equal(one(LOG_JSON, log_number("n", 7)), "{\"n\":7}");
}

static void test_log_line_hostile_text_is_escaped(void **state)
{
    static const struct {
        const char *text;
        const char *shown;
    } rows[] = {
        {"a\nlevel=error", "\"a\\nlevel=error\""},
        {"a\r\tb", "\"a\\r\\tb\""},
        {"a\" admin=\"1", "\"a\\\" admin=\\\"1\""},
        {"a\\", "\"a\\\\\""},
        {"\x1b[31m", "\"\\u001b[31m\""},
        {"\x7f", "\"\\u007f\""},
        {"\xc2\x85", "\"\\u0085\""},        /* next line */
        {"\xe2\x80\xa8", "\"\\u2028\""},    /* line separator */
        {"\xe2\x80\xae", "\"\\u202e\""},    /* right to left from here */
        {"\xe2\x81\xa7", "\"\\u2067\""},    /* right to left isolate */
        {"J\xc3\xb6rg", "\"J\xc3\xb6rg\""}, /* text stays text */
        {"\xf0\x9f\x8e\xae", "\"\xf0\x9f\x8e\xae\""},
        {"\xff", "\"\\ufffd\""},            /* no UTF-8 */
        {"\xe2\x82", "\"\\ufffd\\ufffd\""}, /* cut in a character */
        {"\xc0\x8a", "\"\\ufffd\\ufffd\""}, /* a line feed in disguise */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *logfmt = one(LOG_LOGFMT, log_text("n", rows[i].text));
        assert_string_equal(logfmt + 2, rows[i].shown);
        const char *json = one(LOG_JSON, log_text("n", rows[i].text));
        assert_memory_equal(json + 5, rows[i].shown, strlen(rows[i].shown));
    }
}

static void test_log_line_zero_byte_does_not_end_the_value(void **state)
{
    (void)state;
    assert_string_equal(one(LOG_LOGFMT, log_bytes("n", "a\0b", 3)), "n=\"a\\u0000b\"");
}

static void test_log_line_long_text_is_shortened(void **state)
{
    char text[LOG_VALUE_BYTES_MAX + 1];
    (void)state;
    memset(text, 'a', sizeof(text));
    size_t whole = strlen(one(LOG_LOGFMT, log_bytes("n", text, LOG_VALUE_BYTES_MAX)));
    assert_int_equal(whole, 2 + LOG_VALUE_BYTES_MAX);
    const char *shown = one(LOG_LOGFMT, log_bytes("n", text, sizeof(text)));
    assert_int_equal(strlen(shown), 2 + 1 + LOG_VALUE_BYTES_MAX + 4);
    assert_string_equal(shown + strlen(shown) - 4, "...\"");
}

static void test_log_line_field_that_does_not_fit_is_left_out_and_said(void **state)
{
    (void)state;
    char text[LOG_VALUE_BYTES_MAX];
    memset(text, '\1', sizeof(text)); /* six times as long when escaped */
    for (int json = 0; json <= 1; json++) {
        struct log_line line;
        struct log_field first = log_text("first", "a"), large = log_bytes("b", text, sizeof(text));
        log_line_init(&line, json ? LOG_JSON : LOG_LOGFMT);
        log_line_add(&line, &first);
        log_line_add(&line, &large);
        size_t before = line.size;
        log_line_add(&line, &large);
        assert_int_equal(line.size, before);
        log_line_end(&line);
        const char *end = json ? ",\"cut\":true}\n" : " cut=true\n";
        assert_memory_equal(line.bytes + line.size - strlen(end), end, strlen(end));
    }
}

/* Random bytes, both forms: one newline, at the end, and nothing else below a blank. */
static void test_log_line_random_bytes_stay_one_line(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 2000; round++) {
        uint8_t text[64];
        for (uint32_t i = 0; i < sizeof(text); i++) {
            text[i] = (uint8_t)sk_random(3, round, i, 0);
        }
        const char *shown =
            one(round % 2 ? LOG_JSON : LOG_LOGFMT, log_bytes("n", text, sizeof(text)));
        for (const char *at = shown; *at != '\0'; at++) {
            assert_true((unsigned char)*at >= 0x20);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_line_value_is_quoted_only_where_needed),
        cmocka_unit_test(test_log_line_numbers_have_no_quotes),
        cmocka_unit_test(test_log_line_hostile_text_is_escaped),
        cmocka_unit_test(test_log_line_zero_byte_does_not_end_the_value),
        cmocka_unit_test(test_log_line_long_text_is_shortened),
        cmocka_unit_test(test_log_line_field_that_does_not_fit_is_left_out_and_said),
        cmocka_unit_test(test_log_line_random_bytes_stay_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
