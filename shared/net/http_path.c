/* http_path.c - see http_path.h.
 *
 * Decoding happens once and before the segments are looked at: "%252e" becomes "%2e", a file name,
 * never a dot.
 */
#include "net/http_path.h"

#include <stdbool.h>
#include <stdint.h>

static int hex_of(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    if (byte >= 'A' && byte <= 'F') {
        return byte - 'A' + 10;
    }
    return -1;
}

/* Takes one byte, encoded or not, off `text`.  Returns it (0..255) or SK_ERR_PROTOCOL. */
static int take_byte(struct sk_text *text, bool *was_encoded)
{
    size_t used = 1;
    int value = (uint8_t)text->bytes[0];
    *was_encoded = value == '%';
    if (*was_encoded) {
        int high = text->size >= 3 ? hex_of(text->bytes[1]) : -1;
        int low = text->size >= 3 ? hex_of(text->bytes[2]) : -1;
        if (high < 0 || low < 0) {
            return SK_ERR_PROTOCOL;
        }
        value = high << 4 | low;
        used = 3;
    }
    text->bytes += used;
    text->size -= used;
    return value;
}

static bool is_allowed_in_path(int byte, bool was_encoded)
{
    bool control = byte < ' ' || byte == 0x7f;
    return !control && byte != '\\' && !(was_encoded && byte == '/');
}

/* Whether the segment that ends at out[end] is "." or "..". */
static bool is_dots(const char *out, size_t end)
{
    size_t dots = 0;
    while (dots < end && out[end - 1 - dots] == '.') {
        dots++;
    }
    return dots >= 1 && dots <= 2 && dots < end && out[end - 1 - dots] == '/';
}

int sk_http_path_decode(struct sk_text path, char *out, size_t capacity)
{
    size_t bytes = 0;
    while (path.size > 0) {
        bool was_encoded = false;
        int byte = take_byte(&path, &was_encoded);
        if (byte < 0) {
            return byte;
        }
        if (!is_allowed_in_path(byte, was_encoded)) {
            return SK_ERR_RANGE;
        }
        if (byte == '/' && is_dots(out, bytes)) {
            return SK_ERR_RANGE;
        }
        if (byte == '/' && bytes > 0 && out[bytes - 1] == '/') {
            continue; /* an empty segment */
        }
        if (bytes + 1 >= capacity) {
            return SK_ERR_TOO_BIG;
        }
        out[bytes++] = (char)byte;
    }
    if (bytes == 0 || out[0] != '/' || is_dots(out, bytes)) {
        return SK_ERR_RANGE;
    }
    out[bytes] = '\0';
    return SK_OK;
}

static int decode_value(struct sk_text value, char *out, size_t capacity)
{
    size_t bytes = 0;
    while (value.size > 0) {
        bool was_encoded = false;
        int byte = take_byte(&value, &was_encoded);
        if (byte <= 0) {
            return byte < 0 ? byte : SK_ERR_RANGE;
        }
        if (bytes + 1 >= capacity) {
            return SK_ERR_TOO_BIG;
        }
        out[bytes++] = byte == '+' && !was_encoded ? ' ' : (char)byte;
    }
    if (capacity == 0) {
        return SK_ERR_TOO_BIG;
    }
    out[bytes] = '\0';
    return SK_OK;
}

int sk_http_query_find(struct sk_text query, const char *name, char *out, size_t capacity)
{
    struct sk_text pair;
    while (sk_text_next(&query, '&', &pair)) {
        size_t equals = sk_text_find(pair, '=');
        if (sk_text_is(sk_text_first(pair, equals), name)) {
            return decode_value(sk_text_after(pair, '='), out, capacity);
        }
    }
    return SK_ERR_AGAIN;
}
