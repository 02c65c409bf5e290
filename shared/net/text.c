/* text.c - see text.h. */
#include "net/text.h"

#include "base/assert.h"
#include "base/mem.h"

bool sk_text_is(struct sk_text text, const char *string)
{
    return sk_text_equal(text, sk_text_of(string));
}

bool sk_text_is_any_case(struct sk_text text, const char *string)
{
    return sk_text_equal_any_case(text, sk_text_of(string));
}

bool sk_text_equal(struct sk_text a, struct sk_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

static char lower_of(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool sk_text_equal_any_case(struct sk_text a, struct sk_text b)
{
    for (size_t at = 0; at < a.size && a.size == b.size; at++) {
        if (lower_of(a.bytes[at]) != lower_of(b.bytes[at])) {
            return false;
        }
    }
    return a.size == b.size;
}

bool sk_text_starts(struct sk_text text, const char *string)
{
    struct sk_text start = sk_text_of(string);
    return text.size >= start.size && sk_text_equal(sk_text_first(text, start.size), start);
}

bool sk_text_starts_any_case(struct sk_text text, const char *string)
{
    struct sk_text start = sk_text_of(string);
    return text.size >= start.size &&
           sk_text_equal_any_case(sk_text_first(text, start.size), start);
}

struct sk_text sk_text_first(struct sk_text text, size_t bytes)
{
    SK_ASSERT(bytes <= text.size);
    return (struct sk_text){text.bytes, bytes};
}

struct sk_text sk_text_from(struct sk_text text, size_t bytes)
{
    SK_ASSERT(bytes <= text.size);
    return bytes == 0 ? text : (struct sk_text){text.bytes + bytes, text.size - bytes};
}

bool sk_text_copy(struct sk_text text, char *out, size_t capacity)
{
    SK_ASSERT(capacity > 0);
    bool fits = text.size < capacity;
    size_t size = fits ? text.size : 0;
    if (size > 0) {
        memcpy(out, text.bytes, size);
    }
    out[size] = '\0';
    return fits;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

struct sk_text sk_text_trim(struct sk_text text)
{
    while (text.size > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.bytes[text.size - 1])) {
        text.size--;
    }
    return text;
}

size_t sk_text_find(struct sk_text text, char byte)
{
    size_t at = 0;
    while (at < text.size && text.bytes[at] != byte) {
        at++;
    }
    return at;
}

struct sk_text sk_text_after(struct sk_text text, char byte)
{
    size_t at = sk_text_find(text, byte);
    return sk_text_from(text, at < text.size ? at + 1 : at);
}

bool sk_text_next(struct sk_text *list, char divider, struct sk_text *element)
{
    if (list->size == 0) {
        return false;
    }
    size_t end = sk_text_find(*list, divider);
    *element = sk_text_trim(sk_text_first(*list, end));
    *list = sk_text_after(*list, divider);
    return true;
}

bool sk_text_number(struct sk_text text, unsigned long long *number)
{
    if (text.size == 0 || text.size > 18) {
        return false;
    }
    unsigned long long value = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (unsigned long long)(text.bytes[i] - '0');
    }
    *number = value;
    return true;
}
