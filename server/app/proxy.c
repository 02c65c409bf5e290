/* proxy.c - see proxy.h. */
#include "proxy.h"

/* Whether the address lies in one of the ranges: it is one of our proxies. */
static bool is_trusted(const struct address_range *ranges, uint32_t count,
                       const struct address *peer)
{
    for (uint32_t i = 0; i < count; i++) {
        if (address_range_has(&ranges[i], peer)) {
            return true;
        }
    }
    return false;
}

/* Takes the last item off a comma-separated list. */
static struct sk_text take_last(struct sk_text *list)
{
    size_t from = list->size;
    while (from > 0 && list->bytes[from - 1] != ',') {
        from--;
    }
    struct sk_text item = sk_text_from(*list, from);
    list->size = from > 0 ? from - 1 : 0;
    return sk_text_trim(item);
}

/* Reads "1.2.3.4", "1.2.3.4:80", "2001:db8::1" or "[2001:db8::1]:80". */
static int read_item(struct sk_text item, struct address *address)
{
    char text[ADDRESS_TEXT_BYTES_MAX];
    if (sk_text_copy(item, text, sizeof(text)) && address_parse(text, address) == SK_OK) {
        address->port = 0;
        return SK_OK;
    }
    return address_host_parse(item, address) == SK_OK ? SK_OK : SK_ERR_PROTOCOL;
}

/* Walks one line from its end.  Returns whether the client was found: *address is it; else it is
 * the nearest hop so far.  *result as proxy_read()'s. */
static bool walk(const struct address_range *ranges, uint32_t count, struct sk_text list,
                 struct address *address, int *result)
{
    do {
        *result = read_item(take_last(&list), address);
        if (*result != SK_OK || !is_trusted(ranges, count, address)) {
            return true;
        }
    } while (list.size > 0);
    return false;
}

int proxy_read(const struct address_range *ranges, uint32_t count,
               const struct sk_http_headers *headers, struct address *address)
{
    int result = SK_ERR_PROTOCOL;
    struct address hop = {0};
    bool is_found = false;
    for (uint32_t i = headers->count; i-- > 0 && !is_found;) {
        if (sk_text_is_any_case(headers->rows[i].name, "x-forwarded-for")) {
            is_found = walk(ranges, count, headers->rows[i].value, &hop, &result);
        }
    }
    if (result == SK_OK) {
        *address = hop;
    }
    return result;
}
