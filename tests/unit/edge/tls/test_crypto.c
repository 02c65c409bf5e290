/* test_crypto.c - the crypto face gives the published answers over either build of wolfSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tls/crypto.h"

static struct crypto_bytes text(const char *string)
{
    return (struct crypto_bytes){string, strlen(string)};
}

static int start(void **state)
{
    (void)state;
    const char *why = NULL;
    return crypto_start(&why);
}

static void test_crypto_sha1_answers_as_rfc_6455(void **state)
{
    static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const uint8_t want[CRYPTO_SHA1_BYTES] = {0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f,
                                                    0x16, 0x90, 0xf6, 0x46, 0x06, 0xcf, 0x38,
                                                    0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea};
    uint8_t got[CRYPTO_SHA1_BYTES];
    (void)state;
    crypto_sha1(key, sizeof(key) - 1, got);
    assert_memory_equal(got, want, sizeof(want));
}

static void test_crypto_hmac_answers_as_rfc_4231(void **state)
{
    static const uint8_t want[CRYPTO_SHA256_BYTES] = {
        0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
        0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
        0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
    uint8_t got[CRYPTO_SHA256_BYTES];
    (void)state;
    crypto_hmac_sha256(text("Jefe"), text("what do ya want for nothing?"), got);
    assert_memory_equal(got, want, sizeof(want));
}

static void test_crypto_hmac_takes_key_above_a_block(void **state)
{
    static const uint8_t want[CRYPTO_SHA256_BYTES] = {
        0x60, 0xe4, 0x31, 0x59, 0x1e, 0xe0, 0xb6, 0x7f, 0x0d, 0x8a, 0x26,
        0xaa, 0xcb, 0xf5, 0xb7, 0x7f, 0x8e, 0x0b, 0xc6, 0x21, 0x37, 0x28,
        0xc5, 0x14, 0x05, 0x46, 0x04, 0x0f, 0x0e, 0xe3, 0x7f, 0x54};
    uint8_t key[131];
    uint8_t got[CRYPTO_SHA256_BYTES];
    (void)state;
    memset(key, 0xaa, sizeof(key));
    crypto_hmac_sha256((struct crypto_bytes){key, sizeof(key)},
                       text("Test Using Larger Than Block-Size Key - Hash Key First"), got);
    assert_memory_equal(got, want, sizeof(want));
}

static void test_crypto_random_differs_each_time(void **state)
{
    uint8_t a[300] = {0};
    uint8_t b[300] = {0};
    (void)state;
    assert_int_equal(crypto_random(a, sizeof(a)), SK_OK);
    assert_int_equal(crypto_random(b, sizeof(b)), SK_OK);
    assert_memory_not_equal(a, b, sizeof(a));
    assert_memory_not_equal(a + 284, b + 284, 16);
}

static void test_crypto_names_its_build(void **state)
{
    (void)state;
    assert_non_null(strstr(crypto_build(), "wolfSSL 5."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crypto_sha1_answers_as_rfc_6455),
        cmocka_unit_test(test_crypto_hmac_answers_as_rfc_4231),
        cmocka_unit_test(test_crypto_hmac_takes_key_above_a_block),
        cmocka_unit_test(test_crypto_random_differs_each_time),
        cmocka_unit_test(test_crypto_names_its_build),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
