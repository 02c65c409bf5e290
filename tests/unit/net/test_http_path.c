/* test_http_path.c - no spelling of ".." leaves the root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/http_path.h"
#include "support/end_of_page.h"

static int decode(const char *path, char *out, size_t capacity)
{
    struct end_of_page page = end_of_page_copy(path, strlen(path));
    struct sk_text text = {(const char *)page.bytes, strlen(path)};
    int result = sk_http_path_decode(text, out, capacity);
    end_of_page_free(&page);
    return result;
}

static void test_http_path_is_decoded_once(void **state)
{
    static const struct {
        const char *path;
        const char *want;
    } rows[] = {
        {"/", "/"},
        {"/a/b.js", "/a/b.js"},
        {"/%61%2Eb", "/a.b"},
        {"//a///b/", "/a/b/"},
        {"/%252e%252e/", "/%2e%2e/"},
        {"/...", "/..."},
        {"/.well-known", "/.well-known"},
        {"/a..", "/a.."},
        {"/%c3%a4", "/\xc3\xa4"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[64];
        print_message("  %s\n", rows[i].path);
        assert_int_equal(decode(rows[i].path, out, sizeof(out)), SK_OK);
        assert_string_equal(out, rows[i].want);
    }
}

static void test_http_path_escape_is_refused(void **state)
{
    static const struct {
        const char *path;
        int want;
    } rows[] = {
        {"/..", SK_ERR_RANGE},       {"/../a", SK_ERR_RANGE},       {"/a/../b", SK_ERR_RANGE},
        {"/..%2fetc", SK_ERR_RANGE}, {"/%2e%2e/etc", SK_ERR_RANGE}, {"/.%2e/etc", SK_ERR_RANGE},
        {"/%2E./etc", SK_ERR_RANGE}, {"/./a", SK_ERR_RANGE},        {"/a/.", SK_ERR_RANGE},
        {"/..%5cetc", SK_ERR_RANGE}, {"/a\\b", SK_ERR_RANGE},       {"/a%00b", SK_ERR_RANGE},
        {"/a%0ab", SK_ERR_RANGE},    {"//../a", SK_ERR_RANGE},      {"a", SK_ERR_RANGE},
        {"", SK_ERR_RANGE},          {"/%", SK_ERR_PROTOCOL},       {"/%2", SK_ERR_PROTOCOL},
        {"/%zz", SK_ERR_PROTOCOL},   {"/%2z", SK_ERR_PROTOCOL},     {"/0123456", SK_ERR_TOO_BIG},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[8];
        print_message("  %s\n", rows[i].path);
        size_t capacity = rows[i].want == SK_ERR_TOO_BIG ? sizeof(out) : 64;
        char roomy[64];
        assert_int_equal(decode(rows[i].path, capacity == 64 ? roomy : out, capacity),
                         rows[i].want);
    }
}

static void test_http_query_value_is_found_and_decoded(void **state)
{
    (void)state;
    char out[8];
    struct sk_text query = sk_text_of("aa=1&b=x+%41%2b&c&d=");
    assert_int_equal(sk_http_query_find(query, "b", out, sizeof(out)), SK_OK);
    assert_string_equal(out, "x A+");
    assert_int_equal(sk_http_query_find(query, "c", out, sizeof(out)), SK_OK);
    assert_string_equal(out, "");
    assert_int_equal(sk_http_query_find(query, "d", out, sizeof(out)), SK_OK);
    assert_int_equal(sk_http_query_find(query, "a", out, sizeof(out)), SK_ERR_AGAIN);
}

static void test_http_query_fault_is_refused(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(sk_http_query_find(sk_text_of("a=%0"), "a", out, sizeof(out)),
                     SK_ERR_PROTOCOL);
    assert_int_equal(sk_http_query_find(sk_text_of("a=%00"), "a", out, sizeof(out)), SK_ERR_RANGE);
    assert_int_equal(sk_http_query_find(sk_text_of("a=1234567"), "a", out, sizeof(out)), SK_OK);
    assert_int_equal(sk_http_query_find(sk_text_of("a=12345678"), "a", out, sizeof(out)),
                     SK_ERR_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_path_is_decoded_once),
        cmocka_unit_test(test_http_path_escape_is_refused),
        cmocka_unit_test(test_http_query_value_is_found_and_decoded),
        cmocka_unit_test(test_http_query_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
