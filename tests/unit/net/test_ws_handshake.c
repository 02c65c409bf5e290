/* test_ws_handshake.c - what opens a WebSocket and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/ws_handshake.h"

/* The hash of RFC 6455, 1.3, for its key; any other text is a failed test. */
static void sha1_of_the_rfc(const void *bytes, size_t size, uint8_t hash[20])
{
    static const char text[] = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const uint8_t answer[20] = {0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6,
                                       0x46, 0x06, 0xcf, 0x38, 0x59, 0x45, 0xb2, 0xbe, 0xc4, 0xea};
    assert_int_equal(size, sizeof(text) - 1);
    assert_memory_equal(bytes, text, size);
    memcpy(hash, answer, 20);
}

static const char KEY[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

#define HOST       "Host: a\r\n"
#define UPGRADE    "Upgrade: websocket\r\n"
#define CONNECTION "Connection: keep-alive, Upgrade\r\n"
#define VERSION    "Sec-WebSocket-Version: 13\r\n"
#define KEY_LINE   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static void test_ws_handshake_request_verdicts(void **state)
{
    static const struct {
        const char *what;
        enum sk_ws_upgrade want;
        const char *text;
    } rows[] = {
        {"as it should be", SK_WS_UPGRADE_OK,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION KEY_LINE "\r\n"},
        {"no upgrade", SK_WS_UPGRADE_NONE,
         "GET / HTTP/1.1\r\n" HOST CONNECTION VERSION KEY_LINE "\r\n"},
        {"other version", SK_WS_UPGRADE_VERSION,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION "Sec-WebSocket-Version: 8\r\n" KEY_LINE
         "\r\n"},
        {"no version", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION KEY_LINE "\r\n"},
        {"POST", SK_WS_UPGRADE_BAD,
         "POST / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION KEY_LINE "\r\n"},
        {"HTTP/1.0", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.0\r\n" HOST UPGRADE CONNECTION VERSION KEY_LINE "\r\n"},
        {"no connection", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE VERSION KEY_LINE "\r\n"},
        {"no key", SK_WS_UPGRADE_BAD, "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION "\r\n"},
        {"short key", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION "Sec-WebSocket-Key: dGhl\r\n\r\n"},
        {"key not base64", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j*Q==\r\n\r\n"},
        {"key of 17 bytes", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQA=\r\n\r\n"},
        {"last digit of the key has bits that no byte has", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n\r\n"},
        {"two keys", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION KEY_LINE KEY_LINE "\r\n"},
        {"two different keys", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION KEY_LINE
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"},
        {"two versions", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION VERSION KEY_LINE "\r\n"},
        {"two versions, the first another", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION
         "Sec-WebSocket-Version: 8\r\n" VERSION KEY_LINE "\r\n"},
        {"body", SK_WS_UPGRADE_BAD,
         "GET / HTTP/1.1\r\n" HOST UPGRADE CONNECTION VERSION KEY_LINE "Content-Length: 1\r\n\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_request request;
        print_message("  %s\n", rows[i].what);
        assert_int_equal(
            sk_http_request_parse(&request, (const uint8_t *)rows[i].text, strlen(rows[i].text)),
            SK_OK);
        assert_int_equal(sk_ws_upgrade_check(&request), rows[i].want);
    }
}

/* RFC 6455 compares no subprotocol without case, and npm `ws` drops a connection whose answer has
 * another case than its offer. */
static void test_ws_handshake_subprotocol_is_of_its_own_case(void **state)
{
    static const struct {
        const char *offer;
        bool want;
    } rows[] = {
        {"Sec-WebSocket-Protocol: skirmish.1\r\n", true},
        {"Sec-WebSocket-Protocol: chat, skirmish.1\r\n", true},
        {"Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: skirmish.1\r\n", true},
        {"Sec-WebSocket-Protocol: Skirmish.1\r\n", false},
        {"Sec-WebSocket-Protocol: skirmish.10\r\n", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];
        struct sk_http_request request;
        print_message("  %s\n", rows[i].offer);
        int size = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST "%s\r\n", rows[i].offer);
        assert_int_equal(sk_http_request_parse(&request, (const uint8_t *)text, (size_t)size),
                         SK_OK);
        assert_int_equal(sk_ws_offers(&request, "skirmish.1"), rows[i].want);
    }
}

static void test_ws_handshake_accept_is_that_of_the_rfc(void **state)
{
    (void)state;
    char accept[SK_WS_ACCEPT_BYTES];
    sk_ws_accept(sha1_of_the_rfc, KEY, accept);
    assert_memory_equal(accept, ACCEPT, SK_WS_ACCEPT_BYTES);
}

static void test_ws_handshake_key_is_base64(void **state)
{
    (void)state;
    char key[SK_WS_KEY_BYTES];
    sk_ws_key((const uint8_t *)"the sample nonce", key);
    assert_memory_equal(key, KEY, SK_WS_KEY_BYTES);
}

#define CHOSEN      "Sec-WebSocket-Protocol: skirmish.1\r\n"
#define ACCEPT_LINE "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

static void test_ws_handshake_response_verdicts(void **state)
{
    static const struct {
        const char *what;
        int want;
        const char *text;
    } rows[] = {
        {"as it should be", SK_OK,
         "HTTP/1.1 101 x\r\n" UPGRADE CONNECTION ACCEPT_LINE CHOSEN "\r\n"},
        {"refused", SK_ERR_CLOSED,
         "HTTP/1.1 403 x\r\n" UPGRADE CONNECTION ACCEPT_LINE CHOSEN "\r\n"},
        {"no upgrade", SK_ERR_PROTOCOL, "HTTP/1.1 101 x\r\n" CONNECTION ACCEPT_LINE CHOSEN "\r\n"},
        {"no connection", SK_ERR_PROTOCOL, "HTTP/1.1 101 x\r\n" UPGRADE ACCEPT_LINE CHOSEN "\r\n"},
        {"no accept", SK_ERR_PROTOCOL, "HTTP/1.1 101 x\r\n" UPGRADE CONNECTION CHOSEN "\r\n"},
        {"other accept", SK_ERR_PROTOCOL,
         "HTTP/1.1 101 x\r\n" UPGRADE CONNECTION CHOSEN
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOO=\r\n\r\n"},
        {"no subprotocol", SK_ERR_PROTOCOL,
         "HTTP/1.1 101 x\r\n" UPGRADE CONNECTION ACCEPT_LINE "\r\n"},
        {"an extension", SK_ERR_PROTOCOL,
         "HTTP/1.1 101 x\r\n" UPGRADE CONNECTION ACCEPT_LINE CHOSEN
         "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sk_http_response response;
        print_message("  %s\n", rows[i].what);
        assert_int_equal(
            sk_http_response_parse(&response, (const uint8_t *)rows[i].text, strlen(rows[i].text)),
            SK_OK);
        assert_int_equal(sk_ws_response_check(sha1_of_the_rfc, &response, KEY, "skirmish.1"),
                         rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ws_handshake_request_verdicts),
        cmocka_unit_test(test_ws_handshake_subprotocol_is_of_its_own_case),
        cmocka_unit_test(test_ws_handshake_accept_is_that_of_the_rfc),
        cmocka_unit_test(test_ws_handshake_key_is_base64),
        cmocka_unit_test(test_ws_handshake_response_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
