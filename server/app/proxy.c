/* proxy.c - see proxy.h. */
#include "proxy.h"

#include <string.h>

bool proxy_is_trusted(const struct address_range *ranges, uint32_t count,
                      const struct address *peer)
{
    for (uint32_t i = 0; i < count; i++) {
        if (address_range_has(&ranges[i], peer)) {
            return true;
        }
    }
    return false;
}

static struct sk_text last_item(struct sk_text list)
{
    size_t from = list.size;
    while (from > 0 && list.bytes[from - 1] != ',' && list.bytes[from - 1] != ' ') {
        from--;
    }
    return (struct sk_text){list.bytes + from, list.size - from};
}

int proxy_read(struct sk_text list, struct address *address)
{
    char text[ADDRESS_TEXT_BYTES_MAX];
    struct address_range range;
    struct sk_text item = last_item(list);
    if (item.size == 0 || item.size >= sizeof(text)) {
        return SK_ERR_PROTOCOL;
    }
    memcpy(text, item.bytes, item.size);
    text[item.size] = '\0';
    if (strchr(text, '/') || address_range_parse(text, &range) != SK_OK) {
        return SK_ERR_PROTOCOL;
    }
    memcpy(address->ip, range.ip, sizeof(address->ip));
    address->port = 0;
    return SK_OK;
}
