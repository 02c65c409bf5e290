/* own_host.c - see own_host.h. */
#include "own_host.h"

#include <string.h>
#include <strings.h>

#include "net/http_host.h"

static bool is_text(struct sk_text text, const char *terminated)
{
    return strlen(terminated) == text.size && strncasecmp(text.bytes, terminated, text.size) == 0;
}

/* Reads "10.0.0.1" or "[::1]".  Returns false for a name. */
static bool read_number(struct sk_text name, struct address *address)
{
    char text[ADDRESS_TEXT_BYTES_MAX];
    struct address_range range;
    bool is_v6 = name.size > 2 && name.bytes[0] == '[';
    size_t size = is_v6 ? name.size - 2 : name.size;
    if (size >= sizeof(text)) {
        return false;
    }
    memcpy(text, name.bytes + (is_v6 ? 1 : 0), size);
    text[size] = '\0';
    if (address_range_parse(text, &range) != SK_OK) {
        return false;
    }
    memcpy(address->ip, range.ip, sizeof(address->ip));
    address->port = 0;
    return true;
}

static bool is_listed(const struct own_host_rule *rule, struct sk_text name)
{
    for (uint32_t i = 0; i < rule->name_count; i++) {
        if (is_text(name, rule->names[i])) {
            return true;
        }
    }
    return false;
}

bool own_host_is(const struct own_host_rule *rule, struct sk_text host)
{
    struct sk_http_host parsed;
    struct address number;
    if (host.size == 0) {
        return true;
    }
    if (sk_http_host_parse(host, &parsed) != SK_OK) {
        return false;
    }
    bool is_here = address_is_loopback(rule->bound);
    bool is_all = address_is_any(rule->bound);
    if (is_listed(rule, parsed.name)) {
        return true;
    }
    if (!read_number(parsed.name, &number)) {
        return (is_here || is_all) && is_text(parsed.name, "localhost");
    }
    return is_all || address_is_same_host(rule->bound, &number) ||
           (is_here && address_is_loopback(&number));
}
