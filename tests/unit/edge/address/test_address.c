/* test_address.c - an address has one meaning, and what has none is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "address/address.h"

static void test_address_text_gives_back_what_was_parsed(void **state)
{
    static const char *const texts[] = {"127.0.0.1:7777", "0.0.0.0:0", "[::1]:65535",
                                        "[fd00::12:ab]:80"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct address address;
        char text[ADDRESS_TEXT_BYTES_MAX];
        assert_int_equal(address_parse(texts[i], &address), SK_OK);
        address_text(&address, text);
        assert_string_equal(text, texts[i]);
    }
}

static void test_address_longest_form_fits(void **state)
{
    (void)state;
    struct address address = {.port = 65535};
    char text[ADDRESS_TEXT_BYTES_MAX];
    for (size_t i = 0; i < sizeof(address.ip); i++) {
        address.ip[i] = 0xab;
    }
    address_text(&address, text);
    assert_string_equal(text, "[abab:abab:abab:abab:abab:abab:abab:abab]:65535");
}

static void test_address_localhost_is_v4_loopback(void **state)
{
    (void)state;
    struct address address;
    char text[ADDRESS_TEXT_BYTES_MAX];
    assert_int_equal(address_parse("localhost:80", &address), SK_OK);
    address_host_text(&address, text);
    assert_string_equal(text, "127.0.0.1");
}

static void test_address_one_fault_is_refused_and_changes_nothing(void **state)
{
    static const char *const texts[] = {
        "",          ":80",           "127.0.0.1",     "127.0.0.1:",      "127.0.0.1:65536",
        "127.1:80",  "127.0.0.1:8a",  "127.0.0.1:+80", "127.0.0.1: 80",   "127.0.0.256:80",
        "::1:80",    "[::1]",         "[::1:80",       "[127.0.0.1]:80",  "[localhost]:80",
        "[::1%1]:8", "example.net:1", "[]:80",         "127.0.0.1:00080a"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct address address = {.port = 9};
        print_message("  %s\n", texts[i]);
        assert_int_equal(address_parse(texts[i], &address), SK_ERR_CONFIG);
        assert_int_equal(address.port, 9);
    }
}

static void test_address_socket_form_round_trips(void **state)
{
    static const char *const texts[] = {"10.1.2.3:4", "[2001:db8::5]:6"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct address address, back;
        struct sockaddr_storage storage;
        assert_int_equal(address_parse(texts[i], &address), SK_OK);
        assert_true(address_to_socket(&address, &storage) > 0);
        assert_int_equal(address_from_socket(&storage, &back), SK_OK);
        assert_true(address_is_same_host(&address, &back));
        assert_int_equal(back.port, address.port);
    }
    struct sockaddr_storage unix_socket = {.ss_family = AF_UNIX};
    struct address address;
    assert_int_equal(address_from_socket(&unix_socket, &address), SK_ERR_CONFIG);
}

static void test_address_v4_seen_by_a_v6_socket_is_the_same_host(void **state)
{
    (void)state;
    struct address plain, mapped;
    assert_int_equal(address_parse("10.1.2.3:1", &plain), SK_OK);
    assert_int_equal(address_parse("[::ffff:10.1.2.3]:2", &mapped), SK_OK);
    assert_true(address_is_same_host(&plain, &mapped));
}

static void test_address_loopback_and_all_are_recognised(void **state)
{
    static const struct {
        const char *text;
        bool loopback;
        bool any;
    } rows[] = {{"127.0.0.1:1", true, false},
                {"127.9.9.9:1", true, false},
                {"[::1]:1", true, false},
                {"128.0.0.1:1", false, false},
                {"[::]:1", false, true},
                {"0.0.0.0:1", false, true},
                {"[::ffff:0.0.0.0]:1", false, true}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct address address;
        assert_int_equal(address_parse(rows[i].text, &address), SK_OK);
        assert_int_equal(address_is_loopback(&address), rows[i].loopback);
        assert_int_equal(address_is_any(&address), rows[i].any);
    }
}

static void test_address_range_has_what_shares_its_bits(void **state)
{
    static const struct {
        const char *range;
        const char *address;
        bool inside;
    } rows[] = {
        {"10.0.0.0/8", "10.255.0.1:1", true}, {"10.0.0.0/8", "11.0.0.1:1", false},
        {"10.0.0.0/9", "10.127.0.1:1", true}, {"10.0.0.0/9", "10.128.0.1:1", false},
        {"10.0.0.7", "10.0.0.7:1", true},     {"10.0.0.7", "10.0.0.6:1", false},
        {"0.0.0.0/0", "1.2.3.4:1", true},     {"0.0.0.0/0", "[fd00::1]:1", false},
        {"fd00::/8", "[fdff::1]:1", true},    {"::/0", "1.2.3.4:1", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct address_range range;
        struct address address;
        print_message("  %s %s\n", rows[i].range, rows[i].address);
        assert_int_equal(address_range_parse(rows[i].range, &range), SK_OK);
        assert_int_equal(address_parse(rows[i].address, &address), SK_OK);
        assert_int_equal(address_range_has(&range, &address), rows[i].inside);
    }
}

static void test_address_range_fault_is_refused(void **state)
{
    static const char *const texts[] = {
        "", "10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "10.0.0.0:80"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct address_range range;
        assert_int_equal(address_range_parse(texts[i], &range), SK_ERR_CONFIG);
    }
}

static void test_address_host_parse_takes_no_port_and_no_brackets(void **state)
{
    static const char *const bad[] = {"",      "1.2.3.4:5", "[::1]", "::1/128",
                                      "1.2.3", "localhost", ":"};
    struct address address = {.port = 9};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(address_host_parse(sk_text_of(bad[i]), &address), SK_ERR_CONFIG);
        assert_int_equal(address.port, 9);
    }
    assert_int_equal(address_host_parse(sk_text_of("127.1.2.3"), &address), SK_OK);
    assert_true(address_is_loopback(&address));
    assert_int_equal(address.port, 0);
    assert_int_equal(address_host_parse(sk_text_of("::1"), &address), SK_OK);
    assert_true(address_is_loopback(&address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_text_gives_back_what_was_parsed),
        cmocka_unit_test(test_address_longest_form_fits),
        cmocka_unit_test(test_address_localhost_is_v4_loopback),
        cmocka_unit_test(test_address_one_fault_is_refused_and_changes_nothing),
        cmocka_unit_test(test_address_socket_form_round_trips),
        cmocka_unit_test(test_address_v4_seen_by_a_v6_socket_is_the_same_host),
        cmocka_unit_test(test_address_loopback_and_all_are_recognised),
        cmocka_unit_test(test_address_range_has_what_shares_its_bits),
        cmocka_unit_test(test_address_range_fault_is_refused),
        cmocka_unit_test(test_address_host_parse_takes_no_port_and_no_brackets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
