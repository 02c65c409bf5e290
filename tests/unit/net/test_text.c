/* test_text.c - questions about borrowed bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/text.h"

static void test_text_any_case_needs_the_whole_word(void **state)
{
    (void)state;
    assert_true(sk_text_is_any_case(sk_text_of("Up-Grade"), "up-grade"));
    assert_false(sk_text_is_any_case(sk_text_of("Up"), "upgrade"));
    assert_false(sk_text_is_any_case(sk_text_of("upgrade"), "up"));
    assert_true(sk_text_equal_any_case(sk_text_of("Up"), sk_text_of("uP")));
    assert_false(sk_text_equal_any_case(sk_text_of("Up"), sk_text_of("ub")));
    assert_true(sk_text_is_any_case((struct sk_text){NULL, 0}, ""));
}

static void test_text_bytes_at_the_edge_of_letters_have_no_case(void **state)
{
    (void)state;
    assert_false(sk_text_is_any_case(sk_text_of("@"), "`"));
    assert_false(sk_text_is_any_case(sk_text_of("["), "{"));
    assert_false(sk_text_is_any_case(sk_text_of("\xc4"), "\xe4"));
}

static void test_text_equal_needs_each_byte(void **state)
{
    (void)state;
    assert_true(sk_text_equal(sk_text_of("ab"), sk_text_of("ab")));
    assert_true(sk_text_equal((struct sk_text){NULL, 0}, sk_text_of("")));
    assert_false(sk_text_equal(sk_text_of("ab"), sk_text_of("aB")));
    assert_false(sk_text_equal(sk_text_of("ab"), sk_text_of("abc")));
}

static void test_text_starts_with_itself_and_nothing_longer(void **state)
{
    (void)state;
    assert_true(sk_text_starts(sk_text_of("/content/x"), "/content/"));
    assert_true(sk_text_starts(sk_text_of("/content/"), "/content/"));
    assert_true(sk_text_starts(sk_text_of(""), ""));
    assert_false(sk_text_starts(sk_text_of("/content"), "/content/"));
    assert_false(sk_text_starts(sk_text_of("/Content/"), "/content/"));
    assert_true(sk_text_starts_any_case(sk_text_of("HTTPS://a"), "https://"));
    assert_false(sk_text_starts_any_case(sk_text_of("HTTPS:/"), "https://"));
}

static void test_text_is_cut_at_a_place_or_a_byte(void **state)
{
    (void)state;
    struct sk_text text = sk_text_of("a=b=c");
    assert_true(sk_text_is(sk_text_first(text, 1), "a"));
    assert_true(sk_text_is(sk_text_first(text, 0), ""));
    assert_true(sk_text_is(sk_text_from(text, 4), "c"));
    assert_true(sk_text_is(sk_text_from(text, 5), ""));
    assert_true(sk_text_is(sk_text_after(text, '='), "b=c"));
    assert_true(sk_text_is(sk_text_after(text, 'c'), ""));
    assert_true(sk_text_is(sk_text_after(text, '?'), ""));
}

static void test_text_copy_ends_what_it_copies(void **state)
{
    (void)state;
    char out[4] = "###";
    assert_true(sk_text_copy(sk_text_of("abc"), out, sizeof(out)));
    assert_string_equal(out, "abc");
    assert_false(sk_text_copy(sk_text_of("abcd"), out, sizeof(out)));
    assert_string_equal(out, "");
    assert_true(sk_text_copy((struct sk_text){NULL, 0}, out, 1));
    assert_string_equal(out, "");
}

static void test_text_list_is_taken_apart(void **state)
{
    (void)state;
    struct sk_text list = sk_text_of(" a ,,\tb");
    struct sk_text element;
    assert_true(sk_text_next(&list, ',', &element));
    assert_true(sk_text_is(element, "a"));
    assert_true(sk_text_next(&list, ',', &element));
    assert_true(sk_text_is(element, ""));
    assert_true(sk_text_next(&list, ',', &element));
    assert_true(sk_text_is(element, "b"));
    assert_false(sk_text_next(&list, ',', &element));
}

static void test_text_number_is_digits_only(void **state)
{
    (void)state;
    unsigned long long number = 0;
    assert_true(sk_text_number(sk_text_of("999999999999999999"), &number));
    assert_true(number == 999999999999999999u);
    assert_false(sk_text_number(sk_text_of("1000000000000000000"), &number));
    assert_false(sk_text_number(sk_text_of(""), &number));
    assert_false(sk_text_number(sk_text_of("-1"), &number));
    assert_false(sk_text_number(sk_text_of("1 "), &number));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_any_case_needs_the_whole_word),
        cmocka_unit_test(test_text_bytes_at_the_edge_of_letters_have_no_case),
        cmocka_unit_test(test_text_equal_needs_each_byte),
        cmocka_unit_test(test_text_starts_with_itself_and_nothing_longer),
        cmocka_unit_test(test_text_is_cut_at_a_place_or_a_byte),
        cmocka_unit_test(test_text_copy_ends_what_it_copies),
        cmocka_unit_test(test_text_list_is_taken_apart),
        cmocka_unit_test(test_text_number_is_digits_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
