/* test_origin.c - a page may connect to its own host, a listed one may, a foreign one may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "origin.h"

static bool ask(const struct origin_rule *rule, const char *origin, const char *host)
{
    struct sk_text origin_text = {origin, origin ? strlen(origin) : 0};
    struct sk_text host_text = {host, host ? strlen(host) : 0};
    return origin_is_allowed(rule, origin ? &origin_text : NULL, host_text);
}

static void test_origin_none_is_admitted(void **state)
{
    static const char *const list[] = {"https://play.example"};
    (void)state;
    assert_true(ask(&(struct origin_rule){0}, NULL, "game.example"));
    assert_true(ask(&(struct origin_rule){list, 1, false}, NULL, "game.example"));
}

static void test_origin_same_host_is_admitted(void **state)
{
    (void)state;
    struct origin_rule rule = {0};
    assert_true(ask(&rule, "https://game.example:7777", "game.example:7777"));
    assert_true(ask(&rule, "http://GAME.example", "game.example"));
}

static void test_origin_foreign_is_refused(void **state)
{
    static const char *const foreign[] = {
        "https://evil.example",
        "https://game.example.evil.example",
        "https://game.example:8",
        "null",
        "",
        "https://",
        "ftp://game.example",
        "game.example",
        "https://evilgame.example",
        "http://localhost:5173",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        print_message("  '%s'\n", foreign[i]);
        assert_false(ask(&(struct origin_rule){0}, foreign[i], "game.example"));
    }
    assert_false(ask(&(struct origin_rule){0}, "https://game.example", NULL));
}

static void test_origin_localhost_on_loopback_listener_is_admitted(void **state)
{
    (void)state;
    struct origin_rule rule = {.is_loopback = true};
    assert_true(ask(&rule, "http://localhost:5173", "127.0.0.1:7777"));
    assert_true(ask(&rule, "http://127.0.0.1:5173", "127.0.0.1:7777"));
    assert_true(ask(&rule, "http://[::1]:5173", "[::1]:7777"));
    assert_false(ask(&rule, "http://localhost.evil.example", "127.0.0.1:7777"));
    assert_false(ask(&rule, "http://127.0.0.1.evil.example:1", "127.0.0.1:7777"));
}

static void test_origin_list_is_exact(void **state)
{
    static const char *const list[] = {"https://play.example", "https://dev.example:8443"};
    (void)state;
    struct origin_rule rule = {list, 2, true};
    assert_true(ask(&rule, "https://play.example", "game.example"));
    assert_true(ask(&rule, "https://dev.example:8443", "game.example"));
    assert_false(ask(&rule, "http://play.example", "game.example"));
    assert_false(ask(&rule, "https://game.example", "game.example"));
    assert_false(ask(&rule, "http://localhost", "game.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origin_none_is_admitted),
        cmocka_unit_test(test_origin_same_host_is_admitted),
        cmocka_unit_test(test_origin_foreign_is_refused),
        cmocka_unit_test(test_origin_localhost_on_loopback_listener_is_admitted),
        cmocka_unit_test(test_origin_list_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
