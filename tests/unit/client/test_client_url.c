/* test_client_url.c - addresses that people copy from a browser, and what they mistype. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client_url.h"

static void test_client_url_good_ones_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool tls;
        const char *host;
        uint16_t port;
        const char *path;
    } rows[] = {
        {"http://127.0.0.1:7777", false, "127.0.0.1", 7777, "/"},
        {"https://play.example/", true, "play.example", 443, "/"},
        {"ws://localhost", false, "localhost", 80, "/"},
        {"wss://[::1]:8443/ws", true, "::1", 8443, "/ws"},
        {"http://a?room=ABCDEF", false, "a", 80, "/"},
        {"http://a/b?c=d#e", false, "a", 80, "/b?c=d"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client_url url;
        print_message("  %s\n", rows[i].text);
        assert_int_equal(client_url_parse(&url, rows[i].text), SK_OK);
        assert_int_equal(url.tls, rows[i].tls);
        assert_string_equal(url.host, rows[i].host);
        assert_int_equal(url.port, rows[i].port);
        assert_string_equal(url.path, rows[i].path);
    }
}

static void test_client_url_with_one_fault_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "127.0.0.1:7777",
        "ftp://a",
        "http://",
        "http://:80",
        "http://a:",
        "http://a:0",
        "http://a:65536",
        "http://a:8x",
        "http://[::1",
        "http://[]:1",
        "http://[::1]x",
        "http://a b",
        "http://a/\r\n",
        "http://\xc3\xa9",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client_url url;
        print_message("  %s\n", rows[i]);
        assert_int_equal(client_url_parse(&url, rows[i]), SK_ERR_PROTOCOL);
    }
}

static void test_client_url_too_long_is_refused(void **state)
{
    (void)state;
    char text[512] = "http://";
    struct client_url url;
    memset(text + 7, 'a', CLIENT_HOST_BYTES_MAX);
    assert_int_equal(client_url_parse(&url, text), SK_OK);
    text[7 + CLIENT_HOST_BYTES_MAX] = 'a';
    assert_int_equal(client_url_parse(&url, text), SK_ERR_TOO_BIG);
}

static void test_client_url_host_header_has_brackets_for_ipv6(void **state)
{
    (void)state;
    char host[64];
    struct client_url url;
    assert_int_equal(client_url_parse(&url, "https://[::1]"), SK_OK);
    assert_true(client_url_host(&url, host, sizeof(host)));
    assert_string_equal(host, "[::1]:443");
    assert_false(client_url_host(&url, host, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_url_good_ones_are_read),
        cmocka_unit_test(test_client_url_with_one_fault_is_refused),
        cmocka_unit_test(test_client_url_too_long_is_refused),
        cmocka_unit_test(test_client_url_host_header_has_brackets_for_ipv6),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
