/* test_http_choice.c - codings by their weight, entity tags weak and strong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "net/http_choice.h"

static char head[512];

static struct sk_http_headers headers_of(const char *lines)
{
    struct sk_http_request request;
    int size = snprintf(head, sizeof(head), "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
    assert_int_equal(sk_http_request_parse(&request, (const uint8_t *)head, (size_t)size), SK_OK);
    return request.headers;
}

static void test_http_choice_weight_of_br(void **state)
{
    static const struct {
        const char *value;
        uint32_t want;
    } rows[] = {
        {"br", 1000},        {"BR", 1000},
        {"gzip, br", 1000},  {"br;q=1.0", 1000},
        {"br ; Q=0.5", 500}, {"br;q=0.123", 123},
        {"br;q=1", 1000},    {"gzip;q=1, br;q=0.001", 1},
        {"*", 1000},         {"*;q=0.2, gzip", 200},
        {"*, br;q=0", 0},    {"br;q=0", 0},
        {"br;q=0.0", 0},     {"br;q=1.1", 0},
        {"br;q=0.1234", 0},  {"br;q=", 0},
        {"br;q=x", 0},       {"br;q=0,5", 0},
        {"br;q=05", 0},      {"brotli", 0},
        {"gzip", 0},         {"", 0},
        {",;,", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[128];
        print_message("  %s\n", rows[i].value);
        snprintf(line, sizeof(line), "Accept-Encoding: %s\r\n", rows[i].value);
        struct sk_http_headers headers = headers_of(line);
        assert_int_equal(sk_http_coding_weight(&headers, "br"), rows[i].want);
    }
    struct sk_http_headers silent = headers_of("");
    assert_int_equal(sk_http_coding_weight(&silent, "br"), 0);
    struct sk_http_headers twice = headers_of("Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n");
    assert_int_equal(sk_http_coding_weight(&twice, "br"), 1000);
}

static void test_http_choice_etag_is_known(void **state)
{
    static const struct {
        const char *value;
        bool want;
    } rows[] = {
        {"\"ab\"", true},
        {"W/\"ab\"", true},
        {"*", true},
        {"\"x\", \"ab\"", true},
        {"W/\"x\",W/\"ab\"", true},
        {"\"AB\"", false},
        {"ab", false},
        {"w/\"ab\"", false},
        {"W/ab", false},
        {"\"abc\"", false},
        {"\"*\"", false},
        {"W/*", false},
        {"", false},
        {"\"x,ab\"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[128];
        print_message("  %s\n", rows[i].value);
        snprintf(line, sizeof(line), "If-None-Match: %s\r\n", rows[i].value);
        struct sk_http_headers headers = headers_of(line);
        assert_int_equal(sk_http_has_etag(&headers, "\"ab\""), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_choice_weight_of_br),
        cmocka_unit_test(test_http_choice_etag_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
