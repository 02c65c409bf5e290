/* origin.c - see origin.h.  An origin is scheme "://" host [":" port] (RFC 6454, 6.2); "null" and
 * everything else that is not http or https is refused. */
#include "origin.h"

#include "net/http_host.h"

/* What stands behind "http://" or "https://"; empty for any other origin. */
static struct sk_text host_of(struct sk_text origin)
{
    struct sk_text host;
    struct sk_text rest;
    bool is_origin = sk_http_url_split(origin, &host, &rest) && rest.size == 0;
    return is_origin ? host : (struct sk_text){NULL, 0};
}

static bool is_this_machine(struct sk_text host)
{
    struct sk_http_host parsed;
    return sk_http_host_parse(host, &parsed) == SK_OK &&
           (sk_text_is_any_case(parsed.name, "localhost") || sk_text_is(parsed.name, "127.0.0.1") ||
            sk_text_is(parsed.name, "[::1]"));
}

static bool is_listed(const struct origin_rule *rule, struct sk_text origin)
{
    for (uint32_t i = 0; i < rule->allowed_count; i++) {
        if (sk_text_is_any_case(origin, rule->allowed[i])) {
            return true;
        }
    }
    return false;
}

bool origin_is_allowed(const struct origin_rule *rule, const struct sk_text *origin,
                       struct sk_text host)
{
    if (!origin) {
        return true;
    }
    if (rule->allowed_count > 0) {
        return is_listed(rule, *origin);
    }
    struct sk_text page = host_of(*origin);
    if (page.size == 0) {
        return false;
    }
    return sk_text_equal_any_case(page, host) || (rule->is_loopback && is_this_machine(page));
}
