/* test_http_head.c - what two parsers could read in two ways is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/http_head.h"
#include "support/end_of_page.h"

static const char whole[] = "GET /ws?room=abc HTTP/1.1\r\n"
                            "Host: localhost:7777\r\n"
                            "Connection: keep-alive, Upgrade\r\n"
                            "X-Empty:\r\n"
                            "Content-Length: 12 \t\r\n"
                            "\r\n";

static int request_of(const char *text, size_t size, struct sk_http_request *request)
{
    struct end_of_page page = end_of_page_copy(text, size);
    int result = sk_http_head_end(page.bytes, size, 0);
    if (result > 0) {
        assert_int_equal(result, size);
        result = sk_http_request_parse(request, (const uint8_t *)text, size);
    }
    end_of_page_free(&page);
    return result;
}

static void test_http_head_end_is_found_at_every_split(void **state)
{
    (void)state;
    size_t size = sizeof(whole) - 1;
    for (size_t cut = 0; cut < size; cut++) {
        struct end_of_page page = end_of_page_copy(whole, cut);
        assert_int_equal(sk_http_head_end(page.bytes, cut, 0), SK_ERR_AGAIN);
        assert_int_equal(sk_http_head_end((const uint8_t *)whole, size, cut), size);
        end_of_page_free(&page);
    }
}

static void test_http_request_is_split(void **state)
{
    (void)state;
    struct sk_http_request request;
    assert_int_equal(request_of(whole, sizeof(whole) - 1, &request), SK_OK);
    assert_true(sk_text_is(request.method, "GET"));
    assert_true(sk_text_is(request.path, "/ws"));
    assert_true(sk_text_is(request.query, "room=abc"));
    assert_true(request.keep_alive);
    assert_false(request.body_is_chunked);
    assert_int_equal(request.body_bytes, 12);
    assert_int_equal(request.headers.count, 4);
    assert_true(sk_text_is(*sk_http_header_find(&request.headers, "host"), "localhost:7777"));
    assert_true(sk_text_is(*sk_http_header_find(&request.headers, "x-empty"), ""));
    assert_null(sk_http_header_find(&request.headers, "hos"));
    assert_true(sk_http_header_has(&request.headers, "connection", "upgrade"));
    assert_false(sk_http_header_has(&request.headers, "connection", "grade"));
}

/* Each row is a request we accept but for one fault. */
static void test_http_request_one_fault_is_refused(void **state)
{
    static const struct {
        const char *fault;
        const char *text;
    } rows[] = {
        {"bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
        {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
        {"bare CR", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"},
        {"control character", "GET / HTTP/1.1\r\nHost: a\x01\r\n\r\n"},
        {"folded line", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"},
        {"blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
        {"no colon", "GET / HTTP/1.1\r\nHost: a\r\nnope\r\n\r\n"},
        {"empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"},
        {"empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no version", "GET /\r\nHost: a\r\n\r\n"},
        {"other version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
        {"lower case version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {"blank after the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {"method not a token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"path without slash", "GET x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"fragment", "GET /# HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"non-ASCII path", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no host", "GET / HTTP/1.1\r\n\r\n"},
        {"URL of another scheme", "GET ws://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"URL without host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"URL with a user", "GET http://me@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"URL with a bad port", "GET http://a:x/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"URL without Host header", "GET http://a/ HTTP/1.1\r\n\r\n"},
        {"URL, bad Host header", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {"authority", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"quote in the host", "GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n"},
        {"path in the host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {"user in the host", "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n"},
        {"list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
        {"port out of range", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"},
        {"bad host of HTTP/1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n"},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {"two lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                        "Content-Length: 1\r\n\r\n"},
        {"signed length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n"},
        {"empty length", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"},
        {"length and chunked", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_request request;
        print_message("  %s\n", rows[i].fault);
        assert_int_equal(request_of(rows[i].text, strlen(rows[i].text), &request), SK_ERR_PROTOCOL);
    }
}

/* RFC 9112, 3.2.2: it must be taken, and its host counts. */
static void test_http_request_target_may_be_a_url(void **state)
{
    static const struct {
        const char *target;
        const char *host;
        const char *path;
        const char *query;
    } rows[] = {
        {"/ws?a=b", "header", "/ws", "a=b"},  {"http://a:7777/ws?a=b", "a:7777", "/ws", "a=b"},
        {"HTTPS://[::1]/", "[::1]", "/", ""}, {"http://a", "a", "/", ""},
        {"http://a?b", "a", "/", "b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[128];
        struct sk_http_request request;
        print_message("  %s\n", rows[i].target);
        int size =
            snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: header\r\n\r\n", rows[i].target);
        assert_int_equal(request_of(text, (size_t)size, &request), SK_OK);
        assert_true(sk_text_is(request.host, rows[i].host));
        assert_true(sk_text_is(request.path, rows[i].path));
        assert_true(sk_text_is(request.query, rows[i].query));
    }
}

static void test_http_request_host_may_be_empty_and_of_old_missing(void **state)
{
    static const char *const rows[] = {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_request request;
        assert_int_equal(request_of(rows[i], strlen(rows[i]), &request), SK_OK);
        assert_int_equal(request.host.size, 0);
    }
}

/* RFC 9110, 10.1.1: an HTTP/1.0 client does not know what 100 is. */
static void test_http_request_expects_only_of_its_version(void **state)
{
    static const struct {
        const char *version;
        const char *expect;
        bool want;
    } rows[] = {
        {"1.1", "100-continue", true},
        {"1.1", "100-Continue", true},
        {"1.0", "100-continue", false},
        {"1.1", "something", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[128];
        struct sk_http_request request;
        int size = snprintf(text, sizeof(text), "POST / HTTP/%s\r\nHost: a\r\nExpect: %s\r\n\r\n",
                            rows[i].version, rows[i].expect);
        assert_int_equal(request_of(text, (size_t)size, &request), SK_OK);
        assert_int_equal(request.wants_continue, rows[i].want);
    }
}

/* The parser alone must not trust that sk_http_head_end() was asked. */
static void test_http_request_parse_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < sizeof(whole) - 1; cut++) {
        struct end_of_page page = end_of_page_copy(whole, cut);
        struct sk_http_request request;
        assert_int_equal(sk_http_request_parse(&request, page.bytes, cut), SK_ERR_PROTOCOL);
        end_of_page_free(&page);
    }
}

static void test_http_request_connection_is_kept_by_version(void **state)
{
    (void)state;
    static const char old[] = "GET / HTTP/1.0\r\n\r\n";
    static const char closing[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n";
    struct sk_http_request request;
    assert_int_equal(request_of(old, sizeof(old) - 1, &request), SK_OK);
    assert_false(request.keep_alive);
    assert_int_equal(request_of(closing, sizeof(closing) - 1, &request), SK_OK);
    assert_false(request.keep_alive);
}

static size_t write_headers(char *text, size_t count)
{
    size_t size = (size_t)sprintf(text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (size_t i = 1; i < count; i++) {
        size += (size_t)sprintf(text + size, "x: y\r\n");
    }
    return size + (size_t)sprintf(text + size, "\r\n");
}

static void test_http_request_header_count_has_a_limit(void **state)
{
    (void)state;
    char text[SK_HTTP_HEAD_BYTES_MAX];
    struct sk_http_request request;
    size_t size = write_headers(text, SK_HTTP_HEADERS_MAX);
    assert_int_equal(request_of(text, size, &request), SK_OK);
    size = write_headers(text, SK_HTTP_HEADERS_MAX + 1);
    assert_int_equal(request_of(text, size, &request), SK_ERR_TOO_BIG);
}

static void test_http_head_end_above_the_limit_is_too_big(void **state)
{
    (void)state;
    static uint8_t text[SK_HTTP_HEAD_BYTES_MAX + 1];
    memset(text, 'a', sizeof(text));
    assert_int_equal(sk_http_head_end(text, SK_HTTP_HEAD_BYTES_MAX - 1, 0), SK_ERR_AGAIN);
    assert_int_equal(sk_http_head_end(text, SK_HTTP_HEAD_BYTES_MAX, 0), SK_ERR_TOO_BIG);
    memcpy(text + SK_HTTP_HEAD_BYTES_MAX - 4, "\r\n\r\n", 4);
    assert_int_equal(sk_http_head_end(text, sizeof(text), 0), SK_HTTP_HEAD_BYTES_MAX);
}

static void test_http_response_is_split(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    struct sk_http_response response;
    assert_int_equal(sk_http_response_parse(&response, (const uint8_t *)text, sizeof(text) - 1),
                     SK_OK);
    assert_int_equal(response.status, 101);
    assert_true(response.body_bytes == UINT64_MAX);
    assert_int_equal(response.headers.count, 1);
}

static void test_http_response_one_fault_is_refused(void **state)
{
    static const char *const rows[] = {
        "HTTP/1.1 20 OK\r\n\r\n",       "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",     "HTTP/3.1 200 OK\r\n\r\n",  "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\na\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_response response;
        print_message("  %.16s\n", rows[i]);
        assert_int_equal(
            sk_http_response_parse(&response, (const uint8_t *)rows[i], strlen(rows[i])),
            SK_ERR_PROTOCOL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_head_end_is_found_at_every_split),
        cmocka_unit_test(test_http_request_is_split),
        cmocka_unit_test(test_http_request_one_fault_is_refused),
        cmocka_unit_test(test_http_request_target_may_be_a_url),
        cmocka_unit_test(test_http_request_host_may_be_empty_and_of_old_missing),
        cmocka_unit_test(test_http_request_expects_only_of_its_version),
        cmocka_unit_test(test_http_request_parse_cut_anywhere_is_refused),
        cmocka_unit_test(test_http_request_connection_is_kept_by_version),
        cmocka_unit_test(test_http_request_header_count_has_a_limit),
        cmocka_unit_test(test_http_head_end_above_the_limit_is_too_big),
        cmocka_unit_test(test_http_response_is_split),
        cmocka_unit_test(test_http_response_one_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
