/* test_base64url.c - one text for each bytes, and nothing else is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tls/base64url.h"

static void test_base64url_encode_gives_the_text_of_rfc_4648(void **state)
{
    static const struct {
        const char *bytes;
        const char *text;
    } rows[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[16];
        int got = base64url_encode((const uint8_t *)rows[i].bytes, strlen(rows[i].bytes), text,
                                   sizeof(text));
        assert_int_equal(got, strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
    }
}

static void test_base64url_any_size_comes_back(void **state)
{
    uint8_t bytes[256];
    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(i * 167 + 13);
    }
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        char text[BASE64URL_BYTES(sizeof(bytes)) + 1];
        uint8_t back[sizeof(bytes)];
        int text_bytes = base64url_encode(bytes, size, text, sizeof(text));
        assert_int_equal(text_bytes, BASE64URL_BYTES(size));
        assert_int_equal(base64url_decode(text, (size_t)text_bytes, back, size), size);
        assert_memory_equal(back, bytes, size);
    }
}

static void test_base64url_text_of_no_bytes_is_refused(void **state)
{
    static const struct {
        const char *fault;
        const char *text;
    } rows[] = {
        {"a tail of one letter", "Zm9vY"},
        {"spare bits of two letters", "Zh"},
        {"spare bits of three letters", "Zm9"},
        {"padding", "Zg=="},
        {"a plus", "Zm+v"},
        {"a slash", "Zm/v"},
        {"a space", "Zm v"},
        {"a byte above 127", "Zm\xc3v"},
    };
    uint8_t out[16];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("  %s\n", rows[i].fault);
        assert_int_equal(base64url_decode(rows[i].text, strlen(rows[i].text), out, sizeof(out)),
                         SK_ERR_PROTOCOL);
    }
    assert_int_equal(base64url_decode("Zm\0v", 4, out, sizeof(out)), SK_ERR_PROTOCOL);
}

static void test_base64url_small_room_is_left_alone(void **state)
{
    uint8_t out[3] = {0xee, 0xee, 0xee};
    char text[4] = "no";
    (void)state;
    assert_int_equal(base64url_decode("Zm8", 3, out, 1), SK_ERR_FULL);
    assert_int_equal(base64url_decode("Zm9v", 4, out, 2), SK_ERR_FULL);
    assert_int_equal(out[0], 0xee);
    assert_int_equal(base64url_encode((const uint8_t *)"foo", 3, text, 4), SK_ERR_FULL);
    assert_string_equal(text, "no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64url_encode_gives_the_text_of_rfc_4648),
        cmocka_unit_test(test_base64url_any_size_comes_back),
        cmocka_unit_test(test_base64url_text_of_no_bytes_is_refused),
        cmocka_unit_test(test_base64url_small_room_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
