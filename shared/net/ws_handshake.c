/* ws_handshake.c - see ws_handshake.h. */
#include "net/ws_handshake.h"

#include "base/mem.h"

static const char GUID[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455, 1.3 */
static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Writes the base64 form of `size` bytes, (size + 2) / 3 * 4 of it. */
static void base64(const uint8_t *bytes, size_t size, char *out)
{
    for (size_t at = 0; at < size; at += 3) {
        size_t left = size - at;
        uint32_t group = (uint32_t)bytes[at] << 16;
        group |= left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)bytes[at + 2] : 0;
        out[0] = DIGITS[group >> 18 & 63];
        out[1] = DIGITS[group >> 12 & 63];
        out[2] = left > 1 ? DIGITS[group >> 6 & 63] : '=';
        out[3] = left > 2 ? DIGITS[group & 63] : '=';
        out += 4;
    }
}

static bool is_base64_digit(char byte)
{
    return byte != '\0' && sk_text_find(sk_text_of(DIGITS), byte) < sizeof(DIGITS) - 1;
}

/* Whether the digit before the padding holds two bits of a byte and zeros (RFC 4648, 3.5). */
static bool is_last_digit(char byte)
{
    return byte == 'A' || byte == 'Q' || byte == 'g' || byte == 'w';
}

/* Whether the text is the one base64 form of 16 bytes. */
static bool is_key(const struct sk_text *key)
{
    if (key == NULL || key->size != SK_WS_KEY_BYTES) {
        return false;
    }
    for (size_t i = 0; i < SK_WS_KEY_BYTES - 3; i++) {
        if (!is_base64_digit(key->bytes[i])) {
            return false;
        }
    }
    return is_last_digit(key->bytes[SK_WS_KEY_BYTES - 3]) &&
           key->bytes[SK_WS_KEY_BYTES - 2] == '=' && key->bytes[SK_WS_KEY_BYTES - 1] == '=';
}

/* What may stand there once only (RFC 6455, 11.3.1 and 11.3.5): of two, a proxy might take the
 * other. */
static bool has_twins(const struct sk_http_headers *headers)
{
    return sk_http_header_count(headers, "sec-websocket-key") > 1 ||
           sk_http_header_count(headers, "sec-websocket-version") > 1;
}

enum sk_ws_upgrade sk_ws_upgrade_check(const struct sk_http_request *request)
{
    const struct sk_http_headers *headers = &request->headers;
    if (!sk_http_header_has(headers, "upgrade", "websocket")) {
        return SK_WS_UPGRADE_NONE;
    }
    if (has_twins(headers)) {
        return SK_WS_UPGRADE_BAD;
    }
    const struct sk_text *version = sk_http_header_find(headers, "sec-websocket-version");
    if (version != NULL && !sk_text_is(*version, "13")) {
        return SK_WS_UPGRADE_VERSION;
    }
    bool fits = version != NULL && sk_text_is(request->method, "GET") && request->keep_alive &&
                sk_http_header_has(headers, "connection", "upgrade") && request->body_bytes == 0 &&
                !request->body_is_chunked;
    if (!fits || !is_key(sk_http_header_find(headers, "sec-websocket-key"))) {
        return SK_WS_UPGRADE_BAD;
    }
    return SK_WS_UPGRADE_OK;
}

static bool list_offers(struct sk_text list, const char *subprotocol)
{
    struct sk_text element;
    while (sk_text_next(&list, ',', &element)) {
        if (sk_text_is(element, subprotocol)) {
            return true;
        }
    }
    return false;
}

bool sk_ws_offers(const struct sk_http_request *request, const char *subprotocol)
{
    for (uint32_t i = 0; i < request->headers.count; i++) {
        const struct sk_http_header *row = &request->headers.rows[i];
        if (sk_text_is_any_case(row->name, "sec-websocket-protocol") &&
            list_offers(row->value, subprotocol)) {
            return true;
        }
    }
    return false;
}

void sk_ws_key(const uint8_t random[16], char key[SK_WS_KEY_BYTES])
{
    base64(random, 16, key);
}

void sk_ws_accept(sk_sha1_fn sha1, const char key[SK_WS_KEY_BYTES], char accept[SK_WS_ACCEPT_BYTES])
{
    char text[SK_WS_KEY_BYTES + sizeof(GUID) - 1];
    uint8_t hash[20];
    memcpy(text, key, SK_WS_KEY_BYTES);
    memcpy(text + SK_WS_KEY_BYTES, GUID, sizeof(GUID) - 1);
    sha1(text, sizeof(text), hash);
    base64(hash, sizeof(hash), accept);
}

static bool accept_fits(sk_sha1_fn sha1, const struct sk_text *given, const char *key)
{
    char wanted[SK_WS_ACCEPT_BYTES];
    sk_ws_accept(sha1, key, wanted);
    return given != NULL && given->size == sizeof(wanted) &&
           memcmp(given->bytes, wanted, sizeof(wanted)) == 0;
}

/* The one that was asked for and no other; an extension was never asked for. */
static bool offers_fit(const struct sk_http_headers *headers, const char *subprotocol)
{
    const struct sk_text *chosen = sk_http_header_find(headers, "sec-websocket-protocol");
    if (sk_http_header_find(headers, "sec-websocket-extensions") != NULL) {
        return false;
    }
    if (subprotocol == NULL) {
        return chosen == NULL;
    }
    return chosen != NULL && sk_text_is(*chosen, subprotocol);
}

int sk_ws_response_check(sk_sha1_fn sha1, const struct sk_http_response *response,
                         const char key[SK_WS_KEY_BYTES], const char *subprotocol)
{
    const struct sk_http_headers *headers = &response->headers;
    if (response->status != 101) {
        return SK_ERR_CLOSED;
    }
    bool fits = sk_http_header_has(headers, "upgrade", "websocket") &&
                sk_http_header_has(headers, "connection", "upgrade") &&
                accept_fits(sha1, sk_http_header_find(headers, "sec-websocket-accept"), key) &&
                offers_fit(headers, subprotocol);
    return fits ? SK_OK : SK_ERR_PROTOCOL;
}
