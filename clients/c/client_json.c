/* client_json.c - see client_json.h.
 *
 * A cursor goes over the text; what cannot be JSON stops it (`bad`), and then nothing is found.
 * Values inside of values are passed over by their brackets alone.
 */
#include "client_json.h"

#include <string.h>

#include "net/text.h"

enum { ESCAPE_BYTES = 6 /* of a control character */ };

struct cursor {
    const char *at;
    const char *end;
    bool bad;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The next byte that is no blank, not taken; 0 at the end. */
static char peek(struct cursor *cursor)
{
    while (cursor->at < cursor->end && is_blank(*cursor->at)) {
        cursor->at++;
    }
    return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool take(struct cursor *cursor, char byte)
{
    if (peek(cursor) != byte || cursor->bad) {
        return false;
    }
    cursor->at++;
    return true;
}

static void need(struct cursor *cursor, char byte)
{
    if (!take(cursor, byte)) {
        cursor->bad = true;
    }
}

/* ---- strings ----------------------------------------------------------------------------- */

/* A text as it stands between its quotes. */
static struct sk_text take_string(struct cursor *cursor)
{
    need(cursor, '"');
    const char *begin = cursor->at;
    while (!cursor->bad && cursor->at < cursor->end && *cursor->at != '"') {
        cursor->at += *cursor->at == '\\' ? 2 : 1;
    }
    if (cursor->bad || cursor->at >= cursor->end) {
        cursor->bad = true;
        return (struct sk_text){"", 0};
    }
    return (struct sk_text){begin, (size_t)(cursor->at++ - begin)};
}

static int hex_of(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    char lower = (char)(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The four digits behind \u; UINT32_MAX when they are none. */
static uint32_t unit_of(struct sk_text raw, size_t at)
{
    uint32_t unit = 0;
    if (raw.size - at < 4) {
        return UINT32_MAX;
    }
    for (size_t i = 0; i < 4; i++) {
        int digit = hex_of(raw.bytes[at + i]);
        if (digit < 0) {
            return UINT32_MAX;
        }
        unit = unit << 4 | (uint32_t)digit;
    }
    return unit;
}

/* The code point of the escape whose digits begin at *at, which moves behind it. */
static uint32_t code_point_of(struct sk_text raw, size_t *at)
{
    uint32_t high = unit_of(raw, *at);
    *at += 4;
    bool is_pair = high >= 0xd800 && high < 0xdc00 && raw.size > *at + 6 - 1 &&
                   raw.bytes[*at] == '\\' && raw.bytes[*at + 1] == 'u';
    if (!is_pair) {
        return high >= 0xd800 && high < 0xe000 ? UINT32_MAX : high;
    }
    uint32_t low = unit_of(raw, *at + 2);
    *at += 6;
    bool is_sound = low >= 0xdc00 && low < 0xe000;
    return is_sound ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00) : UINT32_MAX;
}

/* Writes a code point as UTF-8.  Returns its bytes, 0 for one that no text has. */
static size_t write_utf8(uint32_t code, char out[4])
{
    if (code == 0 || code > 0x10ffff) {
        return 0;
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t heads[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = bytes - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    out[0] = (char)(heads[bytes] | code);
    return bytes;
}

/* The character that begins at *at, which moves behind it.  Returns its bytes in `out`, 0: none. */
static size_t next_character(struct sk_text raw, size_t *at, char out[4])
{
    static const char escapes[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    out[0] = raw.bytes[(*at)++];
    if (out[0] != '\\') {
        return out[0] != '\0';
    }
    char letter = raw.bytes[(*at)++]; /* take_string() has seen that there is one */
    if (letter == 'u') {
        return write_utf8(code_point_of(raw, at), out);
    }
    const char *found = letter == '\0' ? NULL : strchr(escapes, letter);
    out[0] = found == NULL ? '\0' : meant[found - escapes];
    return found != NULL;
}

static bool unescape(struct sk_text raw, char *out, size_t capacity)
{
    size_t used = 0;
    for (size_t at = 0; at < raw.size;) {
        char character[4];
        size_t bytes = next_character(raw, &at, character);
        if (bytes == 0 || bytes > capacity - 1 - used) {
            out[0] = '\0';
            return false;
        }
        memcpy(out + used, character, bytes);
        used += bytes;
    }
    out[used] = '\0';
    return true;
}

/* ---- objects ----------------------------------------------------------------------------- */

/* Passes over an array or object: to the bracket that ends it. */
static void skip_nested(struct cursor *cursor)
{
    size_t depth = 0;
    do {
        char byte = peek(cursor);
        if (byte == '"') {
            (void)take_string(cursor);
        } else if (byte == '\0') {
            cursor->bad = true;
        } else {
            depth += byte == '{' || byte == '[';
            depth -= byte == '}' || byte == ']';
            cursor->at++;
        }
    } while (depth > 0 && !cursor->bad);
}

static void skip_value(struct cursor *cursor)
{
    char first = peek(cursor);
    if (first == '"') {
        (void)take_string(cursor);
    } else if (first == '{' || first == '[') {
        skip_nested(cursor);
    } else {
        const char *begin = cursor->at;
        while (cursor->at < cursor->end && *cursor->at != '\0' &&
               strchr(",}] \t\r\n", *cursor->at) == NULL) {
            cursor->at++;
        }
        cursor->bad = cursor->bad || cursor->at == begin;
    }
}

/* Takes the next member's name and stops before its value.  Returns false at the object's end. */
static bool next_member(struct cursor *cursor, bool is_first, struct sk_text *name)
{
    if (take(cursor, '}') || cursor->bad) {
        return false;
    }
    if (!is_first) {
        need(cursor, ',');
    }
    *name = take_string(cursor);
    need(cursor, ':');
    return !cursor->bad;
}

bool client_json_is_object(struct sk_text json)
{
    struct cursor cursor = {json.bytes, json.bytes + json.size, false};
    struct sk_text name;
    need(&cursor, '{');
    for (bool is_first = true; next_member(&cursor, is_first, &name); is_first = false) {
        skip_value(&cursor);
    }
    return !cursor.bad && peek(&cursor) == '\0' && cursor.at == cursor.end;
}

/* Stops before the value of that member of an object. */
static bool find_member(struct sk_text object, const char *name, struct cursor *cursor)
{
    struct sk_text found;
    *cursor = (struct cursor){object.bytes, object.bytes + object.size, false};
    if (!client_json_is_object(object)) {
        return false;
    }
    need(cursor, '{');
    for (bool is_first = true; next_member(cursor, is_first, &found); is_first = false) {
        if (found.size == strlen(name) && memcmp(found.bytes, name, found.size) == 0) {
            return true;
        }
        skip_value(cursor);
    }
    return false;
}

bool client_json_text(struct sk_text object, const char *name, char *out, size_t capacity)
{
    struct cursor cursor;
    out[0] = '\0';
    return find_member(object, name, &cursor) && peek(&cursor) == '"' &&
           unescape(take_string(&cursor), out, capacity);
}

struct sk_text client_json_object(struct sk_text object, const char *name)
{
    struct cursor cursor;
    if (!find_member(object, name, &cursor) || peek(&cursor) != '{') {
        return (struct sk_text){"", 0};
    }
    const char *begin = cursor.at;
    skip_value(&cursor);
    return (struct sk_text){begin, (size_t)(cursor.at - begin)};
}

bool client_json_number(struct sk_text object, const char *name, uint32_t *out)
{
    struct cursor cursor;
    unsigned long long number = 0;
    if (!find_member(object, name, &cursor)) {
        return false;
    }
    (void)peek(&cursor);
    const char *begin = cursor.at;
    skip_value(&cursor);
    struct sk_text text = {begin, (size_t)(cursor.at - begin)};
    bool is_number = sk_text_number(text, &number) && number <= UINT32_MAX;
    *out = is_number ? (uint32_t)number : 0;
    return is_number;
}

size_t client_json_quote(const char *text, char *out, size_t capacity)
{
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    if (capacity < 3) {
        return 0;
    }
    out[used++] = '"';
    for (; *text != '\0'; text++) {
        uint8_t byte = (uint8_t)*text;
        if (capacity - used < ESCAPE_BYTES + 2) {
            return 0;
        }
        if (byte == '"' || byte == '\\') {
            out[used++] = '\\';
            out[used++] = (char)byte;
        } else if (byte >= ' ') {
            out[used++] = (char)byte;
        } else {
            memcpy(out + used, "\\u00", 4);
            out[used + 4] = digits[byte >> 4];
            out[used + 5] = digits[byte & 15];
            used += 6;
        }
    }
    out[used++] = '"';
    out[used] = '\0';
    return used;
}
