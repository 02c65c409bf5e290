/* origin.c - see origin.h.  An origin is scheme "://" host [":" port] (RFC 6454, 6.2); "null" and
 * everything else that is not http or https is refused. */
#include "origin.h"

#include <string.h>
#include <strings.h>

static bool is_text(struct sk_text text, const char *terminated)
{
    return strlen(terminated) == text.size && strncasecmp(text.bytes, terminated, text.size) == 0;
}

/* What stands behind "http://" or "https://"; empty for any other origin. */
static struct sk_text host_of(struct sk_text origin)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t size = strlen(schemes[i]);
        if (origin.size > size && strncasecmp(origin.bytes, schemes[i], size) == 0) {
            return (struct sk_text){origin.bytes + size, origin.size - size};
        }
    }
    return (struct sk_text){NULL, 0};
}

static struct sk_text without_port(struct sk_text host)
{
    size_t at = host.size;
    while (at > 0 && host.bytes[at - 1] >= '0' && host.bytes[at - 1] <= '9') {
        at--;
    }
    bool has_port = at > 0 && at < host.size && host.bytes[at - 1] == ':';
    return has_port ? (struct sk_text){host.bytes, at - 1} : host;
}

static bool is_this_machine(struct sk_text host)
{
    struct sk_text name = without_port(host);
    return is_text(name, "localhost") || is_text(name, "127.0.0.1") || is_text(name, "[::1]");
}

static bool is_listed(const struct origin_rule *rule, struct sk_text origin)
{
    for (uint32_t i = 0; i < rule->allowed_count; i++) {
        if (is_text(origin, rule->allowed[i])) {
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
    bool is_same = host.size == page.size && strncasecmp(page.bytes, host.bytes, page.size) == 0;
    return is_same || (rule->is_loopback && is_this_machine(page));
}
