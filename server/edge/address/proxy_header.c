/* proxy_header.c - see proxy_header.h.
 *
 *   1:  "PROXY" SP ("TCP4" | "TCP6") SP source SP target SP port SP port CRLF, or "PROXY UNKNOWN"
 * ... 2:  signature 12 | version and command 1 | family 1 | size 2 | source, target, ports | ...
 */
#include "address/proxy_header.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES_MAX = 107, FIXED_BYTES = 16, V4_BYTES = 12, V6_BYTES = 36 };
enum { COMMAND_LOCAL = 0x20, COMMAND_PROXY = 0x21, FAMILY_TCP4 = 0x11, FAMILY_TCP6 = 0x21 };

static const uint8_t signature[12] = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                      0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
static const char line_start[] = "PROXY ";

/* Whether the first bytes, as far as they are here, are those of `start`. */
static bool may_begin(const uint8_t *bytes, size_t size, const void *start, size_t start_bytes)
{
    return memcmp(bytes, start, size < start_bytes ? size : start_bytes) == 0;
}

/* --- version 1 -------------------------------------------------------------------------------- */

/* The next word of a line, terminated in place; NULL when there is none. */
static char *take_word(char **line)
{
    char *word = *line;
    size_t size = strcspn(word, " ");
    if (size == 0) {
        return NULL;
    }
    *line = word + size + (word[size] == ' ');
    word[size] = '\0';
    return word;
}

static int read_words(char *line, struct address *address)
{
    char text[ADDRESS_TEXT_BYTES_MAX];
    struct address parsed;
    const char *family = take_word(&line);
    if (family != NULL && strcmp(family, "UNKNOWN") == 0) {
        return SK_OK;
    }
    const char *source = take_word(&line);
    const char *target = take_word(&line);
    const char *port = take_word(&line);
    const char *target_port = take_word(&line);
    if (target_port == NULL || target == NULL || *line != '\0') {
        return SK_ERR_PROTOCOL;
    }
    bool is_v6 = strcmp(family, "TCP6") == 0;
    if (!is_v6 && strcmp(family, "TCP4") != 0) {
        return SK_ERR_PROTOCOL;
    }
    int bytes = snprintf(text, sizeof(text), is_v6 ? "[%s]:%s" : "%s:%s", source, port);
    bool is_read = bytes > 0 && (size_t)bytes < sizeof(text) &&
                   address_parse(text, &parsed) == SK_OK && address_is_v4(&parsed) == !is_v6;
    if (is_read) {
        *address = parsed;
    }
    return is_read ? SK_OK : SK_ERR_PROTOCOL;
}

static int parse_line(const uint8_t *bytes, size_t size, struct address *address)
{
    char line[LINE_BYTES_MAX + 1];
    size_t looked_at = size < LINE_BYTES_MAX ? size : LINE_BYTES_MAX;
    const uint8_t *end = memchr(bytes, '\n', looked_at);
    if (end == NULL) {
        return size < LINE_BYTES_MAX ? SK_ERR_AGAIN : SK_ERR_PROTOCOL;
    }
    size_t whole = (size_t)(end - bytes) + 1;
    size_t start = sizeof(line_start) - 1;
    if (whole < start + 2 || bytes[whole - 2] != '\r' || memchr(bytes, '\0', whole) != NULL) {
        return SK_ERR_PROTOCOL;
    }
    size_t words = whole - 2 - start;
    memcpy(line, bytes + start, words);
    line[words] = '\0';
    return read_words(line, address) == SK_OK ? (int)whole : SK_ERR_PROTOCOL;
}

/* --- version 2 -------------------------------------------------------------------------------- */

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static int read_v4(const uint8_t *bytes, size_t size, struct address *address)
{
    if (size < V4_BYTES) {
        return SK_ERR_PROTOCOL;
    }
    *address = (struct address){.ip = {[10] = 0xff, [11] = 0xff}, .port = read_u16(bytes + 8)};
    memcpy(address->ip + 12, bytes, 4);
    return SK_OK;
}

static int read_v6(const uint8_t *bytes, size_t size, struct address *address)
{
    if (size < V6_BYTES) {
        return SK_ERR_PROTOCOL;
    }
    memcpy(address->ip, bytes, sizeof(address->ip));
    address->port = read_u16(bytes + 32);
    return SK_OK;
}

static int read_binary(const uint8_t *bytes, size_t rest, struct address *address)
{
    if (bytes[12] == COMMAND_LOCAL) {
        return SK_OK;
    }
    if (bytes[12] != COMMAND_PROXY) {
        return SK_ERR_PROTOCOL;
    }
    if (bytes[13] == FAMILY_TCP4) {
        return read_v4(bytes + FIXED_BYTES, rest, address);
    }
    return bytes[13] == FAMILY_TCP6 ? read_v6(bytes + FIXED_BYTES, rest, address) : SK_OK;
}

static int parse_binary(const uint8_t *bytes, size_t size, struct address *address)
{
    if (size < FIXED_BYTES) {
        return SK_ERR_AGAIN;
    }
    size_t rest = read_u16(bytes + 14);
    if (FIXED_BYTES + rest > PROXY_HEADER_BYTES_MAX) {
        return SK_ERR_PROTOCOL;
    }
    if (size < FIXED_BYTES + rest) {
        return SK_ERR_AGAIN;
    }
    return read_binary(bytes, rest, address) == SK_OK ? (int)(FIXED_BYTES + rest) : SK_ERR_PROTOCOL;
}

int proxy_header_parse(const uint8_t *bytes, size_t size, struct address *address)
{
    if (size == 0) {
        return SK_ERR_AGAIN;
    }
    if (may_begin(bytes, size, signature, sizeof(signature))) {
        return parse_binary(bytes, size, address);
    }
    if (may_begin(bytes, size, line_start, sizeof(line_start) - 1)) {
        return parse_line(bytes, size, address);
    }
    return SK_ERR_PROTOCOL;
}
