/* text.c - see text.h. */
#include "net/text.h"

#include "base/mem.h"

bool sk_text_is(struct sk_text text, const char *string)
{
    return text.size == sk_text_of(string).size && memcmp(text.bytes, string, text.size) == 0;
}

static char lower_of(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool sk_text_is_any_case(struct sk_text text, const char *lower)
{
    size_t at = 0;
    for (; at < text.size && lower[at] != '\0'; at++) {
        if (lower_of(text.bytes[at]) != lower[at]) {
            return false;
        }
    }
    return at == text.size && lower[at] == '\0';
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

bool sk_text_next(struct sk_text *list, char divider, struct sk_text *element)
{
    if (list->size == 0) {
        return false;
    }
    size_t end = sk_text_find(*list, divider);
    *element = sk_text_trim((struct sk_text){list->bytes, end});
    size_t used = end < list->size ? end + 1 : end;
    list->bytes += used;
    list->size -= used;
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
