/* test_room_password.c - whose password opens which room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "room_password.h"
#include "support/toy_hmac.h"

enum { EPOCH = 41 };

static const struct ticket_keys keys = {{{1}, {2}}, {10, 9}, toy_hmac};

static bool fits(uint64_t epoch, const char *password, const uint8_t *hash)
{
    return room_password_fits(&keys, epoch, sk_text_of(password), hash);
}

static void test_room_password_fits_its_own_hash_alone(void **state)
{
    static const char *const others[] = {"secreT", "secre", "secrets", ""};
    uint8_t hash[ROOM_PASSWORD_HASH_BYTES];
    (void)state;
    room_password_hash(&keys, EPOCH, sk_text_of("secret"), hash);
    assert_true(fits(EPOCH, "secret", hash));
    assert_false(fits(EPOCH + 1, "secret", hash));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(fits(EPOCH, others[i], hash));
    }
}

static void test_room_password_that_is_empty_is_none(void **state)
{
    static const uint8_t none[ROOM_PASSWORD_HASH_BYTES];
    uint8_t hash[ROOM_PASSWORD_HASH_BYTES];
    (void)state;
    room_password_hash(&keys, EPOCH, sk_text_of(""), hash);
    assert_memory_equal(hash, none, sizeof(none));
    assert_true(fits(EPOCH, "", hash));
    assert_false(fits(EPOCH, "x", hash));
}

static void test_room_password_never_looks_like_none(void **state)
{
    uint8_t hash[ROOM_PASSWORD_HASH_BYTES];
    (void)state;
    for (char letter = 'a'; letter <= 'z'; letter++) {
        room_password_hash(&keys, EPOCH, (struct sk_text){&letter, 1}, hash);
        assert_int_equal(hash[0] & 1, 1);
    }
}

static void test_room_password_of_the_key_before_still_fits(void **state)
{
    const struct ticket_keys before = {{{2}, {3}}, {9, 8}, toy_hmac};
    const struct ticket_keys gone = {{{4}, {3}}, {7, 8}, toy_hmac};
    uint8_t hash[ROOM_PASSWORD_HASH_BYTES];
    (void)state;
    room_password_hash(&before, EPOCH, sk_text_of("secret"), hash);
    assert_true(fits(EPOCH, "secret", hash));
    room_password_hash(&gone, EPOCH, sk_text_of("secret"), hash);
    assert_false(fits(EPOCH, "secret", hash));
}

static void test_room_password_may_be_as_long_as_the_limit(void **state)
{
    char longest[SK_PASSWORD_BYTES_MAX];
    uint8_t hash[ROOM_PASSWORD_HASH_BYTES];
    (void)state;
    memset(longest, 'x', sizeof(longest));
    struct sk_text password = {longest, sizeof(longest)};
    room_password_hash(&keys, EPOCH, password, hash);
    assert_true(room_password_fits(&keys, EPOCH, password, hash));
    password.size--;
    assert_false(room_password_fits(&keys, EPOCH, password, hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room_password_fits_its_own_hash_alone),
        cmocka_unit_test(test_room_password_that_is_empty_is_none),
        cmocka_unit_test(test_room_password_never_looks_like_none),
        cmocka_unit_test(test_room_password_of_the_key_before_still_fits),
        cmocka_unit_test(test_room_password_may_be_as_long_as_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
