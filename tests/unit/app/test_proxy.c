/* test_proxy.c - the address that counts is the one that a trusted proxy added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy.h"

/* The address that lines (parted by '|') of X-Forwarded-For give, with 10.0.0.0/8 trusted. */
static const char *read_lines(const char *lines)
{
    static char text[ADDRESS_TEXT_BYTES_MAX];
    struct address address;
    struct address_range ours;
    struct sk_http_headers headers = {.count = 1, .rows = {{{"host", 4}, {"1.1.1.1", 7}}}};
    struct sk_text left = {lines, strlen(lines)};
    struct sk_text line;
    assert_int_equal(address_range_parse("10.0.0.0/8", &ours), SK_OK);
    while (sk_text_next(&left, '|', &line)) {
        headers.rows[headers.count++] = (struct sk_http_header){{"X-Forwarded-For", 15}, line};
    }
    if (proxy_read(&ours, 1, &headers, &address) != SK_OK) {
        return "none";
    }
    address_host_text(&address, text);
    return text;
}

static void test_proxy_gives_the_last_address_that_is_no_proxy(void **state)
{
    static const char *const rows[][2] = {
        {"203.0.113.9", "203.0.113.9"},
        {"198.51.100.1, 203.0.113.9", "203.0.113.9"},
        {"198.51.100.1,2001:db8::1", "2001:db8::1"},
        {"203.0.113.9, 10.0.0.7", "203.0.113.9"},
        {"198.51.100.1, 203.0.113.9,10.0.0.7 ,10.0.0.8", "203.0.113.9"},
        {"198.51.100.1|203.0.113.9", "203.0.113.9"}, /* the client's own line first */
        {"198.51.100.1|203.0.113.9|10.0.0.7", "203.0.113.9"},
        {"unknown, 203.0.113.9", "203.0.113.9"},
        {"203.0.113.9:4711", "203.0.113.9"},
        {"[2001:db8::1]:4711", "2001:db8::1"},
        {"10.0.0.9, 10.0.0.7", "10.0.0.9"}, /* a proxy of ours asks itself */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  '%s'\n", rows[i][0]);
        assert_string_equal(read_lines(rows[i][0]), rows[i][1]);
    }
}

static void test_proxy_lines_without_address_are_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "unknown",
                                      "203.0.113.9,",
                                      "203.0.113.0/24",
                                      "203.0.113.9, for=1.2.3.4",
                                      "203.0.113.9, unknown, 10.0.0.7",
                                      "203.0.113.9||10.0.0.7",
                                      "1111111111111111111111111111111111111111111111111111111111"};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        print_message("  '%s'\n", bad[i]);
        assert_string_equal(read_lines(bad[i]), "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy_gives_the_last_address_that_is_no_proxy),
        cmocka_unit_test(test_proxy_lines_without_address_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
