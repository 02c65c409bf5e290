/* address.c - see address.h.  Text goes through inet_pton(), which takes neither short forms
 * ("127.1") nor leading zeros, so that one address has few spellings. */
#include "address/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "net/text.h"

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
enum { V4_PREFIX_BITS = 96 };

/* Reads decimal digits as a number up to `max`; -1 for anything else. */
static int number_of(const char *text, int max)
{
    unsigned long long number = 0;
    bool is_number = strlen(text) <= 5 && sk_text_number(sk_text_of(text), &number);
    return is_number && number <= (unsigned long long)max ? (int)number : -1;
}

/* Whether it can only be an IPv6 address; "::ffff:10.0.0.1" is written as one too. */
static bool is_v6_text(struct sk_text text)
{
    return sk_text_find(text, ':') < text.size;
}

/* Reads an address of either kind; when it returns false, `ip` is garbage. */
static bool read_ip(struct sk_text text, uint8_t ip[16])
{
    char host[INET6_ADDRSTRLEN];
    if (!sk_text_copy(text, host, sizeof(host))) {
        return false;
    }
    if (is_v6_text(text)) {
        return inet_pton(AF_INET6, host, ip) == 1;
    }
    memcpy(ip, v4_prefix, sizeof(v4_prefix));
    return inet_pton(AF_INET, host, ip + sizeof(v4_prefix)) == 1;
}

int address_parse(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    struct address parsed = {0};
    if (colon == NULL) {
        return SK_ERR_CONFIG;
    }
    int port = number_of(colon + 1, UINT16_MAX);
    size_t size = (size_t)(colon - text);
    bool bracketed = size >= 2 && text[0] == '[' && text[size - 1] == ']';
    struct sk_text host = {text + bracketed, size - 2 * (size_t)bracketed};
    if (sk_text_is(host, "localhost")) {
        host = sk_text_of("127.0.0.1");
    }
    if (port < 0 || is_v6_text(host) != bracketed || !read_ip(host, parsed.ip)) {
        return SK_ERR_CONFIG;
    }
    parsed.port = (uint16_t)port;
    *address = parsed;
    return SK_OK;
}

int address_host_parse(struct sk_text text, struct address *address)
{
    struct address parsed = {0};
    if (!read_ip(text, parsed.ip)) {
        return SK_ERR_CONFIG;
    }
    *address = parsed;
    return SK_OK;
}

int address_range_parse(const char *text, struct address_range *range)
{
    const char *slash = strchr(text, '/');
    struct sk_text host = {text, slash ? (size_t)(slash - text) : strlen(text)};
    struct address_range parsed = {0};
    bool is_v6 = is_v6_text(host);
    int whole = is_v6 ? 128 : 32;
    int bits = slash ? number_of(slash + 1, whole) : whole;
    if (bits < 0 || !read_ip(host, parsed.ip)) {
        return SK_ERR_CONFIG;
    }
    parsed.bits = (uint8_t)(is_v6 ? bits : bits + V4_PREFIX_BITS);
    *range = parsed;
    return SK_OK;
}

bool address_range_has(const struct address_range *range, const struct address *address)
{
    SK_ASSERT(range->bits <= 128);
    size_t whole_bytes = range->bits / 8;
    unsigned rest_bits = range->bits % 8u;
    if (memcmp(range->ip, address->ip, whole_bytes) != 0) {
        return false;
    }
    return rest_bits == 0 ||
           ((range->ip[whole_bytes] ^ address->ip[whole_bytes]) >> (8 - rest_bits)) == 0;
}

void address_host_text(const struct address *address, char text[ADDRESS_TEXT_BYTES_MAX])
{
    const char *done =
        address_is_v4(address)
            ? inet_ntop(AF_INET, address->ip + sizeof(v4_prefix), text, ADDRESS_TEXT_BYTES_MAX)
            : inet_ntop(AF_INET6, address->ip, text, ADDRESS_TEXT_BYTES_MAX);
    SK_ASSERT(done != NULL); /* the text is large enough for either */
}

void address_text(const struct address *address, char text[ADDRESS_TEXT_BYTES_MAX])
{
    char host[ADDRESS_TEXT_BYTES_MAX];
    address_host_text(address, host);
    const char *form = address_is_v4(address) ? "%.45s:%u" : "[%.45s]:%u";
    (void)snprintf(text, ADDRESS_TEXT_BYTES_MAX, form, host, (unsigned)address->port);
}

socklen_t address_to_socket(const struct address *address, struct sockaddr_storage *socket_address)
{
    memset(socket_address, 0, sizeof(*socket_address));
    if (address_is_v4(address)) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)socket_address;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(address->port);
        memcpy(&v4->sin_addr, address->ip + sizeof(v4_prefix), sizeof(v4->sin_addr));
        return sizeof(*v4);
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)socket_address;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address->port);
    memcpy(&v6->sin6_addr, address->ip, sizeof(v6->sin6_addr));
    return sizeof(*v6);
}

int address_from_socket(const struct sockaddr_storage *socket_address, struct address *address)
{
    if (socket_address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)socket_address;
        memcpy(address->ip, v4_prefix, sizeof(v4_prefix));
        memcpy(address->ip + sizeof(v4_prefix), &v4->sin_addr, sizeof(v4->sin_addr));
        address->port = ntohs(v4->sin_port);
        return SK_OK;
    }
    if (socket_address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)socket_address;
        memcpy(address->ip, &v6->sin6_addr, sizeof(v6->sin6_addr));
        address->port = ntohs(v6->sin6_port);
        return SK_OK;
    }
    return SK_ERR_CONFIG;
}

bool address_is_loopback(const struct address *address)
{
    static const uint8_t v6_loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    if (address_is_v4(address)) {
        return address->ip[sizeof(v4_prefix)] == 127;
    }
    return memcmp(address->ip, v6_loopback, sizeof(v6_loopback)) == 0;
}

bool address_is_any(const struct address *address)
{
    static const uint8_t none[16] = {0};
    size_t from = address_is_v4(address) ? sizeof(v4_prefix) : 0;
    return memcmp(address->ip + from, none, sizeof(none) - from) == 0;
}

bool address_is_v4(const struct address *address)
{
    return memcmp(address->ip, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool address_is_same_host(const struct address *a, const struct address *b)
{
    return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}
