/* utf8.c - the table of well-formed byte sequences (Unicode 15, table 3-7) as bounds.
 *
 * Only the second byte of a character has bounds other than 80..bf; they are what excludes overlong
 * forms (e0, f0), surrogates (ed) and code points above 10ffff (f4).
 */
#include "net/utf8.h"

#include "base/mem.h"

enum { CONTINUATION_LOW = 0x80, CONTINUATION_HIGH = 0xbf };

static bool on_lead(struct sk_utf8 *utf8, uint8_t byte)
{
    utf8->low = CONTINUATION_LOW;
    utf8->high = CONTINUATION_HIGH;
    if (byte < 0x80) {
        return true;
    }
    if (byte < 0xc2 || byte > 0xf4) {
        return false;
    }
    utf8->left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte == 0xe0) {
        utf8->low = 0xa0;
    } else if (byte == 0xed) {
        utf8->high = 0x9f;
    } else if (byte == 0xf0) {
        utf8->low = 0x90;
    } else if (byte == 0xf4) {
        utf8->high = 0x8f;
    }
    return true;
}

static bool on_continuation(struct sk_utf8 *utf8, uint8_t byte)
{
    if (byte < utf8->low || byte > utf8->high) {
        return false;
    }
    utf8->left--;
    utf8->low = CONTINUATION_LOW;
    utf8->high = CONTINUATION_HIGH;
    return true;
}

/* How many of the first bytes are ASCII, found eight at a time. */
static size_t ascii_run(const uint8_t *bytes, size_t size)
{
    size_t run = 0;
    for (; size - run >= 8; run += 8) {
        uint64_t word;
        memcpy(&word, bytes + run, 8);
        if ((word & 0x8080808080808080u) != 0) {
            break;
        }
    }
    return run;
}

bool sk_utf8_feed(struct sk_utf8 *utf8, const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    while (at < size) {
        if (utf8->left > 0) {
            if (!on_continuation(utf8, bytes[at++])) {
                return false;
            }
            continue;
        }
        at += ascii_run(bytes + at, size - at);
        if (at < size && !on_lead(utf8, bytes[at++])) {
            return false;
        }
    }
    return true;
}

bool sk_utf8_is_whole(const struct sk_utf8 *utf8)
{
    return utf8->left == 0;
}

bool sk_utf8_is_text(const uint8_t *bytes, size_t size)
{
    struct sk_utf8 utf8 = {0};
    return sk_utf8_feed(&utf8, bytes, size) && sk_utf8_is_whole(&utf8);
}
