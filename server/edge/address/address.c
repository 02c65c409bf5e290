/* address.c - see address.h.  Text goes through inet_pton(), which takes neither short forms
 * ("127.1") nor leading zeros, so that one address has few spellings. */
#include "address/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
enum { V4_PREFIX_BITS = 96 };

/* Reads `size` decimal digits as a number up to `max`; -1 for anything else. */
static int number_of(const char *text, size_t size, int max)
{
    int number = 0;
    if (size == 0 || size > 5) {
        return -1;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number <= max ? number : -1;
}

/* Copies `size` characters as a string; false when they are no possible address. */
static bool copy_host(char host[INET6_ADDRSTRLEN], const char *text, size_t size)
{
    if (size >= INET6_ADDRSTRLEN) {
        return false;
    }
    memcpy(host, text, size);
    host[size] = '\0';
    return true;
}

static bool read_v4(const char *host, uint8_t ip[16])
{
    memcpy(ip, v4_prefix, sizeof(v4_prefix));
    return inet_pton(AF_INET, host, ip + sizeof(v4_prefix)) == 1;
}

int address_parse(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN];
    struct address parsed = {0};
    if (colon == NULL) {
        return SK_ERR_CONFIG;
    }
    int port = number_of(colon + 1, strlen(colon + 1), UINT16_MAX);
    size_t size = (size_t)(colon - text);
    bool bracketed = size >= 2 && text[0] == '[' && text[size - 1] == ']';
    if (port < 0 || !copy_host(host, text + bracketed, size - 2 * (size_t)bracketed)) {
        return SK_ERR_CONFIG;
    }
    if (strcmp(host, "localhost") == 0) {
        (void)copy_host(host, "127.0.0.1", strlen("127.0.0.1"));
    }
    if (bracketed ? inet_pton(AF_INET6, host, parsed.ip) != 1 : !read_v4(host, parsed.ip)) {
        return SK_ERR_CONFIG;
    }
    parsed.port = (uint16_t)port;
    *address = parsed;
    return SK_OK;
}

int address_range_parse(const char *text, struct address_range *range)
{
    const char *slash = strchr(text, '/');
    size_t size = slash ? (size_t)(slash - text) : strlen(text);
    char host[INET6_ADDRSTRLEN];
    struct address_range parsed = {0};
    if (!copy_host(host, text, size)) {
        return SK_ERR_CONFIG;
    }
    bool v4 = read_v4(host, parsed.ip);
    if (!v4 && inet_pton(AF_INET6, host, parsed.ip) != 1) {
        return SK_ERR_CONFIG;
    }
    int whole = v4 ? 32 : 128;
    int bits = slash ? number_of(slash + 1, strlen(slash + 1), whole) : whole;
    if (bits < 0) {
        return SK_ERR_CONFIG;
    }
    parsed.bits = (uint8_t)(v4 ? bits + V4_PREFIX_BITS : bits);
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
