/* own_host.c - see own_host.h. */
#include "own_host.h"

#include "net/http_host.h"

/* Reads "10.0.0.1" or "[::1]".  Returns false for a name. */
static bool read_number(struct sk_text name, struct address *address)
{
    if (sk_text_starts(name, "[")) { /* and ends with the other: sk_http_host_parse() saw to it */
        name = sk_text_from(sk_text_first(name, name.size - 1), 1);
    }
    return address_host_parse(name, address) == SK_OK;
}

static bool is_listed(const struct own_host_rule *rule, struct sk_text name)
{
    for (uint32_t i = 0; i < rule->name_count; i++) {
        if (sk_text_is_any_case(name, rule->names[i])) {
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
        return (is_here || is_all) && sk_text_is_any_case(parsed.name, "localhost");
    }
    return is_all || address_is_same_host(rule->bound, &number) ||
           (is_here && address_is_loopback(&number));
}
