/* log_line.c - see log_line.h.
 *
 * Invariant: size <= LOG_LINE_BYTES_MAX - END_BYTES between calls, so the end always fits.
 */
#include "log/log_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "net/utf8.h"

enum {
    END_BYTES = 16, /* ,"cut":true}\n and more */
    BODY_BYTES_MAX = LOG_LINE_BYTES_MAX - END_BYTES,
    REPLACEMENT = 0xfffd
};

struct log_field log_text(const char *name, const char *text)
{
    return log_bytes(name, text, text ? strlen(text) : 0);
}

struct log_field log_bytes(const char *name, const void *bytes, size_t size)
{
    return (struct log_field){
        .name = name, .kind = LOG_FIELD_TEXT, .text = bytes, .text_bytes = size};
}

struct log_field log_number(const char *name, uint64_t number)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_NUMBER, .number = number};
}

/* --- pieces; each sets cut when it does not fit ----------------------------------------------- */

static void put(struct log_line *line, const char *bytes, size_t size)
{
    if (line->cut || size > BODY_BYTES_MAX - line->size) {
        line->cut = true;
        return;
    }
    memcpy(line->bytes + line->size, bytes, size);
    line->size += size;
}

static void put_string(struct log_line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* Reads one character; returns its bytes and sets *code, U+FFFD for a byte that starts none. */
static size_t read_character(const char *text, size_t size, uint32_t *code)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t need = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    if (need > size || !sk_utf8_is_text(bytes, need)) {
        *code = REPLACEMENT;
        return 1;
    }
    *code = need == 1 ? bytes[0] : bytes[0] & (0xffu >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        *code = *code << 6 | (bytes[i] & 0x3fu);
    }
    return need;
}

/* Characters that end lines or turn the direction of what follows. */
static bool is_treacherous(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff || code == REPLACEMENT;
}

static void put_character(struct log_line *line, const char *text, size_t size, uint32_t code)
{
    char escape[8];
    if (code == '"' || code == '\\') {
        put(line, "\\", 1);
        put(line, text, size);
    } else if (code == '\n' || code == '\r' || code == '\t') {
        put_string(line, code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t");
    } else if (is_treacherous(code)) {
        (void)snprintf(escape, sizeof(escape), "\\u%04" PRIx32, code & 0xffff);
        put_string(line, escape);
    } else {
        put(line, text, size);
    }
}

static void put_quoted(struct log_line *line, const char *text, size_t size)
{
    size_t shown = size < LOG_VALUE_BYTES_MAX ? size : LOG_VALUE_BYTES_MAX;
    put(line, "\"", 1);
    for (size_t at = 0; at < shown;) {
        uint32_t code;
        size_t used = read_character(text + at, size - at, &code);
        put_character(line, text + at, used, code);
        at += used;
    }
    put_string(line, shown < size ? "...\"" : "\"");
}

/* Whether logfmt needs no quotes around it. */
static bool is_plain(const char *text, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.:/@+,[]";
    for (size_t i = 0; i < size; i++) {
        if (memchr(plain, text[i], sizeof(plain) - 1) == NULL) {
            return false;
        }
    }
    return size > 0 && size <= LOG_VALUE_BYTES_MAX;
}

static void put_value(struct log_line *line, const struct log_field *field)
{
    char digits[24];
    switch (field->kind) {
    case LOG_FIELD_NUMBER:
        (void)snprintf(digits, sizeof(digits), "%" PRIu64, field->number);
        put_string(line, digits);
        return;
    case LOG_FIELD_TEXT:
        if (line->format == LOG_LOGFMT && is_plain(field->text, field->text_bytes)) {
            put(line, field->text, field->text_bytes);
        } else {
            put_quoted(line, field->text, field->text_bytes);
        }
        return;
    }
    SK_UNREACHABLE("a field has one of the kinds");
}

static void put_name(struct log_line *line, const char *name)
{
    bool json = line->format == LOG_JSON;
    const char *before = json ? "{" : "";
    if (line->size > 0) {
        before = json ? "," : " ";
    }
    put_string(line, before);
    put_string(line, json ? "\"" : "");
    put_string(line, name);
    put_string(line, json ? "\":" : "=");
}

/* --- the line --------------------------------------------------------------------------------- */

void log_line_init(struct log_line *line, enum log_format format)
{
    line->format = format;
    line->cut = false;
    line->size = 0;
}

void log_line_add(struct log_line *line, const struct log_field *field)
{
    size_t before = line->size;
    put_name(line, field->name);
    put_value(line, field);
    if (line->cut) {
        line->size = before;
    }
}

void log_line_end(struct log_line *line)
{
    bool json = line->format == LOG_JSON;
    const char *end = line->cut ? (json ? ",\"cut\":true}\n" : " cut=true\n") : json ? "}\n" : "\n";
    size_t size = strlen(end);
    SK_ASSERT(size <= LOG_LINE_BYTES_MAX - line->size);
    memcpy(line->bytes + line->size, end, size);
    line->size += size;
}
