/* test_address_setting.c - a setting that is an address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "address/address.h"
#include "address/address_setting.h"

static const struct sk_setting row = {"listen", SK_SETTING_TYPED, &address_setting, 0, NULL, 0,
                                      0,        "ADDR:PORT",      "where"};

static int read_flag(struct sk_settings *settings, struct address *address, const char *flag)
{
    char *argv[] = {(char *)"app", (char *)flag, NULL};
    sk_settings_init(settings, &row, 1, "", address);
    return sk_settings_read_flags(settings, 2, argv);
}

static void test_address_setting_is_read(void **state)
{
    (void)state;
    struct sk_settings settings;
    struct address address = {0};
    assert_int_equal(read_flag(&settings, &address, "--listen=[::1]:80"), SK_OK);
    assert_int_equal(address.port, 80);
    assert_true(address_is_loopback(&address));
}

static void test_address_setting_without_a_port_is_refused(void **state)
{
    (void)state;
    struct sk_settings settings;
    struct address address = {0};
    assert_int_equal(read_flag(&settings, &address, "--listen=127.0.0.1"), SK_ERR_CONFIG);
    assert_string_equal(settings.error, "--listen: \"127.0.0.1\" is no ADDRESS:PORT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_setting_is_read),
        cmocka_unit_test(test_address_setting_without_a_port_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
