/* test_own_host.c - a page that has its name resolve to us is told by that name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "own_host.h"

static const char *const names[] = {"metrics.example.net", "[2001:db8::9]"};

static bool ask(const char *bound, uint32_t name_count, const char *host)
{
    struct address address;
    assert_int_equal(address_parse(bound, &address), SK_OK);
    struct own_host_rule rule = {&address, names, name_count};
    return own_host_is(&rule, sk_text_of(host));
}

static void test_own_host_verdicts(void **state)
{
    static const struct {
        const char *bound;
        uint32_t name_count;
        const char *host;
        bool want;
    } rows[] = {
        {"127.0.0.1:7778", 0, "127.0.0.1:7778", true},
        {"127.0.0.1:7778", 0, "localhost:7778", true},
        {"127.0.0.1:7778", 0, "LocalHost", true},
        {"127.0.0.1:7778", 0, "[::1]:9000", true},
        {"[::1]:7778", 0, "127.0.0.1", true},
        {"127.0.0.1:7778", 0, "", true},
        {"127.0.0.1:7778", 0, "evil.example:7778", false},
        {"127.0.0.1:7778", 0, "localhost.evil.example", false},
        {"127.0.0.1:7778", 0, "127.0.0.1.evil.example", false},
        {"127.0.0.1:7778", 0, "10.0.0.1", false},
        {"127.0.0.1:7778", 0, "10.0.0.0/8", false},
        {"127.0.0.1:7778", 0, "metrics.example.net", false},
        {"127.0.0.1:7778", 2, "Metrics.example.net:443", true},
        {"127.0.0.1:7778", 2, "not-metrics.example.net", false},
        {"10.0.0.5:7778", 0, "10.0.0.5:7778", true},
        {"10.0.0.5:7778", 0, "10.0.0.6:7778", false},
        {"10.0.0.5:7778", 0, "127.0.0.1", false},
        {"10.0.0.5:7778", 0, "localhost", false},
        {"10.0.0.5:7778", 2, "[2001:DB8::9]:7778", true},
        {"[2001:db8::5]:7778", 0, "[2001:db8:0::5]", true},
        {"0.0.0.0:7778", 0, "10.0.0.6:7778", true},
        {"0.0.0.0:7778", 0, "localhost", true},
        {"[::]:7778", 0, "192.0.2.1", true},
        {"[::]:7778", 0, "[2001:db8::5]", true},
        {"0.0.0.0:7778", 0, "evil.example", false},
        {"0.0.0.0:7778", 2, "metrics.example.net", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s called %s\n", rows[i].bound, rows[i].host);
        assert_int_equal(ask(rows[i].bound, rows[i].name_count, rows[i].host), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_host_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
