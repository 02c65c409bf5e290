/* test_utf8.c - valid text is valid however it is cut; invalid text is refused at its first bad
 * byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/utf8.h"
#include "support/end_of_page.h"

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

static const char *const valid[] = {
    "",
    "plain ASCII, longer than one word of eight",
    "\xc2\x80 \xdf\xbf",
    "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf",
    "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf",
    "aaaaaaa\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
};

/* `good` bytes may stand at the start of a text, the next one may not. */
static const struct {
    const char *fault;
    size_t good;
    const char *bytes;
} invalid[] = {
    {"continuation without a lead", 1, "a\x80"},
    {"overlong slash in two bytes", 0, "\xc0\xaf"},
    {"overlong in two bytes", 0, "\xc1\xbf"},
    {"overlong in three bytes", 1, "\xe0\x9f\xbf"},
    {"surrogate", 1, "\xed\xa0\x80"},
    {"overlong in four bytes", 1, "\xf0\x8f\xbf\xbf"},
    {"above 10ffff", 1, "\xf4\x90\x80\x80"},
    {"lead f5", 0, "\xf5\x80\x80\x80"},
    {"lead ff", 0, "\xff"},
    {"ASCII where a continuation belongs", 2,
     "\xe2\x82"
     "a"},
    {"second continuation too high", 2, "\xe2\x82\xc0"},
};

static void test_utf8_valid_text_is_taken_at_every_split(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(valid); i++) {
        struct end_of_page page = end_of_page_copy(valid[i], strlen(valid[i]));
        for (size_t cut = 0; cut <= strlen(valid[i]); cut++) {
            struct sk_utf8 utf8 = {0};
            assert_true(sk_utf8_feed(&utf8, page.bytes, cut));
            assert_true(sk_utf8_feed(&utf8, page.bytes + cut, strlen(valid[i]) - cut));
            assert_true(sk_utf8_is_whole(&utf8));
        }
        end_of_page_free(&page);
    }
}

static void test_utf8_one_fault_is_refused_at_its_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(invalid); i++) {
        struct sk_utf8 utf8 = {0};
        const uint8_t *bytes = (const uint8_t *)invalid[i].bytes;
        print_message("  %s\n", invalid[i].fault);
        assert_true(sk_utf8_feed(&utf8, bytes, invalid[i].good));
        assert_false(sk_utf8_feed(&utf8, bytes + invalid[i].good, 1));
    }
}

static void test_utf8_cut_character_is_not_whole(void **state)
{
    (void)state;
    assert_true(sk_utf8_is_text((const uint8_t *)"\xe2\x82\xac", 3));
    assert_false(sk_utf8_is_text((const uint8_t *)"\xe2\x82", 2));
}

/* Every code point, encoded by the definition, is valid unless it is a surrogate. */
static void test_utf8_every_code_point_of_three_bytes(void **state)
{
    (void)state;
    for (uint32_t code = 0x800; code <= 0xffff; code++) {
        uint8_t bytes[3] = {(uint8_t)(0xe0 | code >> 12), (uint8_t)(0x80 | (code >> 6 & 63)),
                            (uint8_t)(0x80 | (code & 63))};
        assert_int_equal(sk_utf8_is_text(bytes, 3), code < 0xd800 || code > 0xdfff);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_valid_text_is_taken_at_every_split),
        cmocka_unit_test(test_utf8_one_fault_is_refused_at_its_byte),
        cmocka_unit_test(test_utf8_cut_character_is_not_whole),
        cmocka_unit_test(test_utf8_every_code_point_of_three_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
