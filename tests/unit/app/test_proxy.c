/* test_proxy.c - the address that counts is the one that a trusted proxy added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy.h"

static const char *read_list(const char *list)
{
    static char text[ADDRESS_TEXT_BYTES_MAX];
    struct address address;
    if (proxy_read((struct sk_text){list, strlen(list)}, &address) != SK_OK) {
        return "none";
    }
    address_host_text(&address, text);
    return text;
}

static void test_proxy_list_gives_the_last_address(void **state)
{
    (void)state;
    assert_string_equal(read_list("203.0.113.9"), "203.0.113.9");
    assert_string_equal(read_list("10.9.9.9, 203.0.113.9"), "203.0.113.9");
    assert_string_equal(read_list("10.9.9.9,2001:db8::1"), "2001:db8::1");
}

static void test_proxy_list_without_address_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "unknown",
                                      "203.0.113.9,",
                                      "203.0.113.0/24",
                                      "203.0.113.9, for=1.2.3.4",
                                      "1111111111111111111111111111111111111111111111111111111111"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        print_message("  '%s'\n", bad[i]);
        assert_string_equal(read_list(bad[i]), "none");
    }
}

static void test_proxy_trusts_its_ranges_alone(void **state)
{
    (void)state;
    struct address_range ranges[2];
    struct address inside;
    struct address outside;
    assert_int_equal(address_range_parse("10.0.0.0/8", &ranges[0]), SK_OK);
    assert_int_equal(address_range_parse("::1", &ranges[1]), SK_OK);
    assert_int_equal(address_parse("10.1.2.3:5", &inside), SK_OK);
    assert_int_equal(address_parse("11.1.2.3:5", &outside), SK_OK);
    assert_true(proxy_is_trusted(ranges, 2, &inside));
    assert_false(proxy_is_trusted(ranges, 2, &outside));
    assert_false(proxy_is_trusted(ranges, 0, &inside));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy_list_gives_the_last_address),
        cmocka_unit_test(test_proxy_list_without_address_is_refused),
        cmocka_unit_test(test_proxy_trusts_its_ranges_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
