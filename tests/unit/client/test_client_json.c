/* test_client_json.c - what a join answer may look like, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client_json.h"
#include "support/end_of_page.h"

static struct sk_text text(const char *string)
{
    return (struct sk_text){string, strlen(string)};
}

static void test_client_json_reads_members_wherever_they_stand(void **state)
{
    (void)state;
    char out[16];
    const char *json =
        " { \"a\" : [1,{\"ws\":\"no\"},\"]\"] ,\"b\":null,\n\"ws\":\"yes\", \"c\":-1e5 } ";
    assert_true(client_json_text(text(json), "ws", out, sizeof(out)));
    assert_string_equal(out, "yes");
    assert_false(client_json_text(text(json), "b", out, sizeof(out)));
    assert_false(client_json_text(text(json), "d", out, sizeof(out)));
    assert_true(client_json_is_object(text("{}")));
}

static void test_client_json_escapes_are_undone(void **state)
{
    (void)state;
    char out[32];
    const char *json = "{\"t\":\"\\\"\\\\\\/\\n\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"}";
    assert_true(client_json_text(text(json), "t", out, sizeof(out)));
    assert_string_equal(out, "\"\\/\nA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

/* Each but for one fault is {"t":"x"}. */
static void test_client_json_one_fault_is_no_object(void **state)
{
    static const char *const rows[] = {
        "",           "\"t\":\"x\"}", "{\"t\":\"x\"",    "{\"t\" \"x\"}",  "{\"t\":}",
        "{t:\"x\"}",  "{\"t\":\"x}",  "{\"t\":\"x\"}}",  "{,\"t\":\"x\"}", "{\"t\":\"x\",}",
        "{\"t\":[1}", "[\"t\"]",      "{\"t\":\"x\"\\}", "{\"t\":\"x\\"};
    (void)state;
    char out[8];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (i != 10) { /* brackets alone are counted inside of values */
            assert_false(client_json_is_object(text(rows[i])));
        }
        assert_false(client_json_text(text(rows[i]), "u", out, sizeof(out)));
    }
}

static void test_client_json_text_that_is_none_is_refused(void **state)
{
    static const char *const rows[] = {"{\"t\":\"\\x\"}",
                                       "{\"t\":\"\\u00\"}",
                                       "{\"t\":\"\\u00g0\"}",
                                       "{\"t\":\"\\u0000\"}",
                                       "{\"t\":\"\\ud800\"}",
                                       "{\"t\":\"\\udc00\"}",
                                       "{\"t\":\"\\ud800\\u0041\"}",
                                       "{\"t\":\"12345678\"}"};
    (void)state;
    char out[8];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_false(client_json_text(text(rows[i]), "t", out, sizeof(out)));
        assert_string_equal(out, "");
    }
}

static void test_client_json_every_cut_is_read_within_its_bytes(void **state)
{
    (void)state;
    const char *json = "{\"a\":[{\"b\":\"\\u0041\"}],\"t\":\"\\ud83d\\ude00x\\n\"}";
    char out[16];
    for (size_t size = 0; size <= strlen(json); size++) {
        struct end_of_page page = end_of_page_copy(json, size);
        struct sk_text cut = {(const char *)page.bytes, size};
        assert_int_equal(client_json_text(cut, "t", out, sizeof(out)), size == strlen(json));
        end_of_page_free(&page);
    }
}

static void test_client_json_quote_is_undone_by_text(void **state)
{
    (void)state;
    char quoted[64] = "{\"t\":";
    char out[16];
    size_t bytes = client_json_quote("a\"\\\x01\xc3\xa9", quoted + 5, sizeof(quoted) - 6);
    memcpy(quoted + 5 + bytes, "}", 2);
    assert_true(client_json_text(text(quoted), "t", out, sizeof(out)));
    assert_string_equal(out, "a\"\\\x01\xc3\xa9");
    assert_int_equal(client_json_quote("abcdefgh", quoted, 15), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_client_json_reads_members_wherever_they_stand),
        cmocka_unit_test(test_client_json_escapes_are_undone),
        cmocka_unit_test(test_client_json_one_fault_is_no_object),
        cmocka_unit_test(test_client_json_text_that_is_none_is_refused),
        cmocka_unit_test(test_client_json_every_cut_is_read_within_its_bytes),
        cmocka_unit_test(test_client_json_quote_is_undone_by_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
