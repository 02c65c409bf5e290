/* test_proxy_header.c - whose connection a proxy says it is, cut anywhere, and everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "address/proxy_header.h"
#include "support/end_of_page.h"

#define TEXT(text) (const uint8_t *)(text), sizeof(text) - 1
#define SIGNATURE  "\r\n\r\n\0\r\nQUIT\n"

struct row {
    const char *is;
    const uint8_t *bytes;
    size_t size;
    const char *want; /* the address; "-" for the proxy's own, NULL for a refusal */
};

static const struct row rows[] = {
    {"line v4", TEXT("PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\n"), "203.0.113.9:4711"},
    {"line v6", TEXT("PROXY TCP6 2001:db8::9 ::1 4711 443\r\n"), "[2001:db8::9]:4711"},
    {"line unknown", TEXT("PROXY UNKNOWN\r\n"), "-"},
    {"line unknown, more", TEXT("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), "-"},
    {"binary v4", TEXT(SIGNATURE "\x21\x11\0\x0c\xcb\0\x71\x09\x0a\0\0\x01\x12\x67\x01\xbb"),
     "203.0.113.9:4711"},
    {"binary v6",
     TEXT(SIGNATURE "\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x09"
                    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x12\x67\x01\xbb"),
     "[2001:db8::9]:4711"},
    {"binary with more behind",
     TEXT(SIGNATURE "\x21\x11\0\x0f\xcb\0\x71\x09\x0a\0\0\x01\x12\x67\x01\xbb\x04\0\0"),
     "203.0.113.9:4711"},
    {"binary local", TEXT(SIGNATURE "\x20\0\0\0"), "-"},
    {"binary unix", TEXT(SIGNATURE "\x21\x31\0\x02xx"), "-"},
    {"an address of the other family", TEXT("PROXY TCP4 2001:db8::9 ::1 4711 443\r\n"), NULL},
    {"a bare line feed", TEXT("PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\n"), NULL},
    {"a word too few", TEXT("PROXY TCP4 203.0.113.9 10.0.0.1 4711\r\n"), NULL},
    {"a word too many", TEXT("PROXY TCP4 203.0.113.9 10.0.0.1 4711 443 1\r\n"), NULL},
    {"a name", TEXT("PROXY TCP4 example 10.0.0.1 4711 443\r\n"), NULL},
    {"a port too large", TEXT("PROXY TCP4 203.0.113.9 10.0.0.1 65536 443\r\n"), NULL},
    {"another family", TEXT("PROXY UDP4 203.0.113.9 10.0.0.1 4711 443\r\n"), NULL},
    {"no header", TEXT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), NULL},
    {"a ClientHello", TEXT("\x16\x03\x01\x02\0\x01"), NULL},
    {"a zero byte", TEXT("PROXY TCP4 203.0.113.9\0 10.0.0.1 4711 443\r\n"), NULL},
    {"another version", TEXT(SIGNATURE "\x31\x11\0\x0c\xcb\0\x71\x09\x0a\0\0\x01\x12\x67\x01\xbb"),
     NULL},
    {"another command", TEXT(SIGNATURE "\x22\x11\0\x0c\xcb\0\x71\x09\x0a\0\0\x01\x12\x67\x01\xbb"),
     NULL},
    {"too short for its family", TEXT(SIGNATURE "\x21\x11\0\x04\xcb\0\x71\x09"), NULL},
    {"too long", TEXT(SIGNATURE "\x21\x11\x02\x09"), NULL},
    {"a line too long",
     TEXT(
         "PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
     NULL},
};

static void check(const struct row *row)
{
    char text[ADDRESS_TEXT_BYTES_MAX] = "-";
    struct address none = {{0}, 0};
    struct address address = none;
    struct end_of_page page = end_of_page_copy(row->bytes, row->size);
    int result = proxy_header_parse(page.bytes, row->size, &address);
    print_message("  %s\n", row->is);
    if (row->want == NULL) {
        assert_int_equal(result, SK_ERR_PROTOCOL);
    } else {
        assert_int_equal(result, row->size);
    }
    if (memcmp(&address, &none, sizeof(address)) != 0) {
        address_text(&address, text);
    }
    assert_string_equal(text, row->want != NULL ? row->want : "-");
    end_of_page_free(&page);
}

static void test_proxy_header_gives_the_address_or_a_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check(&rows[i]);
    }
}

static void test_proxy_header_cut_anywhere_waits_for_the_rest(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (size_t cut = 0; rows[i].want != NULL && cut < rows[i].size; cut++) {
            struct address address;
            struct end_of_page page = end_of_page_copy(rows[i].bytes, cut);
            assert_int_equal(proxy_header_parse(page.bytes, cut, &address), SK_ERR_AGAIN);
            end_of_page_free(&page);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy_header_gives_the_address_or_a_refusal),
        cmocka_unit_test(test_proxy_header_cut_anywhere_waits_for_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
