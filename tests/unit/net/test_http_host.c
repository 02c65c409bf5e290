/* test_http_host.c - what a client may call us, and a URL taken apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/http_host.h"
#include "support/end_of_page.h"

static int parse(const char *text, struct sk_http_host *host)
{
    struct end_of_page page = end_of_page_copy(text, strlen(text));
    int result = sk_http_host_parse((struct sk_text){(const char *)page.bytes, strlen(text)}, host);
    end_of_page_free(&page);
    return result;
}

static void test_http_host_is_taken_apart(void **state)
{
    static const struct {
        const char *text;
        size_t name_bytes;
        size_t port_bytes;
    } rows[] = {
        {"a", 1, 0},
        {"play.example.net:7777", 16, 4},
        {"xn--bcher-kva.example", 21, 0},
        {"my_host-2~", 10, 0},
        {"127.0.0.1:80", 9, 2},
        {"[::1]", 5, 0},
        {"[2001:DB8::7]:65535", 13, 5},
        {"[::ffff:10.0.0.1]:1", 17, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_host host;
        print_message("  %s\n", rows[i].text);
        assert_int_equal(parse(rows[i].text, &host), SK_OK);
        assert_int_equal(host.name.size, rows[i].name_bytes);
        assert_int_equal(host.port.size, rows[i].port_bytes);
    }
}

static void test_http_host_one_fault_is_refused(void **state)
{
    static const char *const rows[] = {
        "",      ":80",     "a:",     "a:b",       "a:65536", "a:000080", "a:-1",
        "a b",   "a,b",     "a/b",    "a\"b",      "a\\b",    "a%20b",    "a@b",
        "a?b",   "a#b",     "a:1:2",  "a\xc3\xa4", "[::1",    "::1",      "[]",
        "[::g]", "[::1]80", "[::1]:", "a'b",       "a<b",     "a$b",      "[::1%1]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_host host;
        print_message("  %s\n", rows[i]);
        assert_int_equal(parse(rows[i], &host), SK_ERR_PROTOCOL);
    }
}

static void test_http_host_size_has_a_limit(void **state)
{
    char text[SK_HTTP_HOST_BYTES_MAX + 2] = {0};
    struct sk_http_host host;
    (void)state;
    memset(text, 'a', SK_HTTP_HOST_BYTES_MAX);
    assert_int_equal(parse(text, &host), SK_OK);
    text[SK_HTTP_HOST_BYTES_MAX] = 'a';
    assert_int_equal(parse(text, &host), SK_ERR_PROTOCOL);
}

static void test_http_url_is_split_behind_its_host(void **state)
{
    static const struct {
        const char *url;
        const char *host; /* NULL: not split */
        const char *rest;
    } rows[] = {
        {"http://a/b?c", "a", "/b?c"}, {"HTTPS://a:1", "a:1", ""}, {"http://a?c", "a", "?c"},
        {"http:///b", "", "/b"},       {"http://a#b", "a", "#b"},  {"ws://a/", NULL, ""},
        {"http:/a", NULL, ""},         {"/http://a", NULL, ""},    {"", NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_text host;
        struct sk_text rest;
        print_message("  %s\n", rows[i].url);
        bool is_split = sk_http_url_split(sk_text_of(rows[i].url), &host, &rest);
        assert_int_equal(is_split, rows[i].host != NULL);
        assert_true(!is_split ||
                    (sk_text_is(host, rows[i].host) && sk_text_is(rest, rows[i].rest)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_host_is_taken_apart),
        cmocka_unit_test(test_http_host_one_fault_is_refused),
        cmocka_unit_test(test_http_host_size_has_a_limit),
        cmocka_unit_test(test_http_url_is_split_behind_its_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
