/* base64url.c - see base64url.h.
 *
 *   bytes  |aaaaaabb|bbbbcccc|ccdddddd|      three bytes are four letters of six bits
 *
 * A tail of one byte is two letters with four bits to spare, of two bytes three with two; the spare
 * bits must be zero, or one ticket would have several texts.
 */
#include "tls/base64url.h"

#include <string.h>

static const char letters[64] = {'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M',
                                 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
                                 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
                                 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
                                 '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', '_'};

int base64url_encode(const uint8_t *bytes, size_t size, char *text, size_t capacity)
{
    size_t text_bytes = BASE64URL_BYTES(size);
    if (text_bytes >= capacity) {
        return SK_ERR_FULL;
    }
    uint32_t held = 0;
    unsigned held_bits = 0;
    size_t used = 0;
    for (size_t i = 0; i < text_bytes; i++) {
        if (held_bits < 6) {
            held = held << 8 | (used < size ? bytes[used++] : 0U);
            held_bits += 8;
        }
        held_bits -= 6;
        text[i] = letters[held >> held_bits & 63];
    }
    text[text_bytes] = '\0';
    return (int)text_bytes;
}

static int value_of(char letter)
{
    const char *at = memchr(letters, letter, sizeof(letters));
    return at == NULL ? -1 : (int)(at - letters);
}

int base64url_decode(const char *text, size_t text_bytes, uint8_t *out, size_t capacity)
{
    if (text_bytes % 4 == 1) {
        return SK_ERR_PROTOCOL;
    }
    if (text_bytes / 4 * 3 + text_bytes % 4 * 3 / 4 > capacity) {
        return SK_ERR_FULL;
    }
    uint32_t held = 0;
    unsigned held_bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < text_bytes; i++) {
        int value = value_of(text[i]);
        if (value < 0) {
            return SK_ERR_PROTOCOL;
        }
        held = held << 6 | (uint32_t)value;
        held_bits += 6;
        if (held_bits >= 8) {
            held_bits -= 8;
            out[count++] = (uint8_t)(held >> held_bits);
        }
    }
    return (held & ((1U << held_bits) - 1)) == 0 ? (int)count : SK_ERR_PROTOCOL;
}
