/* test_fault.c - what the system said, behind what was tried. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fault/fault.h"

static void test_fault_says_what_errno_means(void **state)
{
    (void)state;
    errno = EACCES;
    assert_string_equal(fault_text("%s cannot be read", "x"),
                        "x cannot be read: Permission denied");
}

static void test_fault_without_errno_is_the_text_alone(void **state)
{
    (void)state;
    errno = 0;
    assert_string_equal(fault_text("it is short"), "it is short");
}

static void test_fault_long_text_keeps_what_errno_means(void **state)
{
    char name[1000];
    (void)state;
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    errno = ENOENT;
    const char *text = fault_text("%s", name);
    assert_non_null(strstr(text, "a: No such file or directory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_says_what_errno_means),
        cmocka_unit_test(test_fault_without_errno_is_the_text_alone),
        cmocka_unit_test(test_fault_long_text_keeps_what_errno_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
