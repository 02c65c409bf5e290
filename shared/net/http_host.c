/* http_host.c - see http_host.h. */
#include "net/http_host.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* RFC 3986, 2.3: unreserved. */
static bool is_name_byte(char byte)
{
    return is_digit(byte) || is_letter(byte) || byte == '-' || byte == '.' || byte == '_' ||
           byte == '~';
}

static bool is_ip6_byte(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F') ||
           byte == ':' || byte == '.';
}

static bool consists_of(struct sk_text text, bool (*is_one)(char byte))
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_one(text.bytes[i])) {
            return false;
        }
    }
    return text.size > 0;
}

/* Bytes of the name at the text's start; 0 when there is none. */
static size_t name_bytes(struct sk_text text)
{
    if (text.size == 0 || text.bytes[0] != '[') {
        size_t size = sk_text_find(text, ':');
        return consists_of(sk_text_first(text, size), is_name_byte) ? size : 0;
    }
    size_t end = sk_text_find(text, ']');
    if (end == text.size || !consists_of((struct sk_text){text.bytes + 1, end - 1}, is_ip6_byte)) {
        return 0;
    }
    return end + 1;
}

static bool is_port(struct sk_text port)
{
    unsigned long long number = 0;
    return port.size <= 5 && sk_text_number(port, &number) && number <= 65535;
}

int sk_http_host_parse(struct sk_text text, struct sk_http_host *host)
{
    size_t size = name_bytes(text);
    if (size == 0 || text.size > SK_HTTP_HOST_BYTES_MAX) {
        return SK_ERR_PROTOCOL;
    }
    struct sk_text rest = sk_text_from(text, size);
    *host = (struct sk_http_host){.name = sk_text_first(text, size)};
    if (rest.size == 0) {
        return SK_OK;
    }
    host->port = sk_text_from(rest, 1);
    return rest.bytes[0] == ':' && is_port(host->port) ? SK_OK : SK_ERR_PROTOCOL;
}

bool sk_http_url_split(struct sk_text url, struct sk_text *host, struct sk_text *rest)
{
    size_t from = sk_text_starts_any_case(url, "http://")    ? 7
                  : sk_text_starts_any_case(url, "https://") ? 8
                                                             : 0;
    size_t end = from;
    while (end < url.size && sk_text_find(sk_text_of("/?#"), url.bytes[end]) == 3) {
        end++;
    }
    *host = sk_text_from(sk_text_first(url, end), from);
    *rest = sk_text_from(url, end);
    return from > 0;
}
