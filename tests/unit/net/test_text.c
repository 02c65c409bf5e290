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
        cmocka_unit_test(test_text_list_is_taken_apart),
        cmocka_unit_test(test_text_number_is_digits_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
